"""The drift check on a clock for tests: what each look reports, whatever SES answers, and how long it takes.

tests/construct/test_drift_watch.py has what the alarms make of that.
"""

from itertools import pairwise

import pytest

from provider.drift import KEPT_SECONDS
from provider.drift_notifications import NotToldError
from provider.retry_policy import CALL_LIMIT_SECONDS
from ses_sending_policy.rules.drift_check import (
    LEAST_SECONDS,
    MOST_SECONDS,
    least_interval,
    look_seconds,
    most_identities,
)
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.watched import ENDINGS, Watched

FAULTS = sorted(ENDINGS.keys() - {"well", "gone"})
LASTING = sorted({*FAULTS} - {"slow"})


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_takes_nobody_elses_time(fault: str) -> None:
    """Of 100 identities 15 fail: every look reads the other 85, and ends in time."""
    watched = Watched(100)
    watched.end(watched.names(0, 15), fault)
    for _ in range(2):
        counts = watched.look()
        assert counts == ({"InSync": 100} if fault == "slow" else {"InSync": 85, "Unread": 15, "Drift": 15})
        assert watched.seconds <= look_seconds(watched.interval) - KEPT_SECONDS


@pytest.mark.parametrize("fault", FAULTS)
def test_a_look_that_can_read_nothing_ends_in_time_and_tells_of_every_policy(fault: str) -> None:
    watched = Watched(500)
    watched.end(watched.names(0, 500), fault)
    assert watched.look() == {"Unread": 500, "Drift": 500}
    assert watched.seconds <= look_seconds(watched.interval) - KEPT_SECONDS
    assert len({line["identity"] for line in watched.log[:-1]}) == 500
    assert all(line["reason"] for line in watched.log[:-1])


@pytest.mark.parametrize("fault", ["timeout", "slow"])
@pytest.mark.parametrize("interval", [least_interval(500), 3600, MOST_SECONDS])
def test_what_a_look_did_not_see_is_first_at_the_next(fault: str, interval: int) -> None:
    """A look may begin up to a minute late, because a schedule is only precise to the minute."""
    watched = Watched(500, interval)
    watched.end(watched.names(0, 500), fault)
    unseen: set[str] = set()
    for look in range(6):
        watched.clock.time += (17 * look) % 60
        begin = len(watched.ses.asked)
        watched.look()
        first = [name for _, name in watched.ses.asked[begin:]][: len(unseen) + 60]
        assert unseen <= {*first}
        unseen = {*watched.names(0, 500)} - watched.seen


@pytest.mark.parametrize("fault", LASTING)
def test_what_passes_within_a_minute_is_read(fault: str) -> None:
    """A refusal is final; everything else is tried again after the others."""
    watched = Watched(100)
    watched.end(watched.names(0, 15), fault, "well")
    counts = watched.look()
    assert counts == ({"InSync": 85, "Unread": 15, "Drift": 15} if fault == "refused" else {"InSync": 100})


def test_a_denial_is_tried_once_more_after_a_minute_and_no_more() -> None:
    watched = Watched(3)
    [denied, *_] = watched.names(0, 3)
    watched.end([denied], "denied")
    assert watched.look() == {"InSync": 2, "Unread": 1, "Drift": 1}
    asked = [at - BEGIN for at, name in watched.ses.asked if name == denied]
    assert len(asked) == 2
    assert 60 <= asked[1] - asked[0] <= 61
    assert watched.log[0]["reason"] == "AccessDenied: GetEmailIdentityPolicies: AccessDeniedException: said AWS"


def test_what_is_ill_for_long_is_asked_ever_less() -> None:
    watched = Watched(1)
    watched.end(watched.names(0, 1), "5xx")
    watched.look()
    asked = [at for at, _ in watched.ses.asked]
    assert [round(later - before) for before, later in pairwise(asked)] == [
        10,
        20,
        40,
        80,
        160,
        320,
    ]


def test_it_leaves_to_a_deploy_a_part_of_what_ses_allows() -> None:
    """Also if each call fails at once and SES has seen none of them."""
    for fault in ("well", "throttled", "no network", "5xx"):
        watched = Watched(100)
        watched.end(watched.names(0, 100), fault)
        watched.look()
        asked = [at for at, _ in watched.ses.asked]
        assert min(later - before for before, later in pairwise(asked)) == pytest.approx(1.1)


@pytest.mark.parametrize("identities", [1, 136, 137, 400, 500])
def test_a_check_with_the_least_interval_is_over_before_the_next_look(identities: int) -> None:
    interval = least_interval(identities)
    watched = Watched(identities, interval)
    watched.end(watched.names(0, identities), "timeout")
    watched.look()
    assert watched.seconds < interval
    watched.end(watched.names(0, identities), "well")
    assert watched.look() == {"InSync": identities}
    assert watched.seconds <= interval / 2 + 1


def test_the_least_interval_and_the_most_identities_are_of_one_rule() -> None:
    assert [least_interval(number) for number in (0, 136, 137, 400)] == [LEAST_SECONDS, 300, 360, 900]
    assert [most_identities(interval) for interval in (300, 360, 900)] == [136, 163, 409]
    assert all(least_interval(most_identities(60 * minutes)) == 60 * minutes for minutes in range(5, 60))


