"""Runs a command that must not outlive whoever started it, also when that one is killed.

    python supervisor.py DIRECTORY DESCRIPTOR COMMAND...

The descriptor is handed on to the command. Standard input is the lifeline: nobody writes to it, and it ends when the
other process does, whatever ends it. The command gets a lifeline of its own, so that it ends even when this process is
killed. This is how it works on every Unix; Linux's PR_SET_PDEATHSIG would watch a thread, not a process, and macOS has
nothing like it.

A file of its own that imports nothing of the package: it is run by its path, from any directory.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

_TRIES: Final = 50
_PAUSE: Final = 0.1


def main(directory: Path, descriptor: int, command: list[str]) -> None:
    """Run the command until it ends or the lifeline does, then end its whole process group and clear up."""
    over = Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    child = subprocess.Popen(  # noqa: S603 - the command is the emulator's own
        command, stdin=subprocess.PIPE, pass_fds=(descriptor,), start_new_session=True
    )
    # Else the port would look alive after the command's end.
    os.close(descriptor)

    def end_group() -> None:
        # Its functions too, which may be in the midst of something. That all are gone already is no error; macOS says
        # EPERM where only a dead one is left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)

    def watch_child() -> None:
        code = child.wait()
        end_group()
        (directory / "exit-code").write_text(str(code), encoding="ascii")

    def watch_lifeline() -> None:
        sys.stdin.buffer.read()
        over.set()

    watcher = Thread(target=watch_child, daemon=True)
    watcher.start()
    Thread(target=watch_lifeline, daemon=True).start()
    over.wait()
    # An id is nobody else's as long as its process wasn't waited for.
    if watcher.is_alive():
        end_group()
    watcher.join()
    # A killed function may finish one last write.
    for _ in range(_TRIES):
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            break
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
