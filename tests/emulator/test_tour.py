"""`make local` in other terminals than usual, with a stand-in for the CLI; tests/deployed runs it with the real one."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.terminal import shown_on_a_terminal

# Replaces the CDK CLI and our own command in the tour: SES has a policy from the first deploy to the destroy. It ends
# the tour if it was not announced.
PROGRAM = """
import json, os, sys
from pathlib import Path

word = sys.argv[1]
if told := os.environ.get("TOLD"):
    announced = Path(told).read_text(encoding="utf-8").rpartition("$ ")[2]
    if f" {word} " not in announced or not announced.endswith(" ...\\n"):
        sys.exit(f"{word} was not announced: {announced}")
if word in ("deploy", "destroy"):
    import boto3
    ses, name = boto3.client("sesv2"), {"EmailIdentity": "example.com", "PolicyName": "partner"}
    statement = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "ses:SendEmail",
        "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/example.com"}
    if word == "destroy":
        ses.delete_email_identity_policy(**name)
    elif not ses.list_email_identities()["EmailIdentities"]:
        ses.create_email_identity(EmailIdentity="example.com")
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        ses.create_email_identity_policy(**name, Policy=document)
if word == "explain":
    print("    - account 222222222222 may send as *@news.example.com, with a display name of Gr\\u00fc\\u00dfe")
print(f"\\x1b[32m\\u2705  {word}\\x1b[0m: " + "documentation " * 20)
sys.exit(3 if word == os.environ.get("FAILS") else word == "diff" and "--no-notices" not in sys.argv)
"""
SAID = ["account 222222222222 may send as *@news.example.com, with a display name of", "documentation " * 20]
TOUR = [sys.executable, "-m", "emulator.tour"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder in which the tour finds its programs."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM, encoding="utf-8")
    for place in ("node_modules/.bin/cdk", ".venv/bin/sending-policy"):
        program = tmp_path / place
        program.parent.mkdir(parents=True)
        run = shlex.join([sys.executable, "-X", "utf8", str(script)])
        program.write_text(f'#!/bin/sh\nexec {run} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return tmp_path


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm", **more}


def assert_it_fits(shown: str) -> None:
    """Check that the lines have at most 80 columns, and contain everything in whole words."""
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    assert [said for said in SAID if " ".join(said.split()) not in " ".join(shown.split())] == []


def test_it_comes_to_its_end_on_a_terminal(checkout: Path) -> None:
    shown_by = environment(COLUMNS="100", LC_ALL="C.UTF-8", PYTHONUTF8="1")
    code, shown = shown_on_a_terminal(TOUR, "stdout", folder=checkout, environment=shown_by)
    assert code == 0, shown
    assert "\x1b[1m" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert_it_fits(plain)
    assert "Grüße" in plain
    assert "\u2705  explain: documentation" in plain
    assert "SES holds no policy: nobody else may send." in plain


def test_without_a_terminal_each_program_is_announced_before_it_begins(checkout: Path) -> None:
    """Also with an encoding of only ASCII, and without colours."""
    told = checkout / "told"
    with told.open("wb") as file:
        done = subprocess.run(
            TOUR,
            cwd=checkout,
            env=environment(LC_ALL="C", PYTHONUTF8="0", NO_COLOR="1", TOLD=str(told)),
            stdin=subprocess.DEVNULL,
            stdout=file,
            check=False,
            timeout=240,
        )
    shown = told.read_text(encoding="ascii")
    assert done.returncode == 0, shown
    assert "\x1b" not in shown
    assert_it_fits(shown)
    assert r"Gr\xfc\xdfe" in shown
    assert "\\u" not in shown
    announced = " ".join(re.findall(r"^\$ (?:npx cdk|\.venv/bin/sending-policy) (\w+)", shown, re.MULTILINE))
    assert announced == "synth explain bootstrap deploy drift synth diff diff deploy drift destroy"


def test_a_step_that_fails_ends_it(checkout: Path) -> None:
    done = subprocess.run(
        TOUR,
        cwd=checkout,
        env=environment(LC_ALL="C.UTF-8", FAILS="bootstrap"),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=240,
    )
    assert (done.returncode, done.stderr.partition(";")[0]) == (1, "make local: cdk bootstrap ended with 3")
    assert "$ npx cdk deploy" not in done.stdout
