"""What a scheduled check is handed, and what it tells: agreed on by the construct and the function."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from ses_sending_policy.rules.drift import DeclaredOwner, State
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import PhysicalId, StackId

NAMESPACE: Final = "SendingPolicy"
"""The namespace of the metrics."""

DIMENSION: Final = "Check"
"""What tells the metrics of one check from those of another."""

UNREAD: Final = "Unread"
"""The metric of the policies whose identity could not be read."""

TOLD: Final = "Told"
"""What the line with the metrics has beside them: the marks of the drift that a topic was told of."""

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

LEAST_SECONDS: Final = 300
MOST_SECONDS: Final = 86400
"""The shortest and the longest interval between two looks."""

SECONDS_A_READ: Final = 1.1
"""From one call to the next: a deploy may need SES's one call a second more than a look does."""

QUICK_SECONDS: Final = 3.0
"""What the first call for an identity takes at most: one that SES does not answer must not cost the others theirs."""

# At most half of what SES allows to an account: the rest is for deploys, and for what has to be read again.
_SHARE: Final = 2

# "Timeout: The amount of time (in seconds) that Lambda allows a function to run before stopping it. [...] The maximum
# allowed value is 900 seconds."
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
MOST_FUNCTION_SECONDS: Final = 900

# What a look does before its first call to SES, and after its last: it asks its log, tells the topic, and ends.
_AROUND_SECONDS: Final = 30.0

# Two looks are not exactly an interval apart: what one may have missed lies a little behind where the next one begins.
_OVERLAP: Final = 0.9

_T = TypeVar("_T")


def read_seconds(identities: int) -> float:
    """Return the seconds that it takes to read so many identities."""
    return identities * SECONDS_A_READ


def least_interval(identities: int) -> int:
    """Return the shortest interval of a check of so many identities: whole minutes, in seconds."""
    return max(LEAST_SECONDS, math.ceil(_SHARE * read_seconds(identities) / 60) * 60)


def most_identities(interval: float) -> int:
    """Return how many identities a check can have at most whose looks are `interval` seconds apart."""
    return int(interval / (_SHARE * SECONDS_A_READ))


def look_seconds(interval: float) -> float:
    """Return what a look takes at most: it ends before the next one begins."""
    return min(interval, MOST_FUNCTION_SECONDS)


def rotated(identities: Sequence[_T], now: float, interval: float) -> list[_T]:
    """Return the identities in the order of the look at `now`.

    A look begins about where the one before may have come to its end, whatever SES did: what that one did not see is
    first. Both follow from the time alone, so nothing has to be kept.

    :param now: seconds since 1970.
    :param interval: the seconds between two looks.
    """
    surely = (look_seconds(interval) - _AROUND_SECONDS) / QUICK_SECONDS * _OVERLAP
    start = int(now / interval * min(surely, len(identities))) % max(1, len(identities))
    return [*identities[start:], *identities[:start]]


@dataclass(frozen=True, slots=True)
class DeployedPolicy:
    """A policy as CloudFormation deployed it.

    :param id: its physical id.
    :param digest: of what it says.
    """

    id: PhysicalId
    digest: str

    @classmethod
    def of(cls, physical_id: str, digest: str) -> "DeployedPolicy":
        """Return the policy of a physical id, or raise `DeclarationError` where that is none."""
        parsed = PhysicalId.parse(physical_id)
        if parsed is None:
            raise DeclarationError(f"{physical_id!r} is not the physical id of a SendingPolicy")
        return cls(parsed, digest)

    @property
    def owner(self) -> DeclaredOwner:
        """Whose it should be."""
        return DeclaredOwner("", "", self.id.token or "")


@dataclass(frozen=True, slots=True)
class DriftCheckEvent:
    """One look at the policies of a stack.

    :param name: the value of its dimension.
    :param stack: the stack that they are of.
    :param policies: what should be at SES.
    :param ignores_undeclared: whether policies that nobody declares raise no alarm.
    :param interval: the seconds between two looks.
    :param topic: the ARN of the topic that is told of new drift. Default: - nobody is.
    :param log_group: the name of the log group that the function writes to; needed with a topic.
    """

    name: str
    stack: StackId
    policies: tuple[DeployedPolicy, ...]
    ignores_undeclared: bool
    interval: float = MOST_SECONDS
    topic: str = ""
    log_group: str = ""

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> "DriftCheckEvent":
        """Return what `write` made, with its tokens resolved; raise `DeclarationError` where it is anything else."""
        try:
            policies = tuple(DeployedPolicy.of(id_, digest) for id_, digest in event["policies"])
            stack, ignores = StackId.parse(event["stack"]), event["ignore_undeclared"]
            # Those of an older schedule have no more, and a deploy changes the function before it.
            told = event.get("topic", ""), event.get("log_group", "")
            return cls(event["name"], stack, policies, ignores, event.get("interval", MOST_SECONDS), *told)
        except (KeyError, TypeError, ValueError) as fault:
            raise DeclarationError(
                f"the event is not that of a drift check: {type(fault).__name__}: {fault}"
            ) from fault

    def metrics(self, counts: Mapping[State | None, int]) -> dict[str, int]:
        """Return every metric of this look.

        :param counts: how many policies are in a state, and as None how many could not be read.
        """
        return {
            **{name: counts.get(state, 0) for state, name in METRICS.items()},
            UNREAD: counts.get(None, 0),
            DRIFT: sum(count for state, count in counts.items() if self.is_drift(state)),
        }

    def is_drift(self, state: State | None) -> bool:
        """Return whether a policy in this state raises the alarm; None is one that could not be read."""
        return state is not State.IN_SYNC and not (self.ignores_undeclared and state is State.UNDECLARED)


def write(
    name: str,
    stack_id: str,
    policies: Iterable[tuple[str, str]],
    *,
    ignore_undeclared: bool = False,
    interval: float = MOST_SECONDS,
    topic: str = "",
    log_group: str = "",
) -> dict[str, Any]:
    """Return the event of a check; any of the strings may be a token.

    :param policies: the physical id of each, and the digest of what it says.
    :param ignore_undeclared: whether policies that nobody declares raise no alarm.
    :param interval: the seconds between two looks.
    :param topic: the ARN of the topic that is told of new drift. Default: - nobody is.
    :param log_group: the name of the log group that the function writes to. Default: - none, without a topic.
    """
    event: dict[str, Any] = {
        "name": name,
        "stack": stack_id,
        "ignore_undeclared": ignore_undeclared,
        "interval": interval,
        "policies": [list(policy) for policy in policies],
    }
    return event | ({"topic": topic, "log_group": log_group} if topic else {})
