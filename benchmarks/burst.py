"""Measures a burst, many Creates at once against SES's quota: how many succeed, when, and with how many calls."""

import json
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Final

from benchmarks.handlers import Handler
from emulator import Quota
from emulator.quota import QuotaScope
from emulator.store import StoredPolicy
from ses_sending_policy.construct.order import predecessors
from tests.support.cloudformation import Described
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws
from tests.support.function import WarmProcess

FUNCTION_SECONDS: Final = 900.0
"""The longest timeout of a Lambda function, which the construct sets."""

CALLS: Final = ("CreateEmailIdentityPolicy", "UpdateEmailIdentityPolicy")
"""The calls of SES that a Create takes."""

_IDENTITY_POLICIES: Final = 20


@dataclass(frozen=True, slots=True)
class Try:
    """A call of SES.

    :param at: the seconds since the first call.
    :param accepted: whether it was within the quota.
    """

    at: float
    accepted: bool


@dataclass(frozen=True)
class Burst:
    """The result of many Creates at once.

    :param creates: how many there were.
    :param scope: whether the operations share the quota.
    :param landed: how many were answered SUCCESS, and are at SES.
    :param seconds: from the first call that SES accepted to the last.
    :param calls: the calls of SES for each Create.
    :param slowest: the seconds of the slowest Create from its event to its end.
    :param median: the median of these seconds.
    :param tries: every call, in order.
    """

    creates: int
    scope: QuotaScope
    landed: int
    seconds: float
    calls: float
    slowest: float
    median: float
    tries: tuple[Try, ...] = field(repr=False)

    @classmethod
    def of(cls, scope: QuotaScope, tries: Sequence[Try], waits: Sequence[float], creates: int, landed: int) -> "Burst":
        """Return the result, from all calls and from the seconds that each answer took."""
        accepted = [each.at for each in tries if each.accepted]
        return cls(
            creates,
            scope,
            landed,
            max(accepted, default=0.0) - min(accepted, default=0.0),
            len(tries) / creates,
            max(waits, default=0.0),
            statistics.median(waits or [0.0]),
            tuple(tries),
        )

    @property
    def limit(self) -> float:
        """The seconds that so many Creates take at one call a second if each makes two calls and none is refused."""
        return self.creates * len(CALLS) - 1 if self.scope == "over_all" else self.creates + len(CALLS) - 2


def lanes(creates: int, most: int | None) -> list[list[int]]:
    """Return for each lane the numbers of its Creates, which come one after the other.

    :param most: the most lanes. None gives each Create its own.
    """
    names = {f"Policy{number}": number for number in range(creates)}
    waits = predecessors(names, {}, most or creates)
    after = {needed: name for name, needed in waits.items()}
    chains = []
    for name in names:
        if name not in waits:
            chain = [name]
            while chain[-1] in after:
                chain.append(after[chain[-1]])
            chains.append([names[each] for each in chain])
    return chains


def real(aws: FakeAws, handler: Handler, creates: int, scope: QuotaScope, most: int | None = None) -> Burst:
    """Send Create events to warm functions, each in its own process.

    :param creates: the number of events.
    :param most: how many are sent at the same time. Default: - all.
    """
    aws.reset()
    for number in range(0, creates, _IDENTITY_POLICIES):
        aws.ses.add_identity(_identity(number))
    # An Update creates a missing policy here. Else the naive handler could not create a single one.
    aws.ses.change(quota=Quota(scope=scope), update_missing="upsert")
    aws.cloudformation.says = lambda _: Described("CREATE_IN_PROGRESS")
    waits: list[float] = []

    def send(function: WarmProcess, chain: Sequence[int]) -> None:
        for number in chain:
            begin = time.monotonic()
            function.send(_event(aws, handler, number), seconds=FUNCTION_SECONDS)
            function.result(within=FUNCTION_SECONDS + 60)
            waits.append(time.monotonic() - begin)

    chains = lanes(creates, most)
    with ExitStack() as stack:
        functions = [stack.enter_context(handler.start(aws)) for _ in chains]
        _warm(aws, handler, functions)
        threads = stack.enter_context(ThreadPoolExecutor(len(chains)))
        list(threads.map(send, functions, chains))
    calls = aws.ses.calls()
    if not calls:
        reasons = {put["Reason"] for put in aws.answers.arrived}
        raise RuntimeError(f"no call of SES came from {handler.title}, which is no measure: {reasons or 'no answer'}")
    first = min(call.time for call in calls)
    succeeded = sum(put["Status"] == "SUCCESS" for put in aws.answers.arrived)
    return Burst.of(
        scope,
        [Try(call.time - first, call.code is None) for call in calls],
        waits,
        creates,
        min(succeeded, sum(_is_burst_s(policy) for policy in aws.ses.policies())),
    )


def _identity(number: int) -> str:
    return f"burst{number // _IDENTITY_POLICIES}.example"


def _is_burst_s(policy: StoredPolicy) -> bool:
    return policy.identity.startswith("burst")


def _warm(aws: FakeAws, handler: Handler, functions: Sequence[WarmProcess]) -> None:
    # A Delete of an id that no handler knows ends without a call, but loads everything.
    changes = {"ResourceType": handler.resource_type, "ResourceProperties": {"InstallLatestAwsSdk": "false"}}
    for function in functions:
        function.send(Resource().delete(aws.url, "nothing") | changes)
    for function in functions:
        function.result(within=FUNCTION_SECONDS)
    aws.answers.puts.clear()
    aws.ses.clear_calls()


def _event(aws: FakeAws, handler: Handler, number: int) -> dict[str, Any]:
    resource = replace(Resource(), logical_id=f"Burst{number}")
    changes = {"ResourceType": handler.resource_type, "ResourceProperties": handler.properties("First")}
    text = json.dumps(resource.create(aws.url) | changes)
    return dict(json.loads(text.replace("example.com", _identity(number)).replace("partner", f"partner{number}")))
