"""Templates that let everybody send, each in another way."""

import json
from typing import Any, Final

from tests.review.resolving import BY_PARAMETER, FIND, NOTHING, PARTNER, REF, chosen, made, mail, mapping, parameter
from tests.review.templates import resource

EVERYBODY: Final[dict[str, Any]] = {
    "a list in a list": mail([PARTNER, REF], Parameters=parameter(Type="CommaDelimitedList", Default="x,*")),
    "a default": mail(REF, Parameters=parameter(Default="*")),
    "a secret default": mail(REF, Parameters=parameter(Default="*", NoEcho=True)),
    "a mapping": mail(FIND, Mappings=mapping(prod="*")),
    "any of a mapping": mail(BY_PARAMETER, Parameters=parameter(), Mappings=mapping(dev=PARTNER, prod="*")),
    "a branch": chosen("*", PARTNER),
    "a branch that its default does not take": chosen("*", PARTNER, Parameters=parameter(Default="no")),
    "a branch of branches": chosen({"Fn::If": ["C", PARTNER, "x"]}, {"Fn::If": ["C", "x", "*"]}),
    "a list": mail({"Fn::Split": [",", f"{PARTNER},*"]}),
    "a default of a list": mail(REF, Parameters=parameter(Type="CommaDelimitedList", Default=f"{PARTNER}, *")),
    "the only allowed value": mail(REF, Parameters=parameter(AllowedValues=["*"])),
    "a text": mail({"Fn::Sub": ["${a}", {"a": "*"}]}),
    "an attribute": made("Custom::AWSCDKCfnJson", "Value", Value='["*"]'),
    "a text of an attribute": made("Custom::AWSCDKCfnJson", "Value", Value='"*"'),
    "a stored value": made("AWS::SSM::Parameter", "Value", Value="*"),
}


def documents() -> dict[str, Any]:
    """Return templates that let everybody send, each with its document written in another way."""
    whole = {"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [whole]})
    parts = text.partition("2012")
    extended = {"Transform": "AWS::LanguageExtensions"}
    values = {
        "a text": text,
        "a text in parts": {"Fn::Join": ["", list(parts)]},
        "a text of references": {"Fn::Sub": text.replace("SendEmail", "Send${AWS::NoSuch}Email")},
        "a text of an object": {"Fn::ToJsonString": {"Statement": [whole]}},
        "a branch": {"Fn::If": ["C", {"Statement": [whole]}, NOTHING]},
        "statements of a branch": {"Statement": {"Fn::If": ["C", [whole], []]}},
        "an element of a branch": {"Statement": [whole | {"Effect": {"Fn::If": ["C", "Allow", "Deny"]}}]},
        "a condition of a branch": {
            "Statement": [
                whole | {"Condition": {"Fn::If": ["C", {"StringLike": {"ses:FromAddress": "a@b.c"}}, NOTHING]}}
            ]
        },
        "a condition's keys": {
            "Statement": [whole | {"Condition": {"StringLike": {"ses:FromAddress": {"Fn::If": ["C", "*", NOTHING]}}}}]
        },
    }
    conditions = {"Conditions": {"C": {"Fn::Equals": [REF, "yes"]}}, "Parameters": parameter()}
    return {
        name: {"Resources": {"P": resource(Policy=value)}, **conditions, **extended} for name, value in values.items()
    }
