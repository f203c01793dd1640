"""Asks SES how many calls a second it allows, and whether operations share that quota."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from probe.pace import DOUBLE
from probe.reading import UNANSWERED, ProbeReading, SesAnswer, Subject
from probe.scratch_calls import ScratchCalls

# "You can execute this operation no more than once per second", of each operation; "All actions ... are throttled at
# one request per second", the guide's page on quotas until 2022.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentityPolicies.html
QUOTA: Final = Subject(
    "quota",
    "one operation, almost twice a second",
    {
        "once-a-second": "as many pass as there are seconds",
        "fewer": "fewer pass than there are seconds",
        "more": "more pass than there are seconds, and not all",
        "not-met": "all pass",
    },
)
BURST: Final = Subject(
    "quota-burst",
    "the second call within the first second",
    {"forgiven": "it passes, although later ones are refused", "refused-at-once": "it is refused like the later ones"},
)
SCOPE: Final = Subject(
    "quota-scope",
    "two operations in turn, each less than once a second",
    {"each": "each has a second of its own", "over-all": "they share their second"},
)

CALLS: Final = 6

# Seconds without a call before each sequence, so that a quota that allows bursts recovers completely.
_QUIET: Final = 4.0


@dataclass(frozen=True, slots=True)
class Run:
    """A sequence of calls.

    :param said: the answers of SES.
    :param seconds: the seconds from the start of the first call to the start of the last.
    """

    said: Sequence[SesAnswer]
    seconds: float

    @property
    def refused(self) -> int:
        """How many calls were throttled."""
        return sum(each.is_throttled for each in self.said)

    @property
    def passed(self) -> int:
        """How many calls were not throttled."""
        return len(self.said) - self.refused

    def __str__(self) -> str:
        signs = " ".join("-" if each.is_throttled else "+" for each in self.said)
        return f"{self.passed} of {len(self.said)} passed in {self.seconds:.2f} s: {signs}"


def run(ses: ScratchCalls, *, in_turn: bool) -> Run:
    """Make almost two calls a second: only reads, or with `in_turn` a read and a write in turn."""
    name, text = (ses.policy_there(), ses.text()) if in_turn else ("", "")
    ses.pace.rest(_QUIET)
    said, starts = [], []
    for number in range(CALLS):
        if in_turn and number % 2:
            said.append(ses.ask_once("UpdateEmailIdentityPolicy", DOUBLE, PolicyName=name, Policy=text))
        else:
            said.append(ses.ask_once("GetEmailIdentityPolicies", DOUBLE))
        starts.append(ses.pace.last)
    return Run(said, starts[-1] - starts[0])


def rate_reading(alone: Run) -> str:
    """Return the answer for `QUOTA`: whether one operation is limited to a call a second."""
    # A quota of one call a second lets one call pass at the start, and one in each full second.
    due = int(alone.seconds) + 1
    if not alone.refused:
        return "not-met"
    return "once-a-second" if alone.passed == due else "fewer" if alone.passed < due else "more"


def burst_reading(alone: Run) -> str:
    """Return the answer for `BURST`: whether the second call after a pause passes although it comes too fast."""
    if not alone.refused:
        return UNANSWERED
    return "refused-at-once" if alone.said[1].is_throttled else "forgiven"


def scope_reading(alone: Run, in_turn: Run) -> str:
    """Return the answer for `SCOPE`: whether two operations share a quota.

    If they do, calls of both in turn are refused as often as calls of one operation; if not, never.
    """
    if alone.refused and not in_turn.refused:
        return "each"
    # If calls in turn are refused, but less often than calls of one operation, nothing is proven: the cause may be
    # another program that calls SES at the same time.
    return "over-all" if alone.refused and in_turn.refused >= alone.refused else UNANSWERED


def quota(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Call one operation too fast, then two operations in turn, each of them slowly enough."""
    alone = run(ses, in_turn=False)
    yield ProbeReading(QUOTA, rate_reading(alone), str(alone), tuple(alone.said))
    yield ProbeReading(BURST, burst_reading(alone))
    if not alone.refused:
        yield ProbeReading(SCOPE, UNANSWERED, "one operation alone is not refused either")
        return
    in_turn = run(ses, in_turn=True)
    yield ProbeReading(SCOPE, scope_reading(alone, in_turn), str(in_turn), tuple(in_turn.said))
