"""What a template says of the places that only the deploy knows, and of the acknowledgements there."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy
from ses_sending_policy.analysis.findings.catalogue import PLUGIN
from ses_sending_policy.construct.unknowns import unknown_places
from tests.construct.mail import acknowledge, new_app, resources

PARAMETER = {"Ref": "Value"}
STORED = "{{resolve:ssm:/mail/partner}}"


def said(stack: cdk.Stack) -> dict[str, Any]:
    """Return what the only policy says of unknown places."""
    [policy] = resources(stack).values()
    return {name: policy["Properties"][name] for name in ("Unknown", "Acknowledged") if name in policy["Properties"]}


def declared(stack: cdk.Stack) -> SendingPolicy:
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
    return SendingPolicy(stack, "Partner", identity=identity)


def parameter(stack: cdk.Stack, **more: Any) -> cdk.CfnParameter:
    return cdk.CfnParameter(stack, "Value", **more)


@pytest.fixture
def anywhere() -> cdk.Stack:
    """Give a stack whose account, region and partition are tokens."""
    return cdk.Stack(new_app(), "Mail")


def test_a_document_that_is_known_says_nothing_of_it(anywhere: cdk.Stack) -> None:
    """Account, partition and region come from AWS, and SES accepts only the identity's own ARN."""
    policy = declared(anywhere)
    policy.allow_account("222222222222", from_addresses=["*@news.example.com"])
    policy.allow_account(anywhere.account)
    acknowledge(policy, "SES001")
    assert said(anywhere) == {}


def test_each_place_is_told_and_what_is_acknowledged_around(anywhere: cdk.Stack) -> None:
    policy = declared(anywhere)
    value = parameter(anywhere).value_as_string
    policy.allow_principal(iam.ArnPrincipal(value), from_addresses=[value, "a@example.com"], not_after=value)
    for scope, rule in ((policy, "SES001"), (anywhere, "SES014"), (policy, "SES102"), (policy, "SES999")):
        cdk.Validations.of(scope).acknowledge(
            cdk.Acknowledgment(id=f"{PLUGIN}::{rule}", reason="x"),
            cdk.Acknowledgment(id="other::SES003", reason="x"),
        )
    assert said(anywhere) == {
        "Unknown": [
            "Statement/0/Condition/DateLessThan/aws:CurrentTime",
            "Statement/0/Condition/StringLike/ses:FromAddress",
            "Statement/0/Principal/AWS",
        ],
        # SES102 is a warning, which the function does not check.
        "Acknowledged": ["SES001", "SES014"],
    }


def test_what_is_acknowledged_after_the_grant_counts(anywhere: cdk.Stack) -> None:
    policy = declared(anywhere)
    policy.allow_principal(iam.ArnPrincipal(parameter(anywhere).value_as_string))
    assert said(anywhere) == {"Unknown": ["Statement/0/Principal/AWS"]}


def test_a_nested_stack_says_the_same() -> None:
    app = new_app()
    top = cdk.Stack(app, "Mail")
    value = parameter(top).value_as_string
    nested = cdk.NestedStack(top, "Nested")
    unknown, known = (SendingPolicy(nested, name, identity="example.com") for name in ("Unknown", "Known"))
    unknown.allow_account(value)
    known.allow_account("222222222222")
    acknowledge(unknown, "SES014")
    app.synth()
    found = [each["Properties"] for each in resources(nested).values()]
    assert [(each.get("Unknown"), each.get("Acknowledged")) for each in found] == [
        (["Statement/0/Principal/AWS"], ["SES014"]),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ({"Principal": {"AWS": PARAMETER}}, ["Statement/0/Principal/AWS"]),
        ({"Principal": PARAMETER}, ["Statement/0/Principal"]),
        ({"Principal": {"AWS": ["222222222222", PARAMETER]}}, ["Statement/0/Principal/AWS"]),
        ({"Principal": {"AWS": [[PARAMETER]]}}, ["Statement/0/Principal/AWS"]),
        ({"Action": {"Fn::FindInMap": ["A", "B", "C"]}}, ["Statement/0/Action"]),
        ({"Action": {"Fn::Sub": "ses:${Verb}"}}, ["Statement/0/Action"]),
        ({"Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}}, []),
        ({"Principal": {"AWS": {"Fn::Sub": "${!aws:username}"}}}, []),
        ({"Principal": {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::1:root"]]}}}, []),
        (
            {"Principal": {"AWS": {"Fn::Join": ["", ["arn:aws:iam::", PARAMETER, ":root"]]}}},
            ["Statement/0/Principal/AWS"],
        ),
        ({"Principal": {"AWS": {"Fn::Join": [",", PARAMETER]}}}, ["Statement/0/Principal/AWS"]),
        ({"Principal": {"AWS": STORED}}, ["Statement/0/Principal/AWS"]),
        ({"Principal": {"AWS": ["222222222222", f"arn:aws:iam::{STORED}:root"]}}, ["Statement/0/Principal/AWS"]),
        ({"Action": {"Fn::Join": ["", ["ses:", STORED]]}}, ["Statement/0/Action"]),
        (
            {"Action": {"Fn::Join": ["", ["{{resolve:ssm:/", {"Ref": "AWS::Region"}, "/verb}}"]]}},
            ["Statement/0/Action"],
        ),
        ({"Action": {"Fn::Sub": f"ses:{STORED}"}}, ["Statement/0/Action"]),
        (
            {"Condition": {"StringLike": {"ses:FromAddress": [STORED]}}},
            ["Statement/0/Condition/StringLike/ses:FromAddress"],
        ),
        ({"Condition": {"Fn::If": ["A", {}, {}]}}, ["Statement/0/Condition"]),
        ({"Condition": {"Bool": PARAMETER}}, ["Statement/0/Condition/Bool"]),
        (
            {"Condition": {"Bool": {"aws:SecureTransport": PARAMETER}}},
            ["Statement/0/Condition/Bool/aws:SecureTransport"],
        ),
        ({"Condition": {"StringLike": {"ses:FromAddress": "${aws:username}@example.com"}}}, []),
        ({"Resource": PARAMETER, "Sid": PARAMETER}, []),
        ({"Fn::If": ["A", {}, {}]}, ["Statement"]),
    ],
)
def test_a_place_is_what_the_template_leaves_to_the_deploy(statement: dict[str, Any], places: list[str]) -> None:
    assert list(unknown_places({"Statement": [statement]})) == places


def test_a_whole_list_of_statements_may_be_unknown() -> None:
    assert list(unknown_places({"Statement": PARAMETER})) == ["Statement"]
    assert list(unknown_places({"Statement": [{}, {"Action": PARAMETER}]})) == ["Statement/1/Action"]
