"""The app of a project that uses the wheel: a pipeline that deploys the same mail in two regions."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import pipelines
from constructs import Construct

from ses_sending_policy import SendingPolicy

ACCOUNT = "111111111111"


class Campaign(cdk.NestedStack):
    """An agency that may send as any address, which is a warning."""

    def __init__(self, scope: Construct, id: str, *, identity: ses.IEmailIdentity) -> None:
        super().__init__(scope, id)
        SendingPolicy(self, "Agency", identity=identity).allow_account("333333333333")


class Mail(cdk.Stage):
    """A domain, who may send as it, and a campaign."""

    def __init__(self, scope: Construct, id: str, *, region: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=region))
        stack = cdk.Stack(self, "Mail")
        identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
        partner = SendingPolicy(stack, "Partner", identity=identity)
        partner.allow_account("222222222222", from_addresses=["*@offers.example.com"])
        partner.deny(iam.AnyPrincipal(), from_addresses=["*admin*"])
        Campaign(stack, "Campaign", identity=identity)


app = cdk.App(context={"@aws-cdk/core:enablePartitionLiterals": True})
delivery = cdk.Stack(app, "Delivery", env=cdk.Environment(account=ACCOUNT, region="eu-west-1"))
source = pipelines.CodePipelineSource.connection(
    "example/mail", "main", connection_arn=f"arn:aws:codeconnections:eu-west-1:{ACCOUNT}:connection/0a1b2c3d"
)
synth = pipelines.ShellStep("Synth", input=source, commands=["npx cdk synth"])
pipeline = pipelines.CodePipeline(delivery, "Pipeline", synth=synth)
pipeline.add_stage(Mail(app, "Europe", region="eu-west-1"))
pipeline.add_stage(Mail(app, "America", region="us-east-1"))
app.synth()
