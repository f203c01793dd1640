"""The event, the metrics and the time limits of the drift check, as its construct and its function agree on them."""

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
"""The dimension of the metrics: its value is the name of the check."""

UNREAD: Final = "Unread"
"""The metric that counts the policies whose identity could not be read."""

TOLD: Final = "Told"
"""The field of the metrics line with the marks (hashes) of all drift that was published to the topic."""

DRIFT: Final = "Drift"
"""The metric that counts every policy that raises the alarm."""

METRICS: Final[Mapping[State, str]] = {
    State.IN_SYNC: "InSync",
    State.CHANGED: "Changed",
    State.MISSING: "Missing",
    State.FOREIGN: "Foreign",
    State.UNDECLARED: "Undeclared",
}
"""The metric of each drift state that the check can find, which counts the policies in that state."""

LEAST_SECONDS: Final = 300
MOST_SECONDS: Final = 86400
"""The shortest and the longest interval of a check, in seconds."""

SECONDS_A_READ: Final = 1.1
"""Seconds from one call to the next: a bit more than SES's one second, so that a deploy's call can get in between."""

QUICK_SECONDS: Final = 3.0
"""The limit of an identity's first call in seconds: an unanswered one must not use up the time of the others."""

# A check takes at most half of the calls that SES allows an account. The rest is for deploys and for further tries.
_SHARE: Final = 2

# "Timeout: The amount of time (in seconds) that Lambda allows a function to run before stopping it. [...] The maximum
# allowed value is 900 seconds."
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
MOST_FUNCTION_SECONDS: Final = 900

# The time of a run before its first call to SES and after its last: it reads its log, and publishes to the topic.
_AROUND_SECONDS: Final = 30.0

# Two runs are not exactly an interval apart: so begin a little before the first identity that the last may have missed.
_OVERLAP: Final = 0.9

_T = TypeVar("_T")


def read_seconds(identities: int) -> float:
    """Return the seconds that it takes to read the policies of this number of `identities`."""
    return identities * SECONDS_A_READ


def least_interval(identities: int) -> int:
    """Return the shortest interval of a check of this number of `identities`, in seconds: a multiple of 60."""
    return max(LEAST_SECONDS, math.ceil(_SHARE * read_seconds(identities) / 60) * 60)


def most_identities(interval: float) -> int:
    """Return the most identities that a check with this `interval`, in seconds, can have."""
    return int(interval / (_SHARE * SECONDS_A_READ))


def look_seconds(interval: float) -> float:
    """Return the most seconds that a run of the check takes: it ends before the next one begins."""
    return min(interval, MOST_FUNCTION_SECONDS)


def rotated(identities: Sequence[_T], now: float, interval: float) -> list[_T]:
    """Return the identities in the order in which the run at `now` reads them.

    Each run begins with about the first identity that the run before would not have reached if SES had answered none of
    its calls. The beginning is computed from `now` alone, so that no state has to be kept.

    :param now: seconds since 1970.
    :param interval: the seconds between two runs.
    """
    surely = (look_seconds(interval) - _AROUND_SECONDS) / QUICK_SECONDS * _OVERLAP
    start = int(now / interval * min(surely, len(identities))) % max(1, len(identities))
    return [*identities[start:], *identities[:start]]


@dataclass(frozen=True, slots=True)
class DeployedPolicy:
    """A policy as CloudFormation deployed it.

    :param id: its physical id.
    :param digest: the digest of its document, which the resource returns as `PolicyHash`.
    """

    id: PhysicalId
    digest: str

    @classmethod
    def of(cls, physical_id: str, digest: str) -> "DeployedPolicy":
        """Return the policy with this physical id; raise `DeclarationError` if it is not one of ours."""
        parsed = PhysicalId.parse(physical_id)
        if parsed is None:
            raise DeclarationError(f"{physical_id!r} is not the physical id of a SendingPolicy")
        return cls(parsed, digest)

    @property
    def owner(self) -> DeclaredOwner:
        """The owner that the live policy should have, by the physical id."""
        return DeclaredOwner("", "", self.id.token or "")


@dataclass(frozen=True, slots=True)
class DriftCheckEvent:
    """The event that starts one run of a drift check, with the policies of a stack.

    :param name: the check's name, which is the value of `DIMENSION`.
    :param stack: the stack of the policies.
    :param policies: the policies that SES should hold.
    :param ignores_undeclared: whether policies that are not declared raise no alarm.
    :param interval: the seconds between two runs.
    :param topic: the ARN of the topic that new drift is published to. Default: - there is no topic.
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
        """Read what `write` made, with its CDK tokens resolved; raise `DeclarationError` if it is anything else."""
        try:
            policies = tuple(DeployedPolicy.of(id_, digest) for id_, digest in event["policies"])
            stack, ignores = StackId.parse(event["stack"]), event["ignore_undeclared"]
            # An old schedule may still send an event without these: a deploy changes the function before the schedule.
            told = event.get("topic", ""), event.get("log_group", "")
            return cls(event["name"], stack, policies, ignores, event.get("interval", MOST_SECONDS), *told)
        except (KeyError, TypeError, ValueError) as fault:
            raise DeclarationError(
                f"the event is not that of a drift check: {type(fault).__name__}: {fault}"
            ) from fault

    def metrics(self, counts: Mapping[State | None, int]) -> dict[str, int]:
        """Return the values of all metrics of one run, by the metrics' names.

        :param counts: the number of policies in each state; under None, those that could not be read.
        """
        return {
            **{name: counts.get(state, 0) for state, name in METRICS.items()},
            UNREAD: counts.get(None, 0),
            DRIFT: sum(count for state, count in counts.items() if self.is_drift(state)),
        }

    def is_drift(self, state: State | None) -> bool:
        """Return whether a policy in this state raises the alarm; None is a policy that could not be read."""
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
    """Return the event of a check; any of the strings may be a CDK token.

    :param policies: the physical id of each policy, and the digest of its document.
    :param ignore_undeclared: whether policies that are not declared raise no alarm.
    :param interval: the seconds between two runs.
    :param topic: the ARN of the topic that new drift is published to. Default: - there is no topic.
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
