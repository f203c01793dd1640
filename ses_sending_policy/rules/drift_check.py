"""What a scheduled check is handed, and what it tells: agreed on by the construct and the function."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ses_sending_policy.rules.drift import Owner, State
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import PhysicalId, StackId

NAMESPACE: Final = "SendingPolicy"
"""The namespace of the metrics."""

DIMENSION: Final = "Check"
"""What tells the metrics of one check from those of another."""

UNREAD: Final = "Unread"
"""The metric of the policies whose identity could not be read."""

DRIFT: Final = "Drift"
"""The metric of all that should raise an alarm."""

METRICS: Final[Mapping[State, str]] = {
    State.IN_SYNC: "InSync",
    State.CHANGED: "Changed",
    State.MISSING: "Missing",
    State.FOREIGN: "Foreign",
    State.UNDECLARED: "Undeclared",
}
"""The metric of each state that a check can tell: how many policies are in it."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A policy as CloudFormation deployed it.

    :param id: its physical id.
    :param digest: of what it says.
    """

    id: PhysicalId
    digest: str

    @classmethod
    def of(cls, physical_id: str, digest: str) -> "Deployed":
        """Return the policy of a physical id, or raise `DeclarationError` where that is none."""
        parsed = PhysicalId.parse(physical_id)
        if parsed is None:
            raise DeclarationError(f"{physical_id!r} is not the physical id of a SendingPolicy")
        return cls(parsed, digest)

    @property
    def owner(self) -> Owner:
        """Whose it should be."""
        return Owner("", "", self.id.token or "")


@dataclass(frozen=True, slots=True)
class Check:
    """One look at the policies of a stack.

    :param name: the value of its dimension.
    :param stack: the stack that they are of.
    :param policies: what should be at SES.
    :param ignores_undeclared: whether policies that nobody declares raise no alarm.
    """

    name: str
    stack: StackId
    policies: tuple[Deployed, ...]
    ignores_undeclared: bool

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> "Check":
        """Return what `write` made, with its tokens resolved; raise `DeclarationError` where it is anything else."""
        try:
            policies = tuple(Deployed.of(id_, digest) for id_, digest in event["policies"])
            return cls(event["name"], StackId.parse(event["stack"]), policies, event["ignore_undeclared"])
        except (KeyError, TypeError, ValueError) as fault:
            raise DeclarationError(
                f"the event is not that of a drift check: {type(fault).__name__}: {fault}"
            ) from fault

    def metrics(self, counts: Mapping[State | None, int]) -> dict[str, int]:
        """Return every metric of this look.

        :param counts: how many policies are in a state, and as None how many could not be read.
        """
        drift = set(counts) - {State.IN_SYNC} - ({State.UNDECLARED} if self.ignores_undeclared else set())
        return {
            **{name: counts.get(state, 0) for state, name in METRICS.items()},
            UNREAD: counts.get(None, 0),
            DRIFT: sum(counts[state] for state in drift),
        }


def write(
    name: str, stack_id: str, policies: Iterable[tuple[str, str]], *, ignore_undeclared: bool = False
) -> dict[str, Any]:
    """Return the event of a check; any of the strings may be a token.

    :param policies: the physical id of each, and the digest of what it says.
    :param ignore_undeclared: whether policies that nobody declares raise no alarm.
    """
    return {
        "name": name,
        "stack": stack_id,
        "ignore_undeclared": ignore_undeclared,
        "policies": [list(policy) for policy in policies],
    }
