"""What a plain `cdk diff` says of a policy: a sentence for each grant, in the template's metadata.

tests/deployed checks that the CLI shows it for a deployed stack.
"""

import re
import subprocess
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy, SendingPolicyProvider
from tests.conftest import ROOT
from tests.construct.mail import ENVIRONMENT, new_app, statement

GOLDEN = Path(__file__).with_name("diff.txt")


def metadata(stack: cdk.Stack) -> dict[str, Any]:
    """Return the metadata of the stack's template."""
    found: dict[str, Any] = assertions.Template.from_stack(stack).to_json().get("Metadata", {})
    return found


def grants(stack: cdk.Stack) -> set[str]:
    """Return the sentences about policies in the template's metadata."""
    return {*metadata(stack).values()}


def test_each_grant_is_a_sentence(stack: cdk.Stack) -> None:
    policy = SendingPolicy(stack, "Partner", identity="example.com", statements=[statement("222222222222")])
    policy.allow_account("333333333333", from_addresses=["*@news.example.com"])
    policy.deny(iam.AnyPrincipal(), from_addresses=["ceo@example.com"])
    assert grants(stack) == {
        "account 222222222222 may send with ses:SendEmail as any address of example.com",
        "account 333333333333 may send as *@news.example.com",
        "nobody may send as ceo@example.com",
    }


def test_an_identity_has_the_name_that_it_was_declared_with(stack: cdk.Stack) -> None:
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
    SendingPolicy(stack, "Partner", identity=identity).allow_account("222222222222")
    assert grants(stack) == {"account 222222222222 may send as any address of example.com"}


@pytest.mark.parametrize(
    ("make", "whom"),
    [
        (lambda stack: ses.CfnEmailIdentity(stack, "Identity", email_identity="a@example.com"), "a@example.com"),
        (lambda stack: ses.EmailIdentity.from_email_identity_name(stack, "I", "a@example.com"), "a@example.com"),
        (lambda stack: ses.CfnEmailIdentity(stack, "Identity", email_identity="a@example.com").ref, "${ Identity }"),
    ],
    ids=["an L1", "an imported one", "a token"],
)
def test_so_has_any_identity_that_has_one(stack: cdk.Stack, make: Callable[[cdk.Stack], Any], whom: str) -> None:
    SendingPolicy(stack, "Partner", identity=make(stack)).allow_account("222222222222")
    assert grants(stack) == {f"account 222222222222 may send as {whom}"}


def test_what_only_the_deploy_knows_stays_visible(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Sender", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    domain = cdk.CfnParameter(stack, "Domain")
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(domain.value_as_string))
    SendingPolicy(stack, "Partner", identity=identity).allow_principal(role)
    assert grants(stack) == {"principal ${ SenderF5F9B8E0.Arn } may send as ${ Domain }"}


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
        f"account 222222222222 {may}, only if IsProd is true at the deploy",
        f"account 333333333333 {may}, only if not IsProd is true at the deploy",
        f"account 444444444444 {may}",
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
    assert grants(stack) == {"account 222222222222 may send as any address of example.com"}


