"""When CloudFormation is asked whether it still wants an event, and which answers end it."""

import io
from typing import Any, Final

import pytest

from provider.cloudformation import ResourceState
from provider.event import Event
from provider.event_monitor import EventMonitor, OvertakenError
from provider.json_log import JsonLog
from tests.support.clocks import BEGIN, HandClock
from tests.support.inside import ToldStack, answer_url
from tests.support.owners import CLAIMED, PARTNER

EVENTS: Final[dict[str, dict[str, Any]]] = {
    "Create": PARTNER.create(""),
    "Update": PARTNER.update("", CLAIMED),
    "Delete": PARTNER.delete("", CLAIMED),
}


class Asked:
    """An event's monitor, with its stack and its clock.

    :param kind: the request type.
    :param born: how many seconds ago its answer URL was signed; None if the URL does not tell.
    """

    def __init__(self, kind: str = "Create", born: int | None = None) -> None:
        self.clock = HandClock()
        self.stack = ToldStack(self.clock)
        read = Event.read(EVENTS[kind] | {"ResponseURL": answer_url(born)})
        self.watch = EventMonitor(self.stack, read, self.clock, JsonLog(io.StringIO()))

    def after(self, seconds: float) -> "Asked":
        """Move the clock to `seconds` after the beginning."""
        self.clock.time = BEGIN + seconds
        return self

    def ask(self, state: ResourceState | None) -> str:
        """Ask, and return why the event is no longer wanted; empty if it is."""
        self.stack.says = lambda: state
        try:
            self.watch.ask()
        except OvertakenError as overtaken:
            return f"{'gone' if overtaken.gone else 'newer'}: {overtaken}"
        return ""


def state(status: str, updated: float = 0.0) -> ResourceState:
    """Return a state that began `updated` seconds after the event's birth, which is 60 seconds ago."""
    return ResourceState(status, CLAIMED, BEGIN - 60 + updated)


def test_questions_grow_rare() -> None:
    asked = Asked()
    for tick in range(1200):
        asked.after(tick / 4).watch.ask_if_due()
    assert asked.stack.asked == [5, 12.5, 23.75, 40.75, 66.25, 96.25, 126.25, 156.25, 186.25, 216.25, 246.25, 276.25]


def test_the_wait_counts_from_the_birth_of_the_answer_url() -> None:
    asked = Asked(born=3)
    for tick in range(40):
        asked.after(tick / 4).watch.ask_if_due()
    assert asked.stack.asked == [2, 9.5]


@pytest.mark.parametrize("born", [None, 60])
def test_a_delete_is_always_wanted(born: int | None) -> None:
    asked = Asked("Delete", born).after(100)
    asked.watch.ask_if_due()
    asked.watch.confirm()
    asked.watch.ask_if_slow()
    asked.watch.ask()
    assert asked.stack.asked == []


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_whoever_writes_over_something_asks_before_unless_the_word_is_fresh(kind: str) -> None:
    asked = Asked(kind)
    asked.stack.says = lambda: state(f"{kind.upper()}_IN_PROGRESS")
    for tick in range(48):
        asked.after(tick / 2).watch.confirm()
    assert asked.stack.asked == [0, 10, 20]


@pytest.mark.parametrize(("kind", "asks"), [("Create", []), ("Update", [0])])
def test_only_an_update_asks_before_it_claims(kind: str, asks: list[float]) -> None:
    asked = Asked(kind)
    asked.watch.confirm_claim()
    assert asked.stack.asked == asks


@pytest.mark.parametrize(
    ("date", "asks"),
    [
        ("Fri, 15 Jan 2027 08:00:01 GMT", []),
        ("Fri, 15 Jan 2027 08:00:02 GMT", []),
        ("Fri, 15 Jan 2027 08:00:05 GMT", [0.5]),
        ("Fri, 15 Jan 2027 07:00:00 GMT", []),
        ("yesterday", []),
        ("", []),
    ],
)
def test_a_server_s_time_tells_that_the_clock_is_behind(date: str, asks: list[float]) -> None:
    """The function believes that the event is half a second old."""
    asked = Asked(born=0).after(0.5)
    asked.watch.hears(date)
    asked.watch.ask_if_slow()
    assert asked.stack.asked == asks


@pytest.mark.parametrize(
    ("now", "date", "begin"),
    [
        (0.5, "Fri, 15 Jan 2027 08:00:02 GMT", 0.0),
        (0.5, "Fri, 15 Jan 2027 08:00:05 GMT", -3.5),
        (30, "Fri, 15 Jan 2027 08:00:05 GMT", 0.0),
    ],
)
def test_an_event_is_as_old_as_the_server_s_time_says(now: float, date: str, begin: float) -> None:
    """Both times are whole seconds, so up to one second between them may not have passed."""
    asked = Asked(born=0).after(now)
    asked.watch.hears(date)
    assert asked.watch.begin == BEGIN + begin


def test_the_first_question_comes_when_the_event_is_five_seconds_old() -> None:
    asked = Asked(born=0).after(0.5)
    asked.watch.hears("Fri, 15 Jan 2027 08:00:05 GMT")
    for tick in range(10):
        asked.after(tick / 4).watch.ask_if_due()
    assert asked.stack.asked == [1.5]


def test_without_a_birth_a_server_s_time_tells_nothing() -> None:
    asked = Asked().after(0.5)
    asked.watch.hears("Fri, 15 Jan 2027 08:00:05 GMT")
    assert asked.watch.begin == BEGIN


def test_whoever_has_a_clock_that_is_behind_asks_after_the_last_write() -> None:
    asked = Asked(born=-10)
    asked.watch.ask_if_slow()
    assert asked.stack.asked == [0]


