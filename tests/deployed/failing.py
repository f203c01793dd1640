"""Eight stacks whose deploys fail for different reasons, each with a policy on its own identity."""

import os

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ses_sending_policy import SendingPolicy, SendingPolicyProvider, WhenExists

PARTNER = "222222222222"
# Nearly as long as a parameter may be.
ADDRESSES = ",".join(f"partner-{number:03}@large.example" for number in range(140))


def stack_of(app: cdk.App, name: str) -> cdk.Stack:
    env = cdk.Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
    return cdk.Stack(app, name, env=env)


def policy_of(stack: cdk.Stack, when_exists: WhenExists = WhenExists.FAIL) -> SendingPolicy:
    identity = f"{stack.stack_name.lower()}.example"
    return SendingPolicy(stack, "Partner", identity=identity, policy_name="partner", when_exists=when_exists)


def bare_role(stack: cdk.Stack) -> iam.IRole:
    """Return a role of the user's own that takes no policy, and so lacks the permissions of the function."""
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    return role.without_policy_updates()


app = cdk.App()
for name in ("Missing", "Foreign", "Full", "Denied"):
    policy_of(stack_of(app, name)).allow_account(PARTNER)
policy_of(stack_of(app, "Different"), WhenExists.ADOPT).allow_account(PARTNER)
gone = iam.ArnPrincipal(f"arn:aws:iam::{PARTNER}:role/newsletter")
policy_of(stack_of(app, "Stranger")).allow_principal(gone)
large = stack_of(app, "Large")
addresses = cdk.CfnParameter(large, "Addresses", type="CommaDelimitedList", default=ADDRESSES)
too_large = policy_of(large)
too_large.allow_account(PARTNER, from_addresses=addresses.value_as_list)
# Otherwise the synth fails because of the default.
shorter = cdk.Acknowledgment(id="ses-sending-policy::SES005", reason="each deploy gives a shorter list")
cdk.Validations.of(too_large).acknowledge(shorter)
role = stack_of(app, "Role")
SendingPolicyProvider(role, "SendingPolicyProvider", role=bare_role(role))
policy_of(role).allow_account(PARTNER)
app.synth()
