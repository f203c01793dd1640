"""The command itself, in a process of its own on a local AWS: what it asks before, and how it ends."""

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest

from emulator import Emulator, Fault
from tests.review.conftest import PROGRAM, sending_policy
from tests.review.test_schemas import names_of_nothing

pytestmark = pytest.mark.xdist_group("live")

COMMAND = [PROGRAM, "probe"]
SHORT = ["--ask=delete-missing"]
"""Two calls and a removal, in little more than a second."""


@pytest.fixture
def nobody(local_aws: Emulator) -> Emulator:
    """Return the local AWS, with nothing that another test left to go wrong."""
    local_aws.ses.change(quota=None, delete_missing="not-found")
    local_aws.ses.clear_faults()
    local_aws.ses.clear_calls()
    return local_aws


def left(aws: Emulator) -> list[str]:
    """Return the identities of any probe that are there."""
    found = aws.client("sesv2").list_email_identities()["EmailIdentities"]
    return [each["IdentityName"] for each in found if each["IdentityName"].startswith("sending-policy-probe-")]


def test_it_tells_what_it_found_and_leaves_nothing(nobody: Emulator, tmp_path: Path) -> None:
    done = sending_policy("probe", "--yes", *SHORT, "--format=json", folder=tmp_path, base=nobody.shell())
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert names_of_nothing("probe", found) == []
    assert (found["region"], found["calls"], found["complete"]) == ("eu-west-1", 2, True)
    assert [(each["name"], each["answer"]) for each in found["readings"]] == [("delete-missing", "not-found")]
    assert done.stderr.startswith("makes the identity sending-policy-probe-")
    assert left(nobody) == []


def test_without_a_terminal_it_asks_for_a_yes(nobody: Emulator) -> None:
    done = subprocess.run(
        [*COMMAND, *SHORT],
        check=False,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env=nobody.shell(),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "sending-policy: this makes an identity in a real account, and nobody can be asked: say so with --yes\n"
    )


@pytest.mark.parametrize(
    ("answer", "code", "made"), [("y\n", 0, True), ("n\n", 2, False), ("\n", 2, False), ("\x04", 2, False)]
)
def test_on_a_terminal_it_asks_first(nobody: Emulator, answer: str, code: int, *, made: bool) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *SHORT],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=nobody.shell(),
    ) as process:
        os.close(theirs)
        os.write(ours, answer.encode())
        out, told = process.communicate(timeout=60)
    os.close(ours)
    assert (process.returncode, bool(out)) == (code, made)
    assert "go on? [y/N] " in told
    assert told.endswith("sending-policy: nothing was made\n") != made
    assert bool(nobody.ses.calls()) == made
    assert left(nobody) == []


@pytest.mark.parametrize("ends", [(signal.SIGINT, signal.SIGTERM), (signal.SIGHUP,)], ids=str)
def test_who_ends_it_waits_for_the_removal(nobody: Emulator, ends: tuple[signal.Signals, ...]) -> None:
    """Even twice, and in the middle of a call: what was found until then is told."""
    nobody.ses.fail(Fault("answer", applied=True, seconds=0.5, operation="UpdateEmailIdentityPolicy"))
    with subprocess.Popen(
        [*COMMAND, "--yes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=nobody.shell()
    ) as process:
        wait_for(nobody, "UpdateEmailIdentityPolicy")
        assert len(left(nobody)) == 1
        for end in ends * 2:
            process.send_signal(end)
        out, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "sending-policy: removing the identity first, some seconds\n" in told
    assert "update-missing             not-found\n" in out
    assert left(nobody) == []


def test_what_is_ignored_already_stays_so(nobody: Emulator) -> None:
    """Who starts it under nohup may close the terminal."""
    nobody.ses.fail(Fault("answer", applied=True, seconds=0.5, operation="UpdateEmailIdentityPolicy"))
    command = ["nohup", *COMMAND, "--yes", "--ask=update-missing", *SHORT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=nobody.shell()) as process:
        wait_for(nobody, "UpdateEmailIdentityPolicy")
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert left(nobody) == []


def wait_for(aws: Emulator, operation: str) -> None:
    """Come back once SES was asked for an operation."""
    for _ in range(600):
        if aws.ses.calls(operation):
            return
        time.sleep(0.05)
    pytest.fail(f"{operation} was never called")


def test_what_cannot_be_removed_comes_with_the_command_that_does(nobody: Emulator, tmp_path: Path) -> None:
    nobody.ses.fail(
        Fault("refusal", operation="DeleteEmailIdentity", status=403, code="AccessDeniedException", message="no")
    )
    done = sending_policy("probe", "--yes", *SHORT, folder=tmp_path, base=nobody.shell())
    [identity] = left(nobody)
    assert done.returncode == 2
    assert done.stdout
    command = f"aws sesv2 delete-email-identity --email-identity {identity} --region eu-west-1"
    assert done.stderr.splitlines()[-2:] == [
        f"sending-policy: identity {identity!r} may be left: DeleteEmailIdentity: AccessDeniedException: no",
        f"sending-policy: remove it with: {command}",
    ]
    nobody.client("sesv2").delete_email_identity(EmailIdentity=identity)


def test_what_could_not_be_asked_at_all_is_one_sentence(nobody: Emulator, tmp_path: Path) -> None:
    denied = Fault(
        "refusal", operation="CreateEmailIdentity", status=403, code="AccessDeniedException", message="no", times=2
    )
    nobody.ses.fail(denied)
    done = sending_policy("probe", "--yes", *SHORT, folder=tmp_path, base=nobody.shell())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[3:] == [
        "sending-policy: no identity could be made to try it on, CreateEmailIdentity: AccessDeniedException: no"
    ]


@pytest.mark.parametrize(
    ("options", "region"), [((), "arn:aws:ses:*"), (("--region=us-gov-west-1",), "arn:aws-us-gov:ses:us-gov-west-1")]
)
def test_the_policy_that_it_needs_reaches_no_other_identity(
    tmp_path: Path, options: tuple[str, ...], region: str
) -> None:
    """And is told without an account."""
    done = sending_policy("probe", "--print-iam-policy", *options, folder=tmp_path, AWS_REGION="")
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
