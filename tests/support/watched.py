"""An account whose sending policies a drift check watches: SES, the log and the topic, on a clock for tests."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from botocore.exceptions import ClientError, EndpointConnectionError

from provider.clients import NoAnswerError
from provider.drift import KEPT_SECONDS, DriftCheck, look, once
from provider.drift_notifications import DriftNotifications, NotToldError
from provider.json_log import JsonLog
from provider.policy_reader import PolicyReader
from provider.retry_policy import CALL_LIMIT_SECONDS
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.drift_check import MOST_SECONDS, QUICK_SECONDS, DriftCheckEvent, look_seconds, write
from ses_sending_policy.rules.equivalence import digest
from tests.support.alarms import Datum
from tests.support.clocks import HandClock
from tests.support.events import ACCOUNT, REGION, document, statement

STACK_ID: Final = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Mail/1"
TOPIC: Final = f"arn:aws:sns:{REGION}:{ACCOUNT}:Operators"
LOG_GROUP: Final = "Mail-Drift-Log"

HTML: Final = "HTTP 200 with 512 bytes of text/html, which is no answer of AWS"

# How a call ends: its seconds, the HTTP status, and AWS's error code or the transport's error.
ENDINGS: Final[Mapping[str, tuple[float, int, str]]] = {
    "well": (0.15, 200, ""),
    "slow": (5.0, 200, ""),
    "denied": (0.1, 403, "AccessDeniedException"),
    "throttled": (0.05, 429, "TooManyRequestsException"),
    "refused": (0.1, 400, "BadRequestException"),
    "5xx": (0.1, 503, "ServiceUnavailableException"),
    "gone": (0.1, 404, "NotFoundException"),
    "HTML": (0.1, 0, HTML),
    "timeout": (1e9, 0, ""),
    "no network": (0.0, 0, "unsent"),
}


def client_error(code: str, status: int, operation: str, message: str = "said AWS") -> ClientError:
    """Return the error that boto3 raises for this answer of AWS."""
    error = {"Code": code, "Message": message}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)


class WatchedSes:
    """SES, in which the calls for each identity end as a test sets it.

    :param clock: the clock that each call moves on.
    """

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.policies: dict[str, dict[str, str]] = {}
        self.endings: dict[str, list[str]] = {}
        """How the calls for an identity end, one after the other; the last for all further calls. Default: - well."""
        self.asked: list[tuple[float, str]] = []

    def within(self, seconds: float) -> "WatchedClient":
        """Return a client with this time limit for its calls."""
        return WatchedClient(self, seconds)

    def ending(self, identity: str) -> str:
        """Return how the next call for an identity ends."""
        left = self.endings.get(identity, ["well"])
        return left.pop(0) if len(left) > 1 else left[0]


@dataclass(frozen=True)
class WatchedClient:
    """boto3's client for it.

    :param ses: the SES that it calls.
    :param seconds: the time limit of a call.
    """

    ses: WatchedSes
    seconds: float

    def get_email_identity_policies(self, EmailIdentity: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        """Return the policies of an identity, or raise what boto3 raises."""
        ses = self.ses
        ses.asked.append((ses.clock.now(), EmailIdentity))
        takes, status, said = ENDINGS[ses.ending(EmailIdentity)]
        ses.clock.time += min(takes, self.seconds)
        if takes > self.seconds:
            raise NoAnswerError(error=f"email.{REGION}.amazonaws.com: no end within {self.seconds:.2g} s")
        if said == "unsent":
            raise EndpointConnectionError(endpoint_url=f"https://email.{REGION}.amazonaws.com")
        if not status:
            raise NoAnswerError(error=said)
        if said:
            raise client_error(said, status, "GetEmailIdentityPolicies")
        return {"Policies": dict(ses.policies.get(EmailIdentity, {}))}


@dataclass
class LogGroup:
    """boto3's client for CloudWatch Logs, which has one log group.

    :param clock: the clock that each call moves on.
    """

    clock: HandClock
    lines: list[tuple[float, str]] = field(default_factory=list)
    page: int = 500
    seconds: float = 0.1
    ending: str = "well"
    endless: bool = False
    calls: int = 0

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        """Return the lines with the phrase in one page of all lines; so a page may be empty, as at CloudWatch."""
        self.calls += 1
        assert self.calls < 10_000, "somebody reads it for ever"
        self.clock.time += self.seconds
        if self.ending != "well":
            raise client_error(self.ending, 400, "FilterLogEvents")
        assert asked["logGroupName"] == LOG_GROUP
        begin = int(asked.get("nextToken", "0"))
        some = self.lines[begin : begin + self.page]
        events = [
            {"timestamp": int(at * 1000), "message": text}
            for at, text in some
            if asked["filterPattern"].strip('"') in text and at * 1000 >= asked["startTime"]
        ]
        if self.endless:
            return {"events": events, "nextToken": str(begin + self.page)}
        more = {"nextToken": str(begin + self.page)} if begin + self.page < len(self.lines) else {}
        return {"events": events} | more


@dataclass
class Topic:
    """boto3's client for SNS, which has one topic."""

    told: list[tuple[str, str]] = field(default_factory=list)
    ending: str = "well"

    def publish(self, **message: str) -> dict[str, Any]:
        """Take a message, with SNS's limits: an ASCII subject of less than 100 characters, and a body of 256 KB."""
        if self.ending != "well":
            raise client_error(self.ending, 403, "Publish")
        assert message["TopicArn"] == TOPIC
        assert message["Subject"].isascii()
        assert len(message["Subject"]) < 100
        assert len(message["Message"].encode()) <= 256 * 1024
        self.told.append((message["Subject"], message["Message"]))
        return {"MessageId": "1"}


