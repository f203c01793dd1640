"""How the function of a drift check runs: like the provider's, or as the user chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from ses_sending_policy import DeclarationError, SendingPolicyDriftCheck, SendingPolicyProvider
from ses_sending_policy.construct.drift_check_validation import too_often
from tests.construct.mail import resources
from tests.construct.test_drift_check import declared

_CHOICES = ("Runtime", "MemorySize", "VpcConfig", "KmsKeyArn")
KEY = "arn:aws:kms:eu-west-1:111111111111:key/1"


def network(stack: cdk.Stack, id_: str = "Network") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack, id_, vpc_id=f"vpc-{id_}", availability_zones=["eu-west-1a"], private_subnet_ids=[f"subnet-{id_}"]
    )


def key(stack: cdk.Stack) -> kms.IKey:
    return kms.Key.from_key_arn(stack, "Key", KEY)


def choices(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """Return each function's settings, by its handler."""
    found = [each["Properties"] for each in resources(stack, "AWS::Lambda::Function").values()]
    return {each["Handler"].split(".")[1]: {name: each.get(name) for name in _CHOICES} for each in found}


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    """Return the statements of the check's role."""
    [own] = [each for id_, each in resources(stack, "AWS::IAM::Policy").items() if id_.startswith("DriftPolicy")]
    found: list[dict[str, Any]] = own["Properties"]["PolicyDocument"]["Statement"]
    return found


def test_it_runs_as_the_provider_does(stack: cdk.Stack) -> None:
    SendingPolicyProvider(
        stack,
        "SendingPolicyProvider",
        runtime=lambda_.Runtime.PYTHON_3_12,
        memory_size=512,
        vpc=network(stack),
        environment_encryption=key(stack),
    )
    declared(stack)
    SendingPolicyDriftCheck(stack, "Drift")
    found = choices(stack)
    assert found["drift"] == found["handler"]
    assert found["drift"]["Runtime"] == "python3.12"
    assert (found["drift"]["MemorySize"], found["drift"]["KmsKeyArn"]) == (512, KEY)
    assert found["drift"]["VpcConfig"]["SubnetIds"] == ["subnet-Network"]
    assert len(resources(stack, "AWS::EC2::SecurityGroup")) == 1
    assert statements(stack)[0]["Action"] == "kms:Decrypt"
    managed = [each["Properties"].get("ManagedPolicyArns") for each in resources(stack, "AWS::IAM::Role").values()]
    assert sum("AWSLambdaVPCAccessExecutionRole" in str(each) for each in managed) == 2


def test_it_runs_as_a_provider_of_another_name_where_that_is_the_only_one(stack: cdk.Stack) -> None:
    own = SendingPolicyProvider(stack, "Own", runtime=lambda_.Runtime.PYTHON_3_13)
    check = SendingPolicyDriftCheck(stack, "Drift", policies=[declared(stack, provider=own)])
    assert check.function.runtime.name == "python3.13"
    assert len(resources(stack, "AWS::Lambda::Function")) == 2


def test_it_runs_on_the_architecture_of_the_provider_unless_somebody_chose(stack: cdk.Stack) -> None:
    SendingPolicyProvider(stack, "SendingPolicyProvider", architecture=lambda_.Architecture.X86_64)
    declared(stack)
    SendingPolicyDriftCheck(stack, "Drift")
    SendingPolicyDriftCheck(stack, "Other", architecture=lambda_.Architecture.ARM_64)
    found = [each["Properties"]["Architectures"] for each in resources(stack, "AWS::Lambda::Function").values()]
    assert found == [["x86_64"], ["x86_64"], ["arm64"]]


def test_a_provider_of_another_architecture_after_the_check_fails_the_synth(app: cdk.App, stack: cdk.Stack) -> None:
    SendingPolicyDriftCheck(stack, "Drift")
    SendingPolicyProvider(stack, "SendingPolicyProvider", architecture=lambda_.Architecture.X86_64)
    declared(stack)
    with pytest.raises(RuntimeError, match=r"has another architecture: make the provider first"):
        app.synth()


def test_it_runs_as_somebody_chose(stack: cdk.Stack) -> None:
    SendingPolicyProvider(stack, "SendingPolicyProvider", vpc=network(stack), memory_size=512)
    declared(stack)
    SendingPolicyDriftCheck(
        stack, "Drift", vpc=network(stack, "Other"), runtime=lambda_.Runtime.PYTHON_3_11, memory_size=128
    )
    found = choices(stack)["drift"]
    assert (found["Runtime"], found["MemorySize"]) == ("python3.11", 128)
    assert found["VpcConfig"]["SubnetIds"] == ["subnet-Other"]
    assert len(resources(stack, "AWS::EC2::SecurityGroup")) == 2


def test_a_provider_that_comes_by_itself_after_the_check_runs_as_the_check_does(stack: cdk.Stack) -> None:
    SendingPolicyDriftCheck(stack, "Drift")
    declared(stack)
    found = choices(stack)
    assert found["drift"] == found["handler"]


