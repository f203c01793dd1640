"""Pairs that allow more, with who may newly send; reversed, the same pairs allow less.

What a condition means:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from typing import Any

from tests.review.policies.cases import (
    COGNITO,
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    OWNER,
    PARTNER,
    ROLE,
    USER,
    Change,
    Witness,
    account,
    allow,
    both,
    deny,
    of,
    on,
    when,
)
from tests.review.policies.shrunk_denies import LIFTED, MEMBERS, ONE, ORG, THREE, Rows

SOON, LATE = "2098-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
TIME = "aws:CurrentTime"
POOL = f"arn:aws:cognito-idp:eu-west-1:{OWNER}:userpool/eu-west-1_abc"


def until(date: str) -> dict[str, Any]:
    return when("DateLessThan", TIME, date)


_WIDER: Rows = [
    *LIFTED,
    (
        "another account",
        "it could not send before",
        (allow(ONE, NEWS),),
        (allow(account(PARTNER, OTHER), NEWS),),
        Witness(OTHER, "news@example.com"),
    ),
    (
        "one account in place of another",
        "the new one could not send before",
        (allow(ONE, NEWS),),
        (allow(THREE, NEWS),),
        Witness(OTHER, "news@example.com"),
    ),
    (
        "another address",
        "it was not allowed before",
        (allow(ONE, NEWS),),
        (allow(ONE, when("StringEquals", FROM, "news@example.com", "ads@example.com")),),
        Witness(PARTNER, "ads@example.com"),
    ),
    (
        "one address in place of another",
        "the new one was not allowed before",
        (allow(ONE, NEWS),),
        (allow(ONE, when("StringEquals", FROM, "ads@example.com")),),
        Witness(PARTNER, "ads@example.com"),
    ),
    (
        "a star in place of an address",
        "there are more addresses like it",
        (allow(ONE, NEWS),),
        (allow(ONE, of("news*@example.com")),),
        Witness(PARTNER, "news*@example.com"),
    ),
    (
        "the domain in place of the subdomain",
        "the domain's own addresses are new",
        (allow(ONE, of("*@news.example.com")),),
        (allow(ONE, of("*@example.com")),),
        Witness(PARTNER, "*@example.com"),
    ),
    ("no condition any more", "all other addresses are new", (allow(ONE, NEWS),), (allow(ONE),), Witness(PARTNER)),
    (
        "one condition of two less",
        "other recipients are new",
        (allow(ONE, both(NEWS, when("ForAllValues:StringLike", "ses:Recipients", "*@example.org"))),),
        (allow(ONE, NEWS),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "another action",
        "raw messages are new",
        (allow(ONE, NEWS, Action="ses:SendEmail"),),
        (allow(ONE, NEWS),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "the account in place of a role",
        "its other roles are new",
        (allow(ROLE, NEWS),),
        (allow(ONE, NEWS),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "a role in place of a user",
        "the role is new",
        (allow(USER, NEWS),),
        (allow(ROLE, NEWS),),
        Witness("role/mailer", "news@example.com"),
    ),
    (
        "everybody in place of an organization",
        "strangers are new",
        (allow(EVERYBODY, both(NEWS, MEMBERS)),),
        (allow(EVERYBODY, NEWS),),
        Witness("", "news@example.com"),
    ),
    (
        "IfExists for an organization",
        "who has none is new",
        (allow(EVERYBODY, both(NEWS, MEMBERS)),),
        (allow(EVERYBODY, both(NEWS, when("StringEqualsIfExists", "aws:PrincipalOrgID", ORG))),),
        Witness("", "news@example.com"),
    ),
    (
        "ForAllValues for an organization",
        "who has none is new",
        (allow(EVERYBODY, both(NEWS, MEMBERS)),),
        (allow(EVERYBODY, both(NEWS, when("ForAllValues:StringEquals", "aws:PrincipalOrgID", ORG))),),
        Witness("", "news@example.com"),
    ),
    (
        "a later end",
        "the year between is new",
        (allow(ONE, both(NEWS, until(SOON))),),
        (allow(ONE, both(NEWS, until(LATE))),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "no end any more",
        "all time after is new",
        (allow(ONE, both(NEWS, until(SOON))),),
        (allow(ONE, NEWS),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "the last moment as well",
        "that moment is new",
        (allow(ONE, both(NEWS, until(SOON))),),
        (allow(ONE, both(NEWS, when("DateLessThanEquals", TIME, SOON))),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "a Deny that ends earlier",
        "the year between was denied",
        (allow(ONE, NEWS), deny(ONE, until(LATE))),
        (allow(ONE, NEWS), deny(ONE, until(SOON))),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "a window moved to later",
        "its end is new",
        (allow(ONE, both(NEWS, when("DateGreaterThan", TIME, "2097-01-01T00:00:00Z"), until(SOON))),),
        (allow(ONE, both(NEWS, when("DateGreaterThan", TIME, "2097-06-01T00:00:00Z"), until(LATE))),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "a service of another source",
        "the other pool is new",
        (allow(COGNITO, when("ArnEquals", "aws:SourceArn", POOL)),),
        (allow(COGNITO, when("ArnLike", "aws:SourceArn", f"arn:aws:cognito-idp:eu-west-1:{OWNER}:userpool/*")),),
        Witness("cognito-idp.amazonaws.com"),
    ),
    (
        "a service of anybody",
        "other accounts' sources are new",
        (allow(COGNITO, when("StringEquals", "aws:SourceAccount", OWNER)),),
        (allow(COGNITO),),
        Witness("cognito-idp.amazonaws.com"),
    ),
    (
        "another service",
        "it is new",
        (allow(COGNITO, when("StringEquals", "aws:SourceAccount", OWNER)),),
        (
            allow(
                {"Service": ["cognito-idp.amazonaws.com", "sns.amazonaws.com"]},
                when("StringEquals", "aws:SourceAccount", OWNER),
            ),
        ),
        Witness("sns.amazonaws.com"),
    ),
    (
        "a grant that was dead comes to life",
        "the domain was misspelt",
        (allow(ONE, of("*@exampel.com")),),
        (allow(ONE, of("*@news.example.com")),),
        Witness(PARTNER, "*@news.example.com"),
    ),
    (
        "a key of services taken away from an account",
        "the grant was dead",
        (allow(ONE, both(NEWS, when("StringEquals", "aws:SourceAccount", PARTNER))),),
        (allow(ONE, NEWS),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "a negation of one address less",
        "ceo@ was refused",
        (allow(ONE, when("StringNotEquals", FROM, "ceo@example.com", "cfo@example.com")),),
        (allow(ONE, when("StringNotEquals", FROM, "cfo@example.com")),),
        Witness(PARTNER, "ceo@example.com"),
    ),
    (
        "a wider network",
        "its other half is new",
        (allow(ONE, both(NEWS, when("IpAddress", "aws:SourceIp", "203.0.113.0/25"))),),
        (allow(ONE, both(NEWS, when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "any recipient for all recipients",
        "a second recipient may be anybody",
        (allow(ONE, both(NEWS, when("ForAllValues:StringLike", "ses:Recipients", "*@example.org"))),),
        (allow(ONE, both(NEWS, when("ForAnyValue:StringLike", "ses:Recipients", "*@example.org"))),),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "another identity",
        "it had no such policy",
        (allow(ONE, NEWS),),
        (allow(ONE, NEWS), on("example.org", allow(ONE, of("news@example.org")))),
        Witness(PARTNER, "news@example.org"),
    ),
    (
        "moved to another domain",
        "the new domain had no such policy",
        (on("example.com", allow(ONE)),),
        (on("example.org", allow(ONE)),),
        Witness(PARTNER),
    ),
    (
        "an Allow that was denied by another policy, which is gone",
        "nothing denies it any more",
        (allow(THREE, NEWS), on("example.com", deny(THREE), name="guard")),
        (allow(THREE, NEWS), on("example.com", deny(ONE), name="guard")),
        Witness(OTHER, "news@example.com"),
    ),
]

MORE: list[Change] = [
    Change(name, why, before, after, ("broadened",), witness) for name, why, before, after, witness in _WIDER
]

# The change replaces something, so the way back also allows something new.
_REPLACED = (
    "in place of another",
    "one address in place",
    "moved to",
    "a role in place",
    "a Deny of the own account's user",
    "misspelling",
    "the domain in place",
    "any recipient",
    "dead comes to life",
)
_BACK = [
    row
    for row in _WIDER
    if not any(part in row[0] for part in _REPLACED) and "to later" not in row[0] and "which is gone" not in row[0]
]

LESS: list[Change] = [
    Change(f"back: {name}", f"the other way round: {why}", after, before, ("narrowed",))
    for name, why, before, after, _ in _BACK
]
