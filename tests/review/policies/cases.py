"""The words that the tables of cases are written in: who, what, when, and what is right to say."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.review.templates import resource, template

OWNER, PARTNER, OTHER = "111111111111", "222222222222", "333333333333"
EVERYBODY = "*"
ROLE = {"AWS": f"arn:aws:iam::{PARTNER}:role/mailer"}
USER = {"AWS": f"arn:aws:iam::{PARTNER}:user/jane"}
DEPLOYER = f"arn:aws:iam::{OWNER}:role/deployer"
COGNITO = {"Service": "cognito-idp.amazonaws.com"}
FROM = "ses:FromAddress"
NEWS = {"StringEquals": {FROM: "news@example.com"}}
SEND = ["ses:SendEmail", "ses:SendRawEmail"]
IDS = {f"SES{number:03}" for number in (*range(20), *range(101, 130))}
VERDICTS = {"broadened", "narrowed", "changed", "unchanged"}

Statement = dict[str, Any]
Condition = dict[str, dict[str, Any]]


def account(*ids: str) -> Statement:
    """Return the principal of one account or several."""
    return {"AWS": list(ids) if len(ids) > 1 else ids[0]}


def when(operator: str, key: str, *values: Any) -> Condition:
    """Return a condition of one operator and one key."""
    return {operator: {key: list(values) if len(values) > 1 else values[0]}}


def of(*values: Any) -> Condition:
    """Return the condition that the From address matches one of the values."""
    return when("StringLike", FROM, *values)


def both(*conditions: Condition) -> Condition:
    """Return one condition that holds if all of the given ones do."""
    together: Condition = {}
    for each in conditions:
        for operator, keys in each.items():
            if together.get(operator, {}).keys() & keys:
                raise ValueError(f"{operator} has {sorted(keys)} twice, which one object cannot hold")
            together.setdefault(operator, {}).update(keys)
    return together


def allow(who: Any, condition: Condition | None = None, **more: Any) -> Statement:
    """Return a statement that lets somebody send."""
    return _statement("Allow", who, condition, more)


def deny(who: Any, condition: Condition | None = None, **more: Any) -> Statement:
    """Return a statement that denies somebody to send."""
    return _statement("Deny", who, condition, more)


def _statement(effect: str, who: Any, condition: Condition | None, more: Statement) -> Statement:
    said = {"Effect": effect, "Principal": who, "Action": SEND} | more
    return said | ({"Condition": condition} if condition else {})


@dataclass(frozen=True)
class Policy:
    """A policy on an identity, as a resource of a template declares it."""

    statements: tuple[Statement, ...]
    on: str = "example.com"
    name: str = "partner"
    version: str | None = "2012-10-17"
    around: dict[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """Return the document, about the identity."""
        arn = f"arn:aws:ses:eu-west-1:{OWNER}:identity/{self.on}"
        version = {"Version": self.version} if self.version else {}
        return version | {"Statement": [{"Resource": arn} | each for each in self.statements]}

    def resource(self) -> dict[str, Any]:
        """Return the resource that declares the policy."""
        own = {"EmailIdentity": self.on, "PolicyName": self.name, "Policy": self.document, "OnDelete": "DELETE"}
        return resource(**own) | self.around

    def call(self) -> dict[str, Any]:
        """Return an `AwsCustomResource` that writes the policy."""
        parameters = {"Identity": self.on, "PolicyName": self.name, "Policy": json.dumps(self.document)}
        call = {"service": "SES", "action": "putIdentityPolicy", "parameters": parameters}
        text = json.dumps(call | {"physicalResourceId": {"id": self.name}})
        return {"Type": "Custom::AWS", "Properties": {"ServiceToken": "x", "Create": text, "Update": text}}


def on(identity: str, *statements: Statement, **more: Any) -> Policy:
    """Return a policy on another identity, or with another name or Version."""
    return Policy(statements, identity, **more)


Part = Policy | Statement


def _policies(parts: tuple[Part, ...]) -> list[Policy]:
    loose = tuple(each for each in parts if isinstance(each, dict))
    policies = [each for each in parts if isinstance(each, Policy)]
    return ([Policy(loose)] if loose else []) + policies


def _template(parts: tuple[Part, ...], around: dict[str, Any]) -> dict[str, Any]:
    return template(**{f"P{number}": each.resource() for number, each in enumerate(_policies(parts))}) | around


@dataclass(frozen=True)
class Check:
    """Policies and the findings that are right: all in `finds`, of those joined by `|` one; none in `lacks`.

    Bare statements are one policy of `example.com`; `*` in `lacks` is every finding that is not in `finds`.
    """

    name: str
    why: str
    parts: tuple[Part, ...]
    finds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    around: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = {rule for each in self.finds for rule in each.split("|")} | (set(self.lacks) - {"*"})
        if not named <= IDS or not (self.finds or self.lacks):
            raise ValueError(f"{self.name}: {sorted(named - IDS)} are no findings, or none is named")

    def template(self) -> dict[str, Any]:
        """Return the template that is checked."""
        return _template(self.parts, self.around)

    def calls(self) -> dict[str, Any]:
        """Return the template in which each policy is written by an `AwsCustomResource`."""
        return template(**{f"P{number}": each.call() for number, each in enumerate(_policies(self.parts))})

    def faults(self, found: set[str]) -> list[str]:
        """Return what is wrong with these findings."""
        missing = [f"{each} is missing" for each in self.finds if not found & set(each.split("|"))]
        meant = {rule for each in self.finds for rule in each.split("|")}
        wrong = found - meant if "*" in self.lacks else found & set(self.lacks)
        return missing + [f"{each} is a false alarm" for each in sorted(wrong)]


@dataclass(frozen=True)
class Witness:
    """Who may newly send, and from which address; None if any address is right."""

    who: str
    sends_as: str | None = None


@dataclass(frozen=True)
class Change:
    """Two templates, the verdicts that are right, and who may newly send if that is `broadened`."""

    name: str
    why: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    verdicts: tuple[str, ...]
    witness: Witness | None = None
    around: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))

    def __post_init__(self) -> None:
        if not set(self.verdicts) <= VERDICTS or not self.verdicts:
            raise ValueError(f"{self.name}: {self.verdicts} are no verdicts")

    def templates(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the template before and after."""
        return _template(self.before, self.around[0]), _template(self.after, self.around[1])


@dataclass(frozen=True)
class Said:
    """Two policies, and whether they mean the same, in which case their sentences must be the same."""

    name: str
    why: str
    one: tuple[Part, ...]
    other: tuple[Part, ...]
    means_same: bool

    def templates(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the two templates."""
        return _template(self.one, {}), _template(self.other, {})


def found(rule: str, name: str, why: str, *parts: Part) -> Check:
    """Return a case in which a rule finds something."""
    return Check(name, why, parts, finds=(rule,))


def silent(rules: str, name: str, why: str, *parts: Part) -> Check:
    """Return a control case: none of the rules, separated by spaces, finds anything."""
    return Check(name, why, parts, lacks=tuple(rules.split()))
