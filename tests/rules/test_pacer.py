"""The pacer alone, on a clock of its own: which calls are tried again, for how long, and how long the waits are."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, repeat
from random import Random

import pytest

from ses_sending_policy.rules.faults import CallError, Fault
from ses_sending_policy.rules.pacer import PacedCall, Pacer, jitter
from tests.support.clocks import BEGIN, HandClock

BUSY = CallError("TooManyRequestsException", "Rate exceeded", Fault.THROTTLED)
DENIED = CallError("AccessDenied", "m", Fault.DENIED)
UNSENT = CallError("", "no such name", Fault.UNSENT)
NO_END = float("inf")
PATIENCE = {Fault.THROTTLED: NO_END, Fault.UNAVAILABLE: 60.0, Fault.DENIED: 60.0}


def lost() -> CallError:
    return CallError("", "no answer", Fault.UNAVAILABLE)


def final() -> CallError:
    return CallError("Unheard", "m")


class Aws:
    """Raises the given errors one after the other, and then answers.

    :param refusals: the errors for the first calls.
    """

    def __init__(self, *refusals: Exception) -> None:
        self._refusals = list(refusals)
        self.clock = HandClock()
        self.takes = 0.0
        """How many seconds each call takes."""

    def refuses(self, *refusals: Exception) -> None:
        """Raise these errors at the next calls."""
        self._refusals += refusals

    def __call__(self) -> str:
        """Answer a call."""
        self.clock.time += self.takes
        if self._refusals:
            raise self._refusals.pop(0)
        return "done"

    def pacer(
        self,
        pauses: Callable[[], Iterator[float]] = lambda: repeat(1.0),
        patience: Mapping[Fault, float] = PATIENCE,
        before: Callable[[PacedCall], None] = lambda _: None,
    ) -> Pacer:
        """Return a pacer on its clock."""
        return Pacer(self.clock, pauses, patience, before)


def test_a_call_that_works_is_made_once() -> None:
    aws = Aws()
    pacer = Pacer(aws.clock, lambda: repeat(1.0), PATIENCE)
    assert pacer.call("Call", aws) == "done"
    assert (pacer.calls, aws.clock.slept) == (1, [])


def test_between_two_tries_is_a_pause() -> None:
    aws = Aws(BUSY, BUSY, BUSY)
    pacer = aws.pacer(lambda: iter([0.5, 0.25, 0.125, 4]))
    assert pacer.call("Call", aws) == "done"
    assert (pacer.calls, aws.clock.slept) == (4, [0.5, 0.25, 0.125])


def test_each_call_has_its_own_pauses() -> None:
    aws = Aws(BUSY)
    pacer = aws.pacer(lambda: iter([0.5]))
    pacer.call("Call", aws)
    aws.clock.time += 2
    aws.refuses(BUSY)
    pacer.call("Call", aws)
    assert aws.clock.slept == [0.5, 0.5]


def test_a_call_without_a_further_pause_has_failed() -> None:
    aws = Aws(*[BUSY] * 9)
    pacer = aws.pacer(lambda: iter([1, 1]))
    with pytest.raises(CallError, match="Rate exceeded"):
        pacer.call("Call", aws)
    assert pacer.calls == 3


@pytest.mark.parametrize("takes", [0.0, 7.0])
def test_patience_begins_when_a_try_met_the_fault_first(takes: float) -> None:
    aws = Aws(*[DENIED] * 200)
    aws.takes = takes
    pacer = aws.pacer()
    with pytest.raises(CallError, match="AccessDenied: m"):
        pacer.call("Call", aws)
    assert pacer.calls == (61 if not takes else 9)


def test_each_fault_has_its_own_patience() -> None:
    """A minute from when the fault first occurred, whatever came in between."""
    aws = Aws(BUSY, DENIED, *[BUSY] * 58, DENIED, DENIED)
    with pytest.raises(CallError, match="AccessDenied: ") as failure:
        aws.pacer().call("Call", aws)
    assert aws.clock.now() - BEGIN == 61
    assert not failure.value.doubtful


def test_each_call_has_its_own_patience() -> None:
    aws = Aws(*[DENIED] * 200)
    pacer = aws.pacer()
    for calls in (61, 122):
        with pytest.raises(CallError):
            pacer.call("Call", aws)
        assert pacer.calls == calls


def test_there_is_no_patience_with_a_fault_that_has_none() -> None:
    aws = Aws(DENIED)
    pacer = aws.pacer(patience={Fault.THROTTLED: NO_END})
    with pytest.raises(CallError):
        pacer.call("Call", aws)
    assert pacer.calls == 1


@pytest.mark.parametrize(
    ("errors", "doubtful"),
    [
        ([final()], False),
        ([BUSY, final()], False),
        ([lost(), final()], True),
        ([CallError("E", "m", Fault.UNAVAILABLE), BUSY, final()], True),
        ([lost()] * 100, True),
    ],
)
def test_a_failure_tells_whether_a_try_may_have_been_carried_out(errors: list[Exception], *, doubtful: bool) -> None:
    aws = Aws(*errors)
    with pytest.raises(CallError) as refused:
        aws.pacer().call("Call", aws)
    assert refused.value.doubtful == doubtful


def test_whoever_is_told_of_each_try_can_end_the_call() -> None:
    aws, told = Aws(BUSY, lost(), BUSY, BUSY), []

    def before(call: PacedCall) -> None:
        told.append((aws.clock.now() - BEGIN, call.operation, call.fault, call.doubtful))
        if len(told) == 4:
            raise LookupError

    pacer = aws.pacer(before=before)
    with pytest.raises(LookupError):
        pacer.call("Call", aws)
    assert pacer.calls == 3
    assert told == [
        (0, "Call", None, False),
        (1, "Call", Fault.THROTTLED, False),
        (2, "Call", Fault.UNAVAILABLE, True),
        (3, "Call", Fault.THROTTLED, True),
    ]


def test_what_is_no_fault_of_aws_ends_the_call() -> None:
    aws = Aws(LookupError())
    with pytest.raises(LookupError):
        aws.pacer().call("Call", aws)


class Most(Random):
    """Draws the upper bound, and remembers the lower one."""

    def __init__(self) -> None:
        super().__init__(0)
        self.least: list[float] = []

    def uniform(self, a: float, b: float) -> float:
        """Return the upper bound."""
        self.least.append(a)
        return b


def test_a_pause_is_any_moment_up_to_a_bound_that_grows_to_the_cap() -> None:
    lots = Most()
    grown = [0.5 * 1.2**number for number in range(8)]
    bounds = pytest.approx([*grown, 2.0, 2.0])
    assert list(islice(jitter(lots, first=0.5, growth=1.2, cap=2.0), 10)) == bounds
    assert lots.least == [0] * 10


def test_a_share_of_each_bound_may_be_waited_in_any_case() -> None:
    lots = Most()
    bounds = list(islice(jitter(lots, first=0.5, growth=1.2, cap=2.0, least=0.25), 10))
    assert lots.least == pytest.approx([bound / 4 for bound in bounds])


def test_whoever_was_served_waits_for_the_end_of_its_own_second() -> None:
    aws = Aws()
    pacer = aws.pacer(lambda: iter([0.5, 0.6]))
    pacer.call("Create", aws)
    aws.clock.sleep(0.25)
    aws.refuses(BUSY, BUSY, BUSY)
    pacer.call("Update", aws)
    # Then the second belongs to another caller, and the pauses are random.
    assert aws.clock.slept == pytest.approx([0.25, 0.75, 0.5, 0.6])


def test_only_who_is_throttled_waits_for_its_second() -> None:
    aws = Aws()
    pacer = aws.pacer(lambda: iter([0.5]))
    pacer.call("Create", aws)
    aws.refuses(lost())
    pacer.call("Update", aws)
    assert aws.clock.slept == [0.5]


def test_unless_told_otherwise_calls_keep_no_distance() -> None:
    aws = Aws()
    pacer = aws.pacer()
    pacer.call("Read", aws)
    pacer.call("Read", aws)
    assert aws.clock.slept == []


def test_calls_of_one_name_keep_their_distance() -> None:
    aws = Aws()
    aws.takes = 0.25
    pacer = aws.pacer()
    for operation in ("Read", "List", "Read", "List"):
        pacer.call(operation, aws, 1.5)
    # Measured from the start of one call to the start of the next: at 0, 0.25, 1.5 and 1.75.
    assert aws.clock.slept == [1.0]
    assert aws.clock.now() - BEGIN == 2.0


@pytest.mark.parametrize(
    ("error", "distance"), [(final(), 1.5), (DENIED, 1.5), (lost(), 0.0), (UNSENT, 0.0), (BUSY, 0.0)]
)
def test_a_refusal_that_aws_thought_about_counts_as_a_call(error: CallError, distance: float) -> None:
    aws = Aws(error)
    pacer = aws.pacer(lambda: iter(()), dict.fromkeys((Fault.THROTTLED, Fault.UNAVAILABLE, Fault.UNSENT), NO_END))
    with pytest.raises(CallError):
        pacer.call("Read", aws, 1.5)
    pacer.call("Read", aws, 1.5)
    assert sum(aws.clock.slept) == distance
