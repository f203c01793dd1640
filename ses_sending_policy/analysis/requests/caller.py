"""The callers of SES, and which values AWS fills in for the condition keys of each caller's requests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from ses_sending_policy.analysis.requests.keys import TIME, Presence, key_of
from ses_sending_policy.analysis.requests.pattern import (
    ANY_TEXT,
    Pattern,
    exactly,
    in_any_case,
    like,
    one_of,
    some_but,
    some_of,
)
from ses_sending_policy.analysis.requests.solution import Domain
from ses_sending_policy.rules.arns import Arn, is_account

_DIGITS: Final = "0123456789"
_ACCOUNT: Final = one_of(_DIGITS, times=12)
_ID: Final = some_of("abcdefghijklmnopqrstuvwxyz0123456789")
_PART: Final = some_but('@ \t\r\n,;<>"*?')
_LABELS: Final = some_but("@ \t\r\n,;<>\"*?${}/:()[]\\!#%&=+^`|~'")
ANY_SENDER: Final = (some_but("@ ,;<>") + exactly("@") + _LABELS, exactly('"') + like("?*") + exactly('"@') + _LABELS)
"""Patterns of all sender addresses that mail can have: before the `@`, there may be anything in quotes."""

_NAME: Final = some_but(":/*?${} ")

OWN_ORGANIZATION: Final = "o-ownorganization"
"""Stands for the id of the owner's organization, if a policy names that by the variable `${aws:ResourceOrgID}`."""

_Patterns = tuple[tuple[Pattern, ...], tuple[Pattern, ...]]
"""Patterns of which a value matches one at least, and patterns of which it matches none."""

# The form of each key's values, according to AWS's own examples in
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
FORMS: Final[Mapping[str, tuple[Pattern, ...]]] = {
    **dict.fromkeys(
        ("aws:securetransport", "aws:viaawsservice", "aws:multifactorauthpresent"), (exactly("true"), exactly("false"))
    ),
    **dict.fromkeys(("aws:sourceaccount", "aws:sourceowner", "aws:vpceaccount"), (_ACCOUNT,)),
    **dict.fromkeys(
        ("aws:principalorgid", "aws:sourceorgid", "aws:vpceorgid", "aws:resourceorgid"), (exactly("o-") + _ID,)
    ),
    **dict.fromkeys(
        ("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"),
        (exactly("o-") + _ID + exactly("/r-") + _ID + exactly("/") + like("*"),),
    ),
    **dict.fromkeys(("ses:recipients", "ses:feedbackaddress"), (_PART + exactly("@") + _PART,)),
    "aws:sourcearn": (like("arn:aws*:?*:*:*:?*"),),
    "aws:sourcevpce": (like("vpce-?*"),),
    "aws:sourcevpc": (like("vpc-?*"),),
}

# The value that a reported request has for a key, if no condition asks for another value.
USUAL: Final[Mapping[str, str]] = {
    TIME: "2027-01-01T00:00:00Z",
    **dict.fromkeys(("aws:sourceip", "aws:vpcsourceip"), "198.51.100.1"),
    "aws:multifactorauthage": "60",
    "aws:requestedregion": "us-east-1",
    "aws:useragent": "aws-cli",
}

_TYPES: Final = {
    "user": (exactly("User"),),
    "federated-user": (exactly("FederatedUser"),),
    "role": (exactly("AssumedRole"),),
    "root": (exactly("Account"),),
}

# Of aws:username: "This key is always included in the request context for IAM users"; others do not have it. Of the
# rest: "only when the principal uses temporary credentials".
_TEMPORARY: Final = ("role", "federated-user")
_ALWAYS_OF: Final = {
    "aws:username": ("user",),
    "aws:tokenissuetime": _TEMPORARY,
    "aws:multifactorauthpresent": _TEMPORARY,
}
_OF_OTHERS: Final = {
    "aws:username": Presence.NEVER,
    "aws:tokenissuetime": Presence.PERHAPS,
    "aws:multifactorauthpresent": Presence.PERHAPS,
}

WHO: Final = frozenset({"aws:principalarn", "aws:userid", "aws:principaltype", *_ALWAYS_OF})
"""The keys by whose values a user can be told from a role."""


