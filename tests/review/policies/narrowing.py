"""Conditions on the From address that narrow a whole account, and others that narrow nothing.

Which addresses an identity has: https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
"""

from tests.review.policies.cases import (
    FROM,
    OTHER,
    PARTNER,
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

ONE = account(PARTNER)
ALL = "each address of the domain passes"
NOT_CEO = when("StringNotLike", FROM, "ceo@*")
OF_OTHERS = "no address of the identity is of that domain"

_NOTHING = [
    (of("*"), ALL),
    (of("**"), ALL),
    (of("*@*"), ALL),
    (of("?*"), ALL),
    (of("?*@example.com"), "a local part has a character at least"),
    (of("*?@example.com"), "a local part has a character at least"),
    (of("*@example.co?"), ALL),
    (of("*@*.com"), ALL),
    (of("*example.com"), ALL),
    (of("*@ex*le.com"), ALL),
    (of("*@example.com", "*@*.example.com"), ALL),
    (of("news@example.com", "*@example.com"), "one of the values is enough"),
    (of("*", "*@exampel.com"), "one of the values is enough"),
    (when("StringNotEquals", FROM, "ceo@example.org"), OF_OTHERS),
    (when("StringNotLike", FROM, "*@example.org"), OF_OTHERS),
    (when("StringNotLike", FROM, "*@exampel.com"), OF_OTHERS),
    (when("StringLikeIfExists", FROM, "*@example.com"), ALL),
    (when("Null", FROM, "false"), "each message has one"),
    (both(of("*@example.com"), when("StringNotEquals", FROM, "x@example.org")), ALL),
    (when("ForAllValues:StringLike", "ses:Recipients", "*@example.org"), "it says nothing of From"),
    (when("StringLike", "ses:FeedbackAddress", "*@example.com"), "it says nothing of From"),
    (when("Bool", "aws:SecureTransport", "true"), "it says nothing of From"),
    (when("StringEquals", "aws:PrincipalAccount", PARTNER), "it is the account once more"),
    (when("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"), "it says nothing of From"),
]

_SOMETHING = [
    (of("news@example.com"), "it is one address"),
    (of("*@news.example.com"), "it is a subdomain"),
    (of("*@*.example.com"), "it is subdomains alone"),
    (of("news-*@example.com"), "it is a part of the addresses"),
    (of("*-news@example.com"), "it is a part of the addresses"),
    (of("news@*"), "it is one local part"),
    (of("*news*"), "it is a part of the addresses"),
    (of("?@example.com"), "it is local parts of one letter"),
    (of("?????*@example.com"), "it is local parts of five letters or more"),
    (of("a*", "b*"), "it is two letters of many"),
    (both(of("*@example.com"), NOT_CEO), "the one that matters is taken out"),
    (NOT_CEO, "the one that matters is taken out"),
    (when("StringNotLike", FROM, "*admin*example.com"), "it is AWS's own example"),
    (when("StringNotEquals", FROM, "ceo@example.com"), "the one that matters is taken out"),
]

WIDE: list[Check] = [
    *(found("SES102", f"an account where {condition}", why, allow(ONE, condition)) for condition, why in _NOTHING),
    found(
        "SES102",
        "one account of two that is narrowed by a Deny",
        "the other account is not",
        allow(account(PARTNER, OTHER)),
        deny(ONE, when("StringNotLike", FROM, "news-*")),
    ),
    found("SES102", "a Deny of an address of another domain", OF_OTHERS, allow(ONE), deny(ONE, of("*@example.org"))),
    found("SES102", "the subdomain's own addresses", ALL, on("news.example.com", allow(ONE, of("*@news.example.com")))),
]

SLIM: list[Check] = [
    *(
        silent("SES102", f"an account where only {condition}", why, allow(ONE, condition))
        for condition, why in _SOMETHING
    ),
    silent(
        "SES102",
        "a Deny of all other addresses",
        "news is left",
        allow(ONE),
        deny(ONE, when("StringNotLike", FROM, "news-*")),
    ),
    silent(
        "SES102",
        "an address alone",
        "the identity is one address",
        on("news@example.com", allow(ONE, of("news@example.com"))),
    ),
    silent(
        "SES102",
        "a role of the account",
        "it is not the whole account",
        allow(ONE, when("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:role/mailer")),
    ),
]
