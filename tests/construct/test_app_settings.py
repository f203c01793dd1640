"""Settings for all constructs of an app: ours follow each, or refuse it in a sentence."""

from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import assertions, pipelines
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk.custom_resources import CustomResourceConfig
from constructs import Construct, IConstruct

from ses_sending_policy import DeclarationError, SendingPolicy, SendingPolicyProvider, WhenExists
from tests.construct.mail import ENVIRONMENT, QUICK, new_app, only, policy, resources, said

FUNCTION = "AWS::Lambda::Function"
LOG_GROUP = "AWS::Logs::LogGroup"


def declare(scope: Construct, **options: Any) -> SendingPolicy:
    declared = SendingPolicy(scope, "Partner", identity="example.com", **options)
    declared.allow_account("222222222222", from_addresses=["*@news.example.com"])
    return declared


@pytest.mark.parametrize("where", ["app", "stack"])
def test_a_custom_resource_config_reaches_the_function_and_its_log(app: cdk.App, stack: cdk.Stack, where: str) -> None:
    """Also in an app whose policies may be overwritten: the user has chosen that the log is deleted."""
    config = CustomResourceConfig.of(app if where == "app" else stack)
    config.add_log_retention_lifetime(logs.RetentionDays.TEN_YEARS)
    config.add_removal_policy(cdk.RemovalPolicy.DESTROY)
    config.add_lambda_runtime(lambda_.Runtime.PYTHON_3_12)
    declare(stack, when_exists=WhenExists.OVERWRITE)
    [log_group] = resources(stack, LOG_GROUP)
    found = only(stack, LOG_GROUP)
    assert (found["Properties"], found["DeletionPolicy"]) == ({"RetentionInDays": 3653}, "Delete")
    function = only(stack, FUNCTION)["Properties"]
    assert (function["Runtime"], function["LoggingConfig"]) == ("python3.12", {"LogGroup": {"Ref": log_group}})


def test_a_custom_resource_config_for_other_languages_leaves_it(stack: cdk.Stack) -> None:
    CustomResourceConfig.of(stack).add_lambda_runtime(lambda_.Runtime.NODEJS_22_X)
    declare(stack)
    assert only(stack, FUNCTION)["Properties"]["Runtime"] == "python3.14"


def test_a_custom_resource_config_leaves_a_log_group_of_the_users(stack: cdk.Stack) -> None:
    CustomResourceConfig.of(stack).add_removal_policy(cdk.RemovalPolicy.DESTROY)
    SendingPolicyProvider(stack, "SendingPolicyProvider", log_group=logs.LogGroup(stack, "Log"))
    declare(stack)
    assert only(stack, LOG_GROUP)["DeletionPolicy"] == "Retain"


BOUNDARY = "arn:aws:iam::111111111111:policy/boundary"


@pytest.mark.parametrize("where", ["app", "stage", "stack", "aspect"])
def test_a_permissions_boundary_reaches_the_role(where: str) -> None:
    boundary: dict[str, Any] = {"permissions_boundary": cdk.PermissionsBoundary.from_arn(BOUNDARY)}
    app = new_app(**{"@aws-cdk/core:permissionsBoundary": {"arn": BOUNDARY}} if where == "app" else {})
    stage = cdk.Stage(app, "Prod", env=ENVIRONMENT, **boundary if where == "stage" else {})
    stack = cdk.Stack(stage, "Mail", **boundary if where == "stack" else {})
    declare(stack)
    if where == "aspect":
        iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.from_managed_policy_arn(stack, "Boundary", BOUNDARY))
    assert only(stack, "AWS::IAM::Role")["Properties"]["PermissionsBoundary"] == BOUNDARY


@jsii.implements(cdk.IPropertyInjector)
class _ShortLogs:
    @property
    def construct_unique_id(self) -> str:
        return logs.LogGroup.PROPERTY_INJECTION_ID

    def inject(self, _original_props: Any, *, scope: Construct, id: str) -> Any:  # noqa: ARG002 - as the CDK calls it
        return logs.LogGroupProps(retention=logs.RetentionDays.ONE_WEEK)


def test_a_property_injector_reaches_what_it_is_made_of() -> None:
    stack = cdk.Stack(new_app(), "Mail", env=ENVIRONMENT, property_injectors=[_ShortLogs()])
    declare(stack)
    assert only(stack, LOG_GROUP)["Properties"] == {"RetentionInDays": 7}


@jsii.implements(cdk.IAspect)
class _Guard:
    """Denies everybody to send as the CEO in each policy of an app, and counts the other statements."""

    def __init__(self) -> None:
        self.statements = 0

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, SendingPolicy):
            self.statements += len(node.policy_document.to_json()["Statement"])
            node.deny(iam.AnyPrincipal(), from_addresses=["ceo@example.com"])


def test_an_aspect_reads_policies_and_adds_to_them(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack)
    guard = _Guard()
    cdk.Aspects.of(app).add(guard)
    assert [each["Effect"] for each in policy(stack)["Statement"]] == ["Allow", "Deny"]
    assert guard.statements == 1


