"""Whom a grant names, and whom else it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ACCOUNT: Final = r"(?P<account>[0-9]{12}|\$\{AWS::AccountId\})"
_PARTITION: Final = r"arn:(?P<partition>[^:]+|\$\{AWS::Partition\})"
_ROOT: Final = re.compile(rf"{_PARTITION}:iam::{_ACCOUNT}:root")
_KINDS: Final = r"(user|role|assumed-role|federated-user)"
_MEMBER: Final = re.compile(rf"{_PARTITION}:(iam|sts)::(?P<account>[0-9]{{12}}):{_KINDS}/[^*?]+")


@dataclass(frozen=True, slots=True)
class Principal:
    """A principal, in the one spelling that it has here.

    :param kind: as `AWS` or `Service`.
    :param name: an account is its twelve digits.
    """

    kind: str
    name: str

    @classmethod
    def of(cls, kind: str, name: str, partition: str | None) -> "Principal":
        """Return the principal of a grant.

        :param partition: the one that the identity is in; where nobody knows it, that is taken for `aws`.
        """
        # "AWS account ID [...] 123456789012, arn:aws:iam::123456789012:root" name the same principal.
        root = _ROOT.fullmatch(name) if kind == "AWS" else None
        if root and root["partition"] in (partition or "aws", "${AWS::Partition}"):
            return cls(kind, root["account"])
        return cls(kind, name)

    def covering(self, effect: str, owner: str) -> Iterator["Principal"]:
        """Yield the principals that are known to mean this one as well, itself first.

        :param effect: what they are named for.
        :param owner: the account that the identity is in; empty where nobody knows it.
        """
        yield self
        if self.kind != "AWS" or self.name == "*":
            return
        yield Principal("AWS", "*")
        member = _MEMBER.fullmatch(self.name)
        # What an account of somebody else's is allowed, its administrator still has to pass on, to whom the policy
        # names and to whom it does not. In the owner's account, whom a policy names may send without that.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
        if member and (effect == "Deny" or owner not in ("", member["account"])):
            yield Principal("AWS", member["account"])
