"""Why a policy stays at SES when its resource leaves the template. It counts as deleted only if that is proven."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import canonical_name
from ses_sending_policy.rules.wire import OnDelete, read_on_delete


@dataclass(frozen=True, slots=True)
class Stay:
    """Why a policy stays at SES that is no longer declared.

    :param reason: the reason, in words that follow "for", as `its DeletionPolicy is Retain`.
    :param is_sure: whether the policy certainly stays; otherwise it may stay.
    """

    reason: str
    is_sure: bool = False


UNTOLD: Final = Stay("nothing says what becomes of it")
"""The reason for a policy whose resource was not looked at."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What happens to a policy when its resource is removed or replaced.

    :param removed: why the policy stays when its resource leaves the template; None if it is deleted.
    :param replaced: why the policy stays when its resource declares another policy instead; None if it is deleted.
    """

    removed: Stay | None = UNTOLD
    replaced: Stay | None = UNTOLD


def kept(resource: Mapping[str, Json], attribute: str) -> Stay | None:
    """Return why CloudFormation keeps what a removed or replaced resource had made; None if it deletes that.

    "If a resource has no DeletionPolicy attribute, AWS CloudFormation deletes the resource by default. This capability
    also applies to stack update operations that lead to resources being deleted from stacks."
    "RetainExceptOnCreate behaves like Retain for stack operations, except for the stack operation that initially
    created the resource."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html

    "Use the UpdateReplacePolicy attribute to retain or, in some cases, backup the existing physical instance of a
    resource when it's replaced during a stack update operation." "By default, CloudFormation then deletes the old
    resource."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html

    :param attribute: `DeletionPolicy`, or `UpdateReplacePolicy` for a resource that is replaced.
    """
    value = resource.get(attribute, "Delete")
    if value == "Delete":
        return None
    if not isinstance(value, str) or not is_known(value):
        return Stay(f"only the deploy knows its {attribute}")
    return Stay(f"its {attribute} is {value}", is_sure=value.startswith("Retain"))


def removal(resource: Mapping[str, Json], last: Stay | None) -> Removal:
    """Return what happens to a policy when its resource is removed or replaced.

    :param resource: the resource that writes the policy.
    :param last: why the policy stays although CloudFormation deletes the resource; None if it goes with the resource.
    """
    return Removal(kept(resource, "DeletionPolicy") or last, kept(resource, "UpdateReplacePolicy") or last)


def released(properties: Mapping[str, Json]) -> Stay | None:
    """Return why the construct's Lambda leaves a policy at SES when its resource is deleted; None if it deletes it.

    Unless `OnDelete` is `DELETE`, the Lambda leaves a policy that it found there. No template says whether it did.
    """
    if properties.get("OnDelete") == OnDelete.DELETE:
        return None
    try:
        choice = read_on_delete(properties)
    except DeclarationError:
        return Stay("only the deploy knows its OnDelete")
    return None if choice is OnDelete.DELETE else Stay(f"its OnDelete is {choice}, which leaves what was there before")


# https://docs.aws.amazon.com/ses/latest/APIReference/API_DeleteIdentityPolicy.html
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeleteEmailIdentityPolicy.html
_POLICY: Final = {
    ("ses", "deleteidentitypolicy"): "Identity",
    ("sesv2", "deleteemailidentitypolicy"): "EmailIdentity",
}

_UNKNOWN: Final = Stay("only the deploy knows what its Delete call deletes")
_ELSE: Final = Stay("its Delete call deletes something else", is_sure=True)


def uncalled(service: str, action: str, parameters: Json, identity: Json, name: Json) -> Stay | None:
    """Return why a policy that an API call wrote stays at SES; None if another call deletes it.

    That call is made when the resource is deleted.

    :param service: the service of the deleting call, in lower case.
    :param action: the action of the deleting call, in lower case; empty if there is no such call.
    :param parameters: the parameters of the deleting call.
    :param identity: the policy's identity.
    :param name: the policy's name.
    """
    if not action:
        return Stay("no call deletes it", is_sure=True)
    if not is_known(service) or not is_known(action):
        return _UNKNOWN
    key = _POLICY.get((service, action))
    if key is None:
        is_foreign = action in (each for _, each in _POLICY)
        return Stay("its Delete call is of a service that has no such action", is_sure=True) if is_foreign else _ELSE
    given = parameters if isinstance(parameters, Mapping) else {}
    wanted = (canonical_name(text_of(identity)), text_of(name))
    told = (canonical_name(text_of(given.get(key))), text_of(given.get("PolicyName")))
    if wanted == told and "${}" not in "".join(told):
        return None
    if not all(map(is_known, (*wanted, *told))):
        return _UNKNOWN
    return _ELSE


def unreached(written: Mapping[str, str], deleted: Mapping[str, str]) -> Stay | None:
    """Return why a policy stays if the deleting call goes elsewhere than the writing one; None if it does not.

    :param written: account and region of the call that writes the policy; see `SdkCall.place`.
    :param deleted: account and region of the call that deletes the policy.
    """
    differing = [texts for part in written if len(texts := {written[part], deleted[part]}) > 1]
    if not differing:
        return None
    if any(all(map(is_known, texts)) for texts in differing):
        return Stay("its Delete call goes to another account or region", is_sure=True)
    return Stay("only the deploy knows whether its Delete call goes to the same account and region")
