"""The result of `drift`: how the policies at SES differ from the declared ones, and which are not declared."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Final

from ses_sending_policy.analysis.grants.change import Change
from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import Account, DeniedError
from ses_sending_policy.review.live.account_reading import AccountReading, Watch, read
from ses_sending_policy.review.live.compared_policy import ComparedPolicy, compared
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy, places
from ses_sending_policy.rules.document import LivePolicy, as_text
from ses_sending_policy.rules.drift import State
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.identity import canonical_name


class DriftFailOn(StrEnum):
    """The states of policies that make `drift` fail."""

    ANY = "any"
    """Any policy that is not in sync."""
    DECLARED = "declared"
    """A declared policy that is not in sync. An undeclared one is only listed."""
    NEVER = "never"


_FAILING: Final = {
    DriftFailOn.ANY: frozenset(State) - {State.IN_SYNC},
    DriftFailOn.DECLARED: frozenset(State) - {State.IN_SYNC, State.UNDECLARED},
    DriftFailOn.NEVER: frozenset(),
}

_LIKELY: Final = (State.IN_SYNC, State.UNDECIDED)


@dataclass(frozen=True, slots=True)
class Drifted:
    """A policy, and its state at SES.

    :param identity: its identity; a part that only the deploy knows is `${...}`.
    :param policy_name: its name; a part that only the deploy knows is `${...}`.
    :param found: the result of comparing the declared policy with the live one.
    :param declaration: its declaration; None if it is not declared.
    :param changes: the grants that differ between the declared policy (before) and SES (after).
    :param unknown: the parts of the declaration that only the deploy knows.
    :param taken: a sentence for each grant at SES that may come from the unknown parts.
    :param lacks_marker: whether the live policy should have an owner's marker and has none.
    :param has_identity: whether the account has the identity.
    """

    identity: str
    policy_name: str
    found: ComparedPolicy
    declaration: DeclaredPolicy | None = None
    changes: tuple[Change, ...] = ()
    unknown: Sequence[str] = ()
    taken: Sequence[str] = ()
    lacks_marker: bool = False
    has_identity: bool = True

    @property
    def state(self) -> State:
        """The policy's state at SES."""
        return self.found.state


@dataclass(frozen=True, slots=True)
class DriftResult:
    """The states of the policies in one account and region.

    :param account: its twelve digits.
    :param region: for instance `eu-west-1`.
    :param policies: the policies of the identities that were read, sorted by identity and name.
    :param unread: for the name of each identity that was not read, the reason.
    :param elsewhere: the policies that are declared for other accounts and regions.
    :param identities: how many identities were read.
    :param is_interrupted: whether the user interrupted the reading.
    :param fail_on: which states make `drift` fail.
    """

    account: str
    region: str
    policies: Sequence[Drifted]
    unread: Mapping[str, str]
    elsewhere: Sequence[DeclaredPolicy]
    identities: int
    is_interrupted: bool
    fail_on: DriftFailOn

    @classmethod
    def of(
        cls,
        account: Account,
        declarations: Collection[DeclaredPolicy],
        watch: Watch,
        *,
        every: bool = False,
        fail_on: DriftFailOn = DriftFailOn.ANY,
    ) -> "DriftResult":
        """Return how the policies at SES in `account` differ from `declarations`.

        Raises `ReviewError` if no identity could be read, and if all declarations are for other accounts or regions.

        :param watch: is called with the number of identities read so far, and of all.
        :param every: whether to read all identities of the account, and not only those with a declared policy.
        :param fail_on: which states make `drift` fail.
        """
        here = [each.at(account) for each in declarations if each.is_for(account)]
        elsewhere = [each for each in declarations if not each.is_for(account)]
        if elsewhere and not here:
            told = ", ".join(places(elsewhere))
            place = f"account {account.id} in {account.region}"
            raise ReviewError([f"nothing is declared for {place}, only for {told}: name another --profile or --region"])
        wanted = {each.target[0] for each in here if each.target}
        identities = dict.fromkeys(wanted) | (_listed(account) if every else {})
        reading = read(account, {name: identities[name] or name for name in sorted(identities)}, watch)
        here = [each.found_in(reading.policies) for each in here]
        found = [*_declared(here, reading, account), *_undeclared(here, reading, account)]
        drift = cls(
            account.id,
            account.region,
            sorted(found, key=lambda each: (each.identity, each.policy_name)),
            reading.unread,
            elsewhere,
            len(reading.policies),
            reading.is_interrupted,
            fail_on,
        )
        if drift.unread and not reading.policies:
            raise ReviewError(drift.reasons)
        return drift

    @property
    def fails(self) -> bool:
        """Whether any policy has a state that `fail_on` names."""
        return any(map(self.fails_for, self.policies))

    def fails_for(self, drifted: Drifted) -> bool:
        """Return whether this policy has a state that `fail_on` names."""
        return drifted.state in _FAILING[self.fail_on]

    @property
    def counts(self) -> list[tuple[State, int]]:
        """The number of policies for each state that occurs."""
        found = Counter(each.state for each in self.policies)
        return [(state, found[state]) for state in State if found[state]]

    @property
    def reasons(self) -> list[str]:
        """A sentence for each reason why identities were not read."""
        groups: dict[str, list[str]] = {}
        for identity, reason in self.unread.items():
            groups.setdefault(reason, []).append(identity)
        return [f"{_named(identities)} not looked at: {reason}" for reason, identities in groups.items()]

    def by_identity(self) -> Iterator[tuple[str, list[Drifted]]]:
        """Yield for each identity a heading, and its policies that are not in sync or lack their marker."""
        telling = [each for each in self.policies if each.state != State.IN_SYNC or each.lacks_marker]
        for identity, group in groupby(telling, lambda each: each.identity):
            yield f"{identity} in account {self.account}, {self.region}", list(group)


