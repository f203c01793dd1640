"""The pacer alone, on a clock of its own: what is tried again, how long, and how long is waited in between."""

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from provider.clock import Deadline
from provider.pace import Fault, Pacer, RefusalError, fault_of, full_jitter
from provider.reasons import Failure
from tests.support.inside import BEGIN, HandClock


def refusal(code: str = "TooManyRequestsException", status: int = 400, message: str = "Rate exceeded") -> ClientError:
    error = {"Code": code, "Message": message}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}, "Call")


LOST = ReadTimeoutError(endpoint_url="https://ses.example")


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (refusal("TooManyRequestsException"), Fault.THROTTLED),
        (refusal("ThrottlingException"), Fault.THROTTLED),
        (refusal("Throttling"), Fault.THROTTLED),
        (refusal("Unheard", 429), Fault.THROTTLED),
        (refusal("AccessDeniedException", 403), Fault.DENIED),
        (refusal("AccessDenied", 403), Fault.DENIED),
        (refusal("AccessDenied", 500), Fault.DENIED),
        (refusal("RequestTimeout", 408), Fault.UNAVAILABLE),
        (refusal("RequestTimeoutException", 408), Fault.UNAVAILABLE),
        (refusal("InternalFailure", 500), Fault.UNAVAILABLE),
        (refusal("Unheard", 503), Fault.UNAVAILABLE),
        (refusal("Unheard", 499), None),
        (refusal("Unheard", 428), None),
        (refusal("Unheard", 430), None),
        (refusal("BadRequestException", 400, "Invalid Principal in policy"), Fault.PRINCIPAL),
        (refusal("BadRequestException", 400, "no such action"), None),
        (refusal("NotFoundException", 404, "no principal"), None),
        (ClientError({"Error": {}}, "Call"), None),
        (LOST, Fault.UNAVAILABLE),
        (ConnectTimeoutError(endpoint_url="https://ses.example"), Fault.UNAVAILABLE),
        (EndpointConnectionError(endpoint_url="https://ses.example"), Fault.UNAVAILABLE),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else str(value),
)
def test_what_another_try_can_help(error: Any, fault: Fault | None) -> None:
    assert fault_of(error) is fault


class Ses:
    """Refuses as it is told to, one after the other, and answers when that is at its end.

    :param refusals: what it says to each call.
    """

    def __init__(self, *refusals: Exception) -> None:
        self._refusals = list(refusals)
        self.clock = HandClock()

    def refuses(self, *refusals: Exception) -> None:
        """Say this to the next calls."""
        self._refusals += refusals

    def __call__(self) -> str:
        """Answer a call."""
        if self._refusals:
            raise self._refusals.pop(0)
        return "done"

    def pacer(
        self,
        *,
        seconds: float = 900,
        pause: float = 1.0,
        before: Callable[[], None] = lambda: None,
        to_delete: bool = False,
    ) -> Pacer:
        """Return a pacer that has `seconds`, and keeps 18 of them."""

        def pauses(_: Random) -> Iterator[float]:
            while True:
                yield pause

        lots = Random(0)  # noqa: S311 - no secret, a lot
        deadline = Deadline(self.clock, BEGIN + seconds)
        return Pacer(deadline, 18, before, lots, pauses=pauses, to_delete=to_delete)


def test_a_call_that_works_is_made_once() -> None:
    ses = Ses()
    pacer = ses.pacer()
    assert pacer.call("Call", ses) == "done"
    assert (pacer.calls, ses.clock.slept) == (1, [])


def test_between_two_tries_is_a_pause() -> None:
    ses = Ses(*[refusal()] * 3)
    pacer = ses.pacer(pause=0.5)
    assert pacer.call("Call", ses) == "done"
    assert (pacer.calls, ses.clock.slept) == (4, [0.5, 0.5, 0.5])


DENIED, BROKEN = refusal("AccessDenied", 403, "m"), refusal("Unheard", 500, "m")
PRINCIPAL = refusal("BadRequestException", 400, "Principal")
IS_DENIED = "AccessDenied: Call: {}; allow it to the function's role, and check service control policies"
IS_BROKEN = "SesUnavailable: Call: {}; deploy again when SES answers"
NO_PRINCIPAL = (
    "InvalidPrincipal: Call: {}; check that each principal exists, and that its account has this region enabled"
)
TOO_MANY = "Throttled: Call until the time was up; deploy again, with fewer policies at once"


@pytest.mark.parametrize(
    ("error", "to_delete", "tries", "reason"),
    [
        (BROKEN, False, 61, IS_BROKEN),
        (LOST, False, 61, IS_BROKEN),
        (BROKEN, True, 882, "SesUnavailable: Call until the time was up; deploy again when SES answers"),
        (DENIED, False, 61, IS_DENIED),
        (DENIED, True, 61, IS_DENIED),
        (PRINCIPAL, False, 121, NO_PRINCIPAL),
        (PRINCIPAL, True, 121, NO_PRINCIPAL),
        (refusal(), False, 882, TOO_MANY),
        (refusal(), True, 882, TOO_MANY),
    ],
    ids=str,
)
def test_patience_ends(error: Exception, to_delete: bool, tries: int, reason: str) -> None:  # noqa: FBT001 - a column of the table
    """Where the time is up no call is made that could outlast it: 18 of the 900 seconds are kept."""
    ses = Ses(*[error] * 2000)
    pacer = ses.pacer(to_delete=to_delete)
    with pytest.raises(Failure) as failure:
        pacer.call("Call", ses)
    assert (str(failure.value), pacer.calls) == (reason.format(error), tries)
    assert pacer.calls == len(ses.clock.slept) + (0 if "until the time" in reason else 1)


