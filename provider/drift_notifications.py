"""Publishes new drift to the check's SNS topic.

An alarm notifies when it goes off, but not of further drift while it is on. Which drift has been published is recorded
in the log alone, in the last line with the metrics: if that line is lost, all drift is published again.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from provider.json_log import JsonLog
from provider.retry_policy import CALL_LIMIT_SECONDS, CONNECT_SECONDS, READ_SECONDS
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.drift import State
from ses_sending_policy.rules.drift_check import DIMENSION, TOLD, DriftCheckEvent
from ses_sending_policy.rules.identity import Identity

# botocore may try again: reading the log twice does no harm, and a message that arrives twice is better than none.
CONFIG: Final = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 3},
)

_LINES: Final = 200

# Hex digits of a mark: enough that nobody can craft drift that has the same mark as drift that was published.
_LENGTH: Final = 16


class NotReadError(Exception):
    """The log could not be read to its end, so that the marks of the last run may not have been found."""


class NotToldError(Exception):
    """New drift could not be published: the check fails with this, and its alarm goes off."""


@dataclass(frozen=True, slots=True)
class DriftedPolicy:
    """A policy that the check looked at, and its state.

    :param identity: the identity that the policy is attached to.
    :param policy: the policy's name.
    :param state: its drift state.
    :param text: the policy's text at SES; empty if SES does not hold it.
    """

    identity: Identity
    policy: str
    state: State
    text: str

    @property
    def mark(self) -> str:
        """The hash that identifies this drift. If somebody changes the policy again, it has another hash: new drift."""
        return mark_of(self.identity) + _short(f"{self.policy} {self.state} {self.text}")

    def __str__(self) -> str:
        return f"{self.identity.name}: policy {self.policy} is {self.state.value}"


def mark_of(identity: Identity) -> str:
    """Return the prefix that the marks of all drifted policies on `identity` have."""
    return _short(identity.name)


def _short(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


class DriftNotifications:
    """Publishes drift to the topic, unless it was published before.

    :param check: the check whose topic and log these are.
    :param logs: boto3's client for `logs`.
    :param topic: boto3's client for `sns`.
    :param clock: where time comes from.
    :param log: gets a line when drift is published, and if it cannot be found out what was published before.
    """

    def __init__(self, check: DriftCheckEvent, logs: Any, topic: Any, clock: Clock, log: JsonLog) -> None:  # noqa: ANN401 - boto3 makes its clients at run time
        self._check = check
        self._logs = logs
        self._topic = topic
        self._clock = clock
        self._log = log

    def told(self) -> frozenset[str]:
        """Return the marks of all published drift, from the last line with metrics; none if the log cannot be read."""
        try:
            lines = [line for _, line in sorted(self._lines())]
        except (BotoCoreError, ClientError, NotReadError) as error:
            self._log.write("told of before is not known, tells of all", error=str(error))
            return frozenset()
        return frozenset(json.loads(lines[-1])[TOLD]) if lines else frozenset()

    def _lines(self) -> Iterable[tuple[int, str]]:
        """Yield the time, in milliseconds, and the metrics line of each run within the last three intervals."""
        begin = self._clock.now()
        # "A returned page might only be partially full, or even empty": only a missing token means the end.
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
        asked: dict[str, Any] = {
            "logGroupName": self._check.log_group,
            "startTime": int((begin - 3 * self._check.interval) * 1000),
            "filterPattern": f'"{TOLD}"',
        }
        while self._clock.now() < begin + CALL_LIMIT_SECONDS:
            page = self._logs.filter_log_events(**asked)
            for event in page["events"]:
                if _is_of(self._check, event["message"]):
                    yield event["timestamp"], event["message"]
            if page.get("nextToken") is None:
                return
            asked["nextToken"] = page["nextToken"]
        raise NotReadError(f"its end was not reached within {CALL_LIMIT_SECONDS:g} seconds")

    def tell(self, drift: Collection[DriftedPolicy], told: Collection[str]) -> None:
        """Publish the drift that is not in `told`, if there is any; raise `NotToldError` if that fails."""
        new = [str(each) for each in drift if each.mark not in told]
        if not new:
            return
        stack = self._check.stack
        more = [f"... and {len(new) - _LINES} more, which the log of the check has"] if len(new) > _LINES else []
        place = f"stack {stack.stack_name} in account {stack.account}, {stack.region}"
        head = f"Not as they were deployed, and not told of before: {len(new)} sending policies of {place}"
        text = [head, "", *new[:_LINES], *more, "", "`sending-policy drift` tells what differs."]
        subject = f"Drift of sending policies: {self._check.name}"[:99]
        try:
            self._topic.publish(TopicArn=self._check.topic, Subject=subject, Message="\n".join(text))
        except (BotoCoreError, ClientError) as error:
            raise NotToldError(f"{self._check.topic} could not be told of {len(new)} new: {error}") from error
        self._log.write("told of new drift", number=len(new))


def _is_of(check: DriftCheckEvent, line: str) -> bool:
    """Return whether a log line is one of metrics that this check wrote."""
    try:
        read = json.loads(line)
    except ValueError:
        return False
    return isinstance(read, Mapping) and read.get(DIMENSION) == check.name and isinstance(read.get(TOLD), list)
