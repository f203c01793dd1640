"""What a user of a drift check can rely on: docs/howto/watch-for-drift.md has each test's name as a sentence.

The looks are the function's, on a clock of its own; the alarms are the template's, in a model of CloudWatch.
`drift_watch.txt` is the table of faults: what each look tells, and what the alarms do.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from provider.drift_notifications import NotToldError
from ses_sending_policy import SendingPolicyDriftCheck
from ses_sending_policy.rules.drift_check import DRIFT, METRICS, UNREAD
from tests.conftest import ROOT
from tests.construct.mail import ENVIRONMENT, new_app, resources
from tests.construct.test_drift_check import declared
from tests.support.alarms import ALARM, OK, Alarm, Rule
from tests.support.clocks import BEGIN
from tests.support.watched import ENDINGS, Watched

NAMES = (*METRICS.values(), UNREAD, DRIFT)
GOLDEN = Path(__file__).with_name("drift_watch.txt")
PAGE = (ROOT / "docs" / "howto" / "watch-for-drift.md").read_text(encoding="utf-8")
DAY = 86400
# CloudWatch looks at more data points than asked for; how many, AWS does not say.
EXTRAS = (0, 2, 5)

Properties = Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def made() -> Callable[[int], Properties]:
    """Give the alarms of a check with an interval, by the check's names for them."""
    known: dict[int, Properties] = {}

    def of(interval: int) -> Properties:
        if interval not in known:
            stack = cdk.Stack(new_app(), "Mail", env=ENVIRONMENT)
            declared(stack)
            topic = sns.Topic(stack, "Topic")
            SendingPolicyDriftCheck(stack, "Drift", interval=cdk.Duration.seconds(interval), topic=topic)
            found = resources(stack, "AWS::CloudWatch::Alarm").items()
            known[interval] = {id_.removeprefix("Drift")[:-8]: each["Properties"] for id_, each in found}
        return known[interval]

    return of


@pytest.fixture(params=[300, 1140, 3600, DAY], ids=["5 minutes", "19 minutes", "an hour", "a day"])
def watched(request: pytest.FixtureRequest) -> Watched:
    """Give a stack of three identities, and its check."""
    return Watched(3, request.param)


@pytest.fixture(params=EXTRAS, ids="extra {}".format)
def changes(
    request: pytest.FixtureRequest, made: Callable[[int], Properties]
) -> Callable[[Watched, str], list[tuple[float, str]]]:
    """Give the changes of an alarm until now: the time, in intervals since the first look, and the new state."""

    def of(watched: Watched, name: str) -> list[tuple[float, str]]:
        alarm = Alarm(Rule.of(made(watched.interval)[name], request.param), made=BEGIN)
        alarm.run(watched.clock.now(), watched.metrics)
        return [((at - BEGIN) / watched.interval, state) for at, state in alarm.changes]

    return of


Changes = Callable[[Watched, str], list[tuple[float, str]]]


def soon(look: int, watched: Watched) -> object:
    """Return a time within minutes after a look: CloudWatch has the metrics a minute after its end."""
    return pytest.approx(look + (watched.seconds + 120) / watched.interval, abs=180 / watched.interval)


def test_the_alarm_goes_off_within_minutes_of_a_look_that_finds_drift(watched: Watched, changes: Changes) -> None:
    watched.look()
    watched.drifts("d001.example")
    watched.look()
    watched.look()
    assert changes(watched, "Alarm") == [(soon(0, watched), OK), (soon(1, watched), ALARM)]


def test_it_is_over_within_minutes_of_the_first_look_that_finds_all_in_sync(watched: Watched, changes: Changes) -> None:
    watched.drifts("d001.example")
    watched.look()
    watched.look()
    watched.mends("d001.example")
    watched.look()
    watched.look()
    [begin, end] = changes(watched, "Alarm")
    # If looks are five minutes apart, two may fall into one period.
    late = 300 / watched.interval if watched.interval == 300 else 0
    assert begin == (soon(0, watched), ALARM)
    assert end[1] == OK
    assert soon(2, watched) == end[0] - late or soon(2, watched) == end[0]


