"""Ownership of policies: the owner token, the physical id that CloudFormation keeps, and the marker in the document."""

import hashlib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote

from ses_sending_policy.rules.arns import Arn, is_account, is_partition
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.limits import check_policy_name

_TOKEN = re.compile(r"[0-9a-f]{16}")
_UNCLAIMED = "unclaimed"


def owner_token(stack_id: str, logical_id: str) -> str:
    """Return the owner token of one resource of one stack: 16 hex digits, the same in every delivery of an event."""
    return hashlib.sha256(f"{stack_id}|{logical_id}".encode()).hexdigest()[:16]


def _check_token(token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise DeclarationError(f"owner token {token!r} is not 16 hex digits")


@dataclass(frozen=True, slots=True)
class Target:
    """The identity and the name of a policy at SES, whoever owns it.

    :param identity: the identity that the policy is attached to.
    :param policy_name: the policy's name.
    """

    identity: Identity
    policy_name: str

    def __post_init__(self) -> None:
        check_policy_name(self.policy_name)

    def __str__(self) -> str:
        return f"policy {self.policy_name!r} on {self.identity.name!r}"


class Origin(StrEnum):
    """How a policy came to its owner. The physical id records this, since another writer may overwrite the marker."""

    MADE = "made"
    """The owner made the policy, so teardown deletes it even if its marker is gone."""
    ADOPTED = "adopted"
    """The policy existed before, and the owner adopted or overwrote it."""


# "PhysicalResourceId: [...] The value must be a non-empty string and can be up to 1 KB in size."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
_ID_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class PhysicalId:
    """The id that CloudFormation keeps: `<identity>|<policy name>|<token>|made`, or `|adopted=<the former Id>`.

    :param target: the policy.
    :param token: the owner token, once SES has accepted a write of this owner; None before that, and if the outcome
        is not known: the id then has `unclaimed` in its place.
    :param origin: how the policy came to its owner. Default: - it is not known, as in the ids of earlier releases.
    :param former: the `Id` that an adopted policy had before; left out if it would make the physical id too long.
        Default: - the policy had no `Id`.
    """

    target: Target
    token: str | None
    origin: Origin | None = None
    former: str = ""

    def __post_init__(self) -> None:
        if self.token is not None:
            _check_token(self.token)

    def __str__(self) -> str:
        return self._text(self.former if self.is_whole else "")

    @property
    def is_whole(self) -> bool:
        """Whether the physical id has room for the former `Id`."""
        return len(self._text(self.former).encode()) <= _ID_BYTES

    def _text(self, former: str) -> str:
        text = f"{self.target.identity.name}|{self.target.policy_name}|{self.token or _UNCLAIMED}"
        if self.origin is None:
            return text
        return f"{text}|{self.origin}" + (f"={quote(former, errors='replace')}" if former else "")

    @classmethod
    def parse(cls, text: str) -> "PhysicalId | None":
        """Return the physical id that `str` made `text` of, or None if it is not one of ours.

        The parts are read from the right, because an address may contain `|`, and the parts after it may not.
        """
        rest, _, last = text.rpartition("|")
        kind, _, former = last.partition("=")
        origin = Origin(kind) if kind in list(Origin) else None
        parts = (rest if origin else text).rsplit("|", 2)
        if len(parts) != len(("identity", "policy name", "token")):
            return None
        identity, policy_name, token = parts
        try:
            target = Target(Identity.parse(identity), policy_name)
            return cls(target, None if token == _UNCLAIMED else token, origin, unquote(former))
        except DeclarationError:
            return None


# The exact shape of a marker, so that an `Id` which a user chose is never taken for one.
# "A stack name can contain only alphanumeric characters (case-sensitive) and hyphens [...] and can't be longer
# than 128 characters", "The logical ID must be alphanumeric (A-Za-z0-9)".
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
_MARKER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,127})/([A-Za-z0-9]{1,255})/([0-9a-f]{16})(/adopted)?")


@dataclass(frozen=True, slots=True)
class Marker:
    """The owner of a policy, in the document's `Id` element: `<stack name>/<logical id>/<token>[/adopted]`.

    :param stack_name: the name of the owner's stack, for people.
    :param logical_id: the owner's logical id, for people.
    :param token: the owner token, which alone decides who the owner is.
    :param adopted: whether the policy existed before its owner took it over.
    """

    stack_name: str
    logical_id: str
    token: str
    adopted: bool = False

    def __post_init__(self) -> None:
        _check_token(self.token)
        if not _MARKER.fullmatch(str(self)):
            raise DeclarationError(f"{self.stack_name!r} and {self.logical_id!r} cannot stand in a marker")

    def __str__(self) -> str:
        return f"{self.stack_name}/{self.logical_id}/{self.token}{'/adopted' if self.adopted else ''}"

    @classmethod
    def parse(cls, text: object) -> "Marker | None":
        """Return the marker in a document's `Id`, or None if the `Id` is anything else."""
        parts = _MARKER.fullmatch(text) if isinstance(text, str) else None
        return parts and cls(parts[1], parts[2], parts[3], adopted=bool(parts[4]))

    @property
    def owner(self) -> str:
        """The owner in words, as a person would search for it."""
        return f"stack {self.stack_name} ({self.logical_id})"

    def as_adopted(self) -> "Marker":
        """Return the same owner's marker for a policy that existed before the owner took it over."""
        return replace(self, adopted=True)


# "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${StackName}/${Id}"
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
_STACK = re.compile(r"stack/([A-Za-z][A-Za-z0-9-]*)/.+")
_REGION = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class StackId:
    """The ARN of a stack, and its parts.

    :param text: the ARN, as CloudFormation wrote it.
    :param partition: the partition, as `aws`.
    :param region: the region, as `eu-west-1`.
    :param account: the account id, twelve digits.
    :param stack_name: the stack's name.
    """

    text: str
    partition: str
    region: str
    account: str
    stack_name: str

    @classmethod
    def parse(cls, text: str) -> "StackId":
        """Return the parts of `text`; raise `DeclarationError` if it is not the ARN of a stack."""
        arn = Arn.parse(text)
        stack = _STACK.fullmatch(arn.resource) if arn and arn.service == "cloudformation" else None
        if arn is None or stack is None or not _is_place(arn):
            raise DeclarationError(f"StackId {text!r} is not the ARN of a stack")
        return cls(text, arn.partition, arn.region, arn.account, stack[1])


def _is_place(arn: Arn) -> bool:
    return is_partition(arn.partition) and is_account(arn.account) and bool(_REGION.fullmatch(arn.region))
