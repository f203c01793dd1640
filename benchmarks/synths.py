"""Synthesizes policies, by this construct or as bare custom resources, and prints the memory and the seconds it took.

    python synths.py ours|complete|bare [STACKS POLICIES]

POLICIES is their number in each stack; both are 10 by default. `ours` declares policies as the README does: a policy,
and then grants. `complete` gives the policy a statement of the CDK's class. `bare` uses no construct of this project.

All have an identity and a function with an asset in each stack, and a document of one statement for each policy.
"""

import resource
import sys
import time
from collections.abc import Iterator, Sequence
from tempfile import TemporaryDirectory

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy
from ses_sending_policy.construct.asset import HANDLER, asset_directory

_ENVIRONMENT = cdk.Environment(account="111111111111", region="eu-west-1")
_PARTNER = "222222222222"
_MOST = 20
_On = tuple[ses.IEmailIdentity, str]


def on_identities(stack: cdk.Stack, domain: str, policies: int) -> Iterator[_On]:
    """Yield the identity of each policy, and its name.

    An identity can have 20 policies and a stack 500 resources, so for more than 20 policies identities are imported.
    """
    if policies <= _MOST:
        made = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(domain))
        yield from [(made, domain)] * policies
        return
    for first in range(0, policies, _MOST):
        name = f"{first}.{domain}"
        imported = ses.EmailIdentity.from_email_identity_name(stack, f"Identity{first}", name)
        yield from [(imported, name)] * min(_MOST, policies - first)


def statement(domain: str, *resources: str) -> iam.PolicyStatement:
    """Return the statement that each policy has."""
    return iam.PolicyStatement(
        sid="AllowAccount222222222222",
        actions=["ses:SendEmail", "ses:SendRawEmail"],
        principals=[iam.AccountPrincipal(_PARTNER)],
        conditions={"StringLike": {"ses:FromAddress": [f"*@news.{domain}"]}},
        resources=list(resources) or None,
    )


def ours(stack: cdk.Stack, policies: Sequence[_On]) -> None:
    """Declare a stack's policies as the README does."""
    for number, (identity, domain) in enumerate(policies):
        policy = SendingPolicy(stack, f"Policy{number}", identity=identity)
        policy.allow_account(_PARTNER, from_addresses=[f"*@news.{domain}"])


def complete(stack: cdk.Stack, policies: Sequence[_On]) -> None:
    """Declare a stack's policies by this construct, with statements of the CDK's class."""
    for number, (identity, domain) in enumerate(policies):
        SendingPolicy(stack, f"Policy{number}", identity=identity, statements=[statement(domain)])


def bare(stack: cdk.Stack, policies: Sequence[_On]) -> None:
    """Declare a stack's policies without this project."""
    code = lambda_.Code.from_asset(str(asset_directory()))
    function = lambda_.Function(stack, "Function", runtime=lambda_.Runtime.PYTHON_3_14, handler=HANDLER, code=code)
    function.add_to_role_policy(iam.PolicyStatement(actions=["ses:CreateEmailIdentityPolicy"], resources=["*"]))
    known = {domain: (identity.email_identity_name, identity.email_identity_arn) for identity, domain in set(policies)}
    for number, (_, domain) in enumerate(policies):
        name, arn = known[domain]
        cdk.CustomResource(
            stack,
            f"Policy{number}",
            service_token=function.function_arn,
            resource_type="Custom::SendingPolicy",
            properties={
                "EmailIdentity": name,
                "PolicyName": f"policy{number}",
                "Policy": iam.PolicyDocument(statements=[statement(domain, arn)]).to_json(),
            },
        )


if __name__ == "__main__":
    declare = {"ours": ours, "complete": complete, "bare": bare}[sys.argv[1]]
    stacks, policies = (int(each) for each in sys.argv[2:] or ("10", "10"))
    with TemporaryDirectory() as folder:
        begin = time.perf_counter()
        app = cdk.App(outdir=folder, builtin_cloud_formation_validation=False)
        for number in range(stacks):
            stack = cdk.Stack(app, f"Mail{number}", env=_ENVIRONMENT)
            declare(stack, list(on_identities(stack, f"{number}.example", policies)))
        app.synth()
        seconds = time.perf_counter() - begin
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss} KiB {seconds}")  # noqa: T201 - the result