def test_it_stays_as_it_is_from_one_look_to_the_next(watched: Watched, changes: Changes) -> None:
    watched.drifts("d001.example")
    for _ in range(4):
        watched.look()
    watched.miss()
    assert changes(watched, "Alarm") == [(soon(0, watched), ALARM)]


def test_each_new_drift_is_told_once_by_name_also_while_the_alarm_is_on(watched: Watched, changes: Changes) -> None:
    watched.drifts("d001.example")
    watched.look()
    watched.drifts("d002.example")
    watched.look()
    watched.look()
    assert len(changes(watched, "Alarm")) == 1
    assert [re.findall(r"^d\d+\.example", message, re.MULTILINE) for _, message in watched.topic.told] == [
        ["d001.example"],
        ["d002.example"],
    ]


def test_what_could_not_be_told_fails_the_look_and_is_told_at_the_next(watched: Watched, changes: Changes) -> None:
    watched.look()
    watched.drifts("d001.example")
    watched.topic.ending = "AuthorizationErrorException"
    with pytest.raises(NotToldError):
        watched.look()
    watched.topic.ending = "well"
    watched.look()
    watched.look()
    assert [state for _, state in changes(watched, "FailureAlarm")] == [OK, ALARM, OK]
    assert len(watched.topic.told) == 1


