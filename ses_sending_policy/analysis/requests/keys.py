"""Condition keys: which callers' requests have each key, and how many values it has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from ses_sending_policy.rules.actions import IDENTITY_ACTIONS, KEYS_OF_ACTION, MESSAGE_KEYS, SENDING_ACTIONS, V2_KEYS


class Presence(Enum):
    """Whether the requests of some callers have a key."""

    ALWAYS = auto()
    PERHAPS = auto()
    NEVER = auto()


class Count(Enum):
    """How many values a key has."""

    ONE = auto()
    MANY = auto()
    """The key is a list, or AWS does not say that it is not one."""


@dataclass(frozen=True, slots=True)
class Key:
    """What AWS says of a condition key.

    :param aws: whether the requests of accounts, users and roles have the key.
    :param service: whether the requests of AWS services have the key.
    :param count: how many values the key has.
    """

    aws: Presence = Presence.PERHAPS
    service: Presence = Presence.PERHAPS
    count: Count = Count.ONE


_ALWAYS, _PERHAPS, _NEVER = Presence.ALWAYS, Presence.PERHAPS, Presence.NEVER
_LIST: Final = Key(count=Count.MANY)

# The keys of users and roles. "This key is included in the request context for all signed requests", AWS says of
# aws:PrincipalArn and aws:userid. The others are there if the caller has such a thing, as a tag. A service has none,
# since it is in no account:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_OF_PRINCIPALS: Final = {
    **dict.fromkeys(("PrincipalAccount", "PrincipalArn", "userid"), Key(_ALWAYS, _NEVER)),
    **dict.fromkeys(
        (
            *("AssumedRoot", "ChatbotSourceArn", "Ec2InstanceSourceVpc", "Ec2InstanceSourcePrivateIPv4"),
            *("FederatedProvider", "MultiFactorAuthAge", "MultiFactorAuthPresent", "PrincipalOrgID", "PrincipalTag/"),
            *("SourceIdentity", "TokenIssueTime", "username", "CalledViaFirst", "CalledViaLast"),
        ),
        Key(_PERHAPS, _NEVER),
    ),
    **dict.fromkeys(("PrincipalOrgPaths", "CalledVia"), Key(_PERHAPS, _NEVER, Count.MANY)),
}

# AWS says of aws:SourceArn, and the same in other words of each key here: "This key is included in the request
# context only if the resource is being accessed by an AWS service principal".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_OF_SERVICES: Final = {
    **dict.fromkeys(("SourceAccount", "SourceArn", "SourceOrgID", "SourceOwner"), Key(_NEVER, _PERHAPS)),
    "SourceOrgPaths": Key(_NEVER, _PERHAPS, Count.MANY),
    "PrincipalServiceName": Key(_NEVER, _ALWAYS),
    "PrincipalServiceNamesList": Key(_NEVER, _ALWAYS, Count.MANY),
}

_OF_ALL: Final = {
    **dict.fromkeys(
        ("CurrentTime", "SecureTransport", "PrincipalIsAWSService", "ResourceAccount"),
        Key(_ALWAYS, _ALWAYS),
    ),
    **dict.fromkeys(
        (
            *("RequestedRegion", "ResourceOrgID", "ResourceTag/", "RequestTag/", "referer"),
            *("SourceIp", "SourceVpc", "SourceVpcArn", "SourceVpce", "UserAgent", "ViaAWSService", "VpcSourceIp"),
            *("VpceAccount", "VpceOrgID", "IsMcpServiceAction", "ViaAWSMCPService"),
        ),
        Key(),
    ),
    **dict.fromkeys(("ResourceOrgPaths", "TagKeys", "VpceOrgPaths"), _LIST),
    # "This key is included in the request context for all requests, including anonymous requests." AWS does not say
    # which value it has in a service's request.
    "PrincipalType": Key(_ALWAYS, _PERHAPS),
}

# "ses:Recipients: ArrayOfString", and the others String:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
_OF_MESSAGES: Final = {
    **dict.fromkeys(MESSAGE_KEYS | V2_KEYS, Key()),
    # Always there, because every message has a sender.
    "ses:FromAddress": Key(_ALWAYS, _ALWAYS),
    "ses:Recipients": _LIST,
}

_KEYS: Final[Mapping[str, Key]] = {
    **{f"aws:{name}".lower(): key for group in (_OF_PRINCIPALS, _OF_SERVICES, _OF_ALL) for name, key in group.items()},
    **{name.lower(): key for name, key in _OF_MESSAGES.items()},
}

TIME: Final = "aws:currenttime"
"""The name in this model for both keys of the time, aws:CurrentTime and aws:EpochTime, which have the same value."""

MESSAGE: Final = frozenset(map(str.lower, MESSAGE_KEYS))
"""The keys that are about the message, in lower case."""

UNTOLD_OF_SERVICES: Final = frozenset({"aws:principaltype"})
"""The keys of which AWS does not say which value they have in a service's request."""

TAG: Final = "aws:principaltag/"
"""The prefix of the keys of a caller's tags; the tag's name follows."""


def one_name(key: str) -> str:
    """Return the name that a key has in this model, whatever its case; both keys of the time have one name.

    "Condition key names are not case-sensitive", at least to IAM. SES refuses the wrong case, which SES007 reports.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
    """
    name, slash, tag = key.partition("/")
    name = name.lower()
    return TIME if name == "aws:epochtime" else name + slash + tag


def is_documented(name: str) -> bool:
    """Return whether AWS documents the key `name`, which is as `one_name` gives it."""
    return name.partition("/")[0] + "/" * ("/" in name) in _KEYS


def is_unlisted(name: str, action: str) -> bool:
    """Return whether AWS's list for `action`, which sends, lacks `name`, a key of messages."""
    return name in MESSAGE and action not in _MANAGING and name not in _KEYS_OF_ACTION.get(action, ())


def key_of(name: str, action: str) -> Key:
    """Return what is known of the key `name`, which is as `one_name` gives it, in requests of `action`.

    A key that AWS does not document counts as a list.
    """
    known = _KEYS.get(name.partition("/")[0] + "/" * ("/" in name), _LIST)
    if name in MESSAGE and action in _MANAGING:
        return replace(known, aws=_NEVER, service=_NEVER)
    if is_unlisted(name, action):
        # It may be there or not: that AWS's list lacks it does not prove that requests lack it.
        return replace(known, aws=_PERHAPS, service=_PERHAPS)
    return known


_MANAGING: Final = frozenset(map(str.lower, IDENTITY_ACTIONS)) - frozenset(map(str.lower, SENDING_ACTIONS))
_KEYS_OF_ACTION: Final = {action.lower(): frozenset(map(str.lower, keys)) for action, keys in KEYS_OF_ACTION.items()}
