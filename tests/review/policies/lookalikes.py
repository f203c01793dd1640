"""Pairs that are easily mistaken for equal or for narrower, and pairs that look different and are equal.

A domain's case, which does not matter, an address's case, which does, subdomains and labels:
https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
The operators:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from tests.review.policies.cases import (
    COGNITO,
    EVERYBODY,
    FROM,
    NEWS,
    OWNER,
    PARTNER,
    ROLE,
    Change,
    Part,
    Witness,
    account,
    allow,
    both,
    deny,
    of,
    on,
    when,
)

ONE = account(PARTNER)
BOB = {"AWS": f"arn:aws:iam::{OWNER}:user/bob"}
MORE, LESS, SAME, MAYBE = ("broadened",), ("narrowed",), ("unchanged",), ("broadened", "changed")
DOMAIN, NOT_CEO = of("*@example.com"), when("StringNotLike", FROM, "ceo@*")
TAG = "aws:PrincipalTag/team"
CALLS, BULK = "ses:SendEmail", ["ses:SendEmail", "ses:SendBulkEmail"]
OUR_SOURCE = when("StringEquals", "aws:SourceAccount", OWNER)
EACH_CASE = "the caller writes the domain in any case, and the operator compares each letter"
OTHERS = "what others wrote on the identity may allow what is no longer denied"

_Row = tuple[str, str, tuple[str, ...], tuple[Part, ...], tuple[Part, ...], Witness | None]

_ROWS: list[_Row] = [
    ("the domain in another case", EACH_CASE, MAYBE, (allow(ONE, DOMAIN),), (allow(ONE, of("*@EXAMPLE.com")),), None),
    (
        "the domain in another case as well",
        EACH_CASE,
        MORE,
        (allow(ONE, DOMAIN),),
        (allow(ONE, of("*@example.com", "*@EXAMPLE.com")),),
        Witness(PARTNER, "*@EXAMPLE.com"),
    ),
    (
        "the address in another case",
        "an address's case counts",
        MORE,
        (allow(ONE, NEWS),),
        (allow(ONE, when("StringEquals", FROM, "News@example.com")),),
        Witness(PARTNER, "News@example.com"),
    ),
    (
        "the address in any case",
        "an address's case counts",
        MORE,
        (allow(ONE, NEWS),),
        (allow(ONE, when("StringEqualsIgnoreCase", FROM, "news@example.com")),),
        Witness(PARTNER),
    ),
    (
        "no condition in place of the domain",
        "addresses of subdomains are new",
        MORE,
        (allow(ONE, DOMAIN),),
        (allow(ONE),),
        Witness(PARTNER, "*@*"),
    ),
    (
        "the domain in place of no condition",
        "addresses of subdomains are gone",
        LESS,
        (allow(ONE),),
        (allow(ONE, DOMAIN),),
        None,
    ),
    (
        "no condition on an address",
        "labels are new",
        MORE,
        (on("news@example.com", allow(ONE, NEWS)),),
        (on("news@example.com", allow(ONE)),),
        Witness(PARTNER, "news*@example.com"),
    ),
    (
        "the address alone on an address",
        "labels are gone",
        LESS,
        (on("news@example.com", allow(ONE)),),
        (on("news@example.com", allow(ONE, NEWS)),),
        None,
    ),
    (
        "a Deny of ceo@ in one case",
        "CEO@ is another address",
        MAYBE,
        (allow(ONE), deny(ONE, when("StringEqualsIgnoreCase", FROM, "ceo@example.com"))),
        (allow(ONE), deny(ONE, when("StringEquals", FROM, "ceo@example.com"))),
        None,
    ),
    (
        "a star under StringEquals in a Deny",
        "it is a character there",
        MORE,
        (allow(ONE), deny(ONE, of("ceo@*"))),
        (allow(ONE), deny(ONE, when("StringEquals", FROM, "ceo@*"))),
        Witness(PARTNER, "ceo@*"),
    ),
    (
        "bulk under a negation",
        "bulk has no From address, so that a negation holds",
        MORE,
        (allow(ONE, NOT_CEO, Action=CALLS),),
        (allow(ONE, NOT_CEO, Action=BULK),),
        Witness(PARTNER),
    ),
    (
        "bulk under an address",
        "bulk has no From address, so that nothing is new",
        ("unchanged", "broadened", "changed"),
        (allow(ONE, NEWS, Action=CALLS),),
        (allow(ONE, NEWS, Action=BULK),),
        None,
    ),
    (
        "an Allow by condition for a Deny of the rest",
        OTHERS,
        MAYBE,
        (allow(ONE), deny(ONE, when("StringNotLike", FROM, "news-*"))),
        (allow(ONE, of("news-*")),),
        None,
    ),
    (
        "a Deny of the rest for an Allow by condition",
        "it denies more than is left out",
        ("narrowed", "unchanged"),
        (allow(ONE, of("news-*")),),
        (allow(ONE), deny(ONE, when("StringNotLike", FROM, "news-*"))),
        None,
    ),
    (
        "an Allow for the own account's user",
        "it may send without IAM's leave",
        MAYBE,
        (allow(ONE, NEWS),),
        (allow(ONE, NEWS), allow(BOB, NEWS)),
        None,
    ),
    (
        "no Allow for the own account's user",
        "it needs IAM's leave again",
        LESS,
        (allow(ONE, NEWS), allow(BOB, NEWS)),
        (allow(ONE, NEWS),),
        None,
    ),
    (
        "a service beside everybody",
        "whether the star has services is not documented",
        MAYBE,
        (allow(EVERYBODY, NEWS),),
        (allow(EVERYBODY, NEWS), allow(COGNITO, NEWS)),
        None,
    ),
    (
        "a Deny of everybody but for services",
        "whether the star has services is not documented",
        MAYBE,
        (allow(COGNITO, OUR_SOURCE), deny(COGNITO), deny(EVERYBODY)),
        (allow(COGNITO, OUR_SOURCE), deny(EVERYBODY)),
        None,
    ),
    (
        "a Deny in each spelling of the star",
        "AWS calls both the same",
        SAME,
        (allow(ONE), deny(EVERYBODY, of("ceo@*"))),
        (allow(ONE), deny({"AWS": "*"}, of("ceo@*"))),
        None,
    ),
    (
        "IfExists of a negation",
        "without the key both hold",
        SAME,
        (allow(ROLE, when("StringNotEquals", TAG, "x")),),
        (allow(ROLE, when("StringNotEqualsIfExists", TAG, "x")),),
        None,
    ),
    (
        "IfExists of a comparison",
        "without the tag the one fails, and the other holds",
        MORE,
        (allow(ROLE, when("StringEquals", TAG, "x")),),
        (allow(ROLE, when("StringEqualsIfExists", TAG, "x")),),
        Witness("role/mailer"),
    ),
    (
        "a tag that is there, and a tag that is like a star",
        "a star is any text, and none as well",
        SAME,
        (allow(ROLE, when("Null", TAG, "false")),),
        (allow(ROLE, when("StringLike", TAG, "*")),),
        None,
    ),
    (
        "an address of a network, and a network of one",
        "they are the same address",
        SAME,
        (allow(ONE, both(NEWS, when("IpAddress", "aws:SourceIp", "203.0.113.5"))),),
        (allow(ONE, both(NEWS, when("IpAddress", "aws:SourceIp", "203.0.113.5/32"))),),
        None,
    ),
    (
        "a boolean and its text",
        "a template's booleans are texts at SES",
        SAME,
        (allow(ONE, both(NEWS, {"Bool": {"aws:SecureTransport": True}})),),
        (allow(ONE, both(NEWS, when("Bool", "aws:SecureTransport", "true"))),),
        None,
    ),
    (
        "IfExists of a key that is always there",
        "it is always there",
        SAME,
        (allow(ONE, both(NEWS, when("Bool", "aws:SecureTransport", "true"))),),
        (allow(ONE, both(NEWS, when("BoolIfExists", "aws:SecureTransport", "true"))),),
        None,
    ),
    (
        "a value that is another's beginning",
        "StringEquals compares the whole",
        MORE,
        (allow(ONE, NEWS),),
        (allow(ONE, when("StringEquals", FROM, "news@example.com", "news@example.com.example.com")),),
        Witness(PARTNER, "news@example.com.example.com"),
    ),
    (
        "a question mark for a star",
        "it is one character, and a star is any",
        LESS,
        (allow(ONE, of("news*@example.com")),),
        (allow(ONE, of("news?@example.com")),),
        None,
    ),
    (
        "a star for a question mark",
        "it is one character, and a star is any",
        MORE,
        (allow(ONE, of("news?@example.com")),),
        (allow(ONE, of("news*@example.com")),),
        Witness(PARTNER, "news*@example.com"),
    ),
    (
        "a condition more and an account more",
        "the account is new",
        MORE,
        (allow(ONE),),
        (allow(account(PARTNER, "333333333333"), NEWS),),
        Witness("333333333333", "news@example.com"),
    ),
    (
        "a Deny more and an address more",
        "the address is new, and not denied",
        MORE,
        (allow(ONE, NEWS),),
        (allow(ONE, of("news@*", "ads@*")), deny(ONE, of("*@b.example.com"))),
        Witness(PARTNER, "ads@*"),
    ),
    (
        "an address more, and a Deny of it",
        "the Deny takes it back",
        ("unchanged", "narrowed"),
        (allow(ONE, NEWS),),
        (
            allow(ONE, when("StringEquals", FROM, "news@example.com", "ads@example.com")),
            deny(ONE, when("StringEquals", FROM, "ads@example.com")),
        ),
        None,
    ),
]

TRAPS: list[Change] = [
    Change(name, why, before, after, right, witness) for name, why, right, before, after, witness in _ROWS
]
