"""Virtual time: a queue of acts, carried out one at a time, and threads that wait for them."""

import threading
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from itertools import count
from typing import Final

from tests.support.clocks import BEGIN

Process = Generator[float]
"""A process that runs by itself. It yields the time until which it waits, and goes on then or when it is woken."""

FOREVER: Final = float("inf")


class Killed(BaseException):
    """Ends a thread like a killed process. It is no `Exception`, so that no `except Exception` stops it."""


class Timeline:
    """A queue of acts in virtual time; acts at the same time happen in the order in which they were added."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.steps = 0
        self._queue: list[tuple[float, int, Callable[[], object]]] = []
        self._number = count()

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Let `act` happen at a time, or now if that is past."""
        heappush(self._queue, (max(when, self.now), next(self._number), act))

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Let `act` happen in so many seconds."""
        self.at(self.now + seconds, act)

    def run(self, most: int) -> bool:
        """Let everything happen; return False if that takes more than `most` acts."""
        while self._queue:
            if self.steps >= most:
                return False
            self.now, _, act = heappop(self._queue)
            self.steps += 1
            act()
        return True

    def play(self, process: Process) -> Callable[[], None]:
        """Run a process; return a function that wakes it."""
        turn = 0

        def goes_on(expected: int) -> None:
            nonlocal turn
            if expected != turn:
                return
            turn += 1
            until = next(process, None)
            if until is not None and until < FOREVER:
                mine = turn
                self.at(until, lambda: goes_on(mine))

        self.at(self.now, lambda: goes_on(0))

        def wake() -> None:
            mine = turn
            self.at(self.now, lambda: goes_on(mine))

        return wake


class Task:
    """A thread that runs only while the timeline waits for it, and the other way round.

    :param timeline: the timeline on which it waits.
    :param work: what it does.
    """

    def __init__(self, timeline: Timeline, work: Callable[[], object]) -> None:
        self._timeline = timeline
        self._work = work
        self._go = threading.Lock()
        self._back = threading.Lock()
        self._go.acquire()
        self._back.acquire()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.killed = False
        self.ended = False
        self.crash: BaseException | None = None
        """An exception that ended it unexpectedly."""

    def start(self) -> None:
        """Let it run until its first wait."""
        self._thread.start()
        self._switch()

    def kill(self) -> None:
        """Let it go no further than its present wait."""
        self.killed = True

    def wait_until(self, when: float) -> None:
        """Wait in the calling thread, while everything else until then happens."""
        if not self.killed:
            self._timeline.at(when, self._switch)
            self._back.release()
            self._go.acquire()
        if self.killed:
            raise Killed

    def _switch(self) -> None:
        if self.ended:
            return
        self._go.release()
        self._back.acquire()

    def _run(self) -> None:
        self._go.acquire()
        try:
            self._work()
        except Killed:
            pass
        except BaseException as crash:  # noqa: BLE001 - it is told to whoever started the thread
            self.crash = crash
        self.ended = True
        self._back.release()