@dataclass(frozen=True, slots=True)
class TargetIdentity:
    """The identity whose policies SES looks at.

    :param identity: its name; empty if it is unknown.
    :param owner: the account that the identity is in; empty if that is unknown.
    :param partition: as `aws`.
    """

    identity: str
    owner: str
    partition: str = "aws"

    @property
    def senders(self) -> tuple[Pattern, ...]:
        """Patterns of the addresses from which mail may be sent as the identity."""
        return _senders(self.identity)

    @property
    def in_any_case(self) -> tuple[Pattern, ...]:
        """The patterns of `senders`, with the domain in upper or lower case."""
        return _in_any_case(self.identity)


@lru_cache(maxsize=4096)
def _senders(identity: str) -> tuple[Pattern, ...]:
    """Return patterns of the addresses from which mail may be sent as `identity`.

    "If you verify a domain, you can send from any subdomain or email address of it, without verifying each":
    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    local, at, domain = identity.rpartition("@")
    if not domain or "${" in identity:
        return (like("?*@?*"),)
    if at:
        return exactly(identity), exactly(f"{local}+") + _PART + exactly(f"@{domain}")
    return _PART + exactly(f"@{domain}"), _PART + exactly("@") + _LABELS + exactly(f".{domain}")


@lru_cache(maxsize=4096)
def _in_any_case(identity: str) -> tuple[Pattern, ...]:
    local, at, domain = identity.rpartition("@")
    if not domain or "${" in identity:
        return (like("?*@?*"),)
    if at:
        there = exactly("@") + in_any_case(domain)
        return exactly(local) + there, exactly(f"{local}+") + _PART + there
    return _PART + exactly("@") + in_any_case(domain), _PART + exactly("@") + _LABELS + in_any_case(f".{domain}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller of SES, or several callers that the principals of a policy do not tell apart.

    :param kind: as `AWS` or `Service`.
    :param sort: `user`, `role`, `federated-user` or `root` of `AWS`, `role` of `Federated`; empty if irrelevant.
    :param name: the principal that names the caller: an ARN or a service; empty if no principal does.
    :param account: the account that the caller is in; empty for any account that is not in `but`.
    :param is_owner: whether the identity is in the caller's account.
    :param but: principals and accounts that the caller is not.
    :param never: keys, each with a pattern of values that it never has: they belong to others. Default: - none.
    :param always: keys, each with patterns of the values that all of its requests have. Default: - none is known.
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
        """Whether no principal names the caller or its account."""
        return not self.name and not self.account

    @property
    def is_nameless(self) -> bool:
        """Whether AWS knows the caller only by an id, as a deleted role."""
        is_id = self.kind == "AWS" and bool(self.name) and not self.name.startswith(("arn:", "${"))
        return is_id or self.kind == "CanonicalUser"

    def domain(self, key: str, action: str, target: TargetIdentity) -> Domain:
        """Return which values a key may have in the caller's requests.

        :param key: the key's name, as `one_name` gives it.
        :param action: the action of the requests, in lower case.
        """
        known = key_of(key, action)
        presence = known.service if self.kind == "Service" else known.aws
        if self.sort and key in _ALWAYS_OF:
            presence = Presence.ALWAYS if self.sort in _ALWAYS_OF[key] else _OF_OTHERS[key]
        patterns, but = self._patterns(key, target) or ((ANY_TEXT,), ())
        for name, values in self.always:
            if name == key:
                return Domain(Presence.ALWAYS, known.count, values)
        but = (*but, *(each for name, each in self.never if name == key))
        rather = target.senders if key == "ses:fromaddress" else ()
        return Domain(presence, known.count, patterns, but, USUAL.get(key, ""), rather)

    def _patterns(self, key: str, target: TargetIdentity) -> _Patterns | None:
        if key == "ses:fromaddress":
            return target.in_any_case, ()
        if key == "aws:resourceaccount" and target.owner:
            return (exactly(target.owner),), ()
        if key == "aws:principalisawsservice":
            return (exactly("true" if self.kind == "Service" else "false"),), ()
        if key == "aws:principalservicename" and self.name:
            return (exactly(self.name),), ()
        return self._own_patterns(key, target) or ((FORMS[key], ()) if key in FORMS else None)

    def _own_patterns(self, key: str, target: TargetIdentity) -> _Patterns | None:
        """Return the patterns of a key that tells who the caller is; None if nothing is known of its values."""
        account = exactly(self.account) if self.account else _ACCOUNT
        kind, name = _member(self.name)
        if key == "aws:principalaccount":
            return (account,), tuple(map(exactly, self.but))
        if key == "aws:principalarn" and kind in ("user", "role"):
            return (exactly(self.name),), ()
        if key == "aws:principalarn":
            return self._arns(account, target.partition), tuple(self._other_arns())
        if key == "aws:principaltype" and self.sort in _TYPES:
            return _TYPES[self.sort], ()
        if key == "aws:username" and kind == "user":
            return (exactly(name.rpartition("/")[2]),), ()
        session = exactly(name.partition("/")[2]) if kind == "assumed-role" else _NAME
        ids = {
            "root": account,
            "user": exactly("AIDA") + _NAME,
            "role": exactly("AROA") + _NAME + exactly(":") + session,
        }
        return ((ids[self.sort],), ()) if key == "aws:userid" and self.sort in ids else None

    def _arns(self, account: Pattern, partition: str) -> tuple[Pattern, ...]:
        heads = {
            service: exactly(f"arn:{partition}:{service}::") + account + exactly(":") for service in ("iam", "sts")
        }
        kind, name = _member(self.name)
        if kind == "assumed-role":
            role = name.partition("/")[0]
            return (heads["iam"] + exactly(f"role/{role}"), heads["iam"] + exactly("role/") + like(f"?*/{role}"))
        path = some_but(":*?${} ")
        found = {
            "user": (heads["iam"] + exactly("user/") + path,),
            "federated-user": (heads["sts"] + exactly("federated-user/") + _NAME,),
            "role": (heads["iam"] + exactly("role/") + path,),
            "root": (heads["iam"] + exactly("root"),),
        }
        return found.get(self.sort) or tuple(each for part in found.values() for each in part)

    def _other_arns(self) -> Iterator[Pattern]:
        for each in self.but:
            yield like(f"arn:*:*::{each}:*") if is_account(each) else exactly(each)


def callers(
    principals: Iterable[tuple[str, str]], accounts: Iterable[str], target: TargetIdentity, *, sorts: bool
) -> list[Caller]:
    """Return one caller for each group of callers that the given principals and accounts tell apart.

    :param principals: kind and name of each principal that a clause names.
    :param accounts: the accounts that conditions name.
    :param sorts: whether to tell apart users, roles, federated users and the root user of an account.
    """
    named = dict.fromkeys(principals)
    found: list[Caller] = []
    members: dict[str, list[str]] = {}
    whole = dict.fromkeys(accounts)
    for kind, name in named:
        arn = Arn.parse(name)
        if kind == "AWS" and (name == "*" or is_account(name) or name.startswith("${AWS::AccountId}")):
            whole |= {} if name == "*" else {name: None}
        elif kind == "AWS" and arn and arn.member and is_account(arn.account):
            members.setdefault(arn.account, []).append(name)
        elif kind and kind != "Federated":
            found.append(Caller(kind, "", name, ""))
    for account, names in members.items():
        whole.setdefault(account)
        for name in names:
            found += [Caller("AWS", _sort(name), name, account, is_owner) for is_owner in _owning(account, target)]
    for account, name in product(("", *whole), (name for kind, name in named if kind == "Federated")):
        # A federated caller uses a session of a role, which may be in any account.
        but = frozenset() if account else frozenset(whole)
        found += [Caller("Federated", "role", name, account, is_owner, but) for is_owner in _owning(account, target)]
    kinds = ("user", "role", "federated-user", "root") if sorts else ("",)
    for account in whole:
        but = frozenset(members.get(account, ()))
        owning = _owning(account, target)
        found += [Caller("AWS", sort, "", account, is_owner, but) for sort, is_owner in product(kinds, owning)]
    found += [Caller("AWS", sort, "", "", but=frozenset(whole)) for sort in kinds]
    found.append(Caller("Service", "", "", "", but=frozenset(name for kind, name in named if kind == "Service")))
    return found


def _member(name: str) -> tuple[str, str]:
    """Return kind and name of a principal in an account, as `role` and `News`; empty texts for any other."""
    return ((arn := Arn.parse(name)) and arn.member) or ("", "")


def _sort(name: str) -> str:
    return kind if (kind := _member(name)[0]) in ("user", "federated-user") else "role"


def _owning(account: str, target: TargetIdentity) -> Sequence[bool]:
    """Return whether the identity is in `account`; both answers if that is unknown."""
    return (account == target.owner != "",) if target.owner or not account else (False, True)
