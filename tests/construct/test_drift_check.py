"""The construct that checks SES for drift on a schedule."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from ses_sending_policy import DeclarationError, SendingPolicy, SendingPolicyDriftCheck
from tests.construct.mail import ARN, ENVIRONMENT, new_app, only, resources, statement


def declared(stack: cdk.Stack, id_: str = "Partner", identity: str = "example.com", **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, id_, identity=identity, statements=[statement()], **options)


def event(stack: cdk.Stack) -> Any:
    """Return the event that the schedule sends to the function, with names in place of tokens."""
    parts = only(stack, "AWS::Scheduler::Schedule")["Properties"]["Target"]["Input"]["Fn::Join"][1]
    return json.loads("".join(each if isinstance(each, str) else _name(each) for each in parts))


def _name(token: dict[str, Any]) -> str:
    [value] = token.values()
    return value if isinstance(value, str) else ".".join(value)


def test_it_looks_at_every_policy_of_the_stack_also_at_those_that_come_later(stack: cdk.Stack) -> None:
    declared(stack)
    SendingPolicyDriftCheck(stack, "Drift")
    declared(stack, "Later", "other.example")
    looked = [[id_, f"{id_}.PolicyHash"] for id_ in resources(stack)]
    assert len(looked) == 2
    assert event(stack) == {
        "name": "Mail-Drift-1C00AB9C",
        "stack": "AWS::StackId",
        "ignore_undeclared": False,
        "interval": 86400,
        "policies": looked,
    }


def test_it_may_read_the_policies_of_these_identities_and_do_nothing_else(stack: cdk.Stack) -> None:
    SendingPolicyDriftCheck(stack, "Drift")
    for number, identity in enumerate(("other.example", "example.com", "example.com")):
        declared(stack, f"P{number}", identity)
    [own] = [each for id_, each in resources(stack, "AWS::IAM::Policy").items() if id_.startswith("DriftPolicy")]
    [read, write] = own["Properties"]["PolicyDocument"]["Statement"]
    assert read == {
        "Effect": "Allow",
        "Action": "ses:GetEmailIdentityPolicies",
        "Resource": [ARN, ARN.replace("example.com", "other.example")],
    }
    assert write["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


def only_of(stack: cdk.Stack, type_: str, check: SendingPolicyDriftCheck) -> Any:
    """Return the properties of the check's only resource of a type."""
    [own] = [each for id_, each in resources(stack, type_).items() if id_.startswith(check.node.id)]
    return own["Properties"]


def test_only_the_schedule_of_its_own_account_may_call_it(stack: cdk.Stack) -> None:
    declared(stack)
    SendingPolicyDriftCheck(stack, "Drift")
    [role] = [each for id_, each in resources(stack, "AWS::IAM::Role").items() if id_.startswith("DriftSchedule")]
    [trust] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}


def test_it_has_code_of_its_own_which_the_provider_does_not_carry(stack: cdk.Stack) -> None:
    declared(stack)
    check = SendingPolicyDriftCheck(stack, "Drift")
    functions = resources(stack, "AWS::Lambda::Function").values()
    assert len({json.dumps(each["Properties"]["Code"]) for each in functions}) == len(functions) == 2
    assert only_of(stack, "AWS::Lambda::Function", check)["Handler"] == "provider.drift.handler"


