"""A CloudWatch alarm, evaluated as CloudWatch's pages say. Its author had not seen how the product reads them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

OK: Final = "OK"
ALARM: Final = "ALARM"
INSUFFICIENT: Final = "INSUFFICIENT_DATA"

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400


@dataclass(frozen=True, slots=True)
class Datum:
    """A value that was put into a metric.

    :param at: its timestamp, in seconds.
    :param value: the value.
    :param late: how many seconds after `at` CloudWatch has it.
    """

    at: float
    value: float
    late: float = 0


_STATISTICS: Final = {"Maximum": max, "Sum": sum, "SampleCount": len}
_BREACHES: Final = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The settings of an alarm.

    :param metric: its namespace and name.
    :param period: the length of a data point, in seconds.
    :param periods: how many data points are evaluated, N.
    :param to_alarm: how many of them must breach, M.
    :param missing: how a missing data point is treated.
    :param extra: how many more data points CloudWatch retrieves: "the exact number [...] depends on the length of the
        alarm period", and its pages do not say how.
    """

    metric: tuple[str, str]
    statistic: str
    comparison: str
    threshold: float
    period: int
    periods: int
    to_alarm: int
    missing: str
    extra: int = 2

    @classmethod
    def of(cls, properties: Mapping[str, Any], extra: int = 2) -> "Rule":
        """Return the rule of an alarm in a template; raise `ValueError` if CloudWatch would refuse it."""
        rule = cls(
            (properties["Namespace"], properties["MetricName"]),
            properties["Statistic"],
            properties["ComparisonOperator"],
            properties["Threshold"],
            properties["Period"],
            properties["EvaluationPeriods"],
            properties.get("DatapointsToAlarm", properties["EvaluationPeriods"]),
            properties.get("TreatMissingData", "missing"),
            extra,
        )
        # "The maximum evaluation period is seven days for alarms with a period of at least one hour", and "one day for
        # alarms with a shorter period".
        most = 7 * _DAY if rule.period >= _HOUR else _DAY
        if rule.period % _MINUTE or rule.period * rule.periods > most:
            raise ValueError(f"CloudWatch takes no alarm of {rule.periods} periods of {rule.period} seconds")
        return rule

    def breaches(self, points: Sequence[float | None], state: str) -> str:
        """Return the state that follows `state` if these are the data points, the oldest first."""
        points = points[-(self.periods + self.extra) :]
        there = [self._is_breaching(point) for point in points if point is not None]
        if len(there) >= self.periods:
            return ALARM if sum(there[-self.periods :]) >= self.to_alarm else OK
        if self.missing in ("breaching", "notBreaching"):
            filled = (self.periods - len(there)) if self.missing == "breaching" else 0
            return ALARM if sum(there) + filled >= self.to_alarm else OK
        if not there:
            return INSUFFICIENT if self.missing == "missing" else state
        if sum(there) >= self.to_alarm and self.missing == "missing":
            return ALARM
        if not all(there):
            return OK
        return self._prematurely(points) if self.missing == "missing" else state

    def _prematurely(self, points: Sequence[float | None]) -> str:
        """Return the state if fewer than `periods` data points are there, and all of them breach."""
        oldest = next(place for place, point in enumerate(points) if point is not None)
        return ALARM if len(points) - oldest >= self.to_alarm else INSUFFICIENT

    def _is_breaching(self, value: float) -> bool:
        return bool(_BREACHES[self.comparison](value, self.threshold))


@dataclass(slots=True)
class Alarm:
    """An alarm from its creation on. It is evaluated as time goes on.

    :param rule: its settings.
    :param made: when it was made.
    """

    rule: Rule
    made: float
    state: str = INSUFFICIENT
    changes: list[tuple[float, str]] = field(default_factory=list)
    """Each change: the time and the new state. "the actions happen only on state transitions"."""
    _next: float = 0

    def run(self, until: float, metrics: Mapping[tuple[str, str], Sequence[Datum]]) -> None:
        """Evaluate the alarm each time that CloudWatch would, up to `until`."""
        # "For any period of one minute or longer, an alarm is evaluated every minute"; if all periods together exceed
        # one day, "once per hour".
        rule = self.rule
        step = _HOUR if rule.period * rule.periods > _DAY else _MINUTE
        self._next = self._next or self.made + _MINUTE
        while self._next <= until:
            # "CloudWatch takes into account only the metrics up to the current hour at the :00 minute".
            end = self._next - self._next % _HOUR if step == _HOUR else self._next
            begin = end - rule.period * (rule.periods + rule.extra)
            data = [
                each
                for each in metrics.get(rule.metric, ())
                if begin <= each.at < end and each.at + each.late <= self._next
            ]
            state = rule.breaches(self._points(data, begin), self.state)
            if state != self.state:
                self.state = state
                self.changes.append((self._next, state))
            self._next += step

    def _points(self, data: Sequence[Datum], begin: float) -> list[float | None]:
        values: list[list[float]] = [[] for _ in range(self.rule.periods + self.rule.extra)]
        for each in data:
            values[int((each.at - begin) // self.rule.period)].append(each.value)
        statistic = _STATISTICS[self.rule.statistic]
        return [float(statistic(each)) if each else None for each in values]  # type: ignore[operator]
