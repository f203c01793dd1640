"""The command in a process of its own on a local AWS: what it asks the user, and how it ends."""

import json
import os
import pty
import signal
import subprocess
import sys

import pytest

from emulator import Emulator, ScriptedFault
from probe.catalogue import QUESTIONS
from tests.conftest import ROOT
from tests.probe.conftest import COMMAND, SCHEMA, asked, left, running, wait_for
from tests.review.test_schemas import unnamed_by

pytestmark = pytest.mark.xdist_group("live")

SHORT = ["--ask=delete-missing"]
"""Needs two calls and a removal, little more than a second."""


def test_it_tells_what_it_found_and_leaves_nothing(nobody: Emulator) -> None:
    done = asked("--yes", *SHORT, "--format=json", environment=nobody.shell())
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert unnamed_by(SCHEMA, found) == []
    assert (found["region"], found["calls"], found["complete"]) == ("eu-west-1", 2, True)
    assert [(each["name"], each["answer"]) for each in found["readings"]] == [("delete-missing", "not-found")]
    assert done.stderr.startswith("makes the identity sending-policy-probe-")
    assert left(nobody) == []


def test_without_a_terminal_it_asks_for_a_yes(nobody: Emulator) -> None:
    done = asked(*SHORT, environment=nobody.shell())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "probe: this makes an identity in a real account, and there is no terminal to ask: agree with --yes\n"
    )


@pytest.mark.parametrize(
    ("answer", "code", "made"), [("y\n", 0, True), ("n\n", 2, False), ("\n", 2, False), ("\x04", 2, False)]
)
def test_on_a_terminal_it_asks_first(nobody: Emulator, answer: str, code: int, *, made: bool) -> None:
    ours, theirs = pty.openpty()
    with running(nobody, *COMMAND, *SHORT, stdin=theirs) as process:
        os.close(theirs)
        os.write(ours, answer.encode())
        out, told = process.communicate(timeout=60)
    os.close(ours)
    assert (process.returncode, bool(out)) == (code, made)
    assert "go on? [y/N] " in told
    assert told.endswith("probe: nothing was made\n") != made
    assert bool(nobody.ses.calls()) == made
    assert left(nobody) == []


@pytest.mark.parametrize("ends", [(signal.SIGINT, signal.SIGTERM), (signal.SIGHUP,)], ids=str)
def test_who_ends_it_waits_for_the_removal(nobody: Emulator, ends: tuple[signal.Signals, ...]) -> None:
    """Even if ended twice, and during a call: what was found until then is told."""
    nobody.ses.fail(ScriptedFault("answer", applied=True, seconds=0.5, operation="UpdateEmailIdentityPolicy"))
    with running(nobody, *COMMAND, "--yes") as process:
        wait_for(nobody, "UpdateEmailIdentityPolicy")
        assert len(left(nobody)) == 1
        for end in ends * 2:
            process.send_signal(end)
        out, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "probe: removing the identity first, some seconds\n" in told
    assert "update-missing             not-found\n" in out
    assert left(nobody) == []


def test_what_is_ignored_already_stays_so(nobody: Emulator) -> None:
    """Under nohup, the user may close the terminal."""
    nobody.ses.fail(ScriptedFault("answer", applied=True, seconds=0.5, operation="UpdateEmailIdentityPolicy"))
    with running(nobody, "nohup", *COMMAND, "--yes", "--ask=update-missing", *SHORT) as process:
        wait_for(nobody, "UpdateEmailIdentityPolicy")
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert left(nobody) == []


def test_what_cannot_be_removed_comes_with_the_command_that_does(nobody: Emulator) -> None:
    nobody.ses.fail(
        ScriptedFault(
            "refusal", operation="DeleteEmailIdentity", status=403, code="AccessDeniedException", message="no"
        )
    )
    done = asked("--yes", *SHORT, environment=nobody.shell())
    [identity] = left(nobody)
    assert done.returncode == 2
    assert done.stdout
    command = f"aws sesv2 delete-email-identity --email-identity {identity} --region eu-west-1"
    assert done.stderr.splitlines()[-2:] == [
        f"probe: identity {identity!r} may be left: DeleteEmailIdentity: AccessDeniedException: no",
        f"probe: remove it with: {command}",
    ]
    nobody.client("sesv2").delete_email_identity(EmailIdentity=identity)


def test_what_could_not_be_asked_at_all_is_one_sentence(nobody: Emulator) -> None:
    denied = ScriptedFault(
        "refusal", operation="CreateEmailIdentity", status=403, code="AccessDeniedException", message="no", times=2
    )
    nobody.ses.fail(denied)
    done = asked("--yes", *SHORT, environment=nobody.shell())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[3:] == [
        "probe: no identity could be made to try it on, CreateEmailIdentity: AccessDeniedException: no"
    ]


@pytest.mark.parametrize(
    ("options", "region"), [((), "arn:aws:ses:*"), (("--region=us-gov-west-1",), "arn:aws-us-gov:ses:us-gov-west-1")]
)
def test_the_policy_that_it_needs_reaches_no_other_identity(options: tuple[str, ...], region: str) -> None:
    """It is printed without an account."""
    done = asked("--print-iam-policy", *options, environment=os.environ | {"AWS_REGION": ""})
    assert (done.returncode, done.stderr) == (0, "")
    [statement] = json.loads(done.stdout)["Statement"]
    assert statement["Resource"] == f"{region}:*:identity/sending-policy-probe-*"
    assert statement["Action"] == [
        "ses:CreateEmailIdentity",
        "ses:CreateEmailIdentityPolicy",
        "ses:DeleteEmailIdentity",
        "ses:DeleteEmailIdentityPolicy",
        "ses:GetEmailIdentityPolicies",
        "ses:TagResource",
        "ses:UpdateEmailIdentityPolicy",
    ]


def test_help_is_enough_to_use_it() -> None:
    done = asked("--help", environment=os.environ | {"COLUMNS": "80"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: python -m probe ")
    words = " ".join(done.stdout.split())
    told = [f"{name} {question.calls} {question.tells}" for name, question in QUESTIONS.items()]
    assert [line for line in told if line not in words] == []
    assert "exit codes: 0 every question was asked 2 a question could not be asked, " in words
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("wrong", ["--ask=nothing", "--ask", "--format=sarif", "--ye", "more"])
def test_what_is_asked_wrongly_exits_with_2(wrong: str) -> None:
    done = asked("--yes", wrong)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m probe ")


@pytest.mark.parametrize(("target", "code"), [("| true", 0), (">/dev/full", 2)])
def test_what_cannot_be_written_leaves_nothing_either(nobody: Emulator, target: str, code: int) -> None:
    """A reader that stops is no error; a full disk is one."""
    command = ["bash", "-c", f'set -o pipefail; "$@" {target}', "bash", *COMMAND, "--yes", *SHORT]
    with running(nobody, *command) as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode == code
    assert told.splitlines()[3:] == ["probe: the output cannot be written: No space left on device"] * (code // 2)
    assert left(nobody) == []


def test_without_boto3_it_says_what_to_install() -> None:
    wall = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"boto3", "botocore"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Wall())
from probe.command import run
sys.exit(run(["--yes"]))
"""
    command = [sys.executable, "-c", wall]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'probe: boto3 is needed to read from an AWS account: pip install "ses-sending-policy[live]"\n'
