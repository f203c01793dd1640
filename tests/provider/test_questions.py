"""What CloudFormation is asked about an event, and how often if it is busy."""

import io
import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from provider.cloudformation import ResourceEvent, ResourceState, UnheardError
from provider.event import Event
from provider.event_monitor import EventMonitor, OvertakenError
from provider.json_log import JsonLog
from tests.support.clocks import BEGIN, HandClock
from tests.support.events import document, statement
from tests.support.inside import ToldStack, answer_url
from tests.support.owners import CLAIMED, MADE, PARTNER, TOKEN

OLD: Final[dict[str, Any]] = {}
NEW: Final[dict[str, Any]] = {"Policy": document(statement("333333333333"))}


class Asked:
    """The monitor of an Update that is a second old, and what CloudFormation says."""

    def __init__(self, kind: str = "Update", born: float | None = 1.0) -> None:
        self.clock, self.log = HandClock(), io.StringIO()
        self.stack = ToldStack(self.clock)
        event = PARTNER.create("") if kind == "Create" else PARTNER.update("", CLAIMED, old=OLD, **NEW)
        read = Event.read(event | {"ResponseURL": answer_url(born)})
        self.watch = EventMonitor(self.stack, read, self.clock, JsonLog(self.log))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


def busy(times: int, then: object = "UPDATE_IN_PROGRESS") -> Callable[[], Any]:
    left = [times]

    def says() -> Any:
        if left[0]:
            left[0] -= 1
            raise UnheardError("Rate exceeded", busy=True)
        return then

    return says


def test_who_is_busy_is_asked_every_five_seconds() -> None:
    asked = Asked()
    asked.stack.stack = busy(3)
    assert asked.watch.stack_status() == "UPDATE_IN_PROGRESS"
    assert (asked.clock.slept, asked.watch.unheard, asked.lines) == ([5.0] * 3, {}, [])


def test_and_for_a_minute_in_all() -> None:
    asked = Asked()
    asked.stack.stack = busy(99)
    assert asked.watch.stack_status() == ""
    assert asked.clock.slept == [5.0] * 12
    assert asked.watch.unheard == {"the stack": "Rate exceeded"}
    [line] = asked.lines
    assert (line["event"], line["about"], line["error"]) == (
        "could not ask CloudFormation, goes on",
        "the stack",
        "Rate exceeded",
    )
    assert asked.watch.stack_status() == ""
    assert len(asked.clock.slept) == 12, "it is not asked again"


def test_the_minute_is_for_all_questions_together() -> None:
    asked = Asked()
    asked.stack.stack, asked.stack.happened = busy(6), busy(99)
    asked.watch.stack_status()
    assert asked.watch.newest(("UPDATE_COMPLETE",)) is None
    assert len(asked.clock.slept) == 12
    assert asked.watch.unheard == {"its events": "Rate exceeded"}


def test_a_refusal_is_final_for_that_question_alone() -> None:
    asked = Asked()
    asked.stack.says = lambda: None
    assert asked.watch.state() is None
    assert asked.watch.state() is None
    assert (asked.stack.asked, asked.clock.slept) == ([0.0], [])
    assert asked.watch.unheard == {"the resource": "not allowed"}
    assert asked.watch.stack_status() == "UPDATE_IN_PROGRESS"
    assert len(asked.lines) == 1


def happened(status: str, at: float, physical_id: str = CLAIMED, **properties: Any) -> ResourceEvent:
    return ResourceEvent(status, physical_id, BEGIN - 1 + at, PARTNER.properties(**properties))


def test_the_newest_event_of_some_kinds_or_of_one_id() -> None:
    asked = Asked()
    events = [
        happened("DELETE_COMPLETE", 5, MADE),
        happened("UPDATE_COMPLETE", 4),
        happened("DELETE_COMPLETE", 3),
        happened("UPDATE_COMPLETE", 2),
    ]
    asked.stack.happened = lambda: events
    assert asked.watch.newest(("UPDATE_COMPLETE",)) == events[1]
    assert asked.watch.newest(("DELETE_COMPLETE",)) == events[0]
    assert asked.watch.newest(("DELETE_COMPLETE",), CLAIMED) == events[2]
    assert asked.watch.newest(("CREATE_COMPLETE",)) is None


def test_the_ids_that_it_had() -> None:
    asked = Asked()
    asked.stack.happened = lambda: [happened("UPDATE_COMPLETE", 2, MADE), happened("UPDATE_IN_PROGRESS", 1, "made up")]
    assert [str(each) for each in asked.watch.earlier_ids()] == [f"example.com|partner|{TOKEN}|made"]
    asked.stack.happened = busy(99)
    assert asked.watch.earlier_ids() == []
    assert asked.watch.unheard == {"its events": "Rate exceeded"}


