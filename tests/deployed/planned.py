"""A stack with a parameter in a policy, and with a nested stack: `python planned.py FOLDER ACCOUNTS`.

ACCOUNTS is JSON: which account may send by which policy, in the stack and in the nested one.
"""

import json
import os
import sys

import aws_cdk as cdk
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy

DOMAIN = "planned.example"


def make(folder: str, accounts: dict[str, dict[str, str]]) -> None:
    # The context that the CDK CLI gives to an app.
    context = {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}
    app = cdk.App(outdir=folder, context=context, builtin_cloud_formation_validation=False)
    env = cdk.Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
    stack = cdk.Stack(app, "Planned", env=env)
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(DOMAIN))
    partner = cdk.CfnParameter(stack, "Partner", default="222222222222")
    asked = SendingPolicy(stack, "asked", identity=identity, policy_name="asked")
    asked.allow_account(partner.value_as_string)
    nested = cdk.NestedStack(stack, "Nested")
    nested.node.add_dependency(identity)
    for scope, own in ((stack, accounts["outer"]), (nested, accounts["nested"])):
        for name, account in own.items():
            SendingPolicy(scope, name, identity=DOMAIN, policy_name=name).allow_account(account)
    app.synth()


if __name__ == "__main__":
    make(sys.argv[1], json.loads(sys.argv[2]))
