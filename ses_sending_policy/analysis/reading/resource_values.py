"""What `Ref` and `Fn::GetAtt` give of the resources whose names stand in policies, and what makes them other ones."""

from collections.abc import Mapping
from typing import Final

from ses_sending_policy.analysis.reading.owners import is_amazons
from ses_sending_policy.rules.document import Json

_ARN: Final = "arn:${AWS::Partition}"
_HERE: Final = "${AWS::Region}:${AWS::AccountId}"

# By type, what each reference gives, in the words of `Fn::Sub`, where `${.Name}` is a property; empty stands for `Ref`.
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

# What a property is that is not given, where that is no name that CloudFormation makes up.
DEFAULTS: Final[Mapping[tuple[str, str], str]] = {("AWS::IAM::Role", "Path"): "/", ("AWS::IAM::User", "Path"): "/"}

# "Update requires: Replacement": with another one of these it is another resource. The rest changes it, and what a
# reference gives stays the same.
_REPLACING: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::Cognito::UserPool": (),
    "AWS::IAM::Role": ("Path", "RoleName"),
    "AWS::IAM::User": ("Path", "UserName"),
    "AWS::S3::Bucket": ("BucketName",),
    "AWS::SES::ConfigurationSet": ("Name",),
    "AWS::SES::EmailIdentity": ("EmailIdentity",),
    "AWS::SNS::Topic": ("FifoTopic", "TopicName"),
}

# Of a resource that is not known here, any property may count; but these never do. What a custom resource gives is its
# function's to say, of which the token tells no more than the place; tags are but one more property to it.
_NEVER: Final = frozenset({"ServiceToken", "ServiceTimeout"})
_TAGS: Final = frozenset({"Tags"})

JSON_VALUE: Final = ("Custom::AWSCDKCfnJson", "Value")
"""A resource of the CDK's whose attribute is its property, read as JSON: keys of an object may so have functions."""


def identifying(kind: str, properties: Mapping[str, Json]) -> dict[str, Json]:
    """Return the properties of a resource of which another value makes it another one, for all that is known."""
    names = _REPLACING.get(kind, tuple(properties.keys() - _NEVER - (_TAGS if is_amazons(kind) else set())))
    return {name: properties[name] for name in sorted(names) if name in properties}
