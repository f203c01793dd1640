"""What `plan` knows of a document through its stack's parameters, and which policies a rule at the deploy refuses."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from emulator import Emulator
from ses_sending_policy.cli import parser
from ses_sending_policy.cli.plan import COMMAND, plan
from ses_sending_policy.review.text_output import TextOutput
from tests.review.live.every_state import policy, statement
from tests.review.live.one_stack import Stacks, hold, made
from tests.review.templates import stack, write

pytestmark = pytest.mark.xdist_group("live")

ASKED: Final = "asked.plan.example"
PRINCIPAL: Final = ["Statement/0/Principal/AWS"]
PARTNER: Final = {"Ref": "Partner"}
SHORT: Final = "arn:aws:iam::12345:root"
KEPT: Final = "parameter Partner of stack Mail keeps the value that it has, unless --parameters gives another"
OPEN: Final = "create, unless a rule of the deploy refuses what it knows alone: ${Partner}"


def allowed(principal: Any) -> Any:
    return statement(ASKED, Principal={"AWS": principal})


def template(principal: Any, *acknowledged: str, **parameter: Any) -> dict[str, Any]:
    """Return a template with one policy whose principal the synth did not know."""
    declared = policy(ASKED, "asked", allowed(principal))
    declared["Properties"] |= {"Unknown": PRINCIPAL, "Acknowledged": list(acknowledged)}
    resources = {"Asked": declared, "Role": {"Type": "AWS::IAM::Role"}}
    return {"Parameters": {"Partner": {"Type": "String"} | parameter}, "Resources": resources}


@pytest.fixture(autouse=True)
def account(aws: Emulator) -> Emulator:
    """Give an account that has an identity without a policy."""
    client = aws.client("sesv2")
    if ASKED not in {each["IdentityName"] for each in client.list_email_identities()["EmailIdentities"]}:
        client.create_email_identity(EmailIdentity=ASKED)
    for each in aws.ses.policies():
        if each.identity == ASKED:
            client.delete_email_identity_policy(EmailIdentity=ASKED, PolicyName=each.name)
    return aws


def deployed(account: Emulator, told: str, **parameter: Any) -> Stacks:
    """Return the account with that stack deployed, and with the parameter's value at CloudFormation."""
    hold(account, ASKED, "asked", allowed("222222222222"), owner="Asked")
    before = template(PARTNER, **parameter)
    there = {"Asked": (before["Resources"]["Asked"], made(ASKED, "asked", "Asked"))}
    return Stacks(there, parameters=(before["Parameters"], [{"ParameterKey": "Partner", "ParameterValue": told}]))


def planned(aws: Stacks, folder: Path, elements: dict[str, Any]) -> tuple[str, str, list[str]]:
    """Return the policy's planned action, the reason, and the value that the parameter is taken to have."""
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": {"Mail": stack()}})
    write(folder / "Mail.template.json", elements)
    answer = plan(aws, parser(["plan"]).parse_args(["plan", str(folder)]))
    found = json.loads(COMMAND.formats["json"](answer.value, TextOutput()))
    for form in ("text", "markdown", "html"):
        shown = " ".join(COMMAND.formats[form](answer.value, TextOutput()).replace("`", "").split())
        assert all(each in shown for each in found["parameters"])
    # If no event comes, there is no step.
    action, sentences = next(((each["action"], each["sentences"]) for each in found["steps"]), ("", []))
    return action, next(iter(sentences), ""), found["parameters"]


def test_a_default_is_what_a_new_stack_has(tmp_path: Path) -> None:
    assert planned(Stacks({}), tmp_path, template(PARTNER, Default="*")) == (
        "refuse",
        (
            f"InvalidDeclaration: SES001: principal '*' lets every AWS account send as '{ASKED}'; "
            "name the accounts in Principal, or add a condition on aws:PrincipalOrgID"
        ),
        ["parameter Partner of stack Mail has its default, unless --parameters gives another"],
    )


def test_what_is_acknowledged_is_not_refused(tmp_path: Path) -> None:
    assert planned(Stacks({}), tmp_path, template(PARTNER, "SES001", Default="*"))[:2] == ("create", "")


def test_what_the_stack_has_counts_and_no_new_default(account: Emulator, tmp_path: Path) -> None:
    there = deployed(account, SHORT)
    action, why, parameters = planned(there, tmp_path, template(PARTNER, "SES001", Default="222222222222"))
    assert (action, why.partition(" has ")[0]) == ("refuse", f"InvalidDeclaration: SES014: principal '{SHORT}'")
    assert parameters == [KEPT]


def test_what_ses_holds_is_not_refused(account: Emulator, tmp_path: Path) -> None:
    there = deployed(account, "*")
    hold(account, ASKED, "asked", allowed("*"), owner="Asked")
    assert planned(there, tmp_path, template(PARTNER, "SES003"))[:2] == (
        "keep",
        "SES holds it already, and nothing is written",
    )


@pytest.mark.parametrize(
    ("parameter", "name"),
    [({}, "Partner"), ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/partner"}, "ssm:/partner")],
    ids=["no default", "by path"],
)
def test_what_nobody_knows_may_be_refused(tmp_path: Path, parameter: dict[str, str], name: str) -> None:
    why = OPEN.replace("Partner", name)
    assert planned(Stacks({}), tmp_path, template(PARTNER, **parameter)) == ("undecided", why, [])


def test_a_secret_stays_one(account: Emulator, tmp_path: Path) -> None:
    there = deployed(account, "****", NoEcho=True)
    changed = template(PARTNER, "SES001", Default="222222222222", NoEcho=True)
    why = OPEN.replace("create", "update").replace("Partner", "Partner as it is")
    assert planned(there, tmp_path, changed) == ("undecided", why, [KEPT])


def test_another_default_changes_no_secret(account: Emulator, tmp_path: Path) -> None:
    there = deployed(account, "****", NoEcho=True, Default="222222222222")
    assert planned(there, tmp_path, template(PARTNER, NoEcho=True, Default="333333333333")) == ("", "", [KEPT])


def test_the_arn_of_a_role_that_the_deploy_makes_no_rule_refuses(tmp_path: Path) -> None:
    assert planned(Stacks({}), tmp_path, template({"Fn::GetAtt": ["Role", "Arn"]})) == ("create", "", [])