@pytest.mark.parametrize(
    ("kind", "born", "newest", "overtaken"),
    [
        ("Update", 1.0, happened("UPDATE_IN_PROGRESS", 0.5), True),
        ("Update", 1.0, happened("UPDATE_COMPLETE", 0.5), True),
        ("Update", 1.0, happened("UPDATE_IN_PROGRESS", 0.0), True),
        ("Update", 1.0, happened("UPDATE_IN_PROGRESS", 0.5, ServiceToken="another", ServiceTimeout="9"), True),
        ("Update", 1.0, happened("UPDATE_IN_PROGRESS", -0.25), False),
        ("Update", 1.0, happened("UPDATE_IN_PROGRESS", 0.5, **NEW), False),
        ("Update", 1.0, happened("UPDATE_IN_PROGRESS", 0.5, PolicyName="third"), False),
        ("Update", 1.0, happened("UPDATE_FAILED", 0.5), False),
        ("Update", 1.0, ResourceEvent("UPDATE_IN_PROGRESS", CLAIMED, BEGIN, None), False),
        ("Update", 1.0, None, False),
        ("Update", None, happened("UPDATE_IN_PROGRESS", 0.5), False),
        ("Create", 1.0, happened("UPDATE_IN_PROGRESS", 0.5), False),
    ],
)
def test_a_rollback_is_known_by_what_the_newest_event_declares(
    kind: str, born: float | None, newest: ResourceEvent | None, *, overtaken: bool
) -> None:
    asked = Asked(kind, born)
    asked.stack.says = lambda: ResourceState("CREATE_IN_PROGRESS", CLAIMED, BEGIN - 1)
    asked.stack.happened = lambda: [newest] if newest else []
    if not overtaken:
        asked.watch.ask()
        return
    with pytest.raises(OvertakenError) as caught:
        asked.watch.ask()
    assert not caught.value.gone


@pytest.mark.parametrize(
    ("own", "overtaken"),
    [
        (happened("UPDATE_IN_PROGRESS", 0.0, **NEW), True),
        (happened("UPDATE_IN_PROGRESS", -4.0, **NEW), True),
        (happened("UPDATE_IN_PROGRESS", -6.0, **NEW), False),
        (happened("UPDATE_FAILED", 0.0, **NEW), False),
        (happened("UPDATE_IN_PROGRESS", 0.0, PolicyName="fourth"), False),
        (ResourceEvent("UPDATE_IN_PROGRESS", CLAIMED, BEGIN, None), False),
    ],
    ids=["in its second", "a little before", "long before", "failed", "another", "unread"],
)
def test_the_next_update_is_known_where_the_events_have_this_one_too(own: ResourceEvent, *, overtaken: bool) -> None:
    """Otherwise the newest event may show properties in another form than they were sent."""
    asked = Asked()
    asked.stack.says = lambda: ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN - 1)
    asked.stack.happened = lambda: [happened("UPDATE_IN_PROGRESS", 0.5, PolicyName="third"), own]
    if overtaken:
        with pytest.raises(OvertakenError, match="began something newer"):
            asked.watch.ask()
    else:
        asked.watch.ask()


def test_where_the_events_are_refused_the_second_time_it_goes_on() -> None:
    asked = Asked()
    asked.stack.says = lambda: ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN - 1)
    answers = [[happened("UPDATE_IN_PROGRESS", 0.5, PolicyName="third")]]

    def once() -> list[ResourceEvent]:
        if not answers:
            raise UnheardError("not allowed")
        return answers.pop()

    asked.stack.happened = once
    asked.watch.ask()
    assert asked.watch.unheard == {"its events": "not allowed"}


@pytest.mark.parametrize("name", ["EmailIdentity", "PolicyName", "Policy", "WhenExists", "OnDelete", "Wire"])
def test_each_property_that_declares_counts(name: str) -> None:
    asked = Asked()
    other = PARTNER.properties() | {name: "else"}
    asked.stack.happened = lambda: [ResourceEvent("UPDATE_IN_PROGRESS", CLAIMED, BEGIN, other)]
    asked.watch.ask()


def test_the_events_of_a_create_are_not_asked_for() -> None:
    asked = Asked("Create")
    asked.stack.says = lambda: ResourceState("CREATE_IN_PROGRESS", "", BEGIN - 1)
    asked.stack.happened = busy(99)
    asked.watch.ask()
    assert asked.watch.unheard == {}


def test_a_number_is_declared_as_its_text() -> None:
    asked = Asked()
    asked.stack.happened = lambda: [ResourceEvent("UPDATE_IN_PROGRESS", CLAIMED, BEGIN, PARTNER.properties(Wire=1))]
    with pytest.raises(OvertakenError):
        asked.watch.ask()


def test_an_update_that_changes_nothing_is_no_rollback_of_itself() -> None:
    clock = HandClock()
    stack = ToldStack(clock)
    read = Event.read(PARTNER.update("", CLAIMED) | {"ResponseURL": answer_url(1.0)})
    stack.happened = lambda: [happened("UPDATE_IN_PROGRESS", 0.5)]
    EventMonitor(stack, read, clock, JsonLog(io.StringIO())).ask()


def test_of_the_same_state_the_events_are_asked_for_once() -> None:
    asked = Asked()
    times: list[int] = []
    state = [ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN - 1)]
    asked.stack.says = lambda: state[0]
    asked.stack.happened = lambda: times.append(1) or []  # type: ignore[func-returns-value]
    for _ in range(3):
        asked.watch.ask()
    assert len(times) == 1
    state[0] = ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN)
    asked.watch.ask()
    assert len(times) == 2
