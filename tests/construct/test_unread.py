"""What may carry a policy and is not read: at synth a warning, which fails nobody's synth."""

import aws_cdk as cdk
from constructs import Construct

from ses_sending_policy.analysis.findings.catalogue import UNREAD
from tests.construct.findings import declare, places, report
from tests.construct.mail import acknowledge

STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail"}


def others(scope: Construct, id: str = "Others") -> cdk.CustomResource:
    """Add somebody else's custom resource with a statement about SES."""
    return cdk.CustomResource(scope, id, service_token="arn:f", properties={"Grants": [STATEMENT]})


def test_it_is_a_warning(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack)
    others(stack)
    app.synth()
    assert places(app) == [(UNREAD, "Mail/Others/Default")]
    [found] = report(app)["violations"]
    assert (found["severity"], report(app)["conclusion"]) == ("warning", "success")
    assert found["description"] == (
        "a resource of the type AWS::CloudFormation::CustomResource may carry a sending policy, and was not read: "
        "it has a statement about actions of SES's"
    )
    assert found["suggestedFix"] == f"look at it, and then acknowledge {UNREAD} on it"


def test_it_is_acknowledged_as_a_finding_is(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack)
    acknowledge(others(stack), UNREAD)
    app.synth()
    [suppressed] = report(app)["suppressedViolations"]
    assert (places(app), suppressed["acknowledgedAt"]) == ([], "Mail/Others")


def test_a_macro_over_a_whole_template_is_told_of_its_stack(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack)
    stack.add_transform("Ours")
    app.synth()
    assert places(app) == [(UNREAD, "Mail")]


def test_what_is_in_a_nested_stack_is_told_there(app: cdk.App, stack: cdk.Stack) -> None:
    inner = cdk.NestedStack(stack, "Inner")
    declare(inner)
    others(inner)
    app.synth()
    assert [place for place in places(app) if place[0] == UNREAD] == [(UNREAD, "Mail/Inner/Others/Default")]
