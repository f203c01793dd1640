"""What a policy should be, beside what SES holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ses_sending_policy.rules.document import Json, LivePolicy
from ses_sending_policy.rules.drift import DeclaredOwner, State, state_of
from ses_sending_policy.rules.equivalence import element_differences
from ses_sending_policy.rules.ownership import Marker


@dataclass(frozen=True, slots=True)
class Expected:
    """What a policy should be.

    :param document: what it should say, as parsed JSON.
    :param owner: whose it should be. Default: - no SendingPolicy's, so it should have no marker.
    :param unknown: what of the document nobody knows, and was taken to be as it is at SES. Default: - nothing.
    """

    document: Mapping[str, Json]
    owner: DeclaredOwner | None = None
    unknown: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ComparedPolicy:
    """What became of a policy.

    :param state: in a word.
    :param marker: the owner's marker that is on it, if any is.
    :param differences: how it differs from what is declared, a sentence each.
    """

    state: State
    marker: Marker | None = None
    differences: tuple[str, ...] = ()


def compared(expected: Expected | None, live: LivePolicy | None, partition: str) -> ComparedPolicy:
    """Return what became of a policy.

    :param expected: what it should be; None where nobody declares it.
    :param live: what SES holds; None where it holds none of this name.
    :param partition: where it is, as `aws`.
    """
    if live is None:
        return ComparedPolicy(State.MISSING)
    if expected is None:
        return ComparedPolicy(State.UNDECLARED, live.marker)
    different = tuple(element_differences(live, expected.document, partition))
    state = state_of(live, expected.owner, differs=bool(different), is_unknown=bool(expected.unknown))
    return ComparedPolicy(state, live.marker, different)
