"""What only the deploy knows causes no finding by itself, and each branch that it decides is looked at."""

from typing import Any

from tests.review.policies.cases import (
    EVERYBODY,
    NEWS,
    OWNER,
    PARTNER,
    Check,
    Policy,
    account,
    allow,
    both,
    deny,
    of,
    on,
    when,
)

ONE = account(PARTNER)
ORG, REF = "aws:PrincipalOrgID", {"Ref": "Value"}
AROUND: dict[str, Any] = {
    "Parameters": {"Value": {"Type": "String"}, "Stage": {"Type": "String"}},
    "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
}
OUTSIDE = when("StringNotEquals", ORG, "o-a1b2c3d4e5")


def _sometimes(*statements: Any, name: str = "guard") -> Policy:
    return on("example.com", *statements, name=name, around={"Condition": "IsProd"})


def _case(name: str, why: str, *parts: Any, finds: str = "", lacks: str = "") -> Check:
    return Check(name, why, parts, tuple(finds.split()), tuple(lacks.split()), AROUND)


UNKNOWN: list[Check] = [
    _case(
        "an organization by parameter",
        "it may be one",
        allow(EVERYBODY, both(NEWS, when("StringEquals", ORG, REF))),
        lacks="SES001",
    ),
    _case(
        "a Deny outside an organization by parameter",
        "it may be one",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, when("StringNotEquals", ORG, REF)),
        lacks="SES001",
    ),
    _case("an account by parameter", "it may be one", allow({"AWS": REF}, NEWS), lacks="SES001 SES121"),
    _case("a From address by parameter", "it may be one", allow(ONE, of(REF)), lacks="SES102 SES121"),
    _case(
        "a domain by parameter",
        "it may be the identity's",
        allow(ONE, of({"Fn::Sub": "news@${Value}"})),
        lacks="SES121",
    ),
    _case(
        "a Deny of an address by parameter",
        "it may be another",
        allow(ONE, NEWS),
        deny(ONE, of(REF)),
        lacks="SES121 SES122",
    ),
    _case(
        "a Deny of an account by parameter", "it may be another", allow(ONE, NEWS), deny({"AWS": REF}), lacks="SES121"
    ),
    _case(
        "an end by parameter",
        "it may be to come",
        allow(ONE, both(NEWS, when("DateLessThan", "aws:CurrentTime", REF))),
        lacks="SES105 SES121",
    ),
    _case(
        "an action of a Deny by parameter",
        "it may be sending",
        allow(ONE, NEWS),
        deny(EVERYBODY, Action=REF),
        lacks="SES010 SES121",
    ),
    _case(
        "a role of the app that is let through",
        "it may be the function's",
        allow(ONE, NEWS),
        deny(EVERYBODY, when("ArnNotEquals", "aws:PrincipalArn", REF), Action="ses:*"),
        lacks="SES010",
    ),
    _case(
        "a guard that is not always there",
        "without it everybody gets in",
        allow(EVERYBODY, NEWS),
        _sometimes(deny(EVERYBODY, OUTSIDE)),
        finds="SES001",
    ),
    _case(
        "everybody, and not always",
        "one day everybody gets in",
        allow(ONE, NEWS),
        _sometimes(allow(EVERYBODY)),
        finds="SES001",
    ),
    _case(
        "a Deny of an Allow, and not always",
        "without it the Allow holds",
        allow(ONE, NEWS),
        _sometimes(deny(ONE)),
        lacks="SES121",
    ),
    _case(
        "a lock-out, and not always",
        "one day the owner is out",
        allow(ONE, NEWS),
        _sometimes(deny(EVERYBODY, Action="ses:*")),
        finds="SES010|SES120",
    ),
    _case(
        "everybody on one branch",
        "the other one is an account",
        allow({"AWS": {"Fn::If": ["IsProd", PARTNER, "*"]}}),
        finds="SES001",
    ),
    _case(
        "a misspelt domain on one branch",
        "there nobody may send",
        allow(ONE, of({"Fn::If": ["IsProd", "*@news.example.com", "*@exampel.com"]})),
        finds="SES121",
    ),
    _case(
        "accounts on both branches",
        "each is one",
        allow({"AWS": {"Fn::If": ["IsProd", PARTNER, OWNER]}}, NEWS),
        lacks="SES001 SES121",
    ),
]
