"""A virtual clock for many threads: one thread runs at a time, and time passes only while all of them sleep."""

import heapq
import threading
from collections.abc import Callable, Iterable
from itertools import count

_STACK_BYTES = 256 * 1024


class VirtualTime:
    """A clock for many sleeping threads. They wake in the order of their times, and then of their calls of `sleep`."""

    def __init__(self) -> None:
        self._now = 0.0
        self._order = count()
        self._asleep: list[tuple[float, int, threading.Lock]] = []
        self._is_over = _closed()

    def now(self) -> float:
        """Return the seconds since the beginning."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`, while other threads run."""
        wakes = self._bed(self._now + seconds)
        self._wake_next()
        wakes.acquire()

    def run(self, works: Iterable[tuple[float, Callable[[], None]]]) -> None:
        """Run all `works`, each from its own second on, and return when the last one is done."""
        threading.stack_size(_STACK_BYTES)
        for begin, work in works:
            threading.Thread(target=self._work, args=(self._bed(begin), work), daemon=True).start()
        threading.stack_size(0)
        self._wake_next()
        self._is_over.acquire()

    def _work(self, wakes: threading.Lock, work: Callable[[], None]) -> None:
        wakes.acquire()
        try:
            work()
        finally:
            self._wake_next()

    def _bed(self, until: float) -> threading.Lock:
        wakes = _closed()
        heapq.heappush(self._asleep, (until, next(self._order), wakes))
        return wakes

    def _wake_next(self) -> None:
        if self._asleep:
            self._now, _, wakes = heapq.heappop(self._asleep)
            wakes.release()
        else:
            self._is_over.release()


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
