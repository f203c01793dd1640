"""Many Creates at once against SES's quota: what lands, when, and with how many calls."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any, Final

from botocore.exceptions import ClientError

from benchmarks.contestants import Contestant
from benchmarks.virtual import VirtualTime
from emulator import Place, Quota
from emulator.quota import Scope, Turnstile
from emulator.store import StoredPolicy
from provider.clock import Deadline
from provider.pace import Pacer, full_jitter
from provider.reasons import Failure
from tests.support.cloudformation import Described
from tests.support.events import ACCOUNT, REGION, Resource
from tests.support.function import WarmProcess
from tests.support.world import World

FUNCTION_SECONDS: Final = 900.0
"""What Lambda gives a function at most, and the construct ours."""

# What an answer takes before its function's end, as `provider/function.py` keeps it.
_KEPT_SECONDS: Final = 15.0
_IDENTITY_POLICIES: Final = 20
_CALLS: Final = ("CreateEmailIdentityPolicy", "UpdateEmailIdentityPolicy")

Pauses = Callable[[Random], Iterator[float]]


@dataclass(frozen=True)
class Burst:
    """What came of so many Creates at once.

    :param creates: how many.
    :param scope: whether the operations share their second.
    :param landed: how many were answered SUCCESS, and are at SES.
    :param seconds: from the first event to the last call that SES accepted.
    :param calls: of SES, per Create.
    :param slowest: the seconds that the slowest took to its answer.
    """

    creates: int
    scope: Scope
    landed: int
    seconds: float
    calls: float
    slowest: float

    @property
    def limit(self) -> float:
        """The seconds that as many undisturbed Creates take at one call a second, with ours' two calls each."""
        return self.creates * len(_CALLS) - 1 if self.scope == "over_all" else self.creates + len(_CALLS) - 2


def real(aws: World, contestant: Contestant, creates: int, scope: Scope) -> Burst:
    """Send so many Creates at once, each to a warm function in a process of its own."""
    aws.reset()
    for number in range(0, creates, _IDENTITY_POLICIES):
        aws.ses.add_identity(_identity(number))
    # What an update does not find is made: else the naive handler could not land a single one.
    aws.ses.change(quota=Quota(scope=scope), update_missing="upsert")
    aws.cloudformation.says = lambda _: Described("CREATE_IN_PROGRESS")
    answered: list[float] = []
    with ExitStack() as stack:
        functions = [stack.enter_context(contestant.start(aws)) for _ in range(creates)]
        _warm(aws, contestant, functions)
        events = [_event(aws, contestant, number) for number in range(creates)]
        aws.answers.arrives = lambda _: answered.append(time.monotonic())
        begin = time.monotonic()
        for function, event in zip(functions, events, strict=True):
            function.send(event, seconds=FUNCTION_SECONDS)
        for function in functions:
            function.result(within=FUNCTION_SECONDS + 60)
    calls = aws.ses.calls()
    accepted = [call.time for call in calls if call.code is None]
    succeeded = sum(put["Status"] == "SUCCESS" for put in aws.answers.accepted)
    return Burst(
        creates,
        scope,
        min(succeeded, sum(_is_burst_s(policy) for policy in aws.ses.policies())),
        max(accepted, default=0.0) - min(accepted, default=0.0),
        len(calls) / creates,
        max(answered, default=begin) - begin,
    )


def simulated(
    creates: int, scope: Scope, *, seed: int = 0, latency: float = 0.05, pauses: Pauses = full_jitter
) -> Burst:
    """Play so many Creates at once with our pacer, on a clock of its own.

    :param latency: the seconds that a call takes.
    :param pauses: between the tries of a call.
    """
    time_ = VirtualTime()
    turnstile, quota, place = Turnstile(time_.now), Quota(scope=scope), Place(ACCOUNT, REGION)
    accepted: list[float] = []
    ended: list[float] = []
    tried = 0

    def call(operation: str) -> None:
        nonlocal tried
        tried += 1
        time_.sleep(latency / 2)
        admitted = turnstile.admits(quota, place, operation)
        if admitted:
            accepted.append(time_.now())
        time_.sleep(latency / 2)
        if not admitted:
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, operation)

    def create(number: int) -> None:
        lots = Random(f"{seed} {number}")  # noqa: S311 - no secret, a lot
        pacer = Pacer(Deadline(time_, FUNCTION_SECONDS), _KEPT_SECONDS, lambda: None, lots, pauses=pauses)
        try:
            for operation in _CALLS:
                pacer.call(operation, partial(call, operation))
        except Failure:
            return  # its time was up; what landed is counted
        ended.append(time_.now())

    time_.run((0.0, partial(create, number)) for number in range(creates))
    return Burst(
        creates,
        scope,
        len(ended),
        max(accepted) - min(accepted),
        tried / creates,
        max(ended, default=0.0),
    )


def _identity(number: int) -> str:
    return f"burst{number // _IDENTITY_POLICIES}.example"


def _is_burst_s(policy: StoredPolicy) -> bool:
    return policy.identity.startswith("burst")


def _warm(aws: World, contestant: Contestant, functions: Sequence[WarmProcess]) -> None:
    # A Delete of something that no handler knows: it ends without a call, after all that there is to load.
    changes = {"ResourceType": contestant.resource_type, "ResourceProperties": {"InstallLatestAwsSdk": "false"}}
    for function in functions:
        function.send(Resource().delete(aws.url, "nothing") | changes)
    for function in functions:
        function.result(within=FUNCTION_SECONDS)
    aws.answers.puts.clear()
    aws.ses.clear_calls()


def _event(aws: World, contestant: Contestant, number: int) -> dict[str, Any]:
    resource = replace(Resource(), logical_id=f"Burst{number}")
    changes = {"ResourceType": contestant.resource_type, "ResourceProperties": contestant.properties("First")}
    text = json.dumps(resource.create(aws.url) | changes)
    return dict(json.loads(text.replace("example.com", _identity(number)).replace("partner", f"partner{number}")))
