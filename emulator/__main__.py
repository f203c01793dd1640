"""`python -m emulator`: starts and stops the local AWS from a shell, by `eval "$(python -m emulator up)"`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Event
from typing import Final
from urllib.parse import urlsplit

from emulator.cloud import Emulator
from emulator.control import PREFIX
from emulator.errors import EmulatorError
from emulator.lifetime import Lifetime, pointing
from emulator.signature import Signer

_ABOUT: Final = """\
Runs an emulated AWS on this machine, for the CDK CLI, the AWS CLI and boto3 in
this shell. It consists of ministack (CloudFormation, Lambda, S3, IAM and more)
and an emulated SES that checks sending authorization policies as AWS documents.
It needs no AWS account, and touches none.

    eval "$(python -m emulator up)"      start it, and point this shell at it
    npx cdk bootstrap && npx cdk deploy  deploy to it
    curl --config "$AWS_CURL_CONFIG" "$AWS_ENDPOINT_URL_SESV2/_ses/policies"
                                         list the policies that its SES holds
    eval "$(python -m emulator down)"    stop it, and unset what `up` had set
"""
_UP: Final = """\
Starts the local AWS in the background, and prints the shell commands that point
the AWS tools of this shell at it:

    eval "$(python -m emulator up)"

They also unset the shell's settings for the real AWS (profile, keys, addresses,
proxies); a new shell has these again. The local AWS stops by `down`, when its
terminal is closed, or after the given hours.
"""
_DOWN: Final = """\
Stops the local AWS of this shell, and prints the shell commands that unset its
variables:

    eval "$(python -m emulator down)"
"""
_HOURS: Final = 8.0
_STOP: Final = f"{PREFIX}stop"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0 for success, 1 for failure. A wrong command line exits with 2."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except EmulatorError as error:
        sys.stderr.write(f"emulator: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    verbatim = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m emulator", description=_ABOUT, formatter_class=verbatim)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser(
        "up", help="start a local AWS in the background", description=_UP, formatter_class=verbatim
    )
    up.set_defaults(run=_up)
    up.add_argument("--account", default="111111111111", help="its account id, 12 digits (default: %(default)s)")
    up.add_argument("--region", default="eu-west-1", help="its region (default: %(default)s)")
    up.add_argument("--hours", type=_hours, default=_HOURS, help="stop after so many hours (default: %(default)g)")
    up.add_argument("--foreground", action="store_true", help="run in the foreground until Ctrl-C")
    up.add_argument("--background-of", type=int, help=argparse.SUPPRESS)
    down = commands.add_parser(
        "down", help="stop the local AWS of this shell", description=_DOWN, formatter_class=verbatim
    )
    down.set_defaults(run=_down)
    return parser


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    # Every comparison with NaN is false, so this form of the condition refuses NaN as well.
    if not hours > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed: give a number of hours, more than 0")
    return hours


def _up(options: argparse.Namespace) -> None:
    if options.foreground or options.background_of is not None:
        _stay(options)
    else:
        _detach(options)


def _detach(options: argparse.Namespace) -> None:
    """Start this program again as a background process, and copy its output until it is ready."""
    background = [sys.executable, "-m", "emulator", "up", f"--background-of={os.getsid(0)}"]
    background += [f"--{name}={getattr(options, name)}" for name in ("account", "region", "hours")]
    # The background process closes its end of this pipe to say that it is ready, and runs on.
    reading, writing = os.pipe()
    process = subprocess.Popen(background, stdin=subprocess.DEVNULL, stdout=writing, start_new_session=True)  # noqa: S603 - this very program
    os.close(writing)
    # As bytes, so that they need not be decoded.
    with os.fdopen(reading, "rb") as output:
        said = output.read()
    if not said:
        raise EmulatorError(f"the local AWS didn't start, exit status {process.wait()}")
    sys.stdout.buffer.write(said)


def _stay(options: argparse.Namespace) -> None:
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())

    def ready(ours: Mapping[str, str]) -> None:
        sys.stdout.writelines(f"{line}\n" for line in pointing(os.environ, ours))
        sys.stdout.flush()
        if options.background_of is not None:
            _let_go_of_output()

    try:
        aws = Emulator(options.account, options.region)
    except ValueError as error:
        raise EmulatorError(str(error)) from error
    Lifetime(options.hours * 3600, options.background_of, over).keep(aws, ready)


def _let_go_of_output() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _down(_: argparse.Namespace) -> None:
    address = os.environ.get("AWS_ENDPOINT_URL_SESV2", "")
    connection = HTTPConnection("127.0.0.1", _port(address), timeout=10)
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
    signer = Signer(*(os.environ.get(name, "") for name in names))
    try:
        connection.request("POST", _STOP, headers=signer.headers("ses", "POST", f"{address}{_STOP}"))
        status = connection.getresponse().status
    except ConnectionError:
        sys.stderr.write("emulator: the local AWS of this shell had stopped already\n")
    else:
        if status == HTTPStatus.FORBIDDEN:
            raise EmulatorError(
                f"the local AWS at {address} does not take this shell's credentials: "
                "run down in the shell in which up was run, where AWS_SECRET_ACCESS_KEY is as up had set it"
            )
        if status != HTTPStatus.OK:
            raise EmulatorError(
                f"the server at {address} answers {status} and is no local AWS of this program: stop it by hand"
            )
    finally:
        connection.close()
    sys.stdout.writelines(f"{line}\n" for line in pointing(os.environ, {}))


def _port(address: str) -> int:
    """Return the port in the address of this shell's local AWS; raise `EmulatorError` if the address has none."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.hostname != "127.0.0.1" or port is None:
        raise EmulatorError(
            "this shell has no local AWS, AWS_ENDPOINT_URL_SESV2 isn't the address of one: "
            "run down in the shell in which up was run"
        )
    return port


if __name__ == "__main__":
    sys.exit(main())