def alarms(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """Return the properties of the alarms, by the check's names for them."""
    found = resources(stack, "AWS::CloudWatch::Alarm").items()
    return {id_.removeprefix("Drift")[:-8]: each["Properties"] for id_, each in found}


def test_it_looks_once_a_day_and_the_alarms_at_each_look(stack: cdk.Stack) -> None:
    declared(stack)
    check = SendingPolicyDriftCheck(stack, "Drift")
    assert only(stack, "AWS::Scheduler::Schedule")["Properties"]["ScheduleExpression"] == "rate(1 day)"
    found = alarms(stack)
    assert found.keys() == {"Alarm", "FailureAlarm", "OverdueAlarm"}
    assert [found[name]["MetricName"] for name in sorted(found)] == ["Drift", "Errors", "Drift"]
    for name in ("Alarm", "OverdueAlarm"):
        assert found[name]["Dimensions"] == [{"Name": "Check", "Value": check.name}]
    assert not [name for name, each in found.items() if "AlarmActions" in each]


def test_nothing_is_overdue_before_there_is_a_schedule(stack: cdk.Stack) -> None:
    declared(stack)
    SendingPolicyDriftCheck(stack, "Drift")
    [schedule] = resources(stack, "AWS::Scheduler::Schedule")
    [overdue] = [each for id_, each in resources(stack, "AWS::CloudWatch::Alarm").items() if "Overdue" in id_]
    assert overdue["DependsOn"] == [schedule]


@pytest.mark.parametrize(("minutes", "timeout", "age"), [(5, 300, 60), (20, 900, 300), (1440, 900, 21600)])
def test_a_look_ends_before_the_next_begins_also_where_lambda_tries_it_again(
    stack: cdk.Stack, minutes: int, timeout: int, age: int
) -> None:
    declared(stack)
    check = SendingPolicyDriftCheck(stack, "Drift", interval=cdk.Duration.minutes(minutes))
    assert only_of(stack, "AWS::Lambda::Function", check)["Timeout"] == timeout
    assert only_of(stack, "AWS::Lambda::EventInvokeConfig", check)["MaximumEventAgeInSeconds"] == age
    retries = only(stack, "AWS::Scheduler::Schedule")["Properties"]["Target"]["RetryPolicy"]
    assert retries["MaximumEventAgeInSeconds"] == minutes * 60


def of_type(stack: cdk.Stack, type_: str) -> list[dict[str, Any]]:
    return list(resources(stack, type_).values())


def test_what_it_is_given_is_what_it_does(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic")
    chosen = declared(stack)
    declared(stack, "Other", "other.example")
    check = SendingPolicyDriftCheck(
        stack,
        "Drift",
        policies=[chosen],
        interval=cdk.Duration.hours(6),
        topic=topic,
        ignore_undeclared=True,
        log_retention=cdk.aws_logs.RetentionDays.ONE_MONTH,
    )
    assert [id_ for id_, _ in event(stack)["policies"]] == [stack.resolve(chosen.physical_id)["Ref"]]
    assert only(stack, "AWS::Scheduler::Schedule")["Properties"]["ScheduleExpression"] == "rate(6 hours)"
    assert event(stack)["ignore_undeclared"] is True
    told = [{"Ref": topic_id} for topic_id in resources(stack, "AWS::SNS::Topic")]
    for each in of_type(stack, "AWS::CloudWatch::Alarm"):
        assert each["Properties"]["AlarmActions"] == each["Properties"]["OKActions"] == told
    assert only_of(stack, "AWS::Logs::LogGroup", check)["RetentionInDays"] == 30


def test_a_metric_of_it_is_the_last_count(stack: cdk.Stack) -> None:
    check = SendingPolicyDriftCheck(stack, "Drift")
    metric = check.metric("Changed")
    assert (metric.namespace, metric.metric_name, metric.statistic) == ("SendingPolicy", "Changed", "Maximum")
    assert metric.dimensions == {"Check": check.name}
    with pytest.raises(DeclarationError, match=r"^Mail/Drift: metric is 'Gone': allowed are Drift, InSync, Changed, "):
        check.metric("Gone")


@pytest.mark.parametrize("minutes", [4, 1441])
def test_an_interval_that_no_alarm_could_look_at_is_refused(stack: cdk.Stack, minutes: int) -> None:
    with pytest.raises(DeclarationError, match=f"interval is {minutes * 60} seconds: allowed are whole minutes from 5"):
        SendingPolicyDriftCheck(stack, "Drift", interval=cdk.Duration.minutes(minutes))


def test_a_fifo_topic_is_refused(stack: cdk.Stack) -> None:
    """Both a new topic and an imported one: neither an alarm nor the function could publish to it."""
    known = sns.Topic.from_topic_arn(stack, "Known", "arn:aws:sns:eu-west-1:111111111111:known.fifo")
    for number, topic in enumerate((sns.Topic(stack, "New", fifo=True), known)):
        with pytest.raises(DeclarationError) as refusal:
            SendingPolicyDriftCheck(stack, f"Drift{number}", topic=topic)
        assert str(refusal.value) == (
            f"Mail/Drift{number}: topic '{topic.node.path}' is a FIFO topic: those take no messages of alarms, give a "
            "standard one"
        )


def test_a_policy_of_another_stack_is_refused() -> None:
    app = new_app()
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    other = declared(cdk.Stack(app, "Other", env=ENVIRONMENT))
    with pytest.raises(DeclarationError, match="policy 'Other/Partner' is of another stack than the drift check"):
        SendingPolicyDriftCheck(stack, "Drift", policies=[other])


def test_a_choice_of_no_policies_is_refused(stack: cdk.Stack) -> None:
    """The stack has one policy: an earlier message said that it had none."""
    declared(stack)
    with pytest.raises(DeclarationError) as refusal:
        SendingPolicyDriftCheck(stack, "Drift", policies=[])
    assert str(refusal.value) == (
        "Mail/Drift: policies is []: give at least one, or leave it out to look at all of the stack"
    )


def test_a_check_of_nothing_fails_the_synth() -> None:
    app = new_app()
    SendingPolicyDriftCheck(cdk.Stack(app, "Mail"), "Drift")
    with pytest.raises(RuntimeError, match="the drift check has nothing to look at"):
        app.synth()
