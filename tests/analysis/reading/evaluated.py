"""A template with something of every kind that can be evaluated."""

from typing import Any, Final

NOTHING: Final = {"Ref": "AWS::NoValue"}
TEMPLATE: Final[dict[str, Any]] = {
    "Transform": "AWS::LanguageExtensions",
    "Parameters": {
        "Who": {"Type": "String", "Default": "222222222222"},
        "Count": {"Type": "Number", "Default": 5},
        "Several": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
        "Looked": {"Type": "CommaDelimitedList", "Default": "a,{{resolve:ssm:/a}}"},
        "Numbers": {"Type": "List<Number>", "Default": "1,2"},
        "Open": {"Type": "String"},
        "Only": {"Type": "String", "AllowedValues": ["one"]},
        "Stage": {"Type": "String", "AllowedValues": ["dev", "prod"]},
        "Path": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/mail/partner"},
        "Hidden": {"Type": "String", "NoEcho": True, "Default": "h"},
    },
    "Mappings": {
        "M": {
            "prod": {"id": "333333333333", "all": ["x", "y"], "n": 1, "kept": [{"a": "{{resolve:ssm:/a}}-x"}]},
            "dev": {"id": "444444444444"},
        },
        "Of": {"eu-west-1": {"id": "eu"}},
    },
    "Conditions": {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "No": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
        "IsOpen": {"Fn::Equals": [{"Ref": "Open"}, "yes"]},
        "Loop": {"Condition": "Loop"},
        "IsOther": {"Fn::Equals": [{"Ref": "Stage"}, "other"]},
    },
    "Resources": {
        "Identity": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "example.com"}},
        "Mine": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Sender", "Path": "/mail/"}},
        "Plain": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "${Open}-role"}}},
        "Named": {"Type": "AWS::IAM::User", "Properties": {"UserName": "Jane"}},
        "Made": {"Type": "AWS::IAM::Role", "Properties": {}},
        "Bare": {"Type": "AWS::IAM::Role"},
        "OddType": {"Type": ["AWS::IAM::Role"], "Properties": {"RoleName": "Sender"}},
        "Nameless": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": NOTHING}},
        "Branched": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::If": ["IsOpen", "a", "b"]}}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}},
        "Stored": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/n", "Value": {"Ref": "Open"}}},
        "Json": {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": '{"StringLike":{"a":"b"}}'}},
        "Odd": {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": '{"Ref":"Who"}'}},
        "JsonObject": {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": {"a": 1}}},
        "JsonText": {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": '"*"'}},
        "JsonNumber": {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": "5"}},
        "JsonNone": {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": "null"}},
        "JsonOfOpen": {
            "Type": "Custom::AWSCDKCfnJson",
            "Properties": {"Value": {"Fn::Join": ["", ['"', {"Ref": "Open"}, '"']]}},
        },
        "JsonOfList": {
            "Type": "Custom::AWSCDKCfnJson",
            "Properties": {"Value": {"Fn::Join": ["", ['["', {"Ref": "Several"}, '"]']]}},
        },
        "NoJson": {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": "a"}},
        "Keyed": {
            "Type": "Custom::AWSCDKCfnJson",
            "Properties": {"Value": {"Fn::Join": ["", ['{"', {"Ref": "Open"}, ':aud":"', {"Ref": "Open"}, '!"}']]}},
        },
        "A": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": {"Fn::Sub": "x${B}"}}},
        "B": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": {"Ref": "A"}}},
    },
}
ROLE: Final = "arn:aws:iam::111111111111:role"
