"""Values that the CDK looks up in an account, from an empty context to the policy at SES."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from emulator import Emulator
from tests.deployed.conftest import Cdk

pytestmark = pytest.mark.xdist_group("deployed")

IN_SSM = {"domain": "looked.example", "name": "partner", "partner": "333333333333", "end": "2031-01-01T00:00Z"}


def test_what_is_looked_up_comes_to_ses(cdk: Cdk, local_aws: Emulator, tmp_path: Path) -> None:
    """If the account lacks the parameters, the CDK says so; otherwise one command looks them up and deploys."""
    cli = replace(cdk, folder=tmp_path / "cdk.out", home=tmp_path, app="tests/deployed/lookups.py")
    said = cli.deploy(fails=True)
    assert "SSM parameter not available in account 111111111111, region eu-west-1: /mail/partner" in said
    assert "DeclarationError" not in said

    ssm = local_aws.client("ssm")
    for name, value in IN_SSM.items():
        ssm.put_parameter(Name=f"/mail/{name}", Value=value, Type="String")
    local_aws.client("sesv2").create_email_identity(EmailIdentity="example.com")
    cli.deploy()
    context = json.loads((tmp_path / "cdk.context.json").read_text(encoding="utf-8"))
    assert context == {
        f"ssm:account=111111111111:parameterName=/mail/{name}:region=eu-west-1": value for name, value in IN_SSM.items()
    }
    [policy] = [each for each in local_aws.ses.policies() if each.identity == "looked.example"]
    [statement] = json.loads(policy.document)["Statement"]
    assert (policy.name, statement["Principal"]) == ("partner", {"AWS": "arn:aws:iam::333333333333:root"})
    assert statement["Resource"] == "arn:aws:ses:eu-west-1:111111111111:identity/looked.example"
    assert statement["Condition"] == {
        "StringLike": {"ses:FromAddress": "*@news.looked.example"},
        "DateLessThan": {"aws:CurrentTime": IN_SSM["end"]},
    }
    [policy] = [each for each in local_aws.ses.policies() if each.name.startswith("Page-Agency-")]
    assert json.loads(policy.document)["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::333333333333:root"}
    cli.destroy()
    local_aws.client("sesv2").delete_email_identity(EmailIdentity="example.com")