def test_in_a_nested_stack(app: cdk.App) -> None:
    parent = cdk.Stack(app, "Parent", env=ENVIRONMENT)
    outside = iam.Role(parent, "Outside", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    nested = cdk.NestedStack(parent, "Nested")
    inside = iam.Role(nested, "Inside", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    policy = SendingPolicy(nested, "Partner", identity="example.com")
    policy.allow_account("222222222222")
    policy.allow_principal(inside)
    policy.allow_principal(outside)
    assert grants(nested) == {
        "account 222222222222 may send as any address of example.com",
        "principal ${ InsideBA67C832.Arn } may send as any address of example.com",
        "principal ${ OutsideDC7B680E.Arn } may send as any address of example.com",
    }
    assert metadata(parent) == {}


def test_an_entry_is_known_by_the_name_that_the_policy_has_at_ses(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    policies = {
        "default": SendingPolicy(stack, "Partner", identity="example.com"),
        "given": SendingPolicy(stack, "Agency", identity="example.com", policy_name="agency"),
        "token": SendingPolicy(stack, "Token", identity="example.com", policy_name=name),
    }
    for policy in policies.values():
        policy.allow_account("222222222222")
    assert {key.rpartition("/")[0] for key in metadata(stack)} == {
        policies["default"].policy_name,
        "agency",
        "${Name}",
    }


def test_a_grant_keeps_its_key_whatever_else_is_declared() -> None:
    def declared(*accounts: str) -> dict[str, Any]:
        stack = cdk.Stack(new_app(), "Mail", env=ENVIRONMENT)
        policy = SendingPolicy(stack, "Partner", identity="example.com")
        for account in accounts:
            policy.allow_account(account)
        return metadata(stack)

    alone = declared("222222222222")
    assert alone.items() < declared("111111111111", "222222222222", "333333333333").items()
    assert len(alone) == 1


def test_the_same_grant_on_two_identities_is_two_entries(stack: cdk.Stack) -> None:
    """Although both policies have the same name, and the sentence names no identity."""
    for identity in ("example.com", "example.org"):
        policy = SendingPolicy(stack, identity, identity=identity, policy_name="partner")
        policy.allow_account("222222222222", from_addresses=["*@news.example.com"])
    assert len(metadata(stack)) == 2


def test_no_entry_is_lost_where_somebody_makes_a_key_like_it() -> None:
    """Two sentences whose digests begin alike: there are two among 70,000."""
    digits: dict[str, str] = {}
    for number in count():
        sentence = f"account {number:012} may send as any address of example.com"
        digest = sha256(f"example.com {sentence}".encode()).hexdigest()[:8]
        if digest in digits:
            break
        digits[digest] = sentence
    pair = {digits[digest], sentence}
    stack = cdk.Stack(new_app(), "Mail", env=ENVIRONMENT)
    policy = SendingPolicy(stack, "Partner", identity="example.com")
    policy.allow_account(*(each.split()[1] for each in pair))
    assert grants(stack) == pair


def test_what_cloudformation_gives_back_as_question_marks_keeps_two_keys(stack: cdk.Stack) -> None:
    """The CLI would read only one of two equal keys, or none."""
    policy = SendingPolicy(stack, "Partner", identity="example.com")
    for name in ("\u00e4", "\u00f6"):
        policy.allow_account("222222222222", from_display_names=[name])
    keys = [re.sub(r"[^\x00-\x7f]", "?", key) for key in metadata(stack)]
    assert len(set(keys)) == len(keys) == 2


def test_other_metadata_of_the_template_stays(stack: cdk.Stack) -> None:
    stack.add_metadata("AWS::CloudFormation::Interface", {"ParameterGroups": [{"Parameters": ["A"]}]})
    SendingPolicy(stack, "Partner", identity="example.com").allow_account("222222222222")
    SendingPolicyProvider(stack, "Other")
    others = SendingPolicy(stack, "Agency", identity="example.com", provider=SendingPolicyProvider(stack, "Third"))
    others.allow_account("333333333333")
    stack.add_metadata("Late", cdk.Lazy.uncached_string(_Late()))
    found = metadata(stack)
    assert found.pop("AWS::CloudFormation::Interface") == {"ParameterGroups": [{"Parameters": ["A"]}]}
    assert found.pop("Late") == "said at synth"
    assert {*found.values()} == {
        "account 222222222222 may send as any address of example.com",
        "account 333333333333 may send as any address of example.com",
    }


def test_a_second_synth_says_what_is_so_then(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    changing = statement("222222222222")
    SendingPolicy(stack, "Partner", identity="example.com", statements=[changing])
    for more, whom in (([], "with ses:SendEmail "), (["ses:SendRawEmail"], "")):
        changing.add_actions(*more)
        [artifact] = app.synth(force=True).stacks
        assert [*artifact.template["Metadata"].values()] == [
            f"account 222222222222 may send {whom}as any address of example.com"
        ]


@jsii.implements(cdk.IStringProducer)
class _Late:
    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002 - as the CDK declares it
        return "said at synth"


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
