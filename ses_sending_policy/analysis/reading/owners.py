"""Who makes a resource: CloudFormation itself, or third-party code, which may do anything with its properties."""

from typing import Final

from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.wire import RESOURCE_TYPE

# "AWS::CloudFormation::CustomResource" or "Custom::MyCustomResourceTypeName"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
_CUSTOM: Final = "AWS::CloudFormation::CustomResource"

# "Resource type identifiers always take the following form: service-provider::service-name::data-type-name"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
_AMAZONS: Final = ("AWS::", "Alexa::")

# "the resource was created from a module of type AWS::First::Example::MODULE"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ModuleInfo.html
_MODULE: Final = "::MODULE"


def is_amazons(kind: Json) -> bool:
    """Return whether CloudFormation itself makes a resource of the type `kind`."""
    if not isinstance(kind, str) or kind == _CUSTOM or kind.endswith(_MODULE):
        return False
    return kind.startswith(_AMAZONS)


def is_others(kind: Json) -> bool:
    """Return whether a resource of the type `kind` is made by code that is neither AWS's nor this project's."""
    return isinstance(kind, str) and kind != RESOURCE_TYPE and not is_amazons(kind)
