"""The code that `adopt` writes takes over a policy that was made by hand, with the real CDK CLI."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator
from tests.deployed.conftest import Cdk

DOMAIN = "adopted.example"
DOCUMENT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "by hand",
            "Effect": "Allow",
            "Principal": {"AWS": "222222222222"},
            "Action": ["ses:SendEmail", "ses:SendRawEmail"],
            "Resource": f"arn:aws:ses:eu-west-1:111111111111:identity/{DOMAIN}",
            "Condition": {"StringLike": {"ses:FromAddress": f"*@news.{DOMAIN}"}},
        },
        {
            "Effect": "Allow",
            "Principal": "arn:aws:iam::333333333333:user/Jane",
            "Action": "ses:SendRawEmail",
            "Resource": f"arn:aws:ses:eu-west-1:111111111111:identity/{DOMAIN}",
            "Condition": {"Bool": {"aws:SecureTransport": True}},
        },
    ],
}

pytestmark = pytest.mark.xdist_group("deployed")


def sending_policy(aws: Emulator, *arguments: str) -> str:
    """Return the output of the command, which must write no errors."""
    command = [str(Path(sys.executable).with_name("sending-policy")), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=aws.shell(), timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def live(aws: Emulator) -> Any:
    """Return the only policy that SES has."""
    [text] = aws.client("sesv2").get_email_identity_policies(EmailIdentity=DOMAIN)["Policies"].values()
    return json.loads(text)


def test_it_is_taken_over_and_released(cdk: Cdk, local_aws: Emulator, tmp_path: Path) -> None:
    ses = local_aws.client("sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    ses.create_email_identity_policy(EmailIdentity=DOMAIN, PolicyName="by-hand", Policy=json.dumps(DOCUMENT))
    code = tmp_path / "app.py"
    code.write_text(sending_policy(local_aws, "adopt", DOMAIN), encoding="utf-8")
    app = replace(cdk, app=str(code), folder=tmp_path / "cdk.out")
    app.deploy()
    adopted = live(local_aws)
    assert adopted.pop("Id").startswith("SendingPolicies-adopted-example/Policybyhand")
    found = json.loads(sending_policy(local_aws, "drift", "--format=json", str(app.folder)))
    assert [(each["policy_name"], each["state"]) for each in found["policies"]] == [("by-hand", "in-sync")]
    app.destroy()
    assert live(local_aws) == adopted
    [by_grant] = [each for each in adopted["Statement"] if "Sid" in each]
    assert by_grant["Condition"] == DOCUMENT["Statement"][0]["Condition"]
