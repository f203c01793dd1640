"""A stack that looks up its identity, who may send, as what, and until when; and the stack of the how-to."""

import aws_cdk as cdk
from aws_cdk import aws_ses as ses
from aws_cdk import aws_ssm as ssm

from ses_sending_policy import SendingPolicy
from tests.support.pages import step


class LookedUp(cdk.Stack):
    """A stack with one policy, whose values all come from SSM."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account="111111111111", region="eu-west-1"))
        domain = self._value("domain")
        ses.EmailIdentity(self, "Identity", identity=ses.Identity.domain(domain))
        policy = SendingPolicy(self, "Partner", identity=domain, policy_name=self._value("name"))
        policy.allow_account(self._value("partner"), from_addresses=[f"*@news.{domain}"], not_after=self._value("end"))

    def _value(self, name: str) -> str:
        return ssm.StringParameter.value_from_lookup(self, f"/mail/{name}")


app = cdk.App()
LookedUp(app, "LookedUp")
page = cdk.Stack(app, "Page", env=cdk.Environment(account="111111111111", region="eu-west-1"))
step("authorize-a-partner", "looks-up").run({"stack": page})
app.synth()
