"""Runs a command: writes its result to standard output and errors to standard error, and gives the exit code."""

import argparse
import errno
import os
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO

from ses_sending_policy.cli.command import INTERRUPTED, Command, heading_of
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.heading import Heading
from ses_sending_policy.review.text_output import TextOutput, shown

# "When a command terminates on a fatal signal whose number is N, Bash uses the value 128+N as the exit status."
# https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html
_SIGNALLED: Final = 128


class Parser(argparse.ArgumentParser):
    """Writes help and errors by `write` and `_tell`, because argparse itself fails if the reader closed the pipe."""

    def print_help(self, file: Any = None) -> None:  # noqa: ANN401, ARG002 - argparse's own
        """Write the help to standard output; `file` is ignored."""
        write(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Write the usage and the message to standard error, and exit with 2."""
        _tell(f"{self.format_usage()}{self.prog}: error: {message}\n")
        self.exit(2)


def add_command(parser: argparse.ArgumentParser, command: Command[Any]) -> None:
    """Add the arguments of a command, and `--format`."""
    command.add_arguments(parser)
    formats = list(command.formats)
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"output format (default: {formats[0]})")


def write(text: str) -> None:
    """Write `text` to standard output; raise `ReviewError` if that fails, but not if the reader closed the pipe."""
    if sys.stdout is None:
        # Python has no `sys.stdout` if the shell closed it by `>&-`.
        raise ReviewError([f"the output cannot be written: {os.strerror(errno.EBADF)}"])
    try:
        # UTF-8 in every locale. Half a surrogate pair, which JSON may hold, becomes an escape.
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        # A reader such as `head` has read enough.
        _discard(sys.stdout)
    except OSError as fault:
        _discard(sys.stdout)
        raise ReviewError([f"the output cannot be written: {fault.strerror}"]) from fault


def code_of(program: str, asked: Callable[[], tuple[Command[Any], argparse.Namespace]]) -> int:
    """Parse a command line, run its command and return the exit code.

    :param program: the program's name, which each message begins with.
    :param asked: parses the command line and returns the command and its options.
    """
    if sys.stderr is None:
        # The shell closed it by `2>&-`. `print(file=None)` would write errors to standard output.
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    with _terminated() as codes:
        code = _code_of(program, asked)
    # If SIGTERM came after the result was complete, the exit code is that of the result.
    return codes[-1] if codes and code == INTERRUPTED else code


@contextmanager
def _terminated() -> Iterator[list[int]]:
    """Let SIGTERM raise KeyboardInterrupt as Ctrl-C does, and add the exit code for it to the list that is yielded."""
    codes: list[int] = []

    def end(number: int, _: object) -> None:
        codes.append(_SIGNALLED + number)
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGTERM)
    # Only the main thread may set signal handlers, and a signal that is ignored already stays ignored.
    if threading.current_thread() is not threading.main_thread() or before is signal.SIG_IGN:
        yield codes
        return
    signal.signal(signal.SIGTERM, end)
    try:
        yield codes
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _code_of(program: str, asked: Callable[[], tuple[Command[Any], argparse.Namespace]]) -> int:
    try:
        command, options = asked()
        output = _output(heading_of(options))
        answer = command.answer(options)
        text = command.formats[options.format](answer.value, output)
        _complain(program, [*answer.notes, *answer.unseen])
        write(text)
    except ReviewError as fault:
        _complain(program, fault.faults)
        return 2
    except KeyboardInterrupt:
        _complain(program, ["interrupted"])
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - a fault of ours must not look like a finding, which Python's own exit code does
        _tell(traceback.format_exc())
        return 2
    return answer.code


def _output(heading: Heading) -> TextOutput:
    if sys.stdout is None or not sys.stdout.isatty():
        return TextOutput(heading=heading)
    # https://no-color.org: "when present and not an empty string (regardless of its value)"
    is_coloured = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return TextOutput(shutil.get_terminal_size().columns, is_coloured, heading)


def _discard(stream: TextIO) -> None:
    """Redirect `stream` to nowhere: else Python would flush it again at exit, fail and change the exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(program: str, faults: Iterable[str]) -> None:
    _tell("".join(f"{program}: {shown(each)}\n" for each in faults))


def _tell(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        # Standard error cannot be written, so only the exit code tells about the error.
        _discard(sys.stderr)
