"""Compares one declared policy with the live one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ses_sending_policy.rules.document import Json, LivePolicy
from ses_sending_policy.rules.drift import DeclaredOwner, State, state_of
from ses_sending_policy.rules.equivalence import element_differences
from ses_sending_policy.rules.ownership import Marker


@dataclass(frozen=True, slots=True)
class Expected:
    """A policy as it should be at SES.

    :param document: its document, as parsed JSON.
    :param owner: the resource that owns it. Default: - no SendingPolicy owns it, so it should have no marker.
    :param unknown: the parts of the document that only the deploy knows, and that are assumed to be as SES holds them.
        Default: - none.
    """

    document: Mapping[str, Json]
    owner: DeclaredOwner | None = None
    unknown: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ComparedPolicy:
    """The result of comparing a declared policy with the live one.

    :param state: the policy's state, for instance in sync, changed or missing.
    :param marker: the owner's marker in the live policy, or None.
    :param differences: how it differs from the declared one, a sentence each.
    """

    state: State
    marker: Marker | None = None
    differences: tuple[str, ...] = ()


def compared(expected: Expected | None, live: LivePolicy | None, partition: str) -> ComparedPolicy:
    """Return the state of a policy at SES, and how it differs from the declared one.

    :param expected: the policy as it should be; None if it is not declared.
    :param live: the policy at SES; None if the identity has no policy of this name.
    :param partition: the partition of the account, for instance `aws`.
    """
    if live is None:
        return ComparedPolicy(State.MISSING)
    if expected is None:
        return ComparedPolicy(State.UNDECLARED, live.marker)
    different = tuple(element_differences(live, expected.document, partition))
    state = state_of(live, expected.owner, differs=bool(different), is_unknown=bool(expected.unknown))
    return ComparedPolicy(state, live.marker, different)
