"""The numbers and names on the page about costs and remains are those of a real stack."""

from collections import Counter

import aws_cdk as cdk

from ses_sending_policy import SendingPolicy, SendingPolicyDriftCheck
from ses_sending_policy.rules.drift_check import DRIFT, METRICS, UNREAD
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "howto" / "before-and-after.md").read_text(encoding="utf-8")
OF_THE_CHECK = (ROOT / "docs" / "howto" / "watch-for-drift.md").read_text(encoding="utf-8")


def test_it_counts_what_a_stack_gets() -> None:
    app = cdk.App()
    stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    SendingPolicy(stack, "Partner", identity="example.com").allow_account("222222222222", from_addresses=["*@a.com"])
    SendingPolicyDriftCheck(stack, "Drift")
    resources = app.synth().get_stack_by_name("Mail").template["Resources"]
    assert Counter(resource["Type"] for resource in resources.values()) == {
        "Custom::SendingPolicy": 1,
        "AWS::Lambda::Function": 2,
        "AWS::Lambda::EventInvokeConfig": 2,
        "AWS::IAM::Role": 3,
        "AWS::IAM::Policy": 3,
        "AWS::Logs::LogGroup": 2,
        "AWS::Scheduler::Schedule": 1,
        "AWS::CloudWatch::Alarm": 3,
    }, "then the page has to name other rights"
    [kept] = [name for name, resource in resources.items() if resource.get("DeletionPolicy") == "RetainExceptOnCreate"]
    assert f"Mail-{kept}-" in PAGE
    assert len({*METRICS.values(), UNREAD, DRIFT}) == 7
    assert "seven metrics and three alarms" in PAGE
    assert "seven metrics and three alarms" in OF_THE_CHECK
