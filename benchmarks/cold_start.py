"""Measures a cold start of the function up to its first call of SES and up to its answer to CloudFormation.

    python -m benchmarks.cold_start

It is compared with a minimal function: boto3, one client, the same calls, and the standard library for the answer. Both
use TLS and verify certificates against the roots that this system trusts. The server ends the process when the awaited
request arrives, so that later work does not count.

Times differ from run to run, so valgrind counts instructions as well. These differ by some hundredths of a percent
only, because sets and dicts have the same order in each run, and all but the function's own code is compiled before.
The rest is due to random numbers of TLS.
"""

import json
import os
import re
import resource
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import trustme

from benchmarks.figure import Figure, in_turn, show
from emulator import terminal
from ses_sending_policy.construct.asset import asset_directory
from tests.provider.transport.conftest import proper
from tests.provider.transport.raw import Exchange, Wire, wire
from tests.support.cloudformation import vouched_by
from tests.support.events import ACCOUNT, REGION, Resource

_SECONDS: Final = 300

# The goals, as multiples of what boto3 alone takes. The second one was 1.25 before.
_MOST: Final = {"first call": 1.10, "answer": 1.10}

_OURS: Final = """
import json, logging, sys
sys.path.insert(0, sys.argv[1])
logging.getLogger().addHandler(logging.StreamHandler())

class Context:
    def get_remaining_time_in_millis(self):
        return 60000

{}(json.loads(sys.argv[2]), Context())
"""
# Counting makes a process some thirty times as slow. So it gets a slow clock: else it would seem to have waited for SES
# so long that it asks CloudFormation, by another client, whether the event is still wanted.
_SLOW: Final = """
import time
from provider.answer import trust
from provider.function import function

class Clock:
    def now(self):
        return time.time() / 100

    def sleep(self, seconds):
        raise RuntimeError("it should not wait")

trust()
handler = function(Clock())
handler"""

# The minimal function, run in a process of its own.
_LEAST: Final = """
import http.client, json, ssl, sys
from urllib.parse import urlsplit
import boto3
event = json.loads(sys.argv[2])
identity, name = (event["ResourceProperties"][key] for key in ("EmailIdentity", "PolicyName"))
client = boto3.client("sesv2")
policy = json.dumps(event["ResourceProperties"]["Policy"])
for write in (client.create_email_identity_policy, client.update_email_identity_policy):
    write(EmailIdentity=identity, PolicyName=name, Policy=policy)
parts = urlsplit(event["ResponseURL"])
connection = http.client.HTTPSConnection(parts.netloc, context=ssl.create_default_context())
body = json.dumps({"Status": "SUCCESS", "Data": {"PolicyHash": "0" * 64}, "Reason": "r" * 250})
connection.request("PUT", f"{parts.path}?{parts.query}", body=body, headers={"Content-Type": ""})
connection.getresponse().read()
"""
_PROGRAMS: Final = {
    "ours": _OURS.format("from provider.handler import handler\nhandler"),
    "ours, counted": _OURS.format(_SLOW),
    "least": _LEAST,
}


@dataclass(frozen=True)
class Place:
    """The servers that a function calls.

    :param ses: SES, over TLS.
    :param answers: the server that answers are sent to.
    :param environment: the function's environment variables.
    """

    ses: Wire
    answers: Wire
    environment: Mapping[str, str]


@contextmanager
def place(authority: str = "Amazon") -> Iterator[Place]:
    """Run the servers that a function calls.

    :param authority: the name of the certificate authority of both servers, one among those that the system trusts.
        Default: - the name that those of AWS have.
    """
    vouches = trustme.CA(organization_name=authority)
    with ExitStack() as stack:
        bundle = Path(stack.enter_context(TemporaryDirectory()), "roots.pem")
        roots = ssl.get_default_verify_paths().cafile
        bundle.write_bytes((Path(roots).read_bytes() if roots else b"") + b"\n" + vouches.cert_pem.bytes())
        # Two files as in Lambda, where botocore has roots of its own.
        own = shutil.copyfile(bundle, bundle.with_name("botocore.pem"))
        ses, answers = (stack.enter_context(wire(proper, vouched_by(vouches))) for _ in range(2))
        environment = {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL_SESV2": ses.url,
            "AWS_CA_BUNDLE": str(own),
            "SSL_CERT_FILE": str(bundle),
            "PYTHONHASHSEED": "0",
        }
        yield Place(ses, answers, environment)


_VALGRIND: Final = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


def _until(met: Wire, at: Place, who: str, tool: tuple[str, ...] = ()) -> tuple[float, str]:
    """Return the processor seconds of a new process until `met` gets a request, and the output of the tool."""
    event = Resource().create(f"{at.answers.url}/answer?X-Amz-Signature=none")
    arguments = (sys.executable, "-B", "-c", _PROGRAMS[who], str(asset_directory()), json.dumps(event))
    environment = {"PATH": os.environ["PATH"], **at.environment}
    process = subprocess.Popen(  # noqa: S603 - our own code
        [*tool, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", env=environment
    )

    def ends(_: Exchange) -> None:
        process.send_signal(signal.SIGTERM)

    met.script.append(ends)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _, said = process.communicate(timeout=_SECONDS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode != -signal.SIGTERM:
        raise RuntimeError(f"{who} came to an end of its own:\n{said}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def processor(at: Place, end: str, who: str) -> float:
    """Return the processor seconds of a cold start."""
    return _until(_ends(at)[end], at, who)[0]


def instructions(at: Place, end: str, who: str) -> float:
    """Return the instructions of a cold start, in millions."""
    _, said = _until(_ends(at)[end], at, who, _VALGRIND)
    [count] = re.findall(r"I +refs: +([\d,]+)", said)
    return int(count.replace(",", "")) / 1e6


def _ends(at: Place) -> dict[str, Wire]:
    return {"first call": at.ses, "answer": at.answers}


def _counted(at: Place, end: str, most: float) -> Figure:
    what, goal = f"instructions, cold, to the {end}", f"<= {most:g} x limit"
    if not shutil.which(_VALGRIND[0]):
        return Figure(f"{what}: not counted, valgrind is missing", 0, 1, goal, None, "M", (0, 0))
    ours, least = (instructions(at, end, who) for who in ("ours, counted", "least"))
    return Figure(what, ours, least, goal, ours <= most * least, "M", (ours, ours))


def figures() -> Iterator[Figure]:
    """Measure a cold start up to both ends, by time and by instructions."""
    with place() as at:
        for end, most in _MOST.items():
            yield _counted(at, end, most)
            ours, least = in_turn(partial(processor, at, end, "ours"), partial(processor, at, end, "least"))
            yield Figure.ratio(f"processor time, cold, to the {end}", ours, least, most)


def main() -> int:
    """Measure and print."""
    show(terminal.console(130), figures())
    return 0


if __name__ == "__main__":
    sys.exit(main())
