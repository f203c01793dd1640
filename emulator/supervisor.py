"""Runs a command, and ends it when the process that started this program ends, even if that process is killed.

    python supervisor.py DIRECTORY DESCRIPTOR COMMAND...

The file descriptor is passed on to the command. Standard input is a lifeline: a pipe that nothing is written to, and
that closes when the other process ends for any reason. The command gets a lifeline of its own, so that it ends even if
this process is killed. That works on every Unix. Linux's PR_SET_PDEATHSIG would watch a thread, not a process, and
macOS has nothing like it.

The file imports nothing of the package, because it is run by its path, from any directory.
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
    """Run the command until it or the lifeline ends, then end its process group and remove the directory."""
    over = Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    child = subprocess.Popen(  # noqa: S603 - the command is the emulator's own
        command, stdin=subprocess.PIPE, pass_fds=(descriptor,), start_new_session=True
    )
    # If this process kept the descriptor, the port would still accept connections after the command's end.
    os.close(descriptor)

    def end_group() -> None:
        # The group includes the Lambda functions, which may still run. It is no error if all processes of the group
        # have ended. macOS raises EPERM then, if one of them was not waited for yet.
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
    # While the watcher still waits for the child, the system does not give the child's process id to another process.
    if watcher.is_alive():
        end_group()
    watcher.join()
    # Repeated, because a killed function may still finish a last write into the directory.
    for _ in range(_TRIES):
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            break
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
