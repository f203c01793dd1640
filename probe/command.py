"""The command `python -m probe`: its arguments, the confirmation that it asks for, and its exit code."""

import argparse
import os
import shlex
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from threading import Event
from typing import Final

import ses_sending_policy
from probe.catalogue import QUESTIONS, USUAL
from probe.formats import Report, probe_json, probe_text
from probe.port import ProbeTarget, permissions
from probe.probe_run import ProbeRun, calls_of, probe, seconds_of
from probe.scratch import Names
from ses_sending_policy.cli.command import Command, CommandResult, anywhere, or_text
from ses_sending_policy.cli.live import add_live_arguments, add_print_iam_policy, calls, printed
from ses_sending_policy.cli.program import Parser, add_command, code_of
from ses_sending_policy.cli.progress import Progress
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import SesAccount
from ses_sending_policy.rules.clock import MonotonicClock

_Value = Report | str

_ABOUT: Final = """\
Finds out by calls in your AWS account how the real SES treats sending
authorization policies where AWS's documentation and the reports of users
disagree. It creates an identity of its own, for a domain that nobody can own,
calls SES about that for a minute or so, and deletes it, even if it fails or is
interrupted. It touches nothing else in the account, sends no mail and costs
nothing.

It asks before it creates anything. It uses the credentials that the AWS CLI
would use; --print-iam-policy writes the permissions that they need. The JSON
has all that SES said, without account ids, so you can send it to anybody.
"""

_CODES: Final = """\
exit codes:
  0    every question was asked
  2    a question could not be asked, the identity could not be deleted, or the
       command line is wrong
  130  interrupted
"""

# The signals by which a terminal, a shell or a build server ends a program. Not every system has all of them.
_ENDS: Final = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def _asked_to_end() -> Iterator[Callable[[], bool]]:
    """Yield a function that tells if a signal has asked the probe to end. No signal interrupts a call of AWS."""
    asked = Event()

    def end(*_: object) -> None:
        if not asked.is_set():
            # In a signal handler, os.write is safe and print is not.
            os.write(sys.stderr.fileno(), b"probe: removing the identity first, some seconds\n")
        asked.set()

    # A signal that is ignored already, for instance by nohup, stays ignored.
    heard = [each for each in _ENDS if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, end) for each in heard}
    try:
        yield asked.is_set
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _removal(options: argparse.Namespace, identity: str, region: str) -> str:
    """Return the AWS CLI command by which a user can remove the probe's identity."""
    words = ["aws", "sesv2", "delete-email-identity", "--email-identity", identity, "--region", region]
    return shlex.join([*words, *(["--profile", options.profile] if options.profile else [])])


def _confirm(told: str, *, is_agreed: bool) -> None:
    """Write what the probe is going to do, and ask whether to go on; raise `ReviewError` if the user says no."""
    sys.stderr.write(told)
    if not is_agreed:
        sys.stderr.write("go on? [y/N] ")
    sys.stderr.flush()
    if not is_agreed and sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise ReviewError(["nothing was made"])


def _probe(options: argparse.Namespace) -> CommandResult[_Value]:
    if options.print_iam_policy:
        return printed(permissions(options.region))
    if not options.yes and not sys.stdin.isatty():
        raise ReviewError(
            ["this makes an identity in a real account, and there is no terminal to ask: agree with --yes"]
        )
    questions = [question for question in QUESTIONS.values() if question.name in (options.ask or USUAL)]
    reached = calls(options)
    account = SesAccount(reached)
    place = ProbeTarget(account.id, account.region, account.partition)
    names = Names.random()
    identity = names.identities[0]
    _confirm(
        f"makes the identity {identity} in account {place.account}, {place.region},\n"
        f"calls SES some {calls_of(questions)} times in {seconds_of(questions)} seconds, and removes it;\n"
        f"if this is killed, remove it with: {_removal(options, identity, place.region)}\n",
        is_agreed=options.yes,
    )
    progress = Progress("calls")
    with _asked_to_end() as is_asked_to_end:
        try:
            found = probe(ProbeRun(reached, place, MonotonicClock(), is_asked_to_end, names, progress), questions)
        finally:
            progress.end()
    faults = list(found.faults)
    if found.left:
        faults.append(f"remove it with: {_removal(options, found.left, place.region)}")
    if faults and not found.has_answers:
        raise ReviewError(faults)
    report = Report(found, datetime.now(UTC).date(), ses_sending_policy.__version__, version("boto3"))
    return CommandResult(report, unseen=faults, is_interrupted=found.is_interrupted)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_live_arguments(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask before the identity is made")
    parser.add_argument(
        "--ask",
        action="append",
        choices=list(QUESTIONS),
        metavar="QUESTION",
        help=f"ask only this question, one of those below; may be given more than once (default: all but limit, which "
        f"takes {QUESTIONS['limit'].calls} calls of its own)",
    )
    add_print_iam_policy(parser)


def _told() -> str:
    """Return what each question finds out, and its number of calls, for a terminal of 80 columns."""
    lines = ["questions, each with the most calls that it takes:"]
    for name, question in QUESTIONS.items():
        head = f"  {name:<17}{question.calls:>2}  "
        lines.append(textwrap.fill(question.tells, 80, initial_indent=head, subsequent_indent=" " * len(head)))
    return "\n".join([*lines, "", _CODES])


COMMAND: Final = Command(
    _ABOUT, {"text": or_text(probe_text), "json": or_text(anywhere(probe_json))}, _probe, _add_arguments
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    verbatim = argparse.RawDescriptionHelpFormatter
    made = Parser(
        "python -m probe", description=COMMAND.about, epilog=_told(), formatter_class=verbatim, allow_abbrev=False
    )
    add_command(made, COMMAND)
    return made


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code.

    :param arguments: the arguments without the program's name. Default: - those of the process.
    """
    return code_of("probe", lambda: (COMMAND, parser().parse_args(arguments)))
