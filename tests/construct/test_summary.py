"""What an ordinary `cdk diff` says of a policy: a sentence for each grant, in the resource's metadata."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy
from tests.conftest import ROOT
from tests.construct.mail import ENVIRONMENT, only, statement

GOLDEN = Path(__file__).with_name("diff.txt")


def grants(stack: cdk.Stack) -> Any:
    """Return what the metadata of the stack's one policy says."""
    return only(stack)["Metadata"]["Grants"]


def test_each_grant_is_a_sentence(stack: cdk.Stack) -> None:
    policy = SendingPolicy(stack, "Partner", identity="example.com", statements=[statement("222222222222")])
    policy.allow_account("333333333333", from_addresses=["*@news.example.com"])
    policy.deny(iam.AnyPrincipal(), from_addresses=["ceo@example.com"])
    assert grants(stack) == {
        "account 222222222222 may send with ses:SendEmail as any address of example.com": "Allow",
        "account 333333333333 may send as *@news.example.com": "Allow",
        "nobody may send as ceo@example.com": "Deny",
    }


def test_an_identity_has_the_name_that_it_was_declared_with(stack: cdk.Stack) -> None:
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
    SendingPolicy(stack, "Partner", identity=identity).allow_account("222222222222")
    assert grants(stack) == {"account 222222222222 may send as any address of example.com": "Allow"}


@pytest.mark.parametrize(
    ("make", "whom"),
    [
        (lambda stack: ses.CfnEmailIdentity(stack, "Identity", email_identity="a@example.com"), "a@example.com"),
        (lambda stack: ses.EmailIdentity.from_email_identity_name(stack, "I", "a@example.com"), "a@example.com"),
        (lambda stack: ses.CfnEmailIdentity(stack, "Identity", email_identity="a@example.com").ref, "${Identity}"),
    ],
    ids=["an L1", "an imported one", "a token"],
)
def test_so_has_any_identity_that_has_one(stack: cdk.Stack, make: Callable[[cdk.Stack], Any], whom: str) -> None:
    SendingPolicy(stack, "Partner", identity=make(stack)).allow_account("222222222222")
    assert grants(stack) == {f"account 222222222222 may send as {whom}": "Allow"}


def test_what_only_the_deploy_knows_stays_visible(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Sender", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    domain = cdk.CfnParameter(stack, "Domain")
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(domain.value_as_string))
    SendingPolicy(stack, "Partner", identity=identity).allow_principal(role)
    assert grants(stack) == {"principal ${SenderF5F9B8E0.Arn} may send as ${Domain}": "Allow"}


def branch(name: str, yes: str, no: str) -> str:
    return cdk.Token.as_string({"Fn::If": [name, yes, no]})


def test_each_branch_is_said_with_its_condition(stack: cdk.Stack) -> None:
    who = iam.ArnPrincipal(branch("IsProd", "222222222222", "333333333333"))
    same = iam.ArnPrincipal(branch("IsProd", "444444444444", "444444444444"))
    policy = SendingPolicy(stack, "Partner", identity="example.com")
    policy.allow_principal(who)
    policy.allow_principal(same)
    may = "may send as any address of example.com"
    assert grants(stack) == {
        f"account 222222222222 {may}, only if IsProd is true at the deploy": "Allow",
        f"account 333333333333 {may}, only if not IsProd is true at the deploy": "Allow",
        f"account 444444444444 {may}": "Allow",
    }


def test_more_branches_than_anybody_reviews_fail_no_synth(stack: cdk.Stack) -> None:
    policy = SendingPolicy(stack, "Partner", identity="example.com")
    for number in range(8):
        policy.allow_principal(iam.ArnPrincipal(branch(f"C{number}", f"{number}" * 12, "x")))
    assert any("Fn::If 'C7' '777777777777' 'x'" in each for each in grants(stack))


def test_a_statement_may_still_change(stack: cdk.Stack) -> None:
    changing = statement("222222222222")
    SendingPolicy(stack, "Partner", identity="example.com", statements=[changing])
    changing.add_actions("ses:SendRawEmail")
    assert grants(stack) == {"account 222222222222 may send as any address of example.com": "Allow"}


def test_in_a_nested_stack(app: cdk.App) -> None:
    parent = cdk.Stack(app, "Parent", env=ENVIRONMENT)
    nested = cdk.NestedStack(parent, "Nested")
    SendingPolicy(nested, "Partner", identity="example.com").allow_account("222222222222")
    assert grants(nested) == {"account 222222222222 may send as any address of example.com": "Allow"}


def _assembly(folder: Path, *statements: iam.PolicyStatement, more: Any = lambda _: None) -> Path:
    app = cdk.App(outdir=str(folder), context={"@aws-cdk/core:enablePartitionLiterals": True})
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    more(SendingPolicy(stack, "Partner", identity="example.com", policy_name="Partner", statements=statements))
    app.synth()
    return folder


def _diff(before: Path, after: Path) -> str:
    template = before / "Mail.template.json"
    done = subprocess.run(
        [str(ROOT / "node_modules/.bin/cdk"), "diff", "--no-notices", f"--app={after}", f"--template={template}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def test_a_diff_says_who_may_send_from_now_on_and_who_no_more(tmp_path: Path) -> None:
    def was(policy: SendingPolicy) -> None:
        policy.allow_account("222222222222", from_addresses=["*@news.example.com"])
        policy.allow_account("333333333333", from_addresses=["*@example.com"])

    def becomes(policy: SendingPolicy) -> None:
        policy.allow_account("222222222222", from_addresses=["*@example.com"])
        policy.deny(iam.AnyPrincipal(), from_addresses=["ceo@example.com"])

    before, after = _assembly(tmp_path / "before", more=was), _assembly(tmp_path / "after", more=becomes)

    assert _diff(before, after) == GOLDEN.read_text(encoding="utf-8")


def test_another_order_is_no_difference(tmp_path: Path) -> None:
    one, other = statement("222222222222", "333333333333"), statement("444444444444")
    mirrored = statement("333333333333", "222222222222")
    before, after = _assembly(tmp_path / "before", one, other), _assembly(tmp_path / "after", other, mirrored)
    assert "Number of stacks with differences: 0" in _diff(before, after)