def test_a_look_that_fails_raises_an_alarm_until_the_first_that_does_not(watched: Watched, changes: Changes) -> None:
    watched.look()
    watched.crash()
    watched.crash()
    watched.look()
    watched.look()
    found = changes(watched, "FailureAlarm")
    assert [(int(at), state) for at, state in found] == [(0, OK), (1, ALARM), (found[2][0] // 1, OK)]
    assert 3 <= found[2][0] <= 4 + 2 * 60 / watched.interval


def test_a_check_that_never_ran_raises_an_alarm(watched: Watched, changes: Changes) -> None:
    for _ in range(5):
        watched.miss()
    [(at, state)] = changes(watched, "OverdueAlarm")
    assert (at * watched.interval, state) == (60, ALARM)


def test_a_check_that_stops_raises_it_too_a_little_more_than_two_intervals_after_its_last_look(
    watched: Watched, changes: Changes
) -> None:
    watched.look()
    for _ in range(20):
        watched.miss()
    *_, (at, state) = changes(watched, "OverdueAlarm")
    assert state == ALARM
    assert at >= 2
    # The further data points that CloudWatch looks at, and the hour that it may wait for.
    assert at * watched.interval <= 2 * watched.interval + 900 + (35 * 60 if watched.interval < 3600 else 7 * 3600)


def test_a_check_that_looks_as_it_should_raises_it_at_most_before_its_first_look_is_over(
    watched: Watched, changes: Changes
) -> None:
    """Looks take different times, and start up to a minute late."""
    for look in range(30):
        watched.clock.time = BEGIN + look * watched.interval + 59 * (look % 2)
        watched.end(watched.names(0, 3), "timeout" if look % 3 == 0 else "well")
        watched.look()
    found = changes(watched, "OverdueAlarm")
    assert [state for _, state in found] == [ALARM, OK]
    assert found[1][0] * watched.interval <= 900 + 3600


def test_one_look_that_is_lost_is_not_overdue(watched: Watched, changes: Changes) -> None:
    for _ in range(4):
        watched.look()
        watched.miss()
    watched.look()
    assert [state for _, state in changes(watched, "OverdueAlarm")] == [ALARM, OK]


def sentences() -> Iterator[str]:
    """Yield the page's sentences as names of tests."""
    section = PAGE.partition("## What you can rely on\n")[2].partition("\n## ")[0]
    for sentence in re.findall(r"^- (.*)$", section.replace("\n  ", " "), re.MULTILINE):
        yield "test_" + re.sub(r"\W+", "_", sentence.lower().replace("'", "")).strip("_")


def names_in(file: Path) -> set[str]:
    """Return the names of the tests in a file."""
    return set(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_each_sentence_of_the_page_is_the_name_of_a_test() -> None:
    here = names_in(Path(__file__)) - {
        "test_each_sentence_of_the_page_is_the_name_of_a_test",
        "test_the_table_of_faults",
    }
    told = [*sentences()]
    assert here <= {*told} <= here | names_in(ROOT / "tests" / "provider" / "test_look.py")
    assert len(told) == len({*told})


MIX = {"denied": 100, "throttled": 60, "5xx": 40, "HTML": 40, "timeout": 20, "slow": 20, "refused": 20, "gone": 10}

# The steps in order. A fault affects 100 of 500 identities until "well"; rows without a fault have 5 identities.
ROWS = {
    **{
        f"{fault}, on 100 of 500": ["look", fault, "look", "well", "look"]
        for fault in sorted(ENDINGS.keys() - {"well"})
    },
    "a mix of all, on 310 of 500": ["look", "mix", "look", "look", "well", "look"],
    "two drift, one after the other": ["look", "drifts 1", "look", "drifts 2", "look", "mends 1", "mends 2", "look"],
    "one drifts where another is mended": ["drifts 1", "look", "mends 1", "drifts 2", "look", "mends 2", "look"],
    "one drifts that is denied": ["drifts 1", "look", "denied", "look", "well", "look"],
    "two looks crash": ["look", "crash", "crash", "look"],
    "the topic refuses": ["look", "drifts 1", "topic refuses", "look", "topic takes", "look", "look"],
    "it stops for four days": ["look", "miss", "miss", "miss", "miss", "look"],
    "it never ran": ["miss", "miss", "miss"],
}


def happens(watched: Watched, step: str) -> str:
    """Do a step; return what a look tells, or an empty text for most other steps."""
    what, _, number = step.partition(" ")
    at = watched.clock.now()
    match what:
        case "look":
            return f"  look  {day(at)}  {looked(watched)}\n"
        case "crash" | "miss":
            getattr(watched, what)()
            return f"  {what:5} {day(at)}\n"
        case "topic":
            watched.topic.ending = "well" if number == "takes" else "AuthorizationErrorException"
        case "drifts" | "mends":
            getattr(watched, what)(f"d00{number}.example")
        case "mix":
            begin = 0
            for fault, many in MIX.items():
                watched.end(watched.names(begin, begin + many), fault)
                begin += many
        case _:
            watched.end(watched.names(0, watched.identities if step == "well" else 100), step)
    return ""


def looked(watched: Watched) -> str:
    """Look at SES; return how long it took and what it told."""
    failed = ""
    try:
        watched.look()
    except NotToldError:
        failed = ", and fails"
    counts = [f"{watched.log[-1][name]} {name}" for name in NAMES if watched.log[-1][name]]
    return f"{watched.seconds:.0f} s  {', '.join(counts)}{failed}"


def day(at: float) -> str:
    seconds = int(at - BEGIN)
    return f"day {seconds // DAY} {seconds % DAY // 3600:02}:{seconds % 3600 // 60:02}"


def row(title: str, steps: list[str], rules: Properties) -> str:
    """Return what each look tells, what each alarm does, and what the topic gets."""
    watched = Watched(500 if {*steps} & {*ENDINGS, "mix"} else 5)
    lines = [f"{title}\n", *(happens(watched, step) for step in steps)]
    for name, properties in sorted(rules.items()):
        alarm = Alarm(Rule.of(properties), made=BEGIN)
        alarm.run(watched.clock.now(), watched.metrics)
        lines.append(f"  {name:12} {', '.join(f'{day(at)} {state}' for at, state in alarm.changes) or '-'}\n")
    lines += [f"  told         {message.splitlines()[2]}\n" for _, message in watched.topic.told]
    return "".join(lines)


def test_the_table_of_faults(made: Callable[[int], Properties], tmp_path: Path) -> None:
    table = "\n".join(row(title, steps, made(DAY)) for title, steps in ROWS.items())
    new = tmp_path / GOLDEN.name
    new.write_text(table, encoding="utf-8")
    assert table == GOLDEN.read_text(encoding="utf-8"), f"cp {new} {GOLDEN}"
