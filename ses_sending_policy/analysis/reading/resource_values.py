"""What `Ref` and `Fn::GetAtt` give for common resources, and the properties whose change makes another resource."""

from collections.abc import Mapping
from typing import Final

from ses_sending_policy.analysis.reading.owners import is_amazons
from ses_sending_policy.rules.document import Json

_ARN: Final = "arn:${AWS::Partition}"
_HERE: Final = "${AWS::Region}:${AWS::AccountId}"

# By resource type and attribute (empty for `Ref`), the value as a text for `Fn::Sub`; `${.Name}` stands for a property.
# "When you pass the logical ID of this resource to the intrinsic Ref function, Ref returns the EmailIdentity"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ses-emailidentity.html
# "Arn: Returns the Amazon Resource Name (ARN) for the role."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html
# "Ref returns the topic ARN"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
_TOPIC: Final = f"{_ARN}:sns:{_HERE}:${{.TopicName}}"
VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("AWS::IAM::Role", ""): "${.RoleName}",
    ("AWS::IAM::Role", "Arn"): f"{_ARN}:iam::${{AWS::AccountId}}:role${{.Path}}${{.RoleName}}",
    ("AWS::IAM::User", ""): "${.UserName}",
    ("AWS::IAM::User", "Arn"): f"{_ARN}:iam::${{AWS::AccountId}}:user${{.Path}}${{.UserName}}",
    ("AWS::S3::Bucket", ""): "${.BucketName}",
    ("AWS::S3::Bucket", "Arn"): f"{_ARN}:s3:::${{.BucketName}}",
    ("AWS::SES::ConfigurationSet", ""): "${.Name}",
    ("AWS::SES::EmailIdentity", ""): "${.EmailIdentity}",
    ("AWS::SNS::Topic", ""): _TOPIC,
    ("AWS::SNS::Topic", "TopicArn"): _TOPIC,
    ("AWS::SNS::Topic", "TopicName"): "${.TopicName}",
    ("AWS::SSM::Parameter", ""): "${.Name}",
    ("AWS::SSM::Parameter", "Type"): "${.Type}",
    ("AWS::SSM::Parameter", "Value"): "${.Value}",
}

# The default values of properties. Names have none: CloudFormation makes them up.
DEFAULTS: Final[Mapping[tuple[str, str], str]] = {("AWS::IAM::Role", "Path"): "/", ("AWS::IAM::User", "Path"): "/"}

# "Update requires: Replacement": if one of these properties changes, CloudFormation makes another resource. Otherwise
# the resource stays the same, and so do the values of references to it.
_REPLACING: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::Cognito::UserPool": (),
    "AWS::IAM::Role": ("Path", "RoleName"),
    "AWS::IAM::User": ("Path", "UserName"),
    "AWS::S3::Bucket": ("BucketName",),
    "AWS::SES::ConfigurationSet": ("Name",),
    "AWS::SES::EmailIdentity": ("EmailIdentity",),
    "AWS::SNS::Topic": ("FifoTopic", "TopicName"),
}

# For a type that is not listed above, any property may identify the resource, except these. They do not change what a
# custom resource returns: that is up to its function, and the token only says where the function is. Tags count for a
# custom resource, where they are a property like any other.
_NEVER: Final = frozenset({"ServiceToken", "ServiceTimeout"})
_TAGS: Final = frozenset({"Tags"})

JSON_VALUE: Final = ("Custom::AWSCDKCfnJson", "Value")
"""Type and attribute of the CDK's `CfnJson`: it returns its property, read as JSON, so that keys may have functions."""


def identifying(kind: str, properties: Mapping[str, Json]) -> dict[str, Json]:
    """Return the properties that identify a resource: if one of them changes, it may be another resource."""
    names = _REPLACING.get(kind, properties.keys() - _NEVER - (_TAGS if is_amazons(kind) else set()))
    return {name: properties[name] for name in names if name in properties}
