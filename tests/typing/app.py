"""An app by a user who works with types, with every public name: for the strictest mypy and pyright, and a snapshot."""

from datetime import UTC, datetime
from typing import Unpack

import aws_cdk as cdk
import jsii
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from ses_sending_policy import (
    DeclarationError,
    DelegatedIdentity,
    Narrowing,
    SendingPolicy,
    SendingPolicyDriftCheck,
    SendingPolicyProvider,
    WhenExists,
    __version__,
)


@jsii.implements(cdk.IAspect)
class Guard:
    """Denies everybody to send as the CEO, in every policy of an app."""

    def visit(self, node: IConstruct) -> None:
        """Add the Deny to a policy that has statements."""
        if isinstance(node, SendingPolicy) and node.policy_document.statement_count:
            node.deny(iam.AnyPrincipal(), from_addresses=["ceo@*"])


class House(cdk.Stack):
    """The owner of a domain."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        provider = SendingPolicyProvider(
            self,
            "SendingPolicyProvider",
            environment_encryption=key,
            log_group=logs.LogGroup(self, "Log", retention=logs.RetentionDays.TWO_YEARS),
            memory_size=512,
            runtime=lambda_.Runtime.PYTHON_3_13,
            max_concurrency=10,
            reserved_concurrent_executions=20,
            dead_letter_queue=sqs.Queue(self, "Unheard", enforce_ssl=True),
        )
        provider.function.metric_errors().create_alarm(self, "Errors", threshold=1, evaluation_periods=1)
        self.kept: tuple[iam.IRole, logs.ILogGroup, cdk.Duration] = provider.role, provider.log_group, provider.timeout
        self.identity = ses.EmailIdentity(self, "Identity", identity=ses.Identity.domain("example.com"))
        self.partner = SendingPolicy(self, "Partner", identity=self.identity, provider=SendingPolicyProvider.of(self))
        self._let_partners()
        self.others = SendingPolicy(
            self,
            "Others",
            identity=self.identity,
            policy_name="others",
            when_exists=WhenExists.ADOPT,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        self.added = self._let_others()
        self._check(key)
        names: list[str] = [each.policy_name for each in (self.partner, self.others)]
        cdk.CfnOutput(self, "Names", value=cdk.Fn.join(",", names))
        cdk.CfnOutput(self, "Arn", value=self.partner.identity_arn, description=self.partner.identity_name)
        cdk.CfnOutput(self, "Id", value=self.partner.physical_id, description=__version__)
        cdk.CfnOutput(self, "Hash", value=self.partner.policy_hash)

    def _let_partners(self) -> None:
        self.partner.allow_account("222222222222", "333333333333", from_addresses=["*@news.example.com"])
        self.partner.allow_principal(
            iam.ArnPrincipal("arn:aws:iam::444444444444:role/Sender"),
            from_addresses=["shop@example.com"],
            not_before=datetime(2030, 1, 1, tzinfo=UTC),
            not_after="2031-01-01T00:00Z",
        )
        self._let_staff(from_addresses=["staff@example.com"], recipients=["*@example.org"])

    def _let_staff(self, **narrowing: Unpack[Narrowing]) -> None:
        self.partner.allow_organization("o-a1b2c3d4e5", **narrowing)

    def _let_others(self) -> bool:
        pool = cognito.UserPool.from_user_pool_arn(
            self, "Pools", "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEfGhI"
        )
        self.others.allow_cognito_user_pool(pool)
        given = self.others.allow_service("ses.amazonaws.com", source_account=self.account, actions=["ses:SendEmail"])
        waits = cdk.CfnResource(self, "Waits", type="AWS::SNS::Topic")
        if given.policy_dependable is not None:
            waits.node.add_dependency(given.policy_dependable)
        self.others.add_statements(_statement("First"))
        added: iam.AddToResourcePolicyResult = self.others.add_to_resource_policy(_statement("Second"))
        self.others.policy_document.add_statements(_statement("Third"))
        iam.Grant.add_to_principal_or_resource(
            grantee=iam.ArnPrincipal("arn:aws:iam::555555555555:role/Sender"),
            actions=["ses:SendEmail"],
            resource_arns=[self.others.identity_arn],
            resource=self.others,
        ).assert_success()
        self.others.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return added.statement_added

    def _check(self, key: kms.IKey) -> None:
        check = SendingPolicyDriftCheck(
            self,
            "Drift",
            policies=[self.partner, self.others],
            interval=cdk.Duration.hours(6),
            topic=sns.Topic(self, "Drifted", master_key=key),
            ignore_undeclared=True,
        )
        metric: cloudwatch.Metric = check.metric("Changed")
        metric.create_alarm(self, "Changed", threshold=len(check.policies), evaluation_periods=1)


class Partner(cdk.Stack):
    """A sender in another account."""

    def __init__(self, scope: Construct, id: str, *, identity_arn: str, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)
        sender = iam.Role(self, "Sender", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        house = DelegatedIdentity(self, "House", identity_arn=identity_arn)
        grant: iam.Grant = house.grant_send(sender, configuration_set="news")
        grant.assert_success()
        cdk.CfnOutput(self, "Region", value=house.region, description=house.identity_arn)


def _statement(sid: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.AccountPrincipal("222222222222")],
        actions=["ses:SendEmail"],
        conditions={"StringEquals": {"ses:FromAddress": f"{sid.lower()}@example.com"}},
    )


def refused(policy: SendingPolicy) -> str:
    """Return the error for a wrong account."""
    try:
        policy.allow_account("2222")
    except DeclarationError as error:
        return str(error)
    return ""


def made(app: cdk.App) -> House:
    """Add the stacks to `app`."""
    house = House(app, "House", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    Partner(
        app,
        "Partner",
        identity_arn="arn:aws:ses:eu-west-1:111111111111:identity/example.com",
        env=cdk.Environment(account="222222222222", region="eu-west-1"),
    )
    cdk.Aspects.of(app).add(Guard())
    return house


if __name__ == "__main__":
    made(APP := cdk.App())
    APP.synth()
