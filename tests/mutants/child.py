"""A forked process: it writes its output once and completely, and it never continues its parent's work."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

BROKEN = 1
"""The exit status of a child whose work raised an exception."""


def forked(work: Callable[[], int]) -> int:
    """Return the id of a process that does `work` and exits with its result."""
    # Otherwise the child would inherit what is in a buffer, and it would be written twice.
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
            # `os._exit` skips the interpreter's own end, and so does not write what is in its buffers.
            _flush()
        finally:
            os._exit(status)


def result_of(seconds: int, work: Callable[[], Any]) -> Any:
    """Return the result of `work` in a process of its own, passed on as JSON; None if it does not end.

    :param seconds: the seconds of work that it may take.
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
    """End this process after that many seconds of work, or ten times as many seconds in all.

    On a busy machine a test waits longer, but does not work more.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(10 * seconds)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
