"""Time that passes only while everybody sleeps: many functions in one process, each in a thread, one at a time."""

import heapq
import threading
from collections.abc import Callable, Iterable
from itertools import count

_STACK_BYTES = 256 * 1024


class VirtualTime:
    """A clock for many sleepers. Who wakes first is told by when, and then by who lay down first."""

    def __init__(self) -> None:
        self._now = 0.0
        self._order = count()
        self._asleep: list[tuple[float, int, threading.Semaphore]] = []
        self._paused = threading.Semaphore(0)

    def now(self) -> float:
        """Return the seconds since the beginning."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Come back after `seconds`, while others do what they do in them."""
        self._lie_down(self._now + seconds)

    def run(self, works: Iterable[tuple[float, Callable[[], None]]]) -> None:
        """Do all `works`, each from its own second on, until the last is done."""
        threading.stack_size(_STACK_BYTES)
        threads = [threading.Thread(target=self._work, args=each, daemon=True) for each in works]
        for thread in threads:
            thread.start()
            self._paused.acquire()
        while self._asleep:
            self._now, _, wakes = heapq.heappop(self._asleep)
            wakes.release()
            self._paused.acquire()
        threading.stack_size(0)

    def _work(self, begin: float, work: Callable[[], None]) -> None:
        try:
            self._lie_down(begin)
            work()
        finally:
            self._paused.release()

    def _lie_down(self, until: float) -> None:
        wakes = threading.Semaphore(0)
        heapq.heappush(self._asleep, (until, next(self._order), wakes))
        self._paused.release()
        wakes.acquire()
