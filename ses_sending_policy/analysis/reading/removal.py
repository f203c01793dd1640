"""Why a policy stays at SES when its resource leaves the template. It counts as gone only if that is proven."""

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

    :param reason: the words that follow "for", as `its DeletionPolicy is Retain`.
    :param is_sure: whether it stays for sure; otherwise it may stay.
    """

    reason: str
    is_sure: bool = False


UNTOLD: Final = Stay("nothing says what becomes of it")
"""The reason for a policy whose resource was not looked at."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What becomes of a policy, according to its resource.

    :param removed: why it stays when the resource leaves the template; None if it is deleted.
    :param replaced: why it stays when the resource becomes another policy; None if it is deleted.
    """

    removed: Stay | None = UNTOLD
    replaced: Stay | None = UNTOLD


def kept(resource: Mapping[str, Json], attribute: str) -> Stay | None:
    """Return why CloudFormation keeps what a resource made, or None if it deletes it.

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
    """Return what becomes of a policy.

    :param resource: the resource that declares it.
    :param last: why the policy stays although the resource is deleted; None if deleting the resource deletes it.
    """
    return Removal(kept(resource, "DeletionPolicy") or last, kept(resource, "UpdateReplacePolicy") or last)


def released(properties: Mapping[str, Json]) -> Stay | None:
    """Return why the construct's function leaves a policy, or None if it deletes it.

    Unless `OnDelete` is `DELETE`, it leaves a policy that was there before. Whether this one was, no template says.
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


def uncalled(service: str, action: str, parameters: Json, identity: Json, name: Json) -> Stay | None:
    """Return why a policy that an API call wrote stays, or None if another call deletes it.

    :param service: the service of the call that is made when the resource is deleted, in lower case.
    :param action: the action of that call, in lower case; empty if there is no such call.
    :param parameters: the parameters of that call.
    :param identity: the policy's identity.
    :param name: the policy's name.
    """
    if not action:
        return Stay("no call deletes it", is_sure=True)
    if not is_known(service) or not is_known(action):
        return _UNKNOWN
    key = _POLICY.get((service, action))
    if key is None and action in (each for _, each in _POLICY):
        return Stay("its Delete call is of a service that has no such action", is_sure=True)
    given = parameters if isinstance(parameters, Mapping) else {}
    wanted = (canonical_name(text_of(identity)), text_of(name))
    told = (canonical_name(text_of(given.get(key or ""))), text_of(given.get("PolicyName")))
    if key and wanted == told and "${}" not in "".join(told):
        return None
    if key and not all(map(is_known, (*wanted, *told))):
        return _UNKNOWN
    return Stay("its Delete call deletes something else", is_sure=True)


def unreached(written: Mapping[str, str], deleted: Mapping[str, str]) -> Stay | None:
    """Return why a policy stays because it is written in one place and deleted in another; None if they are the same.

    :param written: the place of the call that writes it; see `SdkCall.place`.
    :param deleted: the place of the call that deletes it.
    """
    differing = [texts for part in written if len(texts := {written[part], deleted[part]}) > 1]
    if not differing:
        return None
    if any(all(map(is_known, texts)) for texts in differing):
        return Stay("its Delete call goes to another account or region", is_sure=True)
    return Stay("only the deploy knows whether its Delete call goes to the same account and region")
