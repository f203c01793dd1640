"""Grants that look dead and are not, and Denies that deny nothing, with their control cases.

AWS's pages are those in `dead_grants`.
"""

from tests.review.policies.cases import (
    COGNITO,
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    PARTNER,
    USER,
    Check,
    account,
    allow,
    both,
    deny,
    found,
    of,
    on,
    silent,
    when,
)
from tests.review.policies.dead_grants import FUTURE, LATER, NO_ADDRESS, OF_MEMBERS, OF_SERVICES, ONE, ORG

_ALIVE = [
    ("news@example.com", "it is an address of the domain"),
    ("*@news.example.com", "a domain is verified with its subdomains"),
    ("*.example.com", "addresses of subdomains end so"),
    ("*@a.b.example.com", "a domain is verified with its subdomains"),
    ("news@EXAMPLE.com", "a domain's case does not count, and the caller writes it"),
    ("marketing+.*@example.com", "it is AWS's own example"),
    ("invoicing*@example.com", "it is AWS's own example"),
    ("n?ws@example.com", "one character is a question mark"),
]


LIVE: list[Check] = [
    *(silent("SES121", f"from {pattern} is an address", why, allow(ONE, of(pattern))) for pattern, why in _ALIVE),
    *(
        silent("SES121", f"{condition} does hold for an account", why, allow(ONE, both(NEWS, condition)))
        for condition, why in (
            (when("StringEqualsIfExists", "aws:SourceAccount", PARTNER), "without the key IfExists holds"),
            (when("StringNotEquals", "aws:SourceAccount", OTHER), "without the key a negation holds"),
            (when("Null", "aws:SourceArn", "true"), "the key is missing"),
            (when("StringEquals", "aws:PrincipalOrgID", ORG), "an account may be a member"),
            (when("StringEquals", "aws:username", "jane"), "an account has users"),
            (when("StringEquals", "aws:PrincipalTag/team", "mail"), "users and roles have tags"),
            (when("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:role/*"), "the roles are that account's"),
            (when("DateGreaterThan", "aws:CurrentTime", FUTURE), "it opens one day"),
        )
    ),
    silent(
        "SES121",
        "one pattern of two is an address",
        "one is enough",
        allow(ONE, of("*@exampel.com", "news@example.com")),
    ),
    silent(
        "SES121",
        "the user's own name",
        "it is that user's",
        allow(USER, both(NEWS, when("StringEquals", "aws:username", "jane"))),
    ),
    silent(
        "SES121",
        "a label on the address",
        "labels need no verification",
        on("news@example.com", allow(ONE, of("news+*@example.com"))),
    ),
    silent(
        "SES121",
        "a Deny of one of two actions",
        "the other is left",
        allow(ONE, NEWS),
        deny(ONE, Action="ses:SendEmail"),
    ),
    silent("SES121", "a Deny of another account", "it is not that one", allow(ONE, NEWS), deny(account(OTHER))),
    silent("SES121", "a Deny of one user of the account", "the others are left", allow(ONE, NEWS), deny(USER)),
    silent(
        "SES121",
        "a Deny of plain HTTP",
        "the caller may come by TLS",
        allow(ONE, NEWS),
        deny(EVERYBODY, when("Bool", "aws:SecureTransport", "false")),
    ),
    silent(
        "SES121",
        "a Deny on the domain of an address",
        "the address comes first",
        on("news@example.com", allow(ONE)),
        on("example.com", deny(ONE)),
    ),
    silent(
        "SES121",
        "a window that is to open",
        "it opens before it ends",
        allow(
            ONE,
            both(
                NEWS, when("DateGreaterThan", "aws:CurrentTime", FUTURE), when("DateLessThan", "aws:CurrentTime", LATER)
            ),
        ),
    ),
]

IDLE: list[Check] = (
    [
        found("SES122", f"a Deny that {name}", why, allow(ONE, NEWS), denial)
        for name, why, denial in (
            (
                "has a key of services for an account",
                OF_SERVICES,
                deny(ONE, when("StringEquals", "aws:SourceAccount", PARTNER)),
            ),
            (
                "has a key of members for a service",
                OF_MEMBERS,
                deny(COGNITO, when("StringEquals", "aws:PrincipalOrgID", ORG)),
            ),
            ("has a misspelt domain", NO_ADDRESS, deny(ONE, of("*@exampel.com"))),
            (
                "has a domain for an address",
                "a domain is no address",
                deny(EVERYBODY, when("StringEquals", FROM, "example.com")),
            ),
            (
                "is for one address and another",
                "it is one",
                deny(ONE, both(when("StringEquals", FROM, "a@example.com"), of("b@*"))),
            ),
            (
                "is for a window that never opens",
                "it ends first",
                deny(
                    ONE,
                    both(
                        when("DateGreaterThan", "aws:CurrentTime", LATER),
                        when("DateLessThan", "aws:CurrentTime", FUTURE),
                    ),
                ),
            ),
            (
                "has a key that is missing and has a value",
                "it cannot be both",
                deny(ONE, both(when("Null", FROM, "true"), when("StringLike", FROM, "*"))),
            ),
        )
    ]
    + [
        found(
            "SES016|SES017",
            f"a Deny of {action}",
            "SES has no such action",
            allow(ONE, NEWS),
            deny(ONE, Action=action),
        )
        for action in (
            "ses:SendEmial",
            "ses:SendMail",
            "ses:SendRawEmails",
            "ses:Sent*",
            "s3:GetObject",
            "ses.SendEmail",
        )
    ]
    + [
        silent("SES122", f"a Deny that {name}", why, allow(ONE, NEWS), denial)
        for name, why, denial in (
            (
                "has a key of services, negated, for an account",
                "without the key a negation holds",
                deny(ONE, when("StringNotEquals", "aws:SourceAccount", OTHER)),
            ),
            ("is for one address", "it is one of the domain", deny(ONE, of("ceo@example.com"))),
            (
                "has a misspelt domain in a negation",
                "it denies whatever is not that",
                deny(ONE, when("StringNotLike", FROM, "*@exampel.com")),
            ),
            ("is of ses:SendBulk*", "SES has such actions", deny(ONE, Action="ses:SendBulk*")),
            ("is of plain HTTP", "a caller may come so", deny(EVERYBODY, when("Bool", "aws:SecureTransport", "false"))),
        )
    ]
)
