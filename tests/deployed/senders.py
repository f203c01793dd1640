"""Stacks whose policies depend on what only a deploy knows: roles, parameters, an export, a nested stack's role."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct

from ses_sending_policy import SendingPolicy

DOMAIN = "senders.example"


class Campaign(cdk.NestedStack):
    """A nested stack with a policy for a role of its parent, and one for its own role."""

    def __init__(self, scope: Construct, id: str, sender: iam.IRole) -> None:
        super().__init__(scope, id)
        SendingPolicy(self, "Parents", identity=DOMAIN, policy_name="parents").allow_principal(sender)
        own = iam.Role(self, "Own", assumed_by=iam.AccountRootPrincipal())
        SendingPolicy(self, "Own Policy", identity=DOMAIN, policy_name="own").allow_principal(own)


app = cdk.App()
environment = cdk.Environment(account="111111111111", region="eu-west-1")
roles = cdk.Stack(app, "Roles", env=environment)
exported = iam.Role(roles, "Exported", assumed_by=iam.AccountRootPrincipal())
ses.EmailIdentity(roles, "Identity", identity=ses.Identity.domain(DOMAIN))

stack = cdk.Stack(app, "Senders", env=environment)
stack.add_stack_dependency(roles)
sender = iam.Role(stack, "Sender", assumed_by=iam.AccountRootPrincipal(), path="/mail/")
SendingPolicy(stack, "Role", identity=DOMAIN, policy_name="role").allow_principal(sender)
SendingPolicy(stack, "Import", identity=DOMAIN, policy_name="import").allow_principal(exported)
address = cdk.CfnParameter(stack, "Address", default="weekly@senders.example")
named = SendingPolicy(stack, "Parameter", identity=DOMAIN, policy_name="parameter")
named.allow_account("222222222222", from_addresses=[address.value_as_string])
wanted = cdk.CfnParameter(stack, "Wanted", default="no")
sometimes = SendingPolicy(stack, "Sometimes", identity=DOMAIN, policy_name="sometimes")
sometimes.allow_account("222222222222")
resource = sometimes.node.default_child
assert isinstance(resource, cdk.CfnResource)
resource.cfn_options.condition = cdk.CfnCondition(stack, "IsWanted", expression=cdk.Fn.condition_equals(wanted, "yes"))
Campaign(stack, "Campaign", sender)
app.synth()
