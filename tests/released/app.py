"""The stacks of a release: one for each way to declare a policy that an upgrade must carry on."""

from pathlib import Path
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ses_sending_policy import SendingPolicy, SendingPolicyProvider, WhenExists
from tests.support.events import ACCOUNT, REGION, document, statement

IDENTITY: Final = "released.example"
BY_HAND: Final = document(statement(identity=IDENTITY))
"""What SES holds as `by-hand` before `Adopted` is deployed."""
ELSEWHERE: Final = "us-east-1"

_NEWS: Final = ["*@news.released.example"]


def written(folder: Path, *, fails: bool = False) -> Path:
    """Write the assembly of the stacks into `folder`, with the code as it is now, and return `folder`.

    :param fails: whether the policies of `Literal` are changed in a deploy that fails.
    """
    context = {"@aws-cdk/core:enablePartitionLiterals": True}
    app = cdk.App(
        outdir=str(folder),
        context=context,
        analytics_reporting=False,
        tree_metadata=False,
        builtin_cloud_formation_validation=False,
    )
    literal = _stack(app, "Literal")
    _literal(literal, "444444444444" if fails else "222222222222")
    if fails:
        last = SendingPolicy(literal, "Fails", identity="missing.example", policy_name="fails")
        last.allow_account("222222222222")
        last.node.add_dependency(literal.node.find_child("Partner"))
    _tokens(_stack(app, "Tokens"))
    SendingPolicy(
        _stack(app, "Adopted"),
        "Partner",
        identity=IDENTITY,
        policy_name="by-hand",
        document=BY_HAND,
        when_exists=WhenExists.ADOPT,
    )
    # A test renames it: the construct stays the same, and only the name changes.
    SendingPolicy(_stack(app, "Renamed"), "Weekly", identity=IDENTITY, policy_name="weekly").allow_account(
        "222222222222", from_addresses=_NEWS
    )
    _several(_stack(app, "Several"))
    _literal(_stack(app, "Elsewhere", ELSEWHERE), "222222222222")
    app.synth()
    return folder


def _stack(app: cdk.App, name: str, region: str = REGION) -> cdk.Stack:
    return cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))


def _literal(stack: cdk.Stack, account: str) -> None:
    policy = SendingPolicy(stack, "Partner", identity=IDENTITY)
    policy.allow_account(account, from_addresses=_NEWS)
    policy.deny(iam.AnyPrincipal(), from_addresses=["ceo@released.example"])


def _tokens(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Sender", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    pattern = cdk.CfnParameter(stack, "Pattern", default="*@offers.released.example").value_as_string
    identity = cdk.CfnParameter(stack, "Domain", default=IDENTITY).value_as_string
    policy = SendingPolicy(stack, "Partner", identity=identity, policy_name="tokens")
    policy.allow_principal(role)
    policy.allow_account("333333333333", from_addresses=[pattern])


def _several(stack: cdk.Stack) -> None:
    """Declare more than may be worked on at once: each waits for an earlier one."""
    provider = SendingPolicyProvider(stack, "SendingPolicyProvider", max_concurrency=2)
    for number in range(5):
        policy = SendingPolicy(
            stack, f"Partner{number}", identity=IDENTITY, policy_name=f"partner-{number}", provider=provider
        )
        policy.allow_account(f"{number}" * 12, from_addresses=_NEWS)
