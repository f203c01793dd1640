"""The lifecycle in this process: the function's own parts on the strict SES, with no HTTP in between.

Over TLS, as in `tests/support/fake_aws.py`, an event takes tens of milliseconds, and each wait takes time or needs a
hurried clock. Here an event takes less than one, on a clock that moves only during a wait. So whole tables can be
tested cell by cell.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from emulator.account_region import AccountRegion
from emulator.faults import Ending, ScriptedFault
from emulator.identities import MemoryIdentities
from emulator.service import PolicyRequest, PolicyService
from emulator.store import StoredIdentity, StoredPolicy
from provider.cloudformation import ResourceEvent, ResourceState, UnheardError
from provider.event import Event as Read
from provider.event import RequestType
from provider.event_monitor import EventMonitor
from provider.fence import Fence
from provider.function import CALL_SECONDS
from provider.json_log import JsonLog
from provider.lifecycle import Lifecycle, first_id
from provider.retry_policy import READ_SECONDS, pacer
from provider.ses import SesPolicies
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.errors import SendingPolicyError
from tests.support.async_invoker import Event
from tests.support.clocks import BEGIN, HandClock
from tests.support.events import ACCOUNT, REGION

_HERE: Final = AccountRegion(ACCOUNT, REGION)
_IDENTITIES: Final = ("example.com", "other.example")
_URL: Final = "https://answers.example/1?X-Amz-Signature=SECRET"

REFUSED: Final[dict[str, Any]] = {"status": 400, "code": "BadRequestException", "message": "no such thing"}
"""A permanent refusal of SES, for `Inside.fail`."""

CREATE, UPDATE, READ, DELETE = (
    f"{verb}EmailIdentityPolic{ending}"
    for verb, ending in (("Create", "y"), ("Update", "y"), ("Get", "ies"), ("Delete", "y"))
)
"""The names of SES's operations."""


def answer_url(born: float | None = None) -> str:
    """Return an answer URL; signed `born` seconds before the clock's beginning, or with no date."""
    if born is None:
        return _URL
    return _URL + datetime.fromtimestamp(BEGIN - born, UTC).strftime("&X-Amz-Date=%Y%m%dT%H%M%SZ")


