"""Who calls, which keys the caller's requests have, and whom a policy's principals mean.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from tests.analysis.meaning import keys
from tests.analysis.meaning.aws_reading import AwsReading

_ID: Final = re.compile(r"A(ROA|IDA)[A-Z0-9]+")


class Caller(NamedTuple):
    """Who calls.

    :param kind: `AWS`, `Service` or `Federated`, as in a policy's principal.
    :param own_iam: whether the caller's own IAM policies allow everything.
    :param id: the unique id, which may stand in a policy instead of the ARN.
    """

    kind: str
    name: str
    account: str = ""
    own_iam: bool = True
    id: str = ""

    @property
    def sort(self) -> str:
        """The sort of caller, as in the table of keys."""
        if self.kind != "AWS":
            return keys.SERVICE if self.kind == "Service" else keys.FEDERATED
        if ":assumed-role/" in self.name or ":federated-user/" in self.name:
            return keys.SESSION
        return keys.ROOT if self.name.endswith(":root") else keys.USER

    @property
    def role(self) -> str:
        """The ARN in `aws:PrincipalArn`.

        "For IAM roles, the request context returns the ARN of the role, not the ARN of the user that assumed the role."
        """
        role = re.fullmatch(r"arn:([^:]*):sts::(\d*):assumed-role/(.*)/[^/]*", self.name)
        return f"arn:{role[1]}:iam::{role[2]}:role/{role[3]}" if role else self.name

    def is_session_of(self, arn: str) -> bool:
        """Return whether this may be a session of the role `arn`, whose path is not in the session's ARN.

        "arn:aws:sts::*account*:assumed-role/*role-name*/*role-session-name*"
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
        """
        before, slash, name = self.role.partition(":role/")
        return (
            ":assumed-role/" in self.name
            and re.fullmatch(re.escape(before + slash) + r"([^/]+/)+" + re.escape(name), arn) is not None
        )

    @property
    def names(self) -> frozenset[str]:
        """How a policy may name this caller, except by its account."""
        return frozenset({self.name, self.role, *([self.id] if self.id else ())})

    def says(self) -> dict[str, tuple[str, ...]]:
        """Return the keys that follow from the caller, by their names in lower case."""
        sort = self.sort
        found: dict[str, tuple[str, ...]] = {"aws:principalisawsservice": (str(sort == keys.SERVICE).lower(),)}
        if sort == keys.SERVICE:
            return found | {"aws:principalservicename": (self.name,)}
        found["aws:principalaccount"] = (self.account,)
        if sort == keys.FEDERATED:
            return found
        found["aws:principaltype"] = ("FederatedUser" if ":federated-user/" in self.name else _TYPES[sort],)
        found["aws:principalarn"] = (self.role,)
        last = self.name.rpartition("/")[2]
        if ":federated-user/" in self.name:
            # "*account*:*caller-specified-name*"
            return found | {"aws:principaltype": ("FederatedUser",), "aws:userid": (f"{self.account}:{last}",)}
        if sort == keys.USER:
            found["aws:username"] = (last,)
        if sort == keys.ROOT:
            found["aws:userid"] = (self.account,)
        elif self.id:
            # "*role-id*:*caller-specified-role-name*"
            found["aws:userid"] = (self.id if sort == keys.USER else f"{self.id}:{last}",)
        return found


# "aws:PrincipalType": "Account", "User", "AssumedRole" or "FederatedUser".
_TYPES: Final = {keys.ROOT: "Account", keys.USER: "User", keys.SESSION: "AssumedRole"}


Principals = Sequence[tuple[str, frozenset[str]]]


def principals(principal: Any, world: AwsReading) -> Principals:
    """Return the kinds of principals in a statement, each with its names after a deploy."""
    kinds: Mapping[str, Any] = principal if isinstance(principal, Mapping) else {"AWS": principal}
    if not kinds.keys() <= {"AWS", "Service", "Federated", "CanonicalUser"}:
        # The whole principal is a function, for instance one that chooses between two.
        return [("AWS", frozenset({world.text(principal)}))]
    return [
        (kind, frozenset(world.text(value) for value in (values if isinstance(values, list) else [values])))
        for kind, values in kinds.items()
    ]


def means(some: Principals, caller: Caller, owner: str, effect: str, world: AwsReading) -> bool:
    """Return whether a statement's principals mean a caller, including what the caller's own IAM policies allow."""
    mine = _names(caller, ids_are_people=world.ids_are_people)
    for kind, names in some:
        # "using a wildcard (*) with an `Allow` effect grants access to all users"; of services it does not say.
        is_everybody = kind == "AWS" and "*" in names and (caller.kind != "Service" or world.everybody_is_services)
        is_named = is_everybody or (kind == caller.kind and not names.isdisjoint(mine))
        if is_named and (effect == "Deny" or caller.account == owner or caller.own_iam):
            # "For IAM users and role principals within your account, no other permissions are required."
            return True
        # "The account ARN and the shortened account ID behave the same way. Both delegate permissions to the account."
        # "an administrator in that account must then grant access to an identity (IAM user or role) in that account"
        is_account = kind == "AWS" and caller.account and not names.isdisjoint(accounts(caller.account))
        if is_account and (effect == "Deny" or caller.own_iam or caller.sort == keys.ROOT):
            return True
    return False


@cache
def accounts(account: str) -> tuple[str, ...]:
    """Return how a policy may name an account."""
    return (account, f"arn:aws:iam::{account}:root", f"arn:aws-cn:iam::{account}:root")


@cache
def _names(caller: Caller, *, ids_are_people: bool) -> frozenset[str]:
    # "if you delete the role, then you break the relationship": whether a policy that has an id means somebody who is
    # still there, nobody says.
    names = caller.names
    return names if ids_are_people else frozenset(name for name in names if not _ID.fullmatch(name))