def test_without_a_birth_a_failed_update_may_be_an_earlier_one() -> None:
    assert Asked("Update").ask(state("UPDATE_FAILED", 60)) == ""


def test_another_state_than_the_expected_one_is_something_newer() -> None:
    asked = Asked("Update", 60)
    asked.watch.expect(state("UPDATE_COMPLETE"))
    asked.after(20).stack.says = lambda: state("UPDATE_IN_PROGRESS", 70)
    with pytest.raises(OvertakenError, match=r"meanwhile, the resource is UPDATE_IN_PROGRESS$") as caught:
        asked.watch.confirm()
    assert not caught.value.gone


def test_what_nobody_tells_is_no_other_state() -> None:
    asked = Asked("Update", 60)
    asked.watch.expect(state("UPDATE_COMPLETE"))
    asked.after(20).stack.says = lambda: None
    asked.watch.confirm()
    assert asked.watch.unheard


def test_a_server_s_time_brings_the_first_question_forward() -> None:
    asked = Asked(born=0)
    asked.watch.ask_if_due()
    asked.watch.hears("Fri, 15 Jan 2027 08:01:00 GMT")
    asked.watch.ask_if_due()
    assert asked.stack.asked == [0]


def test_a_word_that_was_fresh_is_heard_of_again_where_a_state_is_expected() -> None:
    asked = Asked("Update")
    known = state("UPDATE_COMPLETE")
    asked.stack.says = lambda: known
    asked.watch.stop()
    asked.watch.expect(known)
    asked.after(9.5).watch.confirm()
    assert asked.stack.asked == []
    asked.after(10).watch.confirm()
    asked.stack.says = lambda: state("UPDATE_IN_PROGRESS", 70)
    with pytest.raises(OvertakenError, match="went on meanwhile"):
        asked.after(20).watch.confirm()


@pytest.mark.parametrize(("seconds", "asks"), [(0, []), (2, []), (2.25, [2.25]), (100, [100])])
def test_what_is_done_at_once_is_not_asked_for(seconds: float, asks: list[float]) -> None:
    asked = Asked().after(seconds)
    asked.watch.ask_if_slow()
    assert asked.stack.asked == asks


def test_whoever_takes_back_asks_no_more() -> None:
    asked = Asked("Update").after(100)
    asked.watch.stop()
    asked.watch.ask_if_due()
    asked.watch.confirm()
    asked.watch.ask_if_slow()
    assert asked.stack.asked == []


WITHOUT = "gone: Overtaken: CloudFormation went on without it, the resource is"
NEWER = "newer: Overtaken: CloudFormation began something newer with the resource, which is"
ANSWERED = "newer: Overtaken: CloudFormation has its answer already, the resource is"


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (None, ""),
        (state("CREATE_IN_PROGRESS"), ""),
        (state("UPDATE_IN_PROGRESS"), ""),
        (state("UPDATE_FAILED", -0.25), ""),
        (state("UPDATE_FAILED"), f"{NEWER} UPDATE_FAILED"),
        (state("DELETE_IN_PROGRESS", -999), f"{WITHOUT} DELETE_IN_PROGRESS"),
        (state("DELETE_COMPLETE", -999), f"{WITHOUT} DELETE_COMPLETE"),
        (state("DELETE_FAILED", -999), f"{WITHOUT} DELETE_FAILED"),
        (state("CREATE_FAILED", -999), f"{WITHOUT} CREATE_FAILED"),
        (state("UPDATE_IN_PROGRESS", 5), ""),
        (state("UPDATE_IN_PROGRESS", 5.25), f"{NEWER} UPDATE_IN_PROGRESS"),
        (state("UPDATE_COMPLETE", 5.25), f"{NEWER} UPDATE_COMPLETE"),
        (state("UPDATE_COMPLETE", 5), f"{ANSWERED} UPDATE_COMPLETE"),
        (state("CREATE_COMPLETE", 0), f"{ANSWERED} CREATE_COMPLETE"),
        (state("CREATE_COMPLETE", -0.25), ""),
    ],
    ids=repr,
)
def test_what_cloudformation_says_of_an_event_of_a_minute_ago(says: ResourceState | None, told: str) -> None:
    kind = "Update" if says and says.status.startswith("UPDATE_") else "Create"
    assert Asked(kind, born=60).ask(says) == told


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED"])
def test_a_create_of_what_is_updated_by_now_was_answered(status: str) -> None:
    assert Asked("Create", born=1).ask(state(status)) == f"{NEWER} {status}"


@pytest.mark.parametrize(("born", "told"), [(5, ""), (6, f"{ANSWERED} CREATE_COMPLETE")])
def test_what_it_says_at_once_may_be_of_the_event_before(born: int, told: str) -> None:
    assert Asked(born=born).ask(ResourceState("CREATE_COMPLETE", CLAIMED, BEGIN - born)) == told


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "CREATE_COMPLETE"])
def test_without_a_birth_nothing_is_newer(status: str) -> None:
    asked = Asked("Update").after(100)
    assert asked.ask(ResourceState(status, CLAIMED, BEGIN + 1000)) == ""


@pytest.mark.parametrize(("born", "late"), [(None, False), (0, False), (5, False), (6, True)])
def test_who_is_late(born: int | None, *, late: bool) -> None:
    assert Asked(born=born).watch.is_late == late


def test_a_state_is_told_of_any_event() -> None:
    asked = Asked("Delete")
    asked.stack.says = lambda: state("CREATE_COMPLETE")
    assert asked.watch.state() == state("CREATE_COMPLETE")
