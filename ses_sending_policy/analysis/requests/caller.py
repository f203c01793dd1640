"""Who calls SES, and what the requests of each caller have of the keys that AWS fills in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.requests.keys import Presence, key_of
from ses_sending_policy.analysis.requests.solution import Domain
from ses_sending_policy.analysis.requests.texts import (
    ANY_TEXT,
    Pattern,
    exactly,
    in_any_case,
    like,
    one_of,
    some_but,
)
from ses_sending_policy.rules.arns import Arn, is_account

_DIGITS: Final = "0123456789"
_ACCOUNT: Final = one_of(_DIGITS, times=12)
_PART: Final = some_but('@ \t\r\n,;<>"*?')
_NAME: Final = some_but(":/*?${} ")

OWN_ORGANIZATION: Final = "o-ownorganization"
"""What the organization of the identity's account is called where a policy asks for it by a variable."""

WHO: Final = frozenset({"aws:principalarn", "aws:userid", "aws:username", "aws:principaltype"})
"""The keys that tell a user from a role."""


@dataclass(frozen=True, slots=True)
class Target:
    """The identity whose policies SES looks at.

    :param identity: its name; empty where nobody knows it.
    :param owner: the account that it is in; empty where nobody knows it.
    :param partition: as `aws`.
    """

    identity: str
    owner: str
    partition: str = "aws"

    @property
    def senders(self) -> tuple[Pattern, ...]:
        """The addresses that may be sent from as the identity.

        "If you verify a domain, you can send from any subdomain or email address of it, without verifying each":
        https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
        """
        _, at, domain = self.identity.rpartition("@")
        if not domain or "${" in self.identity:
            return (ANY_TEXT,)
        if at:
            return (exactly(self.identity),)
        return _PART + exactly(f"@{domain}"), _PART + exactly("@") + _PART + exactly(f".{domain}")

    @property
    def in_any_case(self) -> tuple[Pattern, ...]:
        """The same, with the domain in upper and lower case."""
        local, at, domain = self.identity.rpartition("@")
        if not domain or "${" in self.identity:
            return (ANY_TEXT,)
        if at:
            return (exactly(f"{local}@") + in_any_case(domain),)
        return _PART + exactly("@") + in_any_case(domain), _PART + exactly("@") + _PART + in_any_case(f".{domain}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Some callers that a policy does not tell apart by their principals.

    :param kind: as `AWS` or `Service`.
    :param sort: `user`, `role` or `root` of the kind `AWS`; empty where that is all the same.
    :param name: the principal that names it: an ARN, a service; empty for one that no principal names.
    :param account: that it is in; empty for any but those in `but`.
    :param is_owner: whether the identity is in its account.
    :param but: the principals and accounts that it is none of.
    :param never: by key, what it does not have: that is somebody else's. Default: - it may have anything.
    :param always: by key, what it has in each request. Default: - nobody knows.
    """

    kind: str
    sort: str
    name: str
    account: str
    is_owner: bool = False
    but: frozenset[str] = frozenset()
    never: tuple[tuple[str, Pattern], ...] = ()
    always: tuple[tuple[str, tuple[Pattern, ...]], ...] = ()

    @property
    def is_stranger(self) -> bool:
        """Whether nothing names it or its account."""
        return not self.name and not self.account

    def domain(self, key: str, action: str, target: Target) -> Domain:
        """Return what a key may be in its requests.

        :param key: the name that it has here.
        :param action: in lower case.
        """
        known = key_of(key, action)
        presence = known.service if self.kind == "Service" else known.aws if self.kind == "AWS" else Presence.PERHAPS
        if self.kind == "AWS" and key == "aws:username" and self.sort in ("role", "root"):
            presence = Presence.NEVER
        patterns, but = self._patterns(key, target) or ((ANY_TEXT,), ())
        for name, values in self.always:
            if name == key:
                return Domain(Presence.ALWAYS, known.count, values)
        return Domain(presence, known.count, patterns, (*but, *(each for name, each in self.never if name == key)))

    def _patterns(self, key: str, target: Target) -> tuple[tuple[Pattern, ...], tuple[Pattern, ...]] | None:
        match key:
            case "ses:fromaddress":
                return target.senders, ()
            case "ses:recipients":
                return (like("?*@?*.?*"),), ()
            case "aws:resourceaccount" if target.owner:
                return (exactly(target.owner),), ()
            case "aws:securetransport" | "aws:viaawsservice" | "aws:multifactorauthpresent":
                return (exactly("true"), exactly("false")), ()
            case "aws:principalisawsservice":
                return (exactly("true" if self.kind == "Service" else "false"),), ()
            case "aws:sourceaccount":
                return (_ACCOUNT,), ()
        if self.kind == "Service":
            return ((exactly(self.name),), ()) if key == "aws:principalservicename" and self.name else None
        return self._own_patterns(key, target)

    def _own_patterns(self, key: str, target: Target) -> tuple[tuple[Pattern, ...], tuple[Pattern, ...]] | None:
        """Return what AWS says of the caller itself."""
        account = exactly(self.account) if self.account else _ACCOUNT
        arn = Arn.parse(self.name)
        member = arn.member if arn else None
        match key:
            case "aws:principalaccount":
                return (account,), tuple(exactly(each) for each in self.but if is_account(each))
            case "aws:principalarn":
                if member and arn and arn.service == "iam":
                    return (exactly(self.name),), ()
                return self._arns(account, target.partition), tuple(self._other_arns())
            case "aws:username" if member and member[0] == "user":
                return (exactly(member[1].rpartition("/")[2]),), ()
            case "aws:userid" if self.sort == "user":
                return (exactly("AIDA") + one_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") + like("*"),), (like("*:*"),)
            case "aws:userid" if self.sort == "role":
                session = exactly(member[1].partition("/")[2]) if member and member[0] == "assumed-role" else _NAME
                return (exactly("AROA") + some_but(":") + exactly(":") + session,), ()
        return None

    def _arns(self, account: Pattern, partition: str) -> tuple[Pattern, ...]:
        heads = {
            service: exactly(f"arn:{partition}:{service}::") + account + exactly(":") for service in ("iam", "sts")
        }
        named = Arn.parse(self.name)
        if named and named.member and named.member[0] == "assumed-role":
            role = named.member[1].partition("/")[0]
            return (heads["iam"] + exactly(f"role/{role}"), heads["iam"] + exactly("role/") + like(f"*/{role}"))
        path = some_but(":*?${} ")
        found = {
            "user": (heads["iam"] + exactly("user/") + path, heads["sts"] + exactly("federated-user/") + _NAME),
            "role": (heads["iam"] + exactly("role/") + path,),
            "root": (heads["iam"] + exactly("root"),),
        }
        return found.get(self.sort) or tuple(each for part in found.values() for each in part)

    def _other_arns(self) -> Iterator[Pattern]:
        for each in self.but:
            yield like(f"arn:*:*::{each}:*") if is_account(each) else exactly(each)


def callers(
    principals: Iterable[tuple[str, str]], accounts: Iterable[str], target: Target, *, sorts: bool
) -> list[Caller]:
    """Return all callers that some principals and accounts tell apart.

    :param principals: each with its kind.
    :param accounts: those that conditions name.
    :param sorts: whether users, roles and the root of an account are to be told apart.
    """
    named = dict.fromkeys(principals)
    found: list[Caller] = []
    members: dict[str, list[str]] = {}
    whole = dict.fromkeys(accounts)
    for kind, name in named:
        arn = Arn.parse(name) if kind == "AWS" else None
        if kind == "AWS" and (name == "*" or (is_account(name) or name.startswith("${AWS::AccountId}"))):
            whole |= {} if name == "*" else {name: None}
        elif kind == "AWS" and arn and arn.member and is_account(arn.account):
            members.setdefault(arn.account, []).append(name)
        elif kind in ("AWS", "Service", "Federated", "CanonicalUser") or kind:
            found.append(Caller(kind, "", name, ""))
    for account, names in members.items():
        whole.setdefault(account)
        for name in names:
            found += [Caller("AWS", _sort(name), name, account, is_owner) for is_owner in _owning(account, target)]
    kinds = ("user", "role", "root") if sorts else ("",)
    for account in whole:
        but = frozenset(members.get(account, ()))
        found += [
            Caller("AWS", sort, "", account, is_owner, but) for sort in kinds for is_owner in _owning(account, target)
        ]
    found += [Caller("AWS", sort, "", "", but=frozenset(whole)) for sort in kinds]
    found.append(Caller("Service", "", "", "", but=frozenset(name for kind, name in named if kind == "Service")))
    return found


def _sort(name: str) -> str:
    arn = Arn.parse(name)
    kind = arn.member[0] if arn and arn.member else ""
    return "user" if kind in ("user", "federated-user") else "role"


def _owning(account: str, target: Target) -> Sequence[bool]:
    """Return whether the identity may be in an account, and whether it may be in another."""
    return (account == target.owner,) if target.owner else (False, True)
