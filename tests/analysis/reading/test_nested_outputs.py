"""What an output of a nested template gives in the template that nests it."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope

ANYWHERE, HERE = KnownEnvironment(), KnownEnvironment("aws", "eu-west-1", "111111111111")
ACCOUNT = {"Ref": "AWS::AccountId"}
STAYS = {"Fn::GetAtt": ["Inner", "Outputs.Who"]}
INNER: dict[str, Any] = {
    "Parameters": {"Open": {"Type": "String"}, "Known": {"Type": "String", "Default": "222222222222"}},
    "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
}


def nested(outputs: Any, environment: KnownEnvironment, kind: str = "AWS::CloudFormation::Stack") -> Scope:
    """Return a template with a nested one that has these outputs."""
    parent = Scope({"Resources": {"Inner": {"Type": kind, "Properties": {}}}}, "Mail", environment)
    child = Scope(INNER | {"Outputs": outputs}, "Mail/Inner", environment)
    child.parent, parent.children = (parent, "Inner"), {"Inner": child}
    return parent


def resolved(scope: Scope, function: Any = STAYS) -> Any:
    return Evaluation(takes_defaults=True).of(scope).resolved(function)


@pytest.mark.parametrize(
    ("value", "environment", "given"),
    [
        ("222222222222", ANYWHERE, "222222222222"),
        ({"Ref": "Known"}, ANYWHERE, "222222222222"),
        (["a", "b"], ANYWHERE, ["a", "b"]),
        (ACCOUNT, HERE, "111111111111"),
        # Both templates are deployed to the same place, though nobody knows which.
        (ACCOUNT, ANYWHERE, ACCOUNT),
        (
            {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"},
            ANYWHERE,
            {"Fn::Join": ["", ["arn:aws:iam::", ACCOUNT, ":root"]]},
        ),
        # What only the nested template knows means nothing in the other one.
        ({"Ref": "Open"}, HERE, STAYS),
        (["a", {"Ref": "Open"}], HERE, STAYS),
        ({"Fn::If": ["Never", "a", "b"]}, HERE, "b"),
    ],
)
def test_a_value(value: Any, environment: KnownEnvironment, given: Any) -> None:
    assert resolved(nested({"Who": {"Value": value}}, environment)) == given


@pytest.mark.parametrize("outputs", [{}, None, {"Other": {"Value": "a"}}, {"Who": {}}, {"Who": {"Value": STAYS}}])
def test_none(outputs: Any) -> None:
    assert resolved(nested(outputs, HERE)) == STAYS


def test_only_a_nested_stack_that_was_read_has_outputs() -> None:
    outputs = {"Who": {"Value": "222222222222"}}
    assert resolved(nested(outputs, HERE, "Custom::Stack")) == STAYS
    unread = nested(outputs, HERE)
    unread.children = {}
    assert resolved(unread) == STAYS
    attribute = {"Fn::GetAtt": ["Inner", "Who"]}
    assert resolved(nested(outputs, HERE), attribute) == attribute
    assert resolved(nested(outputs, HERE), {"Fn::GetAtt": "Inner.Outputs.Who"}) == "222222222222"


def test_an_output_that_depends_on_itself() -> None:
    parent = nested({"Who": {"Value": {"Ref": "Open"}}}, HERE)
    parent.elements["Resources"]["Inner"]["Properties"]["Parameters"] = {"Open": STAYS}
    assert resolved(parent) == STAYS