class NearClient:
    """As much of boto3's client for SES as the function uses, calling the strict SES directly.

    :param service: the strict SES.
    :param clock: moves on while SES does not answer.
    """

    def __init__(self, service: PolicyService, clock: HandClock) -> None:
        self._service = service
        self._clock = clock
        self.before: Callable[[str], object] = lambda _: None
        """Called with each operation before it is made, to play what others do meanwhile."""

    def get_email_identity_policies(self, *, EmailIdentity: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's own names
        """Return the policies of an identity."""
        return self._call(READ, EmailIdentity)

    def create_email_identity_policy(self, *, EmailIdentity: str, PolicyName: str, Policy: str) -> Mapping[str, Any]:  # noqa: N803
        """Create a policy."""
        return self._call(CREATE, EmailIdentity, PolicyName, Policy)

    def update_email_identity_policy(self, *, EmailIdentity: str, PolicyName: str, Policy: str) -> Mapping[str, Any]:  # noqa: N803
        """Update a policy."""
        return self._call(UPDATE, EmailIdentity, PolicyName, Policy)

    def delete_email_identity_policy(self, *, EmailIdentity: str, PolicyName: str) -> Mapping[str, Any]:  # noqa: N803
        """Delete a policy."""
        return self._call(DELETE, EmailIdentity, PolicyName)

    def _call(
        self, operation: str, identity: str, name: str | None = None, policy: str | None = None
    ) -> Mapping[str, Any]:
        self.before(operation)
        body = b"" if policy is None else json.dumps({"Policy": policy}).encode()
        answer = self._service.serve(PolicyRequest(_HERE, operation, identity, name, body))
        match answer.ending:
            case "hang":
                self._clock.time += READ_SECONDS
                raise ReadTimeoutError(endpoint_url="https://ses.example")
            case "reset":
                raise ConnectionClosedError(endpoint_url="https://ses.example")
        said: dict[str, Any] = json.loads(answer.body)
        if answer.status < 400:
            return said
        error = {"Code": answer.headers["x-amzn-ErrorType"], "Message": said["message"]}
        raise ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": answer.status}}, operation)


_AT_WORK: Final = ResourceState("CREATE_IN_PROGRESS", "", 0.0)


class ToldStack:
    """A stack that describes its resource as a test sets it.

    :param clock: tells the times for `asked`.
    """

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.says: Callable[[], ResourceState | None] = lambda: _AT_WORK
        """Returns the state of the resource; None if the function is not allowed to ask."""
        self.happened: Callable[[], list[ResourceEvent]] = list
        """Returns what happened to the resource, the newest first."""
        self.stack: Callable[[], str] = lambda: "UPDATE_IN_PROGRESS"
        """Returns the status of the stack; empty if the function is not allowed to ask."""
        self.asked: list[float] = []
        """The times at which the resource was asked for, in seconds since the clock's beginning."""

    def resource(self, stack_id: str, logical_id: str) -> ResourceState:
        """See `provider.cloudformation.Stack.resource`."""
        assert stack_id.startswith("arn:aws:cloudformation:")
        assert logical_id
        self.asked.append(self._clock.now() - BEGIN)
        state = self.says()
        if state is None:
            raise UnheardError("not allowed")
        return state

    def events(self, stack_id: str, logical_id: str) -> Iterator[ResourceEvent]:
        """See `provider.cloudformation.Stack.events`."""
        assert stack_id.startswith("arn:aws:cloudformation:")
        assert logical_id
        yield from self.happened()

    def status(self, stack_id: str) -> str:
        """See `provider.cloudformation.Stack.status`."""
        assert stack_id.startswith("arn:aws:cloudformation:")
        status = self.stack()
        if not status:
            raise UnheardError("not allowed")
        return status


@dataclass
class Told:
    """The part of an answer that the lifecycle sets, in crhelper's form."""

    PhysicalResourceId: str
    Data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """How an event ended, as its answer tells CloudFormation.

    :param status: SUCCESS or FAILED.
    :param physical_id: the physical id.
    :param reason: why it failed; empty if it did not.
    :param data: the attributes for `Fn::GetAtt`.
    """

    status: str
    physical_id: str
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


class Inside:
    """SES, a stack and a clock, and the lifecycle between them."""

    def __init__(self, **settings: Any) -> None:
        self.clock = HandClock()
        self.stack = ToldStack(self.clock)
        self._identities = MemoryIdentities()
        for identity in _IDENTITIES:
            self._identities.add(identity)
        self._service = PolicyService(self._identities, self.clock.now, self._pause)
        self._service.change(settings)
        self.client = NearClient(self._service, self.clock)
        self._log = io.StringIO()

    def _pause(self, seconds: float) -> bool:
        self.clock.time += seconds
        return False

    def handle(self, event: Event, *, born: float | None = None, seconds: float = 900) -> Ended:
        """Let the lifecycle handle `event`; return how it ends.

        :param born: when CloudFormation signed its answer URL, in seconds before the clock's beginning. None if the URL
            does not tell.
        :param seconds: the time left until Lambda ends the function.
        """
        signed = (
            "" if born is None else datetime.fromtimestamp(BEGIN - born, UTC).strftime("&X-Amz-Date=%Y%m%dT%H%M%SZ")
        )
        read = Read.read(event | {"ResponseURL": _URL + signed})
        json_log = JsonLog(self._log)
        monitor = EventMonitor(self.stack, read, self.clock, json_log)
        answer = Told(first_id(read))
        deadline = Deadline(self.clock, self.clock.now() + seconds)
        paced = pacer(
            deadline,
            CALL_SECONDS,
            Random(0),
            lambda: fence.before_try(),  # noqa: PLW0108 - the fence is made below, and needs this very pacer
            to_delete=read.request_type is RequestType.DELETE,
        )
        fence = Fence(SesPolicies(self.client, paced), monitor, deadline, CALL_SECONDS)
        lifecycle = Lifecycle(event=read, fence=fence, monitor=monitor, log=json_log, clock=self.clock, answer=answer)
        try:
            physical_id = getattr(lifecycle, read.request_type.lower())()
        except SendingPolicyError as failure:
            return Ended("FAILED", answer.PhysicalResourceId, str(failure))
        return Ended("SUCCESS", physical_id, data=answer.Data)

    def change(self, **settings: Any) -> None:
        """Change the settings of SES."""
        self._service.change(settings)

    def before(self, operation: str, act: Callable[[], object], *, times: int = 1) -> None:
        """Let somebody `act` right before each of the next calls of an operation."""
        left, others = [act] * times, self.client.before

        def acts(called: str) -> None:
            others(called)
            if called == operation and left:
                left.pop()()

        self.client.before = acts

    def fail(self, operation: str, *, ending: Ending = "refusal", **details: Any) -> None:
        """Let the next call of an operation fail."""
        self._service.script.add([ScriptedFault(ending, operation=operation, **details)])

    def seed(self, text: str, name: str = "partner", identity: str = "example.com") -> str:
        """Put a policy into SES as somebody else made it, and return its text."""
        self._service.seed(StoredPolicy(ACCOUNT, REGION, identity, name, text))
        return text

    def remove(self, name: str = "partner") -> None:
        """Delete a policy of example.com, as somebody else does it."""
        stamp = self._identities.stamp(_HERE, "example.com")
        assert stamp is not None
        self._service.store.delete(StoredIdentity(_HERE, "example.com", stamp), name, self._service.settings)

    def remove_identity(self, identity: str = "example.com") -> None:
        """Delete an identity and its policies."""
        self._identities.remove(identity)

    @property
    def policies(self) -> dict[tuple[str, str], str]:
        """The texts of all policies, by identity and name."""
        return {(policy.identity, policy.name): policy.document for policy in self._service.policies()}

    def live(self, name: str = "partner", identity: str = "example.com") -> str | None:
        """Return the text of a policy at SES, None if there is none."""
        return self.policies.get((identity, name))

    @property
    def calls(self) -> list[str]:
        """The SES operations that were called, without their ending (`EmailIdentityPolicy` or `...Policies`)."""
        return [call.operation.partition("EmailIdentity")[0] for call in self._service.log.calls()]

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self._log.getvalue().splitlines()]

    @property
    def told(self) -> list[str]:
        """The events in the log."""
        return [line["event"] for line in self.log_lines]

    def forget(self) -> None:
        """Clear the calls, the log, the questions and the waits."""
        self._service.log.clear()
        self._log.seek(0)
        self._log.truncate()
        self.stack.asked.clear()
        self.clock.slept.clear()
