"""boto3's clients for SES and CloudFormation, as the function of one delivery has them. A call takes virtual time."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from tests.provider.interleaved.plan import Reading
from tests.provider.interleaved.ses import CLIENT_SECONDS, Call, Ses, refused, reset, timed_out
from tests.provider.interleaved.timeline import Timeline

_OFTEN: Final = (0.02, 0.4)
_SELDOM: Final = (0.4, 9.5)


class Waits(Protocol):
    """What the clients need of their delivery."""

    name: str
    random: Random

    def wait_until(self, when: float) -> None:
        """Wait on virtual time."""
        ...

    def tells(self, line: str) -> None:
        """Add a line to the history."""
        ...

    def calls(self, call: Call) -> None:
        """Note a call of SES."""
        ...

    def asks(self) -> None:
        """Note a question to CloudFormation."""
        ...

    def meets(self, kind: str) -> None:
        """Note a fault."""
        ...


def latency(delivery: Waits, reading: Reading) -> float:
    """Return how long a call takes."""
    if reading.calm:
        return 0.1
    return delivery.random.uniform(*(_SELDOM if delivery.random.random() < 0.02 else _OFTEN))


class SesClient:
    """boto3's client for SES.

    :param ses: the SES that it calls.
    :param timeline: the virtual time.
    :param delivery: the delivery that it belongs to.
    :param reading: how SES behaves in this history.
    """

    def __init__(self, ses: Ses, timeline: Timeline, delivery: Waits, reading: Reading) -> None:
        self._ses = ses
        self._timeline = timeline
        self._delivery = delivery
        self._reading = reading

    def get_email_identity_policies(self, *, EmailIdentity: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's own names
        """Return the policies of an identity."""
        return self._call("get_email_identity_policies", (EmailIdentity, ""))

    def create_email_identity_policy(self, *, EmailIdentity: str, PolicyName: str, Policy: str) -> Mapping[str, Any]:  # noqa: N803
        """Create a policy."""
        return self._call("create_email_identity_policy", (EmailIdentity, PolicyName), Policy)

    def update_email_identity_policy(self, *, EmailIdentity: str, PolicyName: str, Policy: str) -> Mapping[str, Any]:  # noqa: N803
        """Update a policy."""
        return self._call("update_email_identity_policy", (EmailIdentity, PolicyName), Policy)

    def delete_email_identity_policy(self, *, EmailIdentity: str, PolicyName: str) -> Mapping[str, Any]:  # noqa: N803
        """Delete a policy."""
        return self._call("delete_email_identity_policy", (EmailIdentity, PolicyName))

    def _call(self, operation: str, place: tuple[str, str], text: str | None = None) -> Mapping[str, Any]:
        call = Call(self._delivery.name, operation, place, text, self._timeline.now)
        self._delivery.calls(call)
        trouble = self._ses.trouble(call)
        seconds = latency(self._delivery, self._reading)
        moment = self._timeline.now + seconds * (0.5 if self._reading.calm else self._delivery.random.random())
        begun = self._timeline.now
        kind = trouble.kind if trouble else ""
        self._meets(kind, operation)
        answers: list[Any] = []
        match kind:
            case "throttled" | "unavailable" | "refused":
                answers.append(refused(kind, operation))
            case "reset":
                answers.append(reset())
            case "late":
                assert trouble is not None
                answers.append(timed_out())
                seconds = CLIENT_SECONDS
                self._timeline.at(begun + seconds + trouble.value, lambda: self._served(call, 0.0, "late"))
            case _:
                if kind == "slow" and trouble is not None:
                    seconds = min(trouble.value, CLIENT_SECONDS - 0.01)
                    moment = begun + seconds * 0.9
                stale = trouble.value if trouble and kind == "stale" else self._staleness(operation)
                self._timeline.at(moment, lambda: answers.append(self._served(call, stale, kind)))
        self._delivery.wait_until(begun + (CLIENT_SECONDS if kind == "lost" else seconds))
        if kind == "lost":
            raise timed_out()
        return self._result(call, answers[0])

    def _meets(self, kind: str, operation: str) -> None:
        if not kind or kind == "stale":
            return
        self._delivery.meets("throttled-ses" if kind == "throttled" else kind)
        if not operation.startswith("get") and kind in {"lost", "late", "reset"}:
            self._delivery.meets("doubtful-write")
        if not operation.startswith("get") and kind == "refused":
            self._delivery.meets("refused-write")

    def _staleness(self, operation: str) -> float:
        if not operation.startswith("get") or not self._reading.stale_share:
            return 0.0
        if self._delivery.random.random() >= self._reading.stale_share:
            return 0.0
        return self._delivery.random.uniform(0, self._reading.stale)

    def _served(self, call: Call, stale: float, kind: str) -> Any:
        if stale and self._ses.differs(call.place[0], stale):
            self._delivery.meets("stale-read")
        answer = self._ses.serve(call, stale)
        if kind in {"late", "lost"}:
            self._delivery.tells(f"{call} is carried out, {kind}: {_short(answer)}")
        return answer

    def _result(self, call: Call, answer: Any) -> Mapping[str, Any]:
        self._delivery.tells(f"{call} -> {_short(answer)}")
        # Each response of AWS, also an error, has a `Date` header in whole seconds.
        metadata = {
            "HTTPHeaders": {"date": format_datetime(datetime.fromtimestamp(self._timeline.now, UTC), usegmt=True)}
        }
        if isinstance(answer, ClientError):
            answer.response["ResponseMetadata"] = answer.response.get("ResponseMetadata", {}) | metadata
        if isinstance(answer, Exception):
            if _short(answer) == "TooManyRequestsException":
                self._delivery.meets("throttled-ses")
            raise answer
        result: Mapping[str, Any] = answer | {"ResponseMetadata": metadata}
        return result


def _short(answer: Any) -> str:
    if isinstance(answer, Exception):
        response = getattr(answer, "response", None)
        return str(response["Error"]["Code"]) if response else type(answer).__name__
    policies = answer.get("Policies")
    return "done" if policies is None else f"read {sorted(each for each in policies if not each.startswith('filler'))}"


class CloudFormationClient:
    """boto3's client for CloudFormation.

    :param serve: answers a question, given the operation and its arguments.
    :param timeline: the virtual time.
    :param delivery: the delivery that it belongs to.
    :param reading: how long a call takes.
    """

    def __init__(
        self,
        serve: Callable[[str, Mapping[str, Any]], Any],
        timeline: Timeline,
        delivery: Waits,
        reading: Reading,
    ) -> None:
        self._serve = serve
        self._timeline = timeline
        self._delivery = delivery
        self._reading = reading

    def describe_stack_resource(self, **arguments: Any) -> Mapping[str, Any]:
        """Return the description of a resource."""
        return self._call("describe_stack_resource", arguments)

    def describe_stack_events(self, **arguments: Any) -> Mapping[str, Any]:
        """Return the events of a stack."""
        return self._call("describe_stack_events", arguments)

    def describe_stacks(self, **arguments: Any) -> Mapping[str, Any]:
        """Return the description of a stack."""
        return self._call("describe_stacks", arguments)

    def _call(self, operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self._delivery.asks()
        seconds = latency(self._delivery, self._reading)
        part = 0.5 if self._reading.calm else self._delivery.random.random()
        answers: list[Any] = []
        begun = self._timeline.now
        self._timeline.at(begun + seconds * part, lambda: answers.append(self._serve(operation, arguments)))
        self._delivery.wait_until(begun + seconds)
        [answer] = answers
        if isinstance(answer, Exception):
            said = _short(answer)
            if said != "ValidationError":
                self._delivery.meets("denied-cfn" if said == "AccessDenied" else "unasked")
            self._delivery.tells(f"{operation} -> {said}")
            raise answer
        self._delivery.tells(f"{operation} -> {_told(answer)}")
        result: Mapping[str, Any] = answer
        return result


def _told(answer: Mapping[str, Any]) -> str:
    detail = answer.get("StackResourceDetail")
    if detail:
        return f"{detail['ResourceStatus']} {detail.get('PhysicalResourceId', '')}"
    stacks = answer.get("Stacks")
    return stacks[0]["StackStatus"] if stacks else f"{len(answer['StackEvents'])} events"
