"""The model of CloudWatch's alarms gives the results of the examples on CloudWatch's own pages."""

import pytest

from ses_sending_policy.rules.drift_check import DRIFT, NAMESPACE
from tests.support.alarms import ALARM, INSUFFICIENT, OK, Alarm, Datum, Rule

RETAINED = "retained"
METRIC = (NAMESPACE, DRIFT)
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html: 0 is a data point that
# does not breach, X one that does, and - one that is missing; the most recent is on the right.
THREE_OF_THREE = {
    "0 - X - X": (OK, OK, OK, OK),
    "0 - - - -": (OK, OK, OK, OK),
    "- - - - -": (INSUFFICIENT, RETAINED, ALARM, OK),
    "0 X X - X": (ALARM, ALARM, ALARM, ALARM),
    "- - X - -": (ALARM, RETAINED, ALARM, OK),
    "- - - - X": (INSUFFICIENT, RETAINED, ALARM, OK),
    "- - - X -": (INSUFFICIENT, RETAINED, ALARM, OK),
}
TWO_OF_THREE = {
    "0 - X - X": (ALARM, ALARM, ALARM, ALARM),
    "0 0 X 0 X": (ALARM, ALARM, ALARM, ALARM),
    "0 - X - -": (OK, OK, ALARM, OK),
    "- - - - 0": (OK, OK, ALARM, OK),
    "- - - X -": (ALARM, RETAINED, ALARM, OK),
}
ROWS = [(3, row, states) for row, states in THREE_OF_THREE.items()] + [
    (2, row, states) for row, states in TWO_OF_THREE.items()
]


def rule(missing: str, to_alarm: int = 3, periods: int = 3, period: int = 300) -> Rule:
    return Rule(METRIC, "Maximum", "GreaterThanOrEqualToThreshold", 1, period, periods, to_alarm, missing)


@pytest.mark.parametrize(("to_alarm", "row", "states"), ROWS, ids=lambda value: str(value) if value != 3 else "3 of 3")
def test_each_row_of_the_page_about_missing_data(to_alarm: int, row: str, states: tuple[str, ...]) -> None:
    points = [{"0": 0.0, "X": 1.0, "-": None}[sign] for sign in row.split()]
    for before in (OK, ALARM):
        found = [rule(missing, to_alarm).breaches(points, before) for missing in TREATMENTS]
        assert found == [before if state == RETAINED else state for state in states]


def test_the_window_slides() -> None:
    """With a period of five minutes, the value of minute 3 counts at the end of each minute from then to the eighth."""
    alarm = Alarm(rule("notBreaching", 1, 1), made=0)
    alarm.run(1800, {METRIC: [Datum(150, 1)]})
    assert alarm.changes[:2] == [(60, OK), (180, ALARM)]


def test_the_example_of_a_job_that_runs_every_three_days() -> None:
    """It fails at 10:02. The evaluation at 10:03 looks no further than 10:00, so only the one at 11:03 sees it."""
    hour, minute = 3600.0, 60.0
    alarm = Alarm(rule("ignore", 1, 1, period=3 * 86400), made=10 * hour + 2 * minute)
    alarm.run(13 * hour, {METRIC: [Datum(10 * hour + 2 * minute, 1)]})
    assert alarm.changes == [(11 * hour + 3 * minute, ALARM)]


@pytest.mark.parametrize(("period", "periods"), [(3600, 169), (300, 289), (90, 1)])
def test_what_cloudwatch_takes_for_no_alarm(period: int, periods: int) -> None:
    properties = {
        "Namespace": "N",
        "MetricName": "M",
        "Statistic": "Sum",
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1,
    }
    with pytest.raises(ValueError, match=f"no alarm of {periods} periods of {period} seconds"):
        Rule.of(properties | {"Period": period, "EvaluationPeriods": periods})
