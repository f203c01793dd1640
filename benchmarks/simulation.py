"""Simulates Creates without processes: the function's pacer on a virtual clock, with the limits of AWS's services."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

from benchmarks.burst import CALLS, FUNCTION_SECONDS, Burst, Try, lanes
from benchmarks.virtual_time import VirtualTime
from emulator import AccountRegion, Quota
from emulator.quota import QuotaScope, Turnstile
from provider.failures import Failure
from provider.retry_policy import pacer
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.faults import CallError, Fault
from ses_sending_policy.rules.pacer import Pacer
from tests.support.events import ACCOUNT, REGION

SERVICE_SECONDS: Final = 1200.0
"""How long CloudFormation waits for one policy by default."""

KEPT_SECONDS: Final = 15.0
"""The seconds before the function's end that `provider/function.py` keeps for the answer."""

# "If the function doesn't have enough concurrency available to process all events, additional requests are throttled.
# [...] Lambda returns the event to the queue and attempts to run the function again [...]. The retry interval increases
# exponentially from 1 second after the first attempt to a maximum of 5 minutes."
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_LONGEST_QUEUE_SECONDS: Final = 300.0

Pace = Callable[[Deadline, Random], Pacer]


def ours(deadline: Deadline, random: Random) -> Pacer:
    """Return the pacer of the function."""
    return pacer(deadline, KEPT_SECONDS, random)


@dataclass(frozen=True)
class Plan:
    """What is deployed at once.

    :param policies: the number of policies in each stack.
    :param stacks: the number of stacks, in one account and region.
    :param lanes: the number of lanes in each stack; None for as many as there are policies.
    :param functions: how many functions Lambda runs at once; None for as many as there are events.
    :param handover: the seconds that CloudFormation takes from an answer to the next event of the lane.
    :param calls: the calls that each Create takes.
    """

    policies: int
    stacks: int = 1
    lanes: int | None = None
    functions: int | None = None
    handover: float = 0.0
    calls: tuple[str, ...] = CALLS

    def chains(self) -> list[list[int]]:
        """Return the lanes of all stacks, each with the numbers of its policies."""
        return [
            [stack * self.policies + number for number in chain]
            for stack in range(self.stacks)
            for chain in lanes(self.policies, self.lanes)
        ]


class Account:
    """One account in one region, during a plan's deploy.

    :param plan: what is deployed at once.
    :param scope: whether the operations share the quota.
    :param latency: the seconds that a call takes on average.
    :param pace: makes the pacer of an event.
    """

    def __init__(self, plan: Plan, scope: QuotaScope, latency: float, pace: Pace = ours) -> None:
        self._plan = plan
        self._quota = Quota(scope=scope)
        self._latency = latency
        self._pace = pace
        self.time = VirtualTime()
        self._turnstile = Turnstile(self.time.now)
        self._running = 0
        self.tries: list[Try] = []
        self.waits: list[float] = []

    def deploy(self, seed: int) -> None:
        """Run the deploy."""
        self.time.run((0.0, partial(self._lane, chain, seed)) for chain in self._plan.chains())

    def _lane(self, chain: list[int], seed: int) -> None:
        for number in chain:
            lots = Random(f"{seed} {number}")  # noqa: S311 - no secret
            begin = self.time.now()
            if not self._is_started(begin, lots):
                return  # CloudFormation has stopped waiting, and rolls back
            try:
                self.work(min(self.time.now() + FUNCTION_SECONDS, begin + SERVICE_SECONDS), lots)
            except Failure:
                return  # its time was over
            finally:
                self._running -= 1
            self.waits.append(self.time.now() - begin)
            self.time.sleep(self._plan.handover)

    def _is_started(self, begin: float, lots: Random) -> bool:
        """Wait in Lambda's queue; return whether CloudFormation still waits when the function starts."""
        wait = 1.0
        while self._plan.functions is not None and self._running >= self._plan.functions:
            self.time.sleep(lots.uniform(wait / 2, wait))
            wait = min(wait * 2, _LONGEST_QUEUE_SECONDS)
        if self.time.now() - begin > SERVICE_SECONDS:
            return False
        self._running += 1
        return True

    def work(self, end: float, lots: Random) -> None:
        """Make the calls of one event, until `end` at the latest."""
        paced = self._pace(Deadline(self.time, end), lots)
        for operation in self._plan.calls:
            paced.call(operation, partial(self.call, operation, lots))

    def call(self, operation: str, lots: Random) -> None:
        """Call SES, or raise `CallError`."""
        self.time.sleep(lots.uniform(0, self._latency))
        admitted = self._turnstile.admits(self._quota, AccountRegion(ACCOUNT, REGION), operation)
        self.tries.append(Try(self.time.now(), admitted))
        self.time.sleep(lots.uniform(0, self._latency))
        if not admitted:
            raise CallError("TooManyRequestsException", "Rate exceeded", Fault.THROTTLED)


def simulated(plan: Plan, scope: QuotaScope, *, seed: int = 0, latency: float = 0.05, pace: Pace = ours) -> Burst:
    """Return the result of a plan's deploy.

    :param latency: the seconds that a call takes on average; each takes from nothing to twice that.
    :param pace: makes the pacer of an event.
    """
    account = Account(plan, scope, latency, pace)
    account.deploy(seed)
    return Burst.of(scope, account.tries, account.waits, plan.policies * plan.stacks, len(account.waits))
