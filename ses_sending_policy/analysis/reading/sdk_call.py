"""A call of an AWS API that a custom resource makes, in the shape of the CDK's `AwsCustomResource`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.texts import opened, parsed
from ses_sending_policy.rules.arns import OWN_ACCOUNT, Arn, is_account
from ses_sending_policy.rules.document import Json, as_text, is_intrinsic

AWS_CALL: Final = "Custom::AWS"
"""The type that the CDK gives an `AwsCustomResource`, unless the user names another one."""

EVENTS: Final = ("Create", "Update", "Delete")
"""The properties of `AwsCustomResource` that hold one call each, named after the event at which the call is made."""

# SES and SESv2 are two services with different actions. Each has several names, by the version of the AWS SDK, as
# "SES", "SESv2" or "@aws-sdk/client-sesv2".
# https://docs.aws.amazon.com/ses/latest/APIReference/API_Operations.html
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Operations.html
_IDENTITY: Final[Mapping[tuple[str, str], str]] = {
    ("ses", "putidentitypolicy"): "Identity",
    ("sesv2", "createemailidentitypolicy"): "EmailIdentity",
    ("sesv2", "updateemailidentitypolicy"): "EmailIdentity",
}
_SERVICES, _ACTIONS = (frozenset(each) for each in zip(*_IDENTITY, strict=True))

_OWN_REGION: Final = "${AWS::Region}"


@dataclass(frozen=True, slots=True)
class SdkCall:
    """A call of an AWS API.

    :param service: the service's name in lower case, with unknown parts as `${...}`.
    :param action: the action's name in lower case, with unknown parts as `${...}`.
    :param parameters: the parameters of the call.
    :param physical_id: the physical id that the resource has after the call. Default: - only the deploy knows it.
    :param region: the region that the call goes to. Default: - the stack's.
    :param role: the ARN of the role that makes the call. Default: - a role in the stack's account.
    """

    service: str
    action: str
    parameters: Json
    physical_id: str | None = None
    region: Json = None
    role: Json = None

    @classmethod
    def read(cls, value: Json) -> "SdkCall | None":
        """Return the call that `value` holds, as an object or JSON text; None if it has not the shape of a call."""
        found = value if isinstance(value, Mapping) and not is_intrinsic(value) else parsed(value)
        if not isinstance(found, Mapping) or not {"service", "action"} <= found.keys():
            return None
        service = text_of(found["service"]).lower().rpartition("client-")[2]
        # The action may begin with a capital or not, and may be the name of the SDK's command, as
        # "PutIdentityPolicyCommand".
        action = text_of(found["action"]).lower().removesuffix("command")
        given = found.get("physicalResourceId")
        physical_id = given.get("id") if isinstance(given, Mapping) else None
        is_told = isinstance(physical_id, str) and is_known(physical_id)
        own = physical_id if is_told else None
        return cls(service, action, found.get("parameters"), own, found.get("region"), found.get("assumedRoleArn"))

    @property
    def may_write(self) -> bool:
        """Whether the call writes a sending policy, or may do so."""
        may_be_ses = self.service in _SERVICES or not is_known(self.service)
        return may_be_ses and (self.action in _ACTIONS or not is_known(self.action))

    @property
    def policy(self) -> tuple[Json, Json, Json] | None:
        """Identity, name and document of the policy that the call writes; None if it is not known to write one."""
        key = _IDENTITY.get((self.service, self.action))
        if key is None:
            return None
        given = self.parameters if isinstance(self.parameters, Mapping) else {}
        return given.get(key), given.get("PolicyName"), as_text(opened(given.get("Policy")))

    def place(self, scope: Scope) -> dict[str, str]:
        """Return the `account` and the `region` that the call goes to, with unknown parts as `${...}`.

        "region: The region to send service requests to. [...] Default: - the region where this custom resource is
        deployed", "assumed_role_arn: Used for running the SDK calls in underlying lambda with a different role. Can be
        used primarily for cross-account requests"
        https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.custom_resources/AwsSdkCall.html

        :param scope: the template that the call stands in.
        """
        own = {OWN_ACCOUNT: scope.environment.account, _OWN_REGION: scope.environment.region}
        region = _OWN_REGION if self.region is None else text_of(self.region)
        found = {"account": _account(self.role, scope), "region": region}
        return {part: own.get(text) or text for part, text in found.items()}


def _account(role: Json, scope: Scope) -> str:
    """Return the account of the role that makes a call; words such as `of ${Sender.Arn}` if it is unknown."""
    match role:
        case None | "":
            return OWN_ACCOUNT
        case {"Fn::GetAtt": [str(name), "Arn"]} if at(scope.elements, "Resources", name, "Type") == "AWS::IAM::Role":
            return OWN_ACCOUNT
    arn = Arn.parse(text_of(role))
    if arn and (is_account(arn.account) or not is_known(arn.account)):
        return arn.account
    return f"of {text_of(role)}"


def branches(value: Json) -> list[Json]:
    """Return all values that `value` may have: each branch of an `Fn::If`, without `AWS::NoValue`."""
    match value:
        case {"Fn::If": [_, one, other]}:
            return [*branches(one), *branches(other)]
        case {"Ref": "AWS::NoValue"}:
            return []
    return [value]
