"""Pairs whose second policy denies less, with who may newly send.

A Deny wins over each Allow: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
"""

from tests.review.policies.cases import (
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    PARTNER,
    Part,
    Witness,
    account,
    allow,
    both,
    deny,
    of,
    when,
)

ONE, THREE = account(PARTNER), account(OTHER)
ORG = "o-a1b2c3d4e5"
MEMBERS = when("StringEquals", "aws:PrincipalOrgID", ORG)
OUTSIDE = when("StringNotEquals", "aws:PrincipalOrgID", ORG)
Rows = list[tuple[str, str, tuple[Part, ...], tuple[Part, ...], Witness]]

LIFTED: Rows = [
    (
        "the Deny of strangers is gone",
        "strangers are new",
        (allow(EVERYBODY, NEWS), deny(EVERYBODY, OUTSIDE)),
        (allow(EVERYBODY, NEWS),),
        Witness("", "news@example.com"),
    ),
    (
        "a Deny of fewer addresses",
        "b@ was denied",
        (allow(ONE), deny(ONE, when("StringEquals", FROM, "a@example.com", "b@example.com"))),
        (allow(ONE), deny(ONE, when("StringEquals", FROM, "a@example.com"))),
        Witness(PARTNER, "b@example.com"),
    ),
    (
        "a Deny with one condition more",
        "it no longer holds for TLS",
        (allow(ONE), deny(ONE, of("ceo@*"))),
        (allow(ONE), deny(ONE, both(of("ceo@*"), when("Bool", "aws:SecureTransport", "false")))),
        Witness(PARTNER, "ceo@*"),
    ),
    (
        "a Deny of one action less",
        "raw messages were denied",
        (allow(ONE, NEWS), deny(ONE)),
        (allow(ONE, NEWS), deny(ONE, Action="ses:SendEmail")),
        Witness(PARTNER, "news@example.com"),
    ),
    (
        "a Deny of one subdomain by a misspelling of another",
        "the one that was meant is free",
        (allow(ONE), deny(ONE, of("*@news.example.com"))),
        (allow(ONE), deny(ONE, of("*@nesw.example.com"))),
        Witness(PARTNER, "*@news.example.com"),
    ),
]
