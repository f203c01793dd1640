"""What references to common resources give, and the properties that identify a resource."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.resource_values import identifying
from ses_sending_policy.analysis.reading.scope import Scope

HERE = KnownEnvironment("aws", "eu-west-1", "111111111111")
TOPIC = "arn:aws:sns:eu-west-1:111111111111:t"


@pytest.mark.parametrize(
    ("kind", "properties", "values"),
    [
        ("AWS::IAM::Role", {"RoleName": "r"}, {"": "r", "Arn": "arn:aws:iam::111111111111:role/r"}),
        ("AWS::IAM::Role", {"RoleName": "r", "Path": "/p/"}, {"Arn": "arn:aws:iam::111111111111:role/p/r"}),
        ("AWS::IAM::User", {"UserName": "u"}, {"": "u", "Arn": "arn:aws:iam::111111111111:user/u"}),
        ("AWS::S3::Bucket", {"BucketName": "b"}, {"": "b", "Arn": "arn:aws:s3:::b"}),
        ("AWS::SES::ConfigurationSet", {"Name": "c"}, {"": "c"}),
        ("AWS::SES::EmailIdentity", {"EmailIdentity": "example.com"}, {"": "example.com"}),
        ("AWS::SNS::Topic", {"TopicName": "t"}, {"": TOPIC, "TopicArn": TOPIC, "TopicName": "t"}),
        (
            "AWS::SSM::Parameter",
            {"Name": "/n", "Type": "String", "Value": "v"},
            {"": "/n", "Type": "String", "Value": "v"},
        ),
    ],
)
def test_what_a_reference_gives(kind: str, properties: Any, values: dict[str, str]) -> None:
    scope = Scope({"Resources": {"R": {"Type": kind, "Properties": properties}}}, "Mail", HERE)
    for attribute, value in values.items():
        function = {"Fn::GetAtt": ["R", attribute]} if attribute else {"Ref": "R"}
        assert Evaluation().of(scope).resolved(function) == value
    other = {"Fn::GetAtt": ["R", "Other"]}
    assert Evaluation().of(scope).resolved(other) == other


# "Update requires: Replacement", on the page of each type.
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("AWS::Cognito::UserPool", []),
        ("AWS::IAM::Role", ["Path", "RoleName"]),
        ("AWS::IAM::User", ["Path", "UserName"]),
        ("AWS::S3::Bucket", ["BucketName"]),
        ("AWS::SES::ConfigurationSet", ["Name"]),
        ("AWS::SES::EmailIdentity", ["EmailIdentity"]),
        ("AWS::SNS::Topic", ["FifoTopic", "TopicName"]),
        ("AWS::Other::Type", ["Any", "Other"]),
        ("Custom::Mine", ["Any", "Other", "Tags"]),
    ],
)
def test_what_identifies_a_resource(kind: str, names: list[str]) -> None:
    others = {"Other": 1, "Any": 2, "Tags": [], "ServiceToken": "arn", "ServiceTimeout": 9}
    properties = others | dict.fromkeys(names, "x")
    assert identifying(kind, properties) == {name: properties[name] for name in names}
    assert identifying(kind, {}) == {}
