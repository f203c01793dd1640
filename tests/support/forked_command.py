"""The command in a process of its own, forked from one that has it loaded: what starts it takes five times as long."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory
from typing import Final

from ses_sending_policy.cli import COMMANDS, run

_LOADED: Final = [f"ses_sending_policy.cli.{each}" for each in COMMANDS]


@cache
def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, *_LOADED])
    return context


def forked_command(
    program: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float
) -> CompletedProcess[str]:
    """Run the command in a folder, and return what it wrote and its exit code; the output is a file, and no terminal.

    :param program: what the result calls it.
    :param environment: all that it has; what Python reads when it starts is too late.
    :param timeout: after how many seconds it is killed and TimeoutExpired raised.
    """
    with TemporaryDirectory() as place:
        written = [Path(place, name) for name in ("output", "errors")]
        child = _context().Process(target=_run, args=(list(arguments), folder, dict(environment), written))
        child.start()
        child.join(timeout)
        if child.exitcode is None:
            child.kill()
            raise TimeoutExpired([program, *arguments], timeout)
        output, errors = (each.read_text(encoding="utf-8") for each in written)
        return CompletedProcess([program, *arguments], child.exitcode, output, errors)


def _run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], written: Sequence[Path]) -> None:
    for stream, path in enumerate(written, start=1):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.exit(run(arguments))
