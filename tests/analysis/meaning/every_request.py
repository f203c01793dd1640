"""Every request of a small world that could tell the two sides of a change apart, with one bit for each request.

The keys are those in the policies; their values are those compared with, and a few others.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any, Final, NamedTuple

from tests.analysis.meaning import keys
from tests.analysis.meaning.aws_reading import JANE, AwsReading
from tests.analysis.meaning.callers import Caller, Principals, means, principals
from tests.analysis.meaning.evaluator import (
    OWNER,
    Condition,
    Keys,
    Policy,
    acts,
    asked,
    conditions,
    deployed,
    fulfils,
    listed,
)
from tests.analysis.meaning.identities import covers, looked_at
from tests.analysis.meaning.values import CHOICES, TOGETHER, choices
from tests.analysis.meaning.variables import names

_ORGANIZATION: Final = {"aws:principalorgid": ("o-a1b2c3d4e5",), "aws:principalorgpaths": ("o-a1b2c3d4e5/r-ab12/",)}
CALLERS: Final = tuple(
    Caller(kind, name, account, own_iam=own_iam, id=unique)
    for kind, name, account, unique, iam in (
        ("AWS", JANE, "222222222222", "AIDAJANE", (True,)),
        ("AWS", "arn:aws:iam::222222222222:user/Joe", "222222222222", "AIDAJOE", (True,)),
        ("AWS", "arn:aws:sts::333333333333:assumed-role/Sender/deploy", "333333333333", "AROASENDER", (True,)),
        ("AWS", "arn:aws:sts::333333333333:assumed-role/Sender/other", "333333333333", "AROASENDER", (True,)),
        ("AWS", "arn:aws:iam::333333333333:root", "333333333333", "", (True,)),
        ("AWS", "arn:aws:iam::444444444444:user/Stranger", "444444444444", "AIDASTRANGER", (True,)),
        ("AWS", f"arn:aws:iam::{OWNER}:user/Admin", OWNER, "AIDAADMIN", (True, False)),
        ("AWS", f"arn:aws:sts::{OWNER}:assumed-role/Deploy/cdk", OWNER, "AROADEPLOY", (True, False)),
        ("Service", "cognito-idp.amazonaws.com", "", "", (True,)),
        ("Federated", "cognito-identity.amazonaws.com", "222222222222", "", (True,)),
    )
    for own_iam in iam
)
# The keys of a caller whom an identity provider signed in.
_ISSUED: Final = {
    "aws:userid": ("AROAWEB:app",),
    "aws:principalarn": ("arn:aws:iam::222222222222:role/Web",),
    "aws:principaltype": ("AssumedRole",),
}
# The accounts in the organization.
_MEMBERS: Final = ("222222222222", OWNER)
ACTIONS: Final = (
    "ses:SendEmail",
    "ses:SendRawEmail",
    "ses:SendTemplatedEmail",
    "ses:SendBulkEmail",
    "ses:DeleteEmailIdentity",
)
MOST: Final = 1 << 15


class Space(NamedTuple):
    """All combinations of some choices of keys.

    :param dimensions: each has the choices for some keys that go together.
    :param masks: for each choice, the requests that have it.
    :param absences: the requests that lack a key, and that key.
    """

    dimensions: tuple[tuple[Keys, ...], ...]
    masks: tuple[tuple[int, ...], ...]
    places: Mapping[str, int]
    all: int
    absences: tuple[tuple[int, str], ...]


@cache
def _masks(sizes: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], ...], int]:
    total = 1
    for size in sizes:
        total *= size
    found = []
    stride = 1
    for size in sizes:
        block = (1 << stride) - 1
        repeated = ((1 << total) - 1) // ((1 << stride * size) - 1)
        found.append(tuple((block << stride * number) * repeated for number in range(size)))
        stride *= size
    return tuple(found), (1 << total) - 1


def space(policies: Sequence[Policy], some: Sequence[AwsReading]) -> Space:
    """Return the requests that can tell policies apart."""
    wanted = {"ses:fromaddress"}.union(*(asked(policies, world) for world in some))
    compared: dict[str, list[str]] = {}
    for world in some:
        for policy in policies:
            for statement in listed(policy.document["Statement"]):
                for condition in conditions(policy.document, statement, world):
                    compared.setdefault(condition.key, []).extend(condition.values)
    identities = sorted({policy.identity for policy in policies})
    groups = sorted({TOGETHER.get(key, key) for key in wanted if key in TOGETHER or key in CHOICES or "tag/" in key})
    dimensions = [choices(group, compared, identities) for group in groups]
    while _product(dimensions) > MOST:
        widest = max(dimensions, key=len)
        del widest[len(widest) - 1]
    masks, every = _masks(tuple(len(each) for each in dimensions))
    places = {key: number for number, dimension in enumerate(dimensions) for choice in dimension for key in choice}
    absences = tuple(
        (mask, key)
        for dimension, of_choices in zip(dimensions, masks, strict=True)
        for choice, mask in zip(dimension, of_choices, strict=True)
        for key, value in choice.items()
        if not value
    )
    return Space(tuple(tuple(each) for each in dimensions), masks, places, every, absences)


def _product(dimensions: Sequence[Sequence[Any]]) -> int:
    found = 1
    for each in dimensions:
        found *= len(each)
    return found


class _Statement(NamedTuple):
    effect: str
    principals: Principals
    actions: tuple[str, ...]
    conditions: tuple[Condition, ...]


class Side:
    """The policies of one account on one side of a change, in one world."""

    def __init__(self, policies: Sequence[Policy], account: str, world: AwsReading, requests: Space) -> None:
        """Read the statements once."""
        self.account, self.world, self.requests = account, world, requests
        self.statements: dict[str, list[_Statement]] = {}
        for policy in deployed(policies, world):
            if policy.account == account:
                self.statements.setdefault(policy.identity, []).extend(
                    _Statement(
                        statement["Effect"],
                        principals(statement["Principal"], world),
                        tuple(listed(statement["Action"])),
                        tuple(conditions(policy.document, statement, world)),
                    )
                    for statement in listed(policy.document["Statement"])
                )
        self._found: dict[Any, int] = {}

    def acting(self, action: str) -> tuple[bool, ...]:
        """Return for each statement whether it covers an action."""
        return tuple(_acts(each.actions, action) for some in self.statements.values() for each in some)

    def allowed(self, caller: Caller, action: str, senders: Mapping[str, int]) -> Iterator[tuple[int, int]]:
        """Yield what the policies alone allow a caller, and what is allowed together with what other policies allow.

        :param senders: the requests that count for each identity.
        """
        possible = self._possible(caller.sort, action)
        is_own = self.world.others_allow or (caller.account == self.account and caller.own_iam)
        for identity, requests in senders.items():
            allows, denies = self._effects(identity, caller, action)
            left = requests & possible & ~denies
            yield left & allows, (left if is_own else left & allows)

    def _possible(self, sort: str, action: str) -> int:
        """Return the requests that have every key that such requests always have."""
        token = (sort, action.lower() in keys.MAILS)
        if token not in self._found:
            self._found[token] = self.requests.all
            for mask, key in self.requests.absences:
                if keys.is_there(key, sort, action)[1]:
                    self._found[token] &= ~mask
        return self._found[token]

    def _effects(self, identity: str, caller: Caller, action: str) -> tuple[int, int]:
        effects = {"Allow": 0, "Deny": 0}
        for each in self.statements.get(identity, ()):
            if _acts(each.actions, action) and means(each.principals, caller, self.account, each.effect, self.world):
                found = self.requests.all
                for condition in each.conditions:
                    found &= self._that(condition, caller, action)
                effects[each.effect] |= found
        return effects["Allow"], effects["Deny"]

    def _that(self, condition: Condition, caller: Caller, action: str) -> int:
        """Return the requests that fulfil a condition."""
        involved = _involved(condition)
        carried = tuple(keys.is_there(key, caller.sort, action)[0] for key in involved)
        of_caller = said(caller, self.account)
        token = (condition, carried, tuple(of_caller.get(key) for key in involved))
        if token not in self._found:
            free = sorted({self.requests.places[key] for key in involved if key in self.requests.places})
            fixed = {key: of_caller[key] for key in involved if key in of_caller}
            there = {key for key, is_carried in zip(involved, carried, strict=True) if is_carried}
            self._found[token] = self._fulfilling(condition, free, fixed, there)
        return self._found[token]

    def _fulfilling(self, condition: Condition, free: Sequence[int], fixed: Keys, there: set[str]) -> int:
        found = 0
        for numbers in product(*(range(len(self.requests.dimensions[place])) for place in free)):
            has: dict[str, tuple[str, ...]] = {}
            requests = self.requests.all
            for place, number in zip(free, numbers, strict=True):
                requests &= self.requests.masks[place][number]
                choice = self.requests.dimensions[place][number]
                has |= {key: value for key, value in choice.items() if value and key in there}
            if fulfils(condition, {**has, **fixed}, self.world):
                found |= requests
        return found

    def senders(self, action: str, identities: Sequence[str]) -> dict[str, int]:
        """Return the identities whose policies count, each with the requests that they count for.

        :param identities: the identities of both sides.
        """
        if action.lower() not in keys.MAILS:
            return dict.fromkeys(identities, self.requests.all)
        found: dict[str, int] = {}
        place = self.requests.places["ses:fromaddress"]
        for choice, mask in zip(self.requests.dimensions[place], self.requests.masks[place], strict=True):
            address = choice["ses:fromaddress"][0]
            for identity in self._looked_at(address, identities):
                found[identity] = found.get(identity, 0) | mask
        return found

    def _looked_at(self, address: str, identities: Sequence[str]) -> Iterator[str]:
        if self.world.by_given_arn:
            yield from (identity for identity in identities if covers(identity, address))
        else:
            yield next(looked_at(address, self.statements.keys(), self.world), "")


@cache
def _acts(actions: tuple[str, ...], action: str) -> bool:
    return acts({"Action": list(actions)}, action)


@cache
def _involved(condition: Condition) -> tuple[str, ...]:
    return (condition.key, *sorted(set().union(*map(names, condition.values))))


@cache
def said(caller: Caller, account: str) -> Keys:
    """Return the keys that follow from the caller and from the identity's account."""
    organization = _ORGANIZATION if caller.account in _MEMBERS else {}
    owner = {"aws:resourceorgid": ("o-a1b2c3d4e5",)} if account in _MEMBERS else {}
    issued = _ISSUED if caller.sort == keys.FEDERATED else {}
    return {"aws:resourceaccount": (account,), **owner, **organization, **issued, **caller.says()}
