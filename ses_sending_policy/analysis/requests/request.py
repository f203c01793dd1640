"""A request that SES may get: who calls what, as which identity, and what the request has of the condition keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.requests.caller import Caller, Target
from ses_sending_policy.rules.actions import SENDING_ACTIONS
from ses_sending_policy.rules.arns import Arn, is_account
from ses_sending_policy.rules.document import Json

_FROM: Final = "ses:FromAddress"
_STRANGER: Final = "999999999999"
_MARKED: Final = re.compile(r"#[^{}]*(?=\})")
_SENDING: Final = frozenset(each.lower() for each in SENDING_ACTIONS)
# What the caller's name tells already.
_OF_CALLER: Final = frozenset(
    (
        "aws:principalaccount",
        "aws:principalarn",
        "aws:username",
        "aws:principalisawsservice",
        "aws:principalservicename",
    )
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as a witness of what a policy allows.

    :param kind: of the caller, as `AWS` or `Service`.
    :param name: the caller's ARN or the service.
    :param account: the caller's; empty for a service.
    :param known_as: what a person calls the caller.
    :param action: as `ses:SendEmail`.
    :param identity: whose policies SES looks at.
    :param keys: what it has of the condition keys that some policy asks for; lists where the key is one.
    """

    kind: str
    name: str
    account: str
    known_as: str
    action: str
    identity: str
    keys: Mapping[str, str | tuple[str, ...]]

    @classmethod
    def of(cls, caller: Caller, action: str, target: Target, keys: Mapping[str, str | tuple[str, ...]]) -> "Request":
        """Return the request of a caller, which may have a name by its keys."""
        lower = {key.lower(): value for key, value in keys.items()}
        arn = str(lower.get("aws:principalarn", ""))
        parsed = Arn.parse(arn) or Arn.parse(caller.name)
        account = caller.account or str(lower.get("aws:principalaccount", "")) or (parsed.account if parsed else "")
        if caller.kind == "AWS" and not caller.name and not account:
            account = next(
                each for each in (_STRANGER, *(str(digit) * 12 for digit in range(10))) if each not in caller.but
            )
        name = caller.name or (_arn(caller, account, target, arn) if caller.kind == "AWS" else "example.amazonaws.com")
        if caller.kind == "AWS" and name.startswith("arn:") and ":role/" in name:
            name = _session(name)
        return cls(
            caller.kind,
            _plain(name),
            _plain(account),
            _plain(_known_as(caller, account, arn)),
            action,
            _plain(target.identity),
            {
                key: _plain(value) if isinstance(value, str) else tuple(map(_plain, value))
                for key, value in keys.items()
            },
        )

    @property
    def sentence(self) -> str:
        """Who may do what, in lower case and without a full stop."""
        rest = dict(self.keys)
        address = rest.pop(_FROM, "")
        sends = self.action.lower() in _SENDING
        doing = f"send as {address or self.identity}" if sends else f"call {self.action} on {self.identity}"
        told = [
            f"{key} {' and '.join((value,) if isinstance(value, str) else value)}"
            for key, value in sorted(rest.items())
            if key.lower() not in _OF_CALLER
        ]
        return f"{self.known_as} may now {doing}" + (f", with {', '.join(told)}" if told else "")

    def as_json(self) -> Json:
        """Return it as JSON."""
        caller = {"kind": self.kind, "name": self.name, "account": self.account, "own_iam": False}
        keys = {key: value if isinstance(value, str) else list(value) for key, value in sorted(self.keys.items())}
        return {"caller": caller, "action": self.action, "identity": self.identity, "keys": keys}


def _plain(text: str) -> str:
    """Return a text without the marks that tell apart what has one name."""
    return _MARKED.sub("", text)


def _arn(caller: Caller, account: str, target: Target, arn: str) -> str:
    if arn:
        return arn
    sort, number = caller.sort or "user", 0
    while (name := f"arn:{target.partition}:iam::{account}:{sort}/x{number or ''}") in caller.but:
        number += 1
    return name


def _session(role: str) -> str:
    arn = Arn.parse(role)
    name = role.rpartition("/")[2]
    return f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{name}/x" if arn else role


def _known_as(caller: Caller, account: str, arn: str) -> str:
    if caller.kind == "Service":
        return f"service {caller.name}" if caller.name else "any service"
    parsed = Arn.parse(caller.name or arn)
    if caller.kind == "AWS" and parsed and parsed.member:
        return f"{parsed.member[0]} {parsed.member[1]} of account {parsed.account}"
    if caller.is_stranger:
        return f"anybody, as account {account}," if caller.kind == "AWS" else "anybody"
    if caller.kind == "AWS" and (caller.account or is_account(account)):
        return f"account {account}"
    return f"whoever {caller.name} is"
