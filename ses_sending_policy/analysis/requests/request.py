"""A request that SES may get: its caller, its action, the identity, and the values of its condition keys."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ses_sending_policy.analysis.requests.caller import Caller, TargetIdentity
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.moments import Moment

_STRANGER: Final = "999999999999"
_MARKED: Final = re.compile(r"#[^{}]*(?=\})")
OF_CALLER: Final = frozenset(
    (
        *("aws:principalaccount", "aws:principalarn", "aws:userid", "aws:username", "aws:principaltype"),
        *("aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"),
    )
)
"""The keys whose values follow from the caller's name."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as an example of what a policy allows.

    :param kind: the kind of the caller, as `AWS` or `Service`.
    :param name: the caller's ARN or the service.
    :param account: the account of the caller; empty for a service.
    :param caller: the principal that the request is an example for.
    :param named: the name of that principal: its own, or else the ARN that the keys have; empty if neither is there.
    :param action: as `ses:SendEmail`.
    :param identity: the identity whose policies SES looks at.
    :param keys: the request's values for the condition keys that some policy asks for; a tuple if the key is a list.
    :param own_iam: whether the request assumes that IAM policies of the caller's account allow it too. It does if the
        identity is in another account, because both accounts then have to allow it.
    """

    kind: str
    name: str
    account: str
    caller: Caller
    named: str
    action: str
    identity: str
    keys: Mapping[str, str | tuple[str, ...]]
    own_iam: bool = True

    @classmethod
    def of(
        cls,
        caller: Caller,
        action: str,
        target: TargetIdentity,
        keys: Mapping[str, str | tuple[str, ...]],
        asked: Iterable[str] = (),
    ) -> "Request":
        """Return the request of `caller`. If no principal names the caller, its ARN comes from the keys.

        :param asked: the keys that policies ask for. Those that are about the caller get their values here.
        """
        lower = {key.lower(): value for key, value in keys.items()}
        arn = str(lower.get("aws:principalarn", ""))
        parsed = Arn.parse(arn) or Arn.parse(caller.name)
        account = caller.account or str(lower.get("aws:principalaccount", "")) or (parsed.account if parsed else "")
        if caller.kind == "Federated" or (caller.kind == "AWS" and not caller.name):
            account = account or next(
                each
                for each in (_STRANGER, *(str(digit) * 12 for digit in range(10)))
                if each not in caller.but and each != target.owner
            )
        name = caller.name or (
            _arn(caller, account, target, arn, str(lower.get("aws:username", "")))
            if caller.kind == "AWS"
            else "example.amazonaws.com"
        )
        own = _own(caller, name, account)
        keys = {**{each: own[each.lower()] for each in asked if each.lower() in own}, **keys}
        if caller.kind == "AWS" and ":role/" in name:
            name = _session(name, str(lower.get("aws:userid", "")).partition(":")[2] or "x")
        return cls(
            caller.kind,
            plain(name),
            plain(account),
            caller,
            caller.name or arn,
            plain(action),
            plain(target.identity),
            {key: plain(value) if isinstance(value, str) else tuple(map(plain, value)) for key, value in keys.items()},
            own_iam=not caller.is_owner and account != target.owner,
        )

    def as_json(self) -> dict[str, Json]:
        """Return the request as JSON: `caller`, `action`, `identity` and `keys`."""
        caller = {"kind": self.kind, "name": self.name, "account": self.account, "own_iam": self.own_iam}
        keys = {key: value if isinstance(value, str) else list(value) for key, value in sorted(self.keys.items())}
        return {"caller": caller, "action": self.action, "identity": self.identity, "keys": keys}


def in_form(key: str, value: str) -> str:
    """Return `value` as requests have it for `key`: aws:EpochTime has seconds, aws:CurrentTime has a date."""
    moment = Moment.read(value)
    is_epoch = key.lower() == "aws:epochtime"
    if is_epoch and moment:
        return f"{moment.seconds:.0f}"
    return str(Moment(Decimal(value))) if key.lower() == "aws:currenttime" and value.isdecimal() else value


_TYPES: Final = {"role": "AssumedRole", "assumed-role": "AssumedRole", "federated-user": "FederatedUser"}


def _own(caller: Caller, name: str, account: str) -> Mapping[str, str]:
    """Return the values of the keys that tell who the caller is: they follow from its name and account."""
    if caller.kind == "Service":
        return {"aws:principalisawsservice": "true", "aws:principalservicename": name}
    if caller.kind == "Federated":
        name = f"arn:aws:iam::{account}:role/x"
    elif caller.kind != "AWS":
        return {}
    arn = Arn.parse(name)
    member = arn.member if arn else None
    kind, last = (member[0], member[1].rpartition("/")[2]) if member else ("", "")
    is_role = kind in ("role", "assumed-role")
    if caller.sort == "root":
        return {
            "aws:principalaccount": account,
            "aws:principalarn": name,
            "aws:userid": account,
            "aws:principaltype": "Account",
            "aws:principalisawsservice": "false",
        }
    role = name
    if arn and member and kind == "assumed-role":
        role = f"arn:{arn.partition}:iam::{arn.account}:role/{member[1].partition('/')[0]}"
    session = last if kind == "assumed-role" else "x"
    userid = f"AROAEXAMPLE:{session}" if is_role else "AIDAEXAMPLE"
    own = {
        "aws:principalaccount": account or _STRANGER,
        "aws:principalarn": role,
        "aws:userid": f"{account}:{last}" if kind == "federated-user" else userid,
        "aws:principaltype": _TYPES.get(kind, "User"),
        "aws:principalisawsservice": "false",
    }
    return own | {"aws:username": last} if kind == "user" else own


def plain(text: str) -> str:
    """Return a text without the marks behind `#`, which tell unknown values of the same name apart."""
    return _MARKED.sub("", text)


def _arn(caller: Caller, account: str, target: TargetIdentity, arn: str, named: str) -> str:
    if arn:
        return arn
    if caller.sort == "root":
        return f"arn:{target.partition}:iam::{account}:root"
    sort, number = caller.sort or "user", 0
    service = "sts" if sort == "federated-user" else "iam"
    while (name := f"arn:{target.partition}:{service}::{account}:{sort}/{named or 'x'}{number or ''}") in caller.but:
        number += 1
    return name


def _session(role: str, session: str) -> str:
    arn = Arn.parse(role)
    name = role.rpartition("/")[2]
    return f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{name}/{session}" if arn else role
