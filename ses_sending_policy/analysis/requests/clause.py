"""A clause: what one permission asks of a request, and what can be said of clauses without a request."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import NEGATIONS, VARIABLE, has_reference
from ses_sending_policy.analysis.requests.keys import Count, key_of, one_name
from ses_sending_policy.analysis.requests.pattern import like
from ses_sending_policy.rules.arns import Arn

UNREAD: Final = "unread "
"""The prefix of a switch's name, if the switch stands for a part of a policy that cannot be read."""

OF_ACCOUNTS: Final = frozenset({"AWS", "Federated"})
"""The kinds of principals whose callers are in an account.

"The account ARN and the shortened account ID behave the same way. Both delegate permissions to the account."
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""


@dataclass(frozen=True, slots=True)
class Clause:
    """What one permission asks of a request.

    :param effect: `Allow` or `Deny`.
    :param kind: the principal's kind.
    :param principal: the principal's name.
    :param action: in lower case, and perhaps with wildcards.
    :param conditions: the conditions, all of which must hold.
    :param has_variables: whether text like `${aws:username}` in the conditions is a variable, and not plain text.
    :param switches: what else must be true or false, though no request shows it: by name, whether it must be true.
    :param resolved: those switches that say that policy variables have a value; they matter only when proving that
        there is no request.
    """

    effect: str
    kind: str
    principal: str
    action: str
    conditions: Collection[Condition] = ()
    has_variables: bool = False
    switches: Collection[tuple[str, bool]] = ()
    resolved: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        # Sorted, so that the same input always gives the same request.
        conditions = sorted(set(self.conditions), key=lambda each: (each.key, each.operator, each.values))
        object.__setattr__(self, "conditions", tuple(conditions))
        object.__setattr__(self, "switches", tuple(sorted(set(self.switches))))

    @property
    def is_open(self) -> bool:
        """Whether a part of the clause is known at the deploy only, or depends on a policy variable."""
        return has_reference(self.principal) or any("${" in value for each in self.conditions for value in each.values)


# Cached, because each clause of an identity is used again for every new permission.
@lru_cache(maxsize=1024)
def parts(clause: Clause) -> Sequence[Clause]:
    """Return clauses that together mean the same as `clause`.

    In them, known and unknown values of a condition are in separate conditions.
    """
    conditions: list[list[Condition]] = [[]]
    for each in clause.conditions:
        known = tuple(value for value in each.values if "${" not in value)
        single = [replace(each, values=(value,)) for value in each.values if "${" in value]
        single += [replace(each, values=known)] if known else []
        if len(single) <= 1 or each.quantifier or key_of(one_name(each.key), "").count is Count.MANY:
            conditions = [[*some, each] for some in conditions]
        elif each.comparison in NEGATIONS:
            # "evaluated using a logical NOR"
            conditions = [[*some, *single] for some in conditions]
        else:
            conditions = [[*some, part] for some in conditions for part in single]
    variables = {one_name(key) for each in clause.conditions for key in _variables(each)}
    if clause.has_variables and variables:
        # "this might cause the entire statement to be invalid":
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
        name = f"{' '.join(sorted(variables))} have a value"
        clause = replace(clause, switches=(*clause.switches, (name, True)), resolved=frozenset({name}))
    return [replace(clause, conditions=each) for each in conditions]


def keys_of(conditions: Iterable[Condition]) -> Iterator[str]:
    """Yield the keys that conditions ask for, including those that stand as policy variables in values."""
    for each in conditions:
        yield each.key
        yield from _variables(each)


def _variables(condition: Condition) -> Iterator[str]:
    """Yield the keys that stand as policy variables in a condition's values."""
    yield from (found[1] for value in condition.values for found in VARIABLE.finditer(value) if found[1])


@lru_cache(maxsize=8192)
def acts(action: str, pattern: str) -> bool:
    """Return whether `action` matches the pattern of actions `pattern`; both are in lower case."""
    return like(pattern).matches(action)


def may_meet(all_of: Sequence[Clause], other: Clause) -> bool:
    """Return whether a request may fulfil `other` and all of `all_of`, by their principals and actions."""
    for each in all_of:
        if (
            "*" not in each.principal
            and "*" not in other.principal
            and not has_reference(each.principal + other.principal)
        ):
            is_one = each.kind == other.kind
            if not is_one and {each.kind, other.kind} != OF_ACCOUNTS:
                return False
            if is_one and each.principal != other.principal and not _may_be_of(each.principal, other.principal):
                return False
        if not any(char in "*?" for char in each.action + other.action) and each.action != other.action:
            return False
    return True


def _may_be_of(one: str, other: str) -> bool:
    return _account(one) == _account(other) != ""


@lru_cache(maxsize=8192)
def _account(principal: str) -> str:
    arn = Arn.parse(principal)
    return arn.account if arn else principal