def test_new_drift_is_told_once_by_name() -> None:
    watched = Watched(3)
    watched.drifts("d001.example")
    for _ in range(3):
        assert watched.look()["Changed"] == 1
    [(subject, message)] = watched.topic.told
    assert subject == "Drift of sending policies: Mail-Drift"
    assert message == (
        "Not as they were deployed, and not told of before: 1 sending policies of stack Mail in account 111111111111, "
        "eu-west-1\n\nd001.example: policy partner is changed\n\n`sending-policy drift` tells what differs."
    )


def test_a_second_drift_is_told_while_the_first_is_there() -> None:
    watched = Watched(3)
    watched.drifts("d001.example")
    watched.look()
    watched.drifts("d002.example")
    watched.look()
    assert "d002.example" in watched.topic.told[1][1]
    assert "d001.example" not in watched.topic.told[1][1]


def test_a_drift_is_new_that_comes_in_the_place_of_another() -> None:
    """The number of drifted policies is the same as before."""
    watched = Watched(3)
    watched.drifts("d001.example")
    watched.look()
    watched.mends("d001.example")
    watched.drifts("d002.example")
    assert watched.look() == {"InSync": 2, "Changed": 1, "Drift": 1}
    assert len(watched.topic.told) == 2


def test_a_policy_that_is_changed_once_more_is_told_once_more() -> None:
    watched = Watched(1)
    watched.drifts("d000.example")
    watched.look()
    watched.drifts("d000.example", str(document(statement("888888888888"))))
    watched.look()
    watched.look()
    assert len(watched.topic.told) == 2


def test_drift_that_could_not_be_read_for_a_while_is_not_told_twice() -> None:
    watched = Watched(3)
    watched.drifts("d001.example")
    watched.look()
    watched.end(["d001.example"], "denied")
    watched.look()
    watched.end(["d001.example"], "well")
    watched.look()
    assert len(watched.topic.told) == 1


def test_drift_that_came_back_is_told_again() -> None:
    watched = Watched(3)
    watched.drifts("d001.example")
    watched.look()
    watched.mends("d001.example")
    assert watched.look() == {"InSync": 3}
    watched.drifts("d001.example")
    watched.look()
    assert len(watched.topic.told) == 2


def test_what_could_not_be_told_fails_the_look_and_is_told_at_the_next() -> None:
    watched = Watched(3)
    watched.drifts("d001.example")
    watched.topic.ending = "AuthorizationErrorException"
    with pytest.raises(NotToldError, match=r"Operators could not be told of 1 new: .*AuthorizationErrorException"):
        watched.look()
    assert watched.log[-1]["Drift"] == 1
    watched.topic.ending = "well"
    watched.look()
    watched.look()
    assert len(watched.topic.told) == 1


def test_where_the_log_cannot_be_read_all_is_told() -> None:
    watched = Watched(3)
    watched.drifts("d001.example")
    watched.look()
    watched.logs.ending = "AccessDeniedException"
    watched.look()
    assert watched.log[0]["event"] == "told of before is not known, tells of all"
    assert len(watched.topic.told) == 2


@pytest.mark.parametrize("page", [1, 2, 500])
def test_a_log_is_read_to_its_end_in_pages_that_may_be_empty(page: int) -> None:
    watched = Watched(3)
    watched.logs.page = page
    watched.drifts("d001.example")
    for _ in range(3):
        watched.look()
    assert len(watched.topic.told) == 1


def test_what_another_check_told_in_the_same_log_is_its_own() -> None:
    watched, other = Watched(3), Watched(3)
    other.logs = watched.logs
    watched.drifts("d001.example")
    watched.look()
    other.name = "Mail-Other"
    other.clock.time = watched.clock.time
    other.look()
    watched.look()
    assert len(watched.topic.told) == 1


def test_a_log_whose_pages_have_no_end_costs_no_more_than_its_time() -> None:
    watched = Watched(3)
    watched.look()
    watched.logs.endless = True
    assert watched.look() == {"InSync": 3}
    assert watched.logs.calls < 200


def test_what_came_back_is_told_also_where_the_log_was_read_in_part() -> None:
    """That part says that the drift was reported, but not that it ended."""
    watched = Watched(3)
    watched.drifts("d001.example")
    watched.look()
    watched.logs.page = len(watched.logs.lines)
    watched.mends("d001.example")
    watched.look()
    watched.drifts("d001.example")
    watched.logs.seconds = CALL_LIMIT_SECONDS
    watched.look()
    assert watched.log[0]["event"] == "told of before is not known, tells of all"
    assert len(watched.topic.told) == 2


def test_many_new_ones_are_one_message_that_sns_takes() -> None:
    watched = Watched(500)
    for name in watched.names(0, 500):
        watched.drifts(name)
    watched.look()
    [(_, message)] = watched.topic.told
    assert message.count(": policy partner is changed\n") == 200
    assert "... and 300 more, which the log of the check has" in message
