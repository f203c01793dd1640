"""A part of a search: the requests of one caller and one action, tried condition by condition."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.agreement import agree
from ses_sending_policy.analysis.requests.caller import OWN_ORGANIZATION, Caller, TargetIdentity
from ses_sending_policy.analysis.requests.clause import UNREAD, Clause, acts, keys_of
from ses_sending_policy.analysis.requests.key_condition import (
    NEGATIONS,
    NO_VALUE,
    VARIABLE,
    Assumptions,
    KeyCondition,
    comparison,
    switch,
)
from ses_sending_policy.analysis.requests.keys import Count, Presence, is_documented, one_name
from ses_sending_policy.analysis.requests.pattern import ANY_TEXT, Pattern, exactly, like
from ses_sending_policy.analysis.requests.principals import is_named
from ses_sending_policy.analysis.requests.readings import domain_of
from ses_sending_policy.analysis.requests.request import OF_CALLER, Request, in_form
from ses_sending_policy.analysis.requests.solution import Domain, Requirement, Values, solution
from ses_sending_policy.analysis.requests.texts import Budget
from ses_sending_policy.rules.actions import IDENTITY_ACTIONS

# So many steps of a search for a text take as long as one step of the search for a request.
_CHEAP: Final = 20

SPELLED: Final[Mapping[str, str]] = {each.lower(): each for each in IDENTITY_ACTIONS}


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a search looks for, under one set of assumptions about what AWS leaves open.

    :param all_of: the clauses that have to hold for the request.
    :param none_of: the clauses that must not hold for the request.
    :param target: the identity whose policies SES looks at.
    :param assumed: the assumptions about what AWS leaves open.
    :param budget: how many steps the search may take.
    :param by: the callers that may make the request; empty for anybody.
    :param as_sender: whether the sender's address is always one of the identity.
    :param asked: more keys that policies ask for, and to which the request gives a value.
    """

    all_of: Sequence[Clause]
    none_of: Sequence[Clause]
    target: TargetIdentity
    assumed: Assumptions
    budget: Budget
    by: Sequence[Caller]
    as_sender: bool
    asked: Sequence[str]


@dataclass(slots=True)
class _State:
    """What a search has assumed so far: which conditions on each key, and which switches, are true or false."""

    keys: dict[str, frozenset[Requirement]] = field(default_factory=dict)
    switches: dict[KeyCondition, bool] = field(default_factory=dict)

    @property
    def is_doubtful(self) -> bool:
        """Whether an unreadable condition is assumed to be false, or to be true beside another one on its key."""
        return any(
            (each.key or each.name.startswith(UNREAD)) and (not truth or each.key in self.keys)
            for each, truth in self.switches.items()
        )


