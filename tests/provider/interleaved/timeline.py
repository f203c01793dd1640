"""Virtual time: what happens when, one thing at a time, and threads that wait on it."""

import threading
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from itertools import count
from typing import Final

from tests.support.clocks import BEGIN

Process = Generator[float]
"""What goes on by itself: it yields until when it waits, and goes on then, or when it is woken."""

FOREVER: Final = float("inf")


class Killed(BaseException):
    """This thread goes no further, as a process that was killed does not; no `except Exception` holds it up."""


class Timeline:
    """A queue of acts by virtual time; acts of one moment happen in the order in which they were asked for."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.steps = 0
        self._queue: list[tuple[float, int, Callable[[], object]]] = []
        self._number = count()

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Let `act` happen at a time, or at once where that is over."""
        heappush(self._queue, (max(when, self.now), next(self._number), act))

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Let `act` happen so many seconds from now."""
        self.at(self.now + seconds, act)

    def run(self, most: int) -> bool:
        """Let everything happen; return False where it has not come to rest after so many acts."""
        while self._queue:
            if self.steps >= most:
                return False
            self.now, _, act = heappop(self._queue)
            self.steps += 1
            act()
        return True

    def play(self, process: Process) -> Callable[[], None]:
        """Let a process go on by itself; return what wakes it."""
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

    :param timeline: where it waits.
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
        """What nobody expected it to raise."""

    def start(self) -> None:
        """Let it run until it waits for the first time."""
        self._thread.start()
        self._switch()

    def kill(self) -> None:
        """Let it go no further, from where it waits."""
        self.killed = True

    def wait_until(self, when: float) -> None:
        """Wait, in this very thread; what else happens until then happens meanwhile."""
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
