"""Clocks, including the machine's own."""

import time

from ses_sending_policy.rules.clock import Deadline, MonotonicClock, SystemClock
from tests.support.clocks import BEGIN, HandClock


def test_the_machine_s_own_time() -> None:
    before = time.time()
    assert before <= SystemClock().now() <= time.time()


def test_a_time_that_nobody_sets_back() -> None:
    before = time.monotonic()
    assert before <= MonotonicClock().now() <= time.monotonic()


def test_whoever_sleeps_comes_back_later() -> None:
    before = time.monotonic()
    SystemClock().sleep(0.02)
    assert time.monotonic() - before >= 0.02


def test_a_deadline_comes_nearer() -> None:
    clock = HandClock()
    deadline = Deadline(clock, BEGIN + 3)
    clock.sleep(5)
    assert deadline.left() == -2
