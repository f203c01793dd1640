"""Keeps a local AWS running for a shell, until a signal asks it to end, its time is over or the terminal is closed."""

import os
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Final

from emulator.cloud import Emulator
from emulator.environment import is_foreign

_LOOK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What ends a local AWS besides the command `down`: a time, the end of another process, or an event.

    :param seconds: how long the local AWS runs at the most.
    :param terminal: the id of the process whose end ends it, usually that of the terminal's shell; or None.
    :param over: an event, which a signal sets.
    """

    seconds: float
    terminal: int | None
    over: Event

    def keep(self, aws: Emulator, ready: Callable[[Mapping[str, str]], None]) -> None:
        """Start the local AWS, call `ready` with its environment variables, and return once the local AWS has ended."""
        deadline = time.monotonic() + self.seconds
        with aws:
            ready(aws.environment)
            while not (self.over.wait(_LOOK_SECONDS) or aws.ses.stop_asked.is_set()):
                if time.monotonic() > deadline or (self.terminal and not _lives(self.terminal)):
                    return


def pointing(environment: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
    """Return shell commands that set `ours`, and unset variables of `environment` that lead to another AWS."""
    away = [f"unset {name}" for name in sorted(environment) if is_foreign(name) and name not in ours]
    return away + [f"export {name}={shlex.quote(value)}" for name, value in ours.items()]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as another user
        return True
    return True
