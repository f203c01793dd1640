"""Synthesize policies, ours or as bare custom resources, and print the seconds that it took.

`python synths.py ours` or `bare`, and then how many stacks and how many policies in each: 10 and 10.

Both have a function in each stack, whose code is a folder of files, and a document of one statement for each policy.
"""

import sys
import time
from tempfile import TemporaryDirectory

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from ses_sending_policy import SendingPolicy
from ses_sending_policy.construct.asset import HANDLER, asset_directory

_ENVIRONMENT = cdk.Environment(account="111111111111", region="eu-west-1")


def statement(domain: str) -> iam.PolicyStatement:
    """Return what a policy of either kind allows."""
    return iam.PolicyStatement(
        actions=["ses:SendEmail"],
        principals=[iam.ArnPrincipal("arn:aws:iam::222222222222:user/sender")],
        resources=[f"arn:aws:ses:eu-west-1:111111111111:identity/{domain}"],
    )


def ours(stack: cdk.Stack, domain: str, policies: int) -> None:
    """Declare a stack's policies with ours."""
    for number in range(policies):
        SendingPolicy(stack, f"Policy{number}", identity=domain, statements=[statement(domain)])


def bare(stack: cdk.Stack, domain: str, policies: int) -> None:
    """Declare a stack's policies without us."""
    code = lambda_.Code.from_asset(str(asset_directory()))
    function = lambda_.Function(stack, "Function", runtime=lambda_.Runtime.PYTHON_3_14, handler=HANDLER, code=code)
    function.add_to_role_policy(iam.PolicyStatement(actions=["ses:CreateEmailIdentityPolicy"], resources=["*"]))
    for number in range(policies):
        cdk.CustomResource(
            stack,
            f"Policy{number}",
            service_token=function.function_arn,
            resource_type="Custom::SendingPolicy",
            properties={
                "EmailIdentity": domain,
                "PolicyName": f"policy{number}",
                "Policy": iam.PolicyDocument(statements=[statement(domain)]).to_json(),
            },
        )


if __name__ == "__main__":
    declare = {"ours": ours, "bare": bare}[sys.argv[1]]
    stacks, policies = (int(each) for each in sys.argv[2:] or ("10", "10"))
    with TemporaryDirectory() as folder:
        begin = time.perf_counter()
        app = cdk.App(outdir=folder, builtin_cloud_formation_validation=False)
        for number in range(stacks):
            declare(cdk.Stack(app, f"Mail{number}", env=_ENVIRONMENT), f"{number}.example", policies)
        app.synth()
        print(time.perf_counter() - begin)  # noqa: T201 - what it is run for
