"""Each principal of each statement, with what is needed to search for requests that the statement allows or denies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ses_sending_policy.analysis.findings.anybody import is_anybody
from ses_sending_policy.analysis.grants.newly_allowed import clause_of, target_of
from ses_sending_policy.analysis.grants.permission import Permission, PermissionScope, permissions
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.analysis.requests.caller import Caller, TargetIdentity
from ses_sending_policy.analysis.requests.clause import Clause
from ses_sending_policy.analysis.requests.request import Request
from ses_sending_policy.analysis.requests.search import find_request


@dataclass(frozen=True, slots=True)
class Stated:
    """One principal of a statement.

    :param policy: the policy that the statement stands in.
    :param statement: the statement.
    :param path: where the principal stands in the resource.
    :param kind: the principal's, as `AWS`.
    :param text: the principal.
    :param clauses: what the statement asks of a request, one clause for each action.
    :param denies: all Denies, for any principal, of the policies that are declared for the same identity.
    :param target: the identity that the policies are on.
    """

    policy: Declared
    statement: Statement
    path: str
    kind: str
    text: str
    clauses: Sequence[Clause]
    denies: Sequence[Clause]
    target: TargetIdentity
    _proven: dict[tuple[Clause, ...], bool] = field(default_factory=dict, init=False)

    @property
    def conditions(self) -> list[Condition]:
        """The conditions of the statement, and of all `denies`."""
        return [each for clause in (self.clauses[0], *self.denies) for each in clause.conditions]

    def request(self, by: Sequence[Caller]) -> Request | None:
        """Return a request that the statement allows, by one of the callers `by`; None if none was found."""
        for clause in self.clauses:
            found = find_request([clause], self.denies, self.target, by=by)
            if found.request:
                return found.request
        return None

    def never_holds(self, denies: Sequence[Clause] = ()) -> bool:
        """Return whether it is proven that the statement holds for no request, except those that `denies` deny."""
        # The result is kept, because several rules ask for it.
        if tuple(denies) not in self._proven:
            self._proven[tuple(denies)] = all(
                find_request([clause], denies, self.target, as_sender=True).is_none for clause in self.clauses
            )
        return self._proven[tuple(denies)]

    def with_conditions(self, conditions: Sequence[Condition]) -> "Stated":
        """Return a copy whose clauses have only the given conditions."""
        return replace(self, clauses=[replace(each, conditions=conditions) for each in self.clauses])


class _Latest:
    """Keeps the last result of `stated`, because each rule asks for it with the same policies."""

    def __init__(self) -> None:
        self._policies: Sequence[Declared] = ()
        self._found: list[Stated] = []

    def of(self, policies: Sequence[Declared]) -> list[Stated]:
        """Return each principal of each statement of `policies`; the same list is not read again."""
        if policies is not self._policies:
            self._policies, self._found = policies, list(_stated(policies))
        return self._found


_LATEST: Final = _Latest()


def stated(policies: Sequence[Declared]) -> list[Stated]:
    """Return each principal of each statement of `policies`."""
    return _LATEST.of(policies)


def _stated(policies: Sequence[Declared]) -> Iterator[Stated]:
    said = {id(policy): list(permissions(policy)) for policy in policies}
    denies: dict[PermissionScope, dict[Clause, None]] = {}
    for found in said.values():
        for each in found:
            if each.effect == "Deny":
                denies.setdefault(each.place, {})[clause_of(each)] = None
    for policy in policies:
        of_principal: dict[tuple[str, str, str], list[Permission]] = {}
        for each in said[id(policy)]:
            of_principal.setdefault((each.grant.path, each.grant.kind, each.grant.principal), []).append(each)
        for statement in policy.statements():
            for path, kind, text in statement.principals():
                found = of_principal.get((statement.path, kind, text), [])
                if found:
                    place = found[0].place
                    yield Stated(
                        policy,
                        statement,
                        path,
                        kind,
                        text,
                        [_anybody(clause_of(each)) for each in found],
                        [*denies.get(place, ())],
                        target_of(place, policy.environment.partition),
                    )


def _anybody(clause: Clause) -> Clause:
    is_one = clause.kind in ("AWS", "*") and is_anybody(clause.principal)
    return replace(clause, kind="AWS", principal="*") if is_one else clause