def _named(identities: Sequence[str]) -> str:
    return f"{identities[0]} was" if len(identities) == 1 else f"{len(identities)} identities were"


def _listed(account: Account) -> dict[str, str]:
    """Return for each identity of the account the spelling that SES lists, with the name's canonical form as the key.

    If the names of two identities have the same canonical form, the key of the second one is its own spelling.
    """
    try:
        listed = sorted(account.identities(), key=lambda name: (name != canonical_name(name), name))
    except (DeniedError, CallError) as error:
        raise ReviewError([f"the identities of account {account.id} could not be listed: {error}"]) from error
    found: dict[str, str] = {}
    for name in listed:
        form = canonical_name(name)
        found[name if form in found else form] = name
    return found


def _declared(here: Sequence[DeclaredPolicy], reading: AccountReading, account: Account) -> Iterator[Drifted]:
    """Yield the state of each declared policy. If two calls of one resource write the same policy, it comes once."""
    groups: dict[object, list[Drifted]] = {}
    for each in here:
        if each.target is None or each.target[0] in reading.policies:
            key = (each.policy.stack, each.policy.logical_id, each.policy.template, each.target)
            groups.setdefault(key, []).append(_drifted(each, reading, account))
    for group in groups.values():
        yield next((each for each in group if each.state in _LIKELY), group[0])


def _drifted(declaration: DeclaredPolicy, reading: AccountReading, account: Account) -> Drifted:
    policy = declaration.policy
    identity, name = declaration.target or (policy.identity_text, text_of(policy.policy_name))
    there = reading.policies.get(identity)
    live = there.get(name) if there else None
    unknown = declaration.unknown(live)
    expected = declaration.expected(live, account.partition)
    found = compared(expected, live, account.partition)
    if unknown and (live is None or policy.away):
        found = ComparedPolicy(State.UNDECIDED)
    changes = _changes(_replaced(policy, expected.document), policy, live) if found.state not in _LIKELY else ()
    taken = _changes(policy, policy, live) if unknown and live and found.state is State.UNDECIDED else ()
    return Drifted(
        identity,
        name,
        found,
        declaration,
        changes,
        unknown,
        [entry.sentence for change in taken for entry in change.grants_after],
        lacks_marker=live is not None and expected.owner is not None and found.marker is None,
        has_identity=declaration.target is None or there is not None,
    )


def _changes(declared: Declared, policy: Declared, live: LivePolicy | None) -> tuple[Change, ...]:
    """Return the grants that differ between the declared policy and SES."""
    return difference([declared], [_replaced(policy, live.elements)] if live else []).changes


def _undeclared(here: Sequence[DeclaredPolicy], reading: AccountReading, account: Account) -> Iterator[Drifted]:
    declared = {each.target for each in here}
    for identity, there in reading.policies.items():
        for name, live in (there or {}).items():
            if (identity, name) not in declared:
                place = KnownEnvironment(account.partition, account.region, account.id)
                policy = Declared("", "", identity, name, as_text(live.elements), place)
                found = compared(None, live, account.partition)
                yield Drifted(identity, name, found, changes=difference([], [policy]).changes)


def _replaced(policy: Declared, document: object) -> Declared:
    """Return `policy` with this document, and without the template's condition for it."""
    return replace(policy, document=as_text(document), condition="")