def test_a_provider_that_comes_after_the_check_and_is_another_fails_the_synth(app: cdk.App, stack: cdk.Stack) -> None:
    SendingPolicyDriftCheck(stack, "Drift")
    SendingPolicyProvider(
        stack, "SendingPolicyProvider", runtime=lambda_.Runtime.PYTHON_3_12, memory_size=512, vpc=network(stack)
    )
    declared(stack)
    with pytest.raises(RuntimeError) as refusal:
        app.synth()
    assert (
        "the drift check was made before the provider 'Mail/SendingPolicyProvider', and has another vpc and "
        "security_groups and memory_size and runtime: make the provider first, or give that to the check as well"
    ) in str(refusal.value)


def test_a_check_that_is_given_the_same_may_come_before(app: cdk.App, stack: cdk.Stack) -> None:
    SendingPolicyDriftCheck(stack, "Drift", runtime=lambda_.Runtime.PYTHON_3_12)
    SendingPolicyProvider(stack, "SendingPolicyProvider", runtime=lambda_.Runtime.PYTHON_3_12)
    declared(stack)
    app.synth()


def test_a_role_of_ones_own_gets_what_the_function_needs_and_the_providers_gets_nothing(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Own", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    declared(stack)
    check = SendingPolicyDriftCheck(stack, "Drift", role=role)
    assert check.role is role
    [own] = [each for id_, each in resources(stack, "AWS::IAM::Policy").items() if id_.startswith("DriftPolicy")]
    assert own["Properties"]["Roles"] == [stack.resolve(role.role_name)]
    assert not [id_ for id_ in resources(stack, "AWS::IAM::Role") if id_.startswith("DriftRole")]


def test_a_log_group_of_ones_own_is_written_to_and_read(stack: cdk.Stack) -> None:
    group = logs.LogGroup(stack, "Own")
    declared(stack)
    SendingPolicyDriftCheck(stack, "Drift", log_group=group, topic=sns.Topic(stack, "Topic"))
    assert not [id_ for id_ in resources(stack, "AWS::Logs::LogGroup") if id_.startswith("Drift")]
    arn = stack.resolve(group.log_group_arn)
    assert [each["Resource"] for each in statements(stack) if "logs:" in str(each["Action"])] == [arn, arn]


def test_only_with_a_topic_it_may_publish_and_read_its_log(stack: cdk.Stack) -> None:
    declared(stack)
    topic = sns.Topic(stack, "Topic", master_key=key(stack))
    SendingPolicyDriftCheck(stack, "Drift", topic=topic)
    assert [each["Action"] for each in statements(stack)][2:] == [
        "logs:FilterLogEvents",
        "sns:Publish",
        ["kms:Decrypt", "kms:GenerateDataKey"],
    ]


def test_what_cannot_work_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(DeclarationError, match="log_group and log_retention are both given"):
        SendingPolicyDriftCheck(
            stack, "One", log_group=logs.LogGroup(stack, "L"), log_retention=logs.RetentionDays.ONE_DAY
        )
    with pytest.raises(DeclarationError, match=r"runtime is 'python3\.10': the function is written for Python 3\.11"):
        SendingPolicyDriftCheck(stack, "Two", runtime=lambda_.Runtime.PYTHON_3_10)
    minutes = cdk.CfnParameter(stack, "Minutes", type="Number").value_as_number
    with pytest.raises(DeclarationError, match="interval is a token: the alarms are made of its number"):
        SendingPolicyDriftCheck(stack, "Three", interval=cdk.Duration.minutes(minutes))


@dataclass(frozen=True)
class Identified:
    """What a check counts of a policy."""

    identity_arn: str


@dataclass(frozen=True)
class Counted:
    """What is compared with SES's pace; declaring a hundred real policies would take seconds."""

    policies: Sequence[Identified]
    interval: cdk.Duration


@pytest.mark.parametrize(("identities", "minutes"), [(136, 5), (163, 6), (500, 19), (500, 1440)])
def test_an_interval_that_is_long_enough_is_taken(identities: int, minutes: int) -> None:
    check = Counted([Identified(f"arn{number}") for number in range(identities)], cdk.Duration.minutes(minutes))
    assert too_often(check) == ""


def test_an_interval_that_is_too_short_for_the_identities_is_refused_with_the_numbers() -> None:
    """Policies on the same identity are read in one call."""
    many = [Identified(f"arn{number}") for number in (*range(400), *range(100))]
    assert too_often(Counted(many, cdk.Duration.minutes(5))) == (
        "interval is 300 seconds: to read 400 identities takes 440 at SES's pace, and as much is left to deploys and "
        "to what has to be read again; make it 15 minutes or more, or give `policies` of 136 identities at most"
    )


def test_the_synth_holds_the_interval_against_the_identities_that_there_are_then(stack: cdk.Stack) -> None:
    check = SendingPolicyDriftCheck(stack, "Drift", interval=cdk.Duration.minutes(5))
    for number in range(137):
        declared(stack, f"P{number}", f"d{number}.example")
    [sentence] = check.node.validate()
    assert sentence.startswith("interval is 300 seconds: to read 137 identities takes 151 at SES's pace")


def test_its_default_child_is_the_function(stack: cdk.Stack) -> None:
    declared(stack)
    check = SendingPolicyDriftCheck(stack, "Drift")
    function = check.node.default_child
    assert isinstance(function, lambda_.CfnFunction)
    function.add_property_override("Description", "ours")
    assert [each["Properties"]["Description"] for each in resources(stack, "AWS::Lambda::Function").values()].count(
        "ours"
    ) == 1
