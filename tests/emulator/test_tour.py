"""`make local` on terminals that are not like ours. That the real CLI takes part in it, tests/deployed looks at."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.terminal import shown_on_a_terminal

# Stands where the tour looks for the CDK CLI: has a policy in SES from the first deploy on until the destroy.
CLI = """
import json, sys
import boto3
ses, name = boto3.client("sesv2"), {"EmailIdentity": "example.com", "PolicyName": "partner"}
if sys.argv[1] == "deploy" and not ses.list_email_identities()["EmailIdentities"]:
    ses.create_email_identity(EmailIdentity="example.com")
    statement = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "ses:SendEmail",
        "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/example.com",
        "Condition": {"StringEquals": {"ses:FromDisplayName": "Gr\\u00fc\\u00dfe"}}}
    ses.create_email_identity_policy(**name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
if sys.argv[1] == "destroy":
    ses.delete_email_identity_policy(**name)
"""


@pytest.mark.parametrize(
    ("locale", "name"),
    [({"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}, "Grüße"), ({"LC_ALL": "C", "PYTHONUTF8": "0"}, r"Gr\xfc\xdfe")],
    ids=["UTF-8", "ASCII"],
)
def test_it_comes_to_its_end(tmp_path: Path, locale: dict[str, str], name: str) -> None:
    """Whatever the terminal can show."""
    script, cdk = tmp_path / "cdk.py", tmp_path / "node_modules" / ".bin" / "cdk"
    script.write_text(CLI, encoding="utf-8")
    cdk.parent.mkdir(parents=True)
    cdk.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script)])} "$@"\n', encoding="utf-8")
    cdk.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    code, shown = shown_on_a_terminal(
        [sys.executable, "-m", "emulator.tour"], "stdout", folder=tmp_path, environment=environment | locale
    )
    assert code == 0, shown
    assert "starting the local AWS" in shown
    assert name in shown
    assert "SES holds no policy: nobody else may send." in shown
    assert "\\u" not in shown