@dataclass(slots=True)
class Branch:
    """The part of a search that is about one caller and one action."""

    question: SearchQuery
    caller: Caller
    action: str
    domains: dict[str, Domain] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)

    def requests(self) -> Iterator[Request | None]:
        """Yield the requests that are found; None stands for a request that may exist, but cannot be written down."""
        parts = [self._requirements(each) for each in self.question.all_of]
        if None in parts:
            return
        if self.question.assumed.references_differ:
            if not self._bind():
                return
            parts = [self._requirements(each) for each in self.question.all_of]
        state: _State | None = _State()
        for requirement in (requirement for part in parts if part for requirement in part):
            state = self._with(state, requirement) if state else None
        if state is None:
            return
        others = [each for each in map(self._requirements, self.question.none_of) if each is not None]
        others = [each for each in others if self._joined(state, each)]
        others.sort(key=len)
        waiting = [(state, 0)]
        while waiting:
            state, number = waiting.pop()
            while number < len(others) and not self._joined(state, others[number]):
                number += 1
            if number == len(others):
                yield self._request(state)
                continue
            waiting += [(each, number + 1) for each in self._without(state, others[number])]

    def _without(self, state: _State, requirements: Sequence[Requirement]) -> list[_State]:
        """Return the states after `state` in which one of `requirements` is false, and all before it are true."""
        found = []
        for each, truth in requirements:
            other = self._with(state, (each, not truth))
            if other:
                found.append(other)
            with_it = self._with(state, (each, truth))
            if with_it is None:
                break
            state = with_it
        return found[::-1]

    def _joined(self, state: _State, requirements: Sequence[Requirement]) -> _State | None:
        joined: _State | None = state
        for each in requirements:
            joined = self._with(joined, each) if joined else None
        return joined

    def _with(self, state: _State, requirement: Requirement) -> _State | None:
        """Return `state` with the assumption that `requirement` is true; None if nothing can fulfil that."""
        self.question.budget.take()
        each, truth = requirement
        if not each.is_read:
            if state.switches.get(each, truth) is not truth:
                return None
            return _State(state.keys, state.switches | {each: truth})
        requirements = state.keys.get(each.key, frozenset())
        if requirement in requirements:
            return state
        requirements |= {requirement}
        found = solution(self._domain(each.key), requirements, self.question.assumed)
        self.question.budget.take(found.steps // _CHEAP)
        if not found.is_possible:
            return None
        return _State(state.keys | {each.key: requirements}, state.switches)

    def _domain(self, key: str) -> Domain:
        found = self.domains.get(key)
        if found is None:
            asks = self.question
            found = domain_of(asks.assumed, self.caller, key, self.action, asks.target, as_sender=asks.as_sender)
            self.domains[key] = found
        return found

    def _requirements(self, clause: Clause) -> list[Requirement] | None:
        """Return the conditions under which `clause` holds; None if it cannot hold for this caller and action."""
        named = is_named(clause, self.caller, self.question.assumed)
        if named is False or not acts(self.action, clause.action):
            return None
        requirements = [] if named is True else [(named, True)]
        is_open = not self.question.assumed.references_differ
        requirements += [
            (switch(name), truth) for name, truth in clause.switches if is_open or name not in clause.resolved
        ]
        for each in clause.conditions:
            requirements.append((self._comparison(each, has_variables=clause.has_variables), True))
        return requirements

    def _comparison(self, condition: Condition, *, has_variables: bool) -> KeyCondition:
        values = condition.values
        if has_variables and self.bound:
            values = tuple(VARIABLE.sub(self._value_of, value) for value in values)
        return comparison(condition, values, self.question.assumed, has_variables=has_variables)

    def _value_of(self, found: re.Match[str]) -> str:
        """Return the text for a policy variable: its value, or its default if the request has no such key."""
        bound = self.bound.get(one_name(found[1]), found[0]) if found[1] else found[0]
        if bound != NO_VALUE or found[2] is None:
            return bound
        # "AWS uses the default text that you provide": a wildcard in it stays a plain character, written as a variable
        # like `${*}`.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
        return "".join(f"${{{each}}}" if each in "*?" else each for each in found[2])

    def _bind(self) -> bool:
        """Choose a value of the request for each policy variable; return False if there is none for one."""
        forms = self._forms()
        # The keys of the message come last, because they may have to match the values of caller keys.
        for key in sorted(self._variables(), key=lambda name: (name.startswith("ses:"), name)):
            if key == "aws:resourceorgid":
                self.bound[key] = OWN_ORGANIZATION
                continue
            domain = self._domain(key)
            is_absent = domain.presence is Presence.NEVER
            present = domain if is_absent else replace(domain, presence=Presence.ALWAYS)
            if present.patterns == (ANY_TEXT,):
                present = replace(present, patterns=forms.get(key, (like("?*"),)))
            values = solution(present, self._asked(key), self.question.assumed).values
            if not values and domain.presence is Presence.ALWAYS:
                return False
            # The request then lacks the key, and a variable without a value matches no text.
            self.bound[key] = values[0] if values else NO_VALUE
            if values:
                self.domains[key] = replace(present, patterns=(exactly(values[0]),), but=(), rather=())
        return True

    def _variables(self) -> set[str]:
        """Return the keys that stand as policy variables in conditions on other keys."""
        return {
            one_name(name)
            for clause in (*self.question.all_of, *self.question.none_of)
            for each in clause.conditions
            if clause.has_variables
            for name in keys_of([each])
            if one_name(name) != one_name(each.key)
        }

    def _asked(self, key: str) -> frozenset[Requirement]:
        """Return the readable conditions on `key` that have to hold."""
        read = (
            self._comparison(each, has_variables=clause.has_variables)
            for clause in self.question.all_of
            for each in clause.conditions
        )
        return frozenset((each, True) for each in read if each.key == key and each.is_read)

    def _forms(self) -> dict[str, tuple[Pattern, ...]]:
        """Return by policy variable the patterns of the key that a condition compares with this variable alone."""
        found = {}
        for clause in self.question.all_of:
            for each in clause.conditions if clause.has_variables else ():
                variable = VARIABLE.fullmatch(each.values[0]) if each.values else None
                if variable and variable[1] and each.comparison not in NEGATIONS:
                    found[one_name(variable[1])] = self._domain(one_name(each.key)).patterns
        return found

    def _request(self, state: _State) -> Request | None:
        """Return the request of a state; None if an assumption of it is doubtful, or if its keys do not agree."""
        is_nobody = any("${#" in each.principal or "${}" in each.principal for each in self.question.none_of)
        # SES has to have the action, so that the request can be sent. One that only the deploy knows may be such an
        # action.
        action = SPELLED.get(self.action, self.action if "${" in self.action else "")
        if not (action and self.question.assumed.references_differ) or state.is_doubtful or is_nobody:
            return None
        # No request is reported for these callers: a federated user's id can be chosen freely, and the owner's root
        # user may do all that is not denied.
        is_chosen = self.caller.sort == "federated-user" and "aws:userid" in state.keys
        if is_chosen or (self.caller.sort == "root" and self.caller.is_owner):
            return None
        values: dict[str, Values | None] = {}
        for key, requirements in state.keys.items():
            values[key] = solution(self._domain(key), requirements, self.question.assumed).values
        for key, bound in self.bound.items():
            values.setdefault(key, (bound,) if bound != NO_VALUE else ())
        if None in values.values() or not agree(state.keys, values, self._domain, self.question.assumed):
            return None
        if any(not is_documented(key) for key, value in values.items() if value):
            return None
        spelled = self._spelled()
        if self.caller.is_nameless and not OF_CALLER.isdisjoint(spelled):
            return None
        asked = [name for names in spelled.values() for name in names.values()]
        found = Request.of(self.caller, action, self.question.target, dict(self._told(values, spelled)), asked)
        # The keys may give the caller the name of a session that another clause names; then it is another caller.
        named = {each.principal for each in self.question.none_of} - {self.caller.name}
        return None if found.name in named else found

    def _spelled(self) -> dict[str, dict[str, str]]:
        """Return by key the spellings of its name in the policies, each by its lower case."""
        conditions = [each for one in (*self.question.all_of, *self.question.none_of) for each in one.conditions]
        spelled: dict[str, dict[str, str]] = {}
        for name in (*keys_of(conditions), *self.question.asked):
            spelled.setdefault(one_name(name), {})[name.lower()] = name
        spelled.setdefault("ses:fromaddress", {"": "ses:FromAddress"})
        return spelled

    def _told(
        self, values: Mapping[str, Values | None], spelled: Mapping[str, Mapping[str, str]]
    ) -> Iterator[tuple[str, str | tuple[str, ...]]]:
        """Yield name and value of each key that policies ask for, and of each key that the search gave a value."""
        for key in (*spelled, *values):
            domain, value = self._domain(key), values.get(key)
            # Left to `Request.of`: the keys whose values follow from the caller's name.
            if value is None and key not in OF_CALLER:
                value = solution(domain, frozenset(), self.question.assumed).values
            if value:
                # A name each, because both keys of the time have one name in this model.
                for name in spelled.get(key, {"": key}).values():
                    yield name, value if domain.count is Count.MANY else in_form(name, value[0])
