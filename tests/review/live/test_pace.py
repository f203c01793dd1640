"""The pace, on a clock without real waiting, against the rate limit of the strict SES."""

from random import Random

import pytest

from emulator.account_region import AccountRegion
from emulator.quota import Quota, Turnstile
from ses_sending_policy.review.live.aws import INTERVAL_SECONDS, pacer
from ses_sending_policy.rules.faults import CallError, Fault
from tests.review.live.looking import Hurried

PLACE = AccountRegion("111111111111", "eu-west-1")
LOTS = Random(1)
READ = "GetEmailIdentityPolicies"


class Door:
    """SES's rate limit behind a network whose delay varies.

    :param clock: the clock that everything here uses.
    :param net: the longest delay of a call one way, in seconds.
    """

    def __init__(self, clock: Hurried, net: float) -> None:
        self.clock = clock
        self.calls = self.refused = 0
        self._net = net
        self._random = LOTS
        self._turnstile = Turnstile(clock.now)

    def knock(self) -> None:
        """Make a call, which is let in or throttled."""
        self.calls += 1
        self.clock.time += self._random.uniform(0, self._net)
        if not self._turnstile.admits(Quota(), PLACE, READ):
            self.refused += 1
            raise CallError("TooManyRequestsException", "Rate exceeded", Fault.THROTTLED)
        self.clock.time += self._random.uniform(0, self._net)


@pytest.mark.parametrize(("net", "most"), [(0.0, 1.06), (0.05, 1.06), (0.2, 1.18)])
def test_a_hundred_calls_take_little_more_than_they_must(net: float, most: float) -> None:
    clock = Hurried()
    door, paced = Door(clock, net), pacer(clock, LOTS)
    begin = clock.now()
    for _ in range(100):
        paced.call(READ, door.knock, INTERVAL_SECONDS)
    assert clock.now() - begin <= most * 100
    assert net > 0.05 or door.refused == 0


def test_operations_do_not_wait_for_each_other() -> None:
    clock = Hurried()
    paced = pacer(clock)
    for operation in (READ, "ListEmailIdentities"):
        paced.call(operation, lambda: None, INTERVAL_SECONDS)
    assert clock.now() == 1000.0


def test_a_refusal_counts_as_a_call() -> None:
    clock = Hurried()
    paced = pacer(clock)

    def refuse() -> None:
        raise CallError("AccessDenied", "not authorized", Fault.DENIED)

    with pytest.raises(CallError):
        paced.call(READ, refuse, INTERVAL_SECONDS)
    paced.call(READ, lambda: None, INTERVAL_SECONDS)
    assert clock.now() == 1000.0 + INTERVAL_SECONDS


@pytest.mark.parametrize(("fault", "least", "most"), [(Fault.THROTTLED, 60, 62), (Fault.UNAVAILABLE, 5, 7)])
def test_patience_has_an_end(fault: Fault, least: float, most: float) -> None:
    clock = Hurried()

    def fail() -> None:
        raise CallError("", "no", fault)

    with pytest.raises(CallError, match="no"):
        pacer(clock, LOTS).call(READ, fail, INTERVAL_SECONDS)
    assert least <= clock.now() - 1000.0 <= most
