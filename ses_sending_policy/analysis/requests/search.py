"""A search for a request that some clauses hold for and others do not: the one way to know what a policy allows.

A request is a caller, an action and values of condition keys. Callers and actions are few, for all that no clause tells
apart count as one. A clause does not hold if one of its conditions does not: each of them is tried in turn, and for
each key there is asked whether it has values for which all of that is so. Keys are taken to be independent of each
other, so that a search that finds nothing has proven it; what is found is made a whole request, whose keys agree.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import ANY_SENDER, OWN_ORGANIZATION, WHO, Caller, Target, callers
from ses_sending_policy.analysis.requests.comparison import (
    NEGATIONS,
    VARIABLE,
    Assumptions,
    Comparison,
    comparison,
    has_reference,
    switch,
)
from ses_sending_policy.analysis.requests.keys import Count, Presence, is_documented, is_unlisted, key_of, one_name
from ses_sending_policy.analysis.requests.request import OF_CALLER, Request, in_form
from ses_sending_policy.analysis.requests.solution import Domain, Literal, Values, solution
from ses_sending_policy.analysis.requests.texts import ANY_TEXT, Budget, Pattern, TooHardError, exactly, find_text, like
from ses_sending_policy.rules.actions import IDENTITY_ACTIONS, KEYS_OF_ACTION
from ses_sending_policy.rules.arns import Arn, is_account
from ses_sending_policy.rules.conditions import has_wildcard

_STEPS: Final = 3_000

UNREAD: Final = "unread "
"""What the name of a switch begins with that stands for something that nobody can read."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What one permission asks of a request.

    :param effect: `Allow` or `Deny`.
    :param kind: of the principal.
    :param principal: its name.
    :param action: in lower case, and perhaps with wildcards.
    :param conditions: all of them must hold.
    :param has_variables: whether `${aws:username}` is a variable in them, and no plain text.
    :param switches: what else must be so, or not, that no request shows.
    :param resolved: those of them that say that policy variables have a value: they count where all readings do.
    """

    effect: str
    kind: str
    principal: str
    action: str
    conditions: frozenset[Condition] = frozenset()
    has_variables: bool = False
    switches: frozenset[tuple[str, bool]] = frozenset()
    resolved: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether only the deploy knows a part of it, or a policy variable decides."""
        return has_reference(self.principal) or any("${" in value for each in self.conditions for value in each.values)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    :param request: one that is as it should be. Default: - none was found.
    :param is_none: whether it is proven that there is none. Default: - it is not.
    """

    request: Request | None = None
    is_none: bool = False


NONE: Final = Found(is_none=True)
UNDECIDED: Final = Found()


def find_request(
    all_of: Sequence[Clause],
    none_of: Iterable[Clause],
    target: Target,
    *,
    by: Sequence[Caller] = (),
    as_sender: bool = False,
    asked: Iterable[str] = (),
) -> Found:
    """Return a request that all of `all_of` hold for and none of `none_of`, as far as one can be found.

    :param by: whose request. Default: - anybody's.
    :param as_sender: whether its sender is of the identity in any case. Default: - it may be of another one, whose
        mail has this identity as its return path.

    That there is none is proven for every reading of what AWS leaves open, and for everything that only the deploy
    knows. A request that is found is one in some reading, where texts that only the deploy knows differ from others.
    """
    others = [part for each in dict.fromkeys(none_of) if _may_meet(all_of, each) for part in _parts(each)]
    budget = Budget(_STEPS)
    is_none = True
    try:
        for wanted in product(*map(_parts, all_of)):
            for assumed in _readings([*wanted, *others], target):
                search = _Search(wanted, others, target, assumed, budget, by, as_sender, tuple(asked))
                for found in search.requests():
                    if found:
                        return Found(found)
                    is_none = False
                    if not assumed.references_differ:
                        return UNDECIDED
    except TooHardError:
        return UNDECIDED
    return NONE if is_none else UNDECIDED


def _parts(clause: Clause) -> list[Clause]:
    """Return clauses that say together what `clause` does, with what is known and what is open in conditions apart."""
    conditions: list[list[Condition]] = [[]]
    for each in clause.conditions:
        known = tuple(value for value in each.values if "${" not in value)
        parts = [replace(each, values=(value,)) for value in each.values if "${" in value]
        parts += [replace(each, values=known)] if known and parts else []
        if not parts or len(each.values) == 1 or each.quantifier or key_of(one_name(each.key), "").count is Count.MANY:
            conditions = [[*some, each] for some in conditions]
        elif each.comparison in NEGATIONS:
            # "evaluated using a logical NOR"
            conditions = [[*some, *parts] for some in conditions]
        else:
            conditions = [[*some, part] for some in conditions for part in parts]
    values = (value for each in clause.conditions for value in each.values)
    variables = {one_name(found[1]) for value in values for found in VARIABLE.finditer(value) if found[1]}
    if clause.has_variables and variables:
        # "this might cause the entire statement to be invalid":
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
        name = f"{' '.join(sorted(variables))} have a value"
        clause = replace(clause, switches=clause.switches | {(name, True)}, resolved=frozenset({name}))
    return [replace(clause, conditions=frozenset(each)) for each in conditions]


def keys_of(conditions: Iterable[Condition]) -> Iterator[str]:
    """Yield the keys that conditions ask for, those of policy variables included."""
    for each in conditions:
        yield each.key
        yield from (found[1] for value in each.values for found in VARIABLE.finditer(value) if found[1])


# What a message has of them is not held to a form, as its sender is.
_OF_MAIL: Final = ("ses:fromaddress", "ses:feedbackaddress", "ses:recipients")


def _readings(clauses: Sequence[Clause], target: Target) -> Iterator[Assumptions]:
    """Yield the readings that make a difference to some clauses; first those in which requests are looked for."""
    conditions = [each for clause in clauses for each in clause.conditions]
    everybody = any((each.kind, each.principal) == ("AWS", "*") for each in clauses)
    lists = any(not each.quantifier and key_of(one_name(each.key), "").count is Count.MANY for each in conditions)
    arns = any(each.comparison.startswith("Arn") for each in conditions)
    # What only the deploy knows may be anything; an administrator of the owner's account may pass on what that is
    # allowed; AWS may add actions; and a message's sender may be of another identity, where this one is that of the
    # return path.
    is_open = (
        not target.owner
        or any(each.is_open or each.principal == target.owner or has_wildcard(each.action) for each in clauses)
        or any(one_name(each.key) in _OF_MAIL for each in conditions)
    )
    choices = product(
        (True, False) if is_open else (True,),
        (False, True) if everybody else (False,),
        (True, False) if lists else (True,),
        (False, True) if arns else (False,),
    )
    return (Assumptions(*each) for each in choices)


@lru_cache(maxsize=8192)
def acts(action: str, pattern: str) -> bool:
    """Return whether `pattern` names `action`; both in lower case."""
    if "*" not in pattern and "?" not in pattern:
        return action == pattern
    return like(pattern).matches(action)


def _may_meet(all_of: Sequence[Clause], other: Clause) -> bool:
    for each in all_of:
        if (
            "*" not in each.principal
            and "*" not in other.principal
            and not has_reference(each.principal + other.principal)
        ):
            if each.kind != other.kind:
                return False
            if each.principal != other.principal and not _may_be_of(each.principal, other.principal):
                return False
        if not any(char in "*?" for char in each.action + other.action) and each.action != other.action:
            return False
    return True


def _may_be_of(one: str, other: str) -> bool:
    return _account(one) == _account(other) != ""


@lru_cache(maxsize=8192)
def _account(principal: str) -> str:
    arn = Arn.parse(principal)
    return principal if is_account(principal) or principal.startswith("${") else arn.account if arn else principal


_SPELLED: Final[Mapping[str, str]] = {each.lower(): each for each in IDENTITY_ACTIONS}


def _actions(all_of: Sequence[Clause], none_of: Sequence[Clause], *, is_known: bool) -> Iterator[str]:
    """Yield actions that all of `all_of` name: one of each sort that the others tell apart.

    :param is_known: whether only those count that SES has, and not what AWS may add.
    """
    patterns = dict.fromkeys(each.action for each in all_of)
    others = dict.fromkeys(each.action for each in none_of)
    names = dict.fromkeys([*_SPELLED, *(each for each in (*patterns, *others) if not re.search(r"[*?$]", each))])
    if not is_known and all(map(has_wildcard, patterns)):
        more = find_text([[like(each)] for each in (*patterns, "ses:*")], map(like, others), Budget(_STEPS))
        names |= {more: None} if more else {}
    # What only the deploy knows is a name of its own.
    names |= dict.fromkeys(each for each in patterns if "${" in each)
    seen = set()
    for name in names:
        if all(acts(name, each) for each in patterns):
            sort = (KEYS_OF_ACTION.get(_SPELLED.get(name, "")), *(acts(name, each) for each in others))
            if sort not in seen:
                seen.add(sort)
                yield name


@dataclass(slots=True)
class _State:
    """What a search has taken for granted: of each key, and of what no request shows.

    :param is_doubtful: whether it is taken for granted that something does not hold that nobody can read.
    """

    keys: dict[str, frozenset[Literal]] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Search:
    all_of: Sequence[Clause]
    none_of: Sequence[Clause]
    target: Target
    assumed: Assumptions
    budget: Budget
    by: Sequence[Caller]
    as_sender: bool
    asked: Sequence[str]

    def requests(self) -> Iterator[Request | None]:
        """Yield what is found: None for a request that there may be, but that cannot be written down."""
        for action in _actions(self.all_of, self.none_of, is_known=self.assumed.references_differ):
            for caller in self.by or self._callers():
                branch = _Branch(self, caller, action)
                yield from branch.requests()

    def _callers(self) -> list[Caller]:
        clauses = [*self.all_of, *self.none_of]
        names = [(each.kind, each.principal) for each in clauses]
        conditions = [each for clause in clauses for each in clause.conditions]
        keys = {one_name(each.key) for each in conditions}
        keys |= {one_name(found[1] or "") for each in conditions for v in each.values for found in VARIABLE.finditer(v)}
        accounts = [found for each in conditions for value in each.values for found in _accounts_in(each.key, value)]
        is_open = any(each.principal == "*" for each in self.all_of)
        return callers(names, accounts if is_open else (), self.target, sorts=not WHO.isdisjoint(keys))


def _accounts_in(key: str, value: str) -> Iterator[str]:
    """Yield the account that a condition on the caller names."""
    name = one_name(key)
    if name == "aws:principalaccount" and is_account(value):
        yield value
    arn = Arn.parse(value) if name == "aws:principalarn" else None
    if arn and is_account(arn.account):
        yield arn.account


@dataclass(slots=True)
class _Branch:
    """The part of a search that is about one caller and one action."""

    search: _Search
    caller: Caller
    action: str
    domains: dict[str, Domain] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)

    def requests(self) -> Iterator[Request | None]:
        parts = [self._literals(each) for each in self.search.all_of]
        if None in parts:
            return
        if self.search.assumed.references_differ:
            self._bind()
            parts = [self._literals(each) for each in self.search.all_of]
        state: _State | None = _State()
        for literal in (literal for part in parts if part for literal in part):
            state = self._with(state, literal) if state else None
        if state is None:
            return
        others = [each for each in map(self._literals, self.search.none_of) if each is not None]
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

    def _without(self, state: _State, literals: Sequence[Literal]) -> list[_State]:
        """Return the ways in which one of `literals` is not so, and those before it are."""
        found = []
        for each, truth in literals:
            other = self._with(state, (each, not truth))
            if other:
                found.append(other)
            with_it = self._with(state, (each, truth))
            if with_it is None:
                break
            state = with_it
        return found[::-1]

    def _joined(self, state: _State, literals: Sequence[Literal]) -> _State | None:
        joined: _State | None = state
        for each in literals:
            joined = self._with(joined, each) if joined else None
        return joined

    def _with(self, state: _State, literal: Literal) -> _State | None:
        """Return a state in which `literal` is so as well, or None where that cannot be."""
        self.search.budget.take()
        each, truth = literal
        if not each.is_read:
            if state.switches.get(each.name, truth) is not truth:
                return None
            is_unread = bool(each.key) or each.name.startswith(UNREAD)
            is_doubtful = state.is_doubtful or (is_unread and (not truth or each.key in state.keys))
            return _State(state.keys, state.switches | {each.name: truth}, is_doubtful)
        literals = state.keys.get(each.key, frozenset())
        if literal in literals:
            return state
        literals |= {literal}
        if not solution(self._domain(each.key), literals, self.search.assumed).is_possible:
            return None
        return _State(state.keys | {each.key: literals}, state.switches, state.is_doubtful)

    def _domain(self, key: str) -> Domain:
        found = self.domains.get(key)
        if found is None:
            found = self.caller.domain(key, self.action, self.search.target)
            if key in _OF_MAIL and not self.search.assumed.references_differ:
                patterns = self._senders() if key == "ses:fromaddress" else (ANY_TEXT,)
                found = replace(found, patterns=patterns, rather=())
            if self.search.assumed.references_differ and is_unlisted(key, self.action):
                found = replace(found, presence=Presence.NEVER)
            self.domains[key] = found
        return found

    def _senders(self) -> tuple[Pattern, ...]:
        return self.search.target.in_any_case if self.search.as_sender else ANY_SENDER

    def _literals(self, clause: Clause) -> list[Literal] | None:
        """Return what must be so for `clause` to hold; None where it cannot, for the caller and the action."""
        named = self._is_named(clause)
        if named is False or not acts(self.action, clause.action):
            return None
        literals = [] if named is True else [(named, True)]
        is_open = not self.search.assumed.references_differ
        literals += [(switch(name), truth) for name, truth in clause.switches if is_open or name not in clause.resolved]
        for each in clause.conditions:
            literals.append((self._comparison(each, has_variables=clause.has_variables), True))
        return literals

    def _comparison(self, condition: Condition, *, has_variables: bool) -> Comparison:
        values = condition.values
        if has_variables and self.bound:
            values = tuple(VARIABLE.sub(self._value_of, value) for value in values)
        return comparison(condition, values, self.search.assumed, has_variables=has_variables)

    def _value_of(self, found: re.Match[str]) -> str:
        return self.bound.get(one_name(found[1]), found[0]) if found[1] else found[0]

    def _bind(self) -> None:
        """Give each policy variable one value, which the request then has."""
        forms = self._forms()
        for key, literals in self._variables().items():
            if key == "aws:resourceorgid":
                self.bound[key] = OWN_ORGANIZATION
                continue
            domain = self.caller.domain(key, self.action, self.search.target)
            is_absent = domain.presence is Presence.NEVER
            present = domain if is_absent else replace(domain, presence=Presence.ALWAYS)
            if present.patterns == (ANY_TEXT,):
                present = replace(present, patterns=forms.get(key, (like("?*"),)))
            values = solution(present, frozenset(literals), self.search.assumed).values
            # A variable without a value is compared with nothing that any text is.
            self.bound[key] = values[0] if values else "\0"
            self.domains[key] = replace(present, patterns=(exactly(values[0]),), but=()) if values else domain

    def _variables(self) -> dict[str, set[Literal]]:
        """Return the keys of policy variables, each with what has to be so for it."""
        found: dict[str, set[Literal]] = {}
        for clause in (*self.search.all_of, *self.search.none_of):
            for each in clause.conditions if clause.has_variables else ():
                named = {one_name(name) for name in keys_of([each])} - {one_name(each.key)}
                found |= {name: set() for name in named if name not in found}
        for clause in self.search.all_of if found else ():
            for each in clause.conditions:
                read = self._comparison(each, has_variables=clause.has_variables)
                if read.key in found and read.is_read:
                    found[read.key].add((read, True))
        return found

    def _forms(self) -> dict[str, tuple[Pattern, ...]]:
        """Return what a variable has to be like where a key is compared with it alone."""
        found = {}
        for clause in self.search.all_of:
            for each in clause.conditions if clause.has_variables else ():
                variable = VARIABLE.fullmatch(each.values[0]) if each.values else None
                if variable and variable[1] and each.comparison not in NEGATIONS:
                    found[one_name(variable[1])] = self._domain(one_name(each.key)).patterns
        return found

    def _is_named(self, clause: Clause) -> bool | Comparison:
        """Return whether `clause` is about the caller, or what decides that."""
        caller, name = self.caller, clause.principal
        if clause.kind == "AWS" and name == "*":
            return caller.kind == "AWS" or (caller.kind == "Service" and self.search.assumed.services_in_everybody)
        if (clause.kind, name) == (caller.kind, caller.name):
            return True
        if self._is_account_of(clause.kind, name):
            if clause.effect != "Allow" or not caller.is_owner:
                return True
            # What the owner's own account is allowed, its administrator still has to pass on, and may do so without.
            return False if self.search.assumed.references_differ else switch(f"account {name} passes it on")
        is_open = has_reference(name) or has_reference(caller.name) or not clause.kind.isalpha()
        if not is_open or self.search.assumed.references_differ:
            return self._is_role_of(name)
        return switch(f"{caller.name or caller.account or 'somebody'} is {name}")

    def _is_account_of(self, kind: str, name: str) -> bool:
        return kind == "AWS" == self.caller.kind and bool(name) and name == self.caller.account

    def _is_role_of(self, name: str) -> bool:
        """Return whether the caller is a named session of the role `name`."""
        mine, arn = Arn.parse(self.caller.name), Arn.parse(name)
        if not (mine and arn and mine.member and arn.member and mine.account == arn.account):
            return False
        is_session = mine.member[0] == "assumed-role" and arn.member[0] == "role"
        return is_session and mine.member[1].partition("/")[0] == arn.member[1].rpartition("/")[2]

    def _request(self, state: _State) -> Request | None:
        """Return a request of a state, or None where its keys do not agree."""
        is_nobody = any("${#" in each.principal or "${}" in each.principal for each in self.search.none_of)
        if not self.search.assumed.references_differ or state.is_doubtful or is_nobody:
            return None
        values: dict[str, Values | None] = {}
        for key, literals in state.keys.items():
            values[key] = solution(self._domain(key), literals, self.search.assumed).values
        for key, bound in self.bound.items():
            values.setdefault(key, (bound,) if bound != "\0" else ())
        if None in values.values() or not self._agree(state, values):
            return None
        clauses = (*self.search.all_of, *self.search.none_of)
        names = [*(name for clause in clauses for name in keys_of(clause.conditions)), *self.search.asked]
        spelled = {one_name(name): name for name in names}
        if key_of("ses:fromaddress", self.action).aws is Presence.ALWAYS:
            spelled.setdefault("ses:fromaddress", "ses:FromAddress")
        keys: dict[str, str | tuple[str, ...]] = {}
        for key, name in spelled.items():
            value = values.get(key)
            if value is None:
                domain = self._domain(key)
                value = solution(domain, frozenset(), self.search.assumed).values
                # Of the caller's own ones it is told with the caller.
                value = () if domain.presence is not Presence.ALWAYS or key in OF_CALLER else value
            if value:
                keys[name] = tuple(value) if self._domain(key).count is Count.MANY else in_form(name, value[0])
        keys |= {key: value[0] for key, value in values.items() if value and key not in spelled}
        if self.caller.is_nameless and not OF_CALLER.isdisjoint(spelled):
            return None
        if any(not is_documented(key) for key, value in values.items() if value):
            return None
        return Request.of(
            self.caller, _SPELLED.get(self.action, self.action), self.search.target, keys, spelled.values()
        )

    def _agree(self, state: _State, values: dict[str, Values | None]) -> bool:
        """Return whether the keys of a request are of one caller and one source; where they can, make them so."""
        pairs = (("aws:principalarn", "aws:principalaccount"), ("aws:sourcearn", "aws:sourceaccount"))
        for arn, account in pairs:
            whole = Arn.parse((values.get(arn) or ("",))[0])
            told = values.get(account)
            if whole and whole.account and told and whole.account != told[0]:
                other = {arn: self._domain(arn), account: self._domain(account)}
                if not self._same_account(state, values, arn, account, other):
                    return False
        network = [values.get(f"aws:{each}") for each in ("sourceip", "sourcevpc", "sourcevpce", "vpcsourceip")]
        # "This key is included in the request context, except when the requester uses a VPC endpoint."
        if network[0] and any(network[1:]):
            return False
        name = (values.get("aws:username") or ("",))[0]
        caller = (values.get("aws:principalarn") or ("",))[0]
        return not name or not caller or caller.rpartition("/")[2] == name

    def _same_account(
        self, state: _State, values: dict[str, Values | None], arn: str, account: str, domains: Mapping[str, Domain]
    ) -> bool:
        one = (values[account] or ("",))[0]
        exact = replace(domains[arn], patterns=(like(f"arn:*:*:*:{one}:*"),), but=domains[arn].but)
        found = solution(exact, state.keys.get(arn, frozenset()), self.search.assumed)
        if found.values:
            values[arn] = found.values
            return True
        other = Arn.parse((values[arn] or ("",))[0])
        exact = replace(domains[account], patterns=(exactly(other.account if other else ""),))
        found = solution(exact, state.keys.get(account, frozenset()), self.search.assumed)
        values[account] = found.values
        return bool(found.values)
