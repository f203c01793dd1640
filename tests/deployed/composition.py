"""Two stacks as a user composes them, with three identities and seven policies.

The context `stacks` has the arguments of each stack, which a test changes from one deploy to the next.
"""

import json

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct

from ses_sending_policy import SendingPolicy

TRADE = "trade.example"

# As a file may have it: with an Id, one statement without a list around it, and values that are not strings.
AGENCY = """
{
  "Id": "ExamplePolicy",
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Agency",
    "Effect": "Allow",
    "Principal": {"AWS": ["444444444444", "arn:aws:iam::333333333333:root"]},
    "Action": "ses:SendRawEmail",
    "Condition": {
      "StringLike": {"ses:FromAddress": ["agency@*"]},
      "Bool": {"aws:SecureTransport": true}
    }
  }
}
"""


class Mail(cdk.Stack):
    """A trading house and its weekly paper.

    :param weekly: the domain of the paper.
    :param users: whether user pools may send as the trading house.
    """

    def __init__(self, scope: Construct, id: str, *, weekly: str, users: bool, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)
        # Ministack creates resources that do not wait for each other in the order of their names. By name the
        # identities come late, so they precede their policies only because the policies refer to them.
        trade = ses.EmailIdentity(self, "Trade", identity=ses.Identity.domain(TRADE))
        partner = SendingPolicy(self, "Partner", identity=trade)
        partner.allow_account("222222222222", from_addresses=["*@offers.example"], not_after="2040-01-01T00:00Z")
        guard = SendingPolicy(self, "Guard", identity=trade, policy_name="guard")
        guard.deny(iam.AnyPrincipal(), from_addresses=["*root*", "*admin*"])
        if users:
            pools = SendingPolicy(self, "Users", identity=trade)
            pools.allow_service("email.cognito-idp.amazonaws.com", source_account=self.account)
        paper = ses.EmailIdentity(self, "Weekly", identity=ses.Identity.domain(weekly))
        SendingPolicy(self, "Agency", identity=paper, document=json.loads(AGENCY))


class Partners(cdk.Stack):
    """A shop, and others who may send as an identity of stack Mail.

    :param courier: the domain as which the courier may send.
    """

    def __init__(self, scope: Construct, id: str, *, courier: str, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)
        shop = ses.EmailIdentity(self, "Shop", identity=ses.Identity.domain("shop.example"))
        fulfilment = SendingPolicy(self, "Fulfilment", identity=shop)
        fulfilment.allow_principal(iam.ArnPrincipal("arn:aws:iam::222222222222:role/fulfilment"))
        reseller = SendingPolicy(self, "Reseller", identity=TRADE)
        reseller.allow_organization("o-a1b2c3d4e5", recipients=["*@customers.example"])
        parcels = SendingPolicy(self, "Courier", identity=f"arn:aws:ses:{env.region}:{env.account}:identity/{courier}")
        parcels.allow_account("555555555555", from_addresses=["parcels@*"], from_display_names=["Courier"])
        parcels.allow_account("666666666666", from_addresses=["returns@*"], actions=["ses:SendEmail"])


app = cdk.App()
stacks = json.loads(app.node.get_context("stacks"))
environment = cdk.Environment(account="111111111111", region="eu-west-1")
mail = Mail(app, "Mail", **stacks["Mail"], env=environment)
Partners(app, "Partners", **stacks["Partners"], env=environment).add_stack_dependency(mail)
app.synth()