SYNTHESIZERS = {
    "the CDK's default": cdk.DefaultStackSynthesizer,
    "with the credentials of the shell": cdk.CliCredentialsStackSynthesizer,
    "of the first CDK": cdk.LegacyStackSynthesizer,
}


@pytest.mark.parametrize("synthesizer", SYNTHESIZERS.values(), ids=SYNTHESIZERS)
@pytest.mark.parametrize("nested", [False, True], ids=["in the stack", "in a nested one"])
def test_the_function_comes_with_any_synthesizer_that_takes_files(synthesizer: Any, *, nested: bool) -> None:
    app = new_app()
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT, synthesizer=synthesizer())
    home = cdk.NestedStack(stack, "Nested") if nested else stack
    declare(home)
    code = only(home, FUNCTION)["Properties"]["Code"]
    assert code.keys() == {"S3Bucket", "S3Key"}
    assert len(resources(home)) == 1


@pytest.mark.parametrize("nested", [False, True], ids=["in the stack", "in a nested one"])
def test_a_synthesizer_that_takes_no_files_is_refused(*, nested: bool) -> None:
    stack = cdk.Stack(new_app(), "Mail", env=ENVIRONMENT, synthesizer=cdk.BootstraplessSynthesizer())
    home = cdk.NestedStack(stack, "Nested") if nested else stack
    with pytest.raises(DeclarationError) as caught:
        declare(home)
    assert said(caught.value) == (
        f"stack {home.node.path!r} has the BootstraplessSynthesizer, which takes no files, and the function's code is "
        "one: give the stack another synthesizer, as cdk.CliCredentialsStackSynthesizer, which needs the bucket of cdk "
        "bootstrap and none of its roles"
    )


def test_what_else_fails_with_the_function_is_told_as_it_is(stack: cdk.Stack) -> None:
    with pytest.raises(RuntimeError, match="without configuring a VPC"):
        SendingPolicyProvider(stack, "Own", vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC))


def test_a_pipeline_publishes_the_function_and_deploys_the_policy() -> None:
    app = cdk.App(**QUICK)
    home = cdk.Stack(app, "Pipeline", env=ENVIRONMENT)
    source = pipelines.CodePipelineSource.connection(
        "example/mail", "main", connection_arn="arn:aws:codestar-connections:eu-west-1:111111111111:connection/x"
    )
    synth = pipelines.ShellStep("Synth", input=source, commands=["npx cdk synth"])
    pipeline = pipelines.CodePipeline(home, "Pipeline", synth=synth)
    stage = cdk.Stage(app, "Prod", env=ENVIRONMENT)
    mail = cdk.Stack(stage, "Mail")
    declare(mail)
    pipeline.add_stage(stage)
    template = assertions.Template.from_stack(home).to_json()
    [found] = [each for each in template["Resources"].values() if each["Type"] == "AWS::CodePipeline::Pipeline"]
    names = [each["Name"] for each in found["Properties"]["Stages"]]
    assert names == ["Source", "Build", "UpdatePipeline", "Assets", "Prod"]
    assert only(mail)["Properties"]["PolicyName"].startswith("Prod-Mail-Partner-")


def test_a_reserve_limits_how_many_policies_are_worked_on_at_once(stack: cdk.Stack) -> None:
    """Lambda makes further events wait, while CloudFormation's timeout for them runs."""
    SendingPolicyProvider(stack, "SendingPolicyProvider", reserved_concurrent_executions=1)
    for name in ("A", "B", "C"):
        SendingPolicy(stack, name, identity="example.com").allow_account("222222222222", from_addresses=["a@b.example"])
    assert only(stack, FUNCTION)["Properties"]["ReservedConcurrentExecutions"] == 1
    policies = resources(stack)
    waits = [len(policies.keys() & {*each["DependsOn"]}) for each in policies.values()]
    assert sorted(waits) == [0, 1, 1]


def test_a_reserve_may_be_a_token(stack: cdk.Stack) -> None:
    number = cdk.CfnParameter(stack, "Reserve", type="Number").value_as_number
    SendingPolicyProvider(stack, "SendingPolicyProvider", reserved_concurrent_executions=number)  # type: ignore[arg-type]
    assert only(stack, FUNCTION)["Properties"]["ReservedConcurrentExecutions"] == {"Ref": "Reserve"}


def test_a_dead_letter_queue_gets_what_the_function_did_not_come_to(app: cdk.App, stack: cdk.Stack) -> None:
    """Also if the role is another stack's, which does not know the queue."""
    role = iam.Role(cdk.Stack(app, "Roles", env=ENVIRONMENT), "Role", assumed_by=iam.AccountRootPrincipal())
    queue = sqs.Queue(stack, "Unheard")
    SendingPolicyProvider(stack, "SendingPolicyProvider", role=role, dead_letter_queue=queue)
    declare(stack)
    arn = {"Fn::GetAtt": [stack.get_logical_id(queue.node.default_child), "Arn"]}  # type: ignore[arg-type]
    assert only(stack, FUNCTION)["Properties"]["DeadLetterConfig"] == {"TargetArn": arn}
    statements = only(stack, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    [sends] = [each for each in statements if "sqs:SendMessage" in each["Action"]]
    assert sends["Resource"] == arn
