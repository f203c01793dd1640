"""A program that answers a command line: it writes the answer, says what went wrong, and exits with what that means."""

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
    """Writes its help as a program writes its answer; argparse's own complains where nobody reads on."""

    def print_help(self, file: Any = None) -> None:  # noqa: ANN401, ARG002 - argparse's own
        """See `ArgumentParser.print_help`."""
        write(self.format_help())

    def error(self, message: str) -> NoReturn:
        """See `ArgumentParser.error`."""
        _tell(f"{self.format_usage()}{self.prog}: error: {message}\n")
        self.exit(2)


def add_command(parser: argparse.ArgumentParser, command: Command[Any]) -> None:
    """Take the arguments of a command, and how its answer is written."""
    command.add_arguments(parser)
    formats = list(command.formats)
    parser.add_argument(
        "--format", choices=formats, default=formats[0], help=f"how to write it (default: {formats[0]})"
    )


def write(text: str) -> None:
    """Write `text` to where the output goes, as far as somebody reads it; raise `ReviewError` where it does not fit."""
    if sys.stdout is None:
        # As `>&-` of a shell leaves it.
        raise ReviewError([f"the output cannot be written: {os.strerror(errno.EBADF)}"])
    try:
        # As UTF-8 everywhere; half a surrogate pair, which JSON may hold, as the escape that it came from.
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        # Who has read enough closes the pipe.
        _discard(sys.stdout)
    except OSError as fault:
        _discard(sys.stdout)
        raise ReviewError([f"the output cannot be written: {fault.strerror}"]) from fault


def code_of(program: str, asked: Callable[[], tuple[Command[Any], argparse.Namespace]]) -> int:
    """Do what a command line asks for, and return the exit code.

    :param program: its name, before each sentence.
    :param asked: reads the command line.
    """
    if sys.stderr is None:
        # As `2>&-` leaves it. Whoever writes to nothing writes to the output.
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    with _terminated() as codes:
        code = _code_of(program, asked)
    # Who broke it off half-way has an answer of that.
    return codes[-1] if codes and code == INTERRUPTED else code


@contextmanager
def _terminated() -> Iterator[list[int]]:
    """Let SIGTERM do what Ctrl-C does, and give the exit code that a shell has for it once it came."""
    codes: list[int] = []

    def end(number: int, _: object) -> None:
        codes.append(_SIGNALLED + number)
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGTERM)
    # Only the main thread may hear signals, and what is ignored already stays so.
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
    """Take away what could not be written to `stream`: Python would try again at its end, and exit as it likes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(program: str, faults: Iterable[str]) -> None:
    _tell("".join(f"{program}: {shown(each)}\n" for each in faults))


def _tell(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        # Nobody can be told, and the exit code says it still.
        _discard(sys.stderr)
