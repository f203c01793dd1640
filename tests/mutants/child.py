"""A forked process: what it says is said once, and whole, and it never goes on with its parent's work."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

BROKEN = 1
"""The exit status of a child whose work raised something."""


def forked(work: Callable[[], int]) -> int:
    """Return the id of a process that does `work` and ends with what that returns."""
    # What waits in a buffer would be the child's as well as ours, and written twice.
    _flush()
    child = os.fork()
    if child:
        return child
    status = BROKEN
    try:
        status = work()
    except BaseException:  # noqa: BLE001 - whatever it is, above this function the stack is the parent's
        traceback.print_exc()
    finally:
        try:
            # Ending so leaves out what an interpreter does at its end, and writing what is in its buffers with it.
            _flush()
        finally:
            os._exit(status)


def result_of(seconds: int, work: Callable[[], Any]) -> Any:
    """Return what `work` returns in a process of its own, by way of JSON; None where it does not end.

    :param seconds: of work after which it does not.
    """
    read, write = os.pipe()

    def told() -> int:
        limit(seconds)
        with os.fdopen(write, "w", encoding="utf-8") as pipe:
            json.dump(work(), pipe)
        return 0

    child = forked(told)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        said = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status in {-signal.SIGALRM, -signal.SIGPROF}:
        return None
    assert status == 0, f"the process ended with {status}"
    return json.loads(said)


def limit(seconds: int) -> None:
    """End this process after so many seconds of work, or ten times as many of any kind.

    On a busy machine a test waits longer, but works no more.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(10 * seconds)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