def test_each_fault_has_its_own_patience() -> None:
    """A minute from when it was first met, whatever came in between."""
    denied, busy = refusal("AccessDenied", 403), refusal()
    ses = Ses(busy, denied, *[busy] * 58, denied, denied)
    with pytest.raises(Failure, match="AccessDenied: ") as failure:
        ses.pacer().call("Call", ses)
    assert ses.clock.now() - BEGIN == 61
    assert not failure.value.doubtful


def test_each_call_has_its_own_patience() -> None:
    ses = Ses(*[refusal("AccessDenied", 403)] * 200)
    pacer = ses.pacer()
    for calls in (61, 122):
        with pytest.raises(Failure):
            pacer.call("Call", ses)
        assert pacer.calls == calls


@pytest.mark.parametrize(("seconds", "works"), [(18, False), (18.25, True)])
def test_no_call_starts_that_could_outlast_its_time(seconds: float, *, works: bool) -> None:
    ses = Ses()
    pacer = ses.pacer(seconds=seconds)
    if works:
        assert pacer.call("Call", ses) == "done"
        return
    with pytest.raises(Failure) as failure:
        pacer.call("Call", ses)
    assert str(failure.value) == "OutOfTime: Call would not end within the function's time; deploy again"
    assert (pacer.calls, failure.value.doubtful) == (0, False)


@pytest.mark.parametrize(
    ("errors", "doubtful"),
    [
        ([refusal("Unheard", 400, "m")], False),
        ([refusal(), refusal("Unheard", 400, "m")], False),
        ([LOST, refusal("Unheard", 400, "m")], True),
        ([refusal("E", 500), refusal(), refusal("Unheard", 400, "m")], True),
    ],
)
def test_a_final_refusal_tells_whether_an_earlier_try_may_have_been_carried_out(
    errors: list[Exception], *, doubtful: bool
) -> None:
    ses = Ses(*errors)
    with pytest.raises(RefusalError) as refused:
        ses.pacer().call("Call", ses)
    assert (str(refused.value), refused.value.code, refused.value.doubtful) == ("Unheard: m", "Unheard", doubtful)


def test_a_refusal_is_not_doubtful_by_itself() -> None:
    assert not RefusalError("Unheard", "m").doubtful


def test_patience_that_ends_tells_it_too() -> None:
    ses = Ses(*[LOST] * 100)
    with pytest.raises(Failure) as failure:
        ses.pacer().call("Call", ses)
    assert failure.value.doubtful


def test_a_refusal_without_words() -> None:
    ses = Ses(ClientError({"Error": {}}, "Call"))
    with pytest.raises(RefusalError) as refused:
        ses.pacer().call("Call", ses)
    assert (str(refused.value), refused.value.code) == ("Unknown: ", "Unknown")


def test_what_is_asked_before_a_try_can_end_the_call() -> None:
    ses, asked = Ses(*[refusal()] * 9), []

    def before() -> None:
        asked.append(ses.clock.now() - BEGIN)
        if len(asked) == 3:
            raise LookupError

    pacer = ses.pacer(before=before)
    with pytest.raises(LookupError):
        pacer.call("Call", ses)
    assert (asked, pacer.calls) == ([0, 1, 2], 2)


def test_what_is_no_fault_of_ses_ends_the_call() -> None:
    ses = Ses(LookupError())
    with pytest.raises(LookupError):
        ses.pacer().call("Call", ses)


class _Most(Random):
    """Draws the most there is, and remembers the least."""

    def __init__(self) -> None:
        super().__init__(0)
        self.least: list[float] = []

    def uniform(self, a: float, b: float) -> float:
        self.least.append(a)
        return b


def test_a_pause_is_any_moment_up_to_a_bound_that_grows_to_two_seconds() -> None:
    lots = _Most()
    grown = [0.5 * 1.2**number for number in range(8)]
    assert list(islice(full_jitter(lots), 10)) == pytest.approx([*grown, 2.0, 2.0])
    assert lots.least == [0] * 10


def test_unless_told_otherwise_pauses_are_drawn_by_lot() -> None:
    ses = Ses(*[refusal()] * 3)
    pacer = Pacer(Deadline(ses.clock, BEGIN + 900), 18, lambda: None, _Most())
    assert pacer.call("Call", ses) == "done"
    assert ses.clock.slept == pytest.approx([0.5, 0.6, 0.72])


def test_who_was_served_waits_for_the_end_of_its_own_second() -> None:
    ses = Ses()
    pacer = Pacer(Deadline(ses.clock, BEGIN + 900), 18, lambda: None, _Most())
    pacer.call("Create", ses)
    ses.clock.sleep(0.25)
    ses.refuses(refusal(), refusal(), refusal())
    pacer.call("Update", ses)
    # Then it is somebody else's second, and lots are drawn.
    assert ses.clock.slept == pytest.approx([0.25, 0.75, 0.5, 0.6])


def test_only_who_is_throttled_waits_for_its_second() -> None:
    ses = Ses()
    pacer = Pacer(Deadline(ses.clock, BEGIN + 900), 18, lambda: None, _Most())
    pacer.call("Create", ses)
    ses.refuses(LOST)
    pacer.call("Update", ses)
    assert ses.clock.slept == [0.5]


def test_unless_told_otherwise_it_is_no_delete() -> None:
    ses = Ses(*[LOST] * 100)
    with pytest.raises(Failure, match="SesUnavailable: "):
        Pacer(Deadline(ses.clock, BEGIN + 900), 18, lambda: None, _Most()).call("Call", ses)
