"""Search for a request for which some clauses hold and others do not. A review shows such a request as an example.

A request is a caller, an action and values of condition keys. Only a few callers and actions have to be tried, because
those that no clause tells apart count as one. A clause does not hold if one of its conditions does not hold. The search
tries these conditions in turn, and asks for each key whether it can have values that fit all that was assumed of it so
far. It treats the keys as independent of each other. That can only add requests, so if none is found, there is none. A
request that is found is then completed, and its keys are made to agree with each other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.branch import SPELLED, Branch, SearchQuery
from ses_sending_policy.analysis.requests.caller import WHO, Caller, TargetIdentity, callers
from ses_sending_policy.analysis.requests.clause import Clause, acts, keys_of, may_meet, parts
from ses_sending_policy.analysis.requests.keys import one_name
from ses_sending_policy.analysis.requests.pattern import like
from ses_sending_policy.analysis.requests.readings import readings
from ses_sending_policy.analysis.requests.request import Request
from ses_sending_policy.analysis.requests.texts import Budget, TooHardError, find_text
from ses_sending_policy.rules.actions import KEYS_OF_ACTION
from ses_sending_policy.rules.arns import Arn, is_account

_STEPS: Final = 3_000


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search.

    :param request: the request that was found. Default: - none was found.
    :param is_none: whether it is proven that there is no such request. Default: - it is not.
    """

    request: Request | None = None
    is_none: bool = False


NONE: Final = SearchResult(is_none=True)
UNDECIDED: Final = SearchResult()


def find_request(
    all_of: Sequence[Clause],
    none_of: Iterable[Clause],
    target: TargetIdentity,
    *,
    by: Sequence[Caller] = (),
    as_sender: bool = False,
    asked: Sequence[str] = (),
) -> SearchResult:
    """Return a request for which all clauses of `all_of` hold and none of `none_of`, if one can be found.

    :param by: the callers that may make the request. Default: - anybody.
    :param as_sender: whether the sender's address is always one of the identity. Default: - it may be of another
        identity, if the mail has this identity as its return path.
    :param asked: more keys that policies ask for, and to which the request gives a value. Default: - none.

    A proof that there is none holds for every reading of what AWS leaves open, and for every value that only the deploy
    knows. A request that was found holds in one reading, in which such a value differs from all other texts.
    """
    others = [part for each in dict.fromkeys(none_of) if may_meet(all_of, each) for part in parts(each)]
    budget = Budget(_STEPS)
    is_none = True
    try:
        for wanted in product(*map(parts, all_of)):
            for assumed in readings([*wanted, *others], target):
                question = SearchQuery(wanted, others, target, assumed, budget, by, as_sender, asked)
                for found in _requests(question):
                    if found:
                        return SearchResult(found)
                    is_none = False
                    if not assumed.references_differ:
                        return UNDECIDED
    except TooHardError:
        return UNDECIDED
    return NONE if is_none else UNDECIDED


def _actions(all_of: Sequence[Clause], none_of: Sequence[Clause]) -> Iterator[str]:
    """Yield actions that all clauses of `all_of` name: one for each group that `none_of` does not tell apart.

    Among them is one that AWS may add, if the clauses name such an action.
    """
    patterns = dict.fromkeys(each.action for each in all_of)
    others = dict.fromkeys(each.action for each in none_of)
    names = dict.fromkeys([*SPELLED, *(each for each in (*patterns, *others) if not re.search(r"[*?$]", each))])
    more = find_text([[like(each)] for each in (*patterns, "ses:*")], map(like, others), Budget(_STEPS))
    names |= {more: None} if more else {}
    # The name of an action that only the deploy knows is tried as an action, too.
    names |= dict.fromkeys(each for each in patterns if "${" in each)
    seen = set()
    for name in names:
        if all(acts(name, each) for each in patterns):
            sort = (KEYS_OF_ACTION.get(SPELLED.get(name, "")), *(acts(name, each) for each in others))
            if sort not in seen:
                seen.add(sort)
                yield name


def _requests(question: SearchQuery) -> Iterator[Request | None]:
    """Yield the requests that are found; None stands for a request that may exist, but cannot be written down."""
    for action in _actions(question.all_of, question.none_of):
        for caller in question.by or _callers(question):
            yield from Branch(question, caller, action).requests()


def _callers(question: SearchQuery) -> list[Caller]:
    clauses = [*question.all_of, *question.none_of]
    names = [(each.kind, each.principal) for each in clauses]
    conditions = [each for clause in clauses for each in clause.conditions]
    keys = map(one_name, keys_of(conditions))
    allowed = {each.principal for each in question.all_of}
    accounts = (found for each in conditions for found in _accounts_in(each) if "*" in allowed)
    return callers(names, accounts, question.target, sorts=not WHO.isdisjoint(keys))


def _accounts_in(condition: Condition) -> Iterator[str]:
    """Yield the accounts that a condition names, if it is about the caller's account or ARN."""
    name = one_name(condition.key)
    if name == "aws:principalaccount":
        yield from filter(is_account, condition.values)
    elif name == "aws:principalarn":
        arns = filter(None, map(Arn.parse, condition.values))
        yield from (each.account for each in arns if is_account(each.account))
