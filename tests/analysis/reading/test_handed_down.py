"""What a reference to a parameter of a nested template gives, by what the parent template hands down to it."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.analysis.reading.sources import STORED

HERE = KnownEnvironment("aws", "eu-west-1", "111111111111")
ALL = {"Ref": "All"}
STAYS = {"Ref": "Who"}
IN_PARENT = {"Parameters": {"All": {"Type": "String"}, "Known": {"Type": "String", "Default": "222222222222"}}}
CONDITIONS = {
    "IsKnown": {"Fn::Equals": ["a", "a"]},
    "IsNot": {"Fn::Equals": ["a", "b"]},
    "IsOpen": {"Fn::Equals": [ALL, "a"]},
}
STRING, COMMAS, PATH = "String", "CommaDelimitedList", "AWS::SSM::Parameter::Value<String>"


def chosen(condition: str, yes: Any, no: Any) -> dict[str, Any]:
    return {"Fn::If": [condition, yes, no]}


@pytest.mark.parametrize(
    ("kind", "parameters", "value"),
    [
        (STRING, {"Who": "222222222222"}, "222222222222"),
        (STRING, {"Who": {"Ref": "Known"}}, "222222222222"),
        (STRING, {"Who": {"Ref": "AWS::AccountId"}}, "111111111111"),
        # What only the parent knows means nothing in the nested template.
        (STRING, {"Who": ALL}, STAYS),
        (STRING, {"Who": {"Fn::Sub": "${All}-1"}}, STAYS),
        # Without a value, the default counts.
        (STRING, {}, "default"),
        (STRING, None, "default"),
        (STRING, {"Other": ALL}, "default"),
        (STRING, {"Ref": "AWS::NoValue"}, "default"),
        # Whatever gives the parameters may give this one.
        (STRING, ALL, STAYS),
        (STRING, {"Fn::Transform": {"Name": "Macro"}}, STAYS),
        (STRING, {"Fn::Transform": {"Name": "Macro"}, "Who": "222222222222"}, STAYS),
        (STRING, chosen("IsOpen", {"Who": "a"}, {"Who": "b"}), STAYS),
        (STRING, chosen("IsKnown", {"Who": "a"}, {"Who": "b"}), "a"),
        (STRING, chosen("IsNot", {"Who": "a"}, chosen("IsKnown", {"Who": "b"}, {"Who": "c"})), "b"),
        (COMMAS, {"Who": "a, b"}, ["a", "b"]),
        (COMMAS, {"Who": {"Fn::Sub": "a,${All},b"}}, ["a", {"Fn::Split": [",", STAYS]}, "b"]),
        (COMMAS, {"Who": {"Fn::Sub": "a,${AWS::Region}"}}, ["a", "eu-west-1"]),
        (COMMAS, {"Who": ALL}, STAYS),
        (PATH, {"Who": "/mail/partner"}, {"Ref": f"{STORED}/mail/partner"}),
        (PATH, {"Who": {"Ref": "Known"}}, {"Ref": f"{STORED}222222222222"}),
        (PATH, {"Who": ALL}, STAYS),
    ],
)
def test_a_parameter_of_a_nested_template(kind: str, parameters: Any, value: Any) -> None:
    properties = {} if parameters is None else {"Parameters": parameters}
    resources = {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}
    parent = Scope(IN_PARENT | {"Conditions": CONDITIONS, "Resources": resources}, "Mail", HERE)
    nested = Scope({"Parameters": {"Who": {"Type": kind, "Default": "default"}}}, "Mail/Inner", HERE)
    nested.parent, parent.children = (parent, "Inner"), {"Inner": nested}
    evaluation = Evaluation(takes_defaults=True)
    assert evaluation.of(nested).resolved({"Ref": "Who"}) == value
    is_by_path = value != STAYS and kind == PATH
    assert list(evaluation.paths.values()) == ([{(nested, "Who")}] if is_by_path else [])