@cache
def deployed(identity: str) -> tuple[str, tuple[str, str]]:
    """Return the text of the policy of an identity, and its physical id with the digest of the deployed document."""
    elements = document(statement(identity=identity))
    return json.dumps(elements), (f"{identity}|partner|0123456789abcdef", digest(elements, "aws"))


@dataclass
class Watched:
    """A stack with a number of identities, each with a policy, and the looks of its drift check.

    :param identities: the number of identities.
    :param interval: the seconds between two looks.
    :param name: the name of the drift check.
    """

    identities: int = 500
    interval: int = MOST_SECONDS
    name: str = "Mail-Drift"
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.ses = WatchedSes(self.clock)
        self.logs = LogGroup(self.clock)
        self.topic = Topic()
        names = [f"d{number:03}.example" for number in range(self.identities)]
        self.ses.policies = {name: {"partner": deployed(name)[0]} for name in names}
        self.known = [deployed(name)[1] for name in names]
        self.metrics: dict[tuple[str, str], list[Datum]] = {}
        self.seconds = 0.0
        """How long the last look took."""
        self.seen: set[str] = set()
        """The identities that the last look asked SES for."""

    def names(self, begin: int, end: int) -> list[str]:
        """Return the names of the identities with the numbers from `begin` up to, but not including, `end`."""
        return sorted(self.ses.policies)[begin:end]

    def end(self, names: Sequence[str], *endings: str) -> None:
        """Set how the calls for these identities end from now on."""
        for name in names:
            self.ses.endings[name] = list(endings)

    def drifts(self, name: str, text: str | None = None) -> None:
        """Change the policy of an identity by hand."""
        self.ses.policies[name] = {"partner": text or BY_HAND}

    def mends(self, name: str) -> None:
        """Put the deployed policy of an identity back."""
        self.ses.policies[name] = {"partner": deployed(name)[0]}

    def look(self, late: float = 60) -> dict[str, int]:
        """Look once, and return the metrics that are not 0. The next look is one interval later.

        :param late: the seconds until CloudWatch has the metrics in the log.
        """
        begin, log = self.clock.now(), io.StringIO()
        asked = len(self.ses.asked)
        event = write(self.name, STACK_ID, self.known, interval=self.interval, topic=TOPIC, log_group=LOG_GROUP)
        check, json_log = DriftCheckEvent.read(event), JsonLog(log, check=self.name, stack="Mail")
        deadline = Deadline(self.clock, begin + look_seconds(self.interval))
        quick, patient = (once(self.ses.within(seconds)) for seconds in (QUICK_SECONDS, CALL_LIMIT_SECONDS))
        notifications = DriftNotifications(check, self.logs, self.topic, self.clock, json_log)
        reader = PolicyReader(quick, patient, deadline, KEPT_SECONDS)
        try:
            metrics = look(check, DriftCheck(check, reader, json_log), notifications, self.clock, log)
        except NotToldError:
            self._count(ERRORS, Datum(begin, 1, late))
            raise
        else:
            self._count(ERRORS, Datum(begin, 0, late))
        finally:
            self.seconds = self.clock.now() - begin
            self.seen = {name for _, name in self.ses.asked[asked:]}
            self.log = [json.loads(line) for line in log.getvalue().splitlines()]
            self.logs.lines += [(self.clock.now(), line) for line in log.getvalue().splitlines()]
            for name, datum in data_of(self.log[-1], late).items():
                self._count(name, datum)
            self.clock.time = begin + self.interval
        return {name: count for name, count in metrics.items() if count}

    def crash(self, late: float = 60) -> None:
        """Let Lambda end a look before it reports anything."""
        self._count(ERRORS, Datum(self.clock.now(), 1, late))
        self.clock.time += self.interval

    def miss(self) -> None:
        """Skip a look that is due."""
        self.clock.time += self.interval

    def _count(self, name: tuple[str, str], datum: Datum) -> None:
        self.metrics.setdefault(name, []).append(datum)


ERRORS: Final = ("AWS/Lambda", "Errors")

BY_HAND: Final = json.dumps(document(statement("777777777777")))


def data_of(line: Mapping[str, Any], late: float = 0) -> dict[tuple[str, str], Datum]:
    """Return the data that CloudWatch extracts from a line in its embedded metric format."""
    at = line["_aws"]["Timestamp"] / 1000
    [directive] = line["_aws"]["CloudWatchMetrics"]
    names = [each["Name"] for each in directive["Metrics"]]
    return {(directive["Namespace"], name): Datum(at, line[name], late) for name in names}
