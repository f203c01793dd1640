"""Pairs that are made to mean the same: written differently, and nothing else.

How statements, values and keys are combined:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
How Allow and Deny are combined:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from tests.review.policies.cases import (
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    OWNER,
    PARTNER,
    ROLE,
    SEND,
    USER,
    Change,
    Part,
    account,
    allow,
    both,
    deny,
    of,
    on,
    when,
)
from tests.review.policies.equal_by_shape import A_OR_B, ADS, ANY_OF, ONE, ORG, SHAPES, TILL, A, B

_MEANINGS: list[tuple[str, str, tuple[Part, ...], tuple[Part, ...]]] = [
    (
        "a narrower statement beside a wider",
        "it allows nothing more",
        (allow(ONE, of("*@news.example.com")),),
        (allow(ONE, of("*@news.example.com")), allow(ONE, of("a@news.example.com"))),
    ),
    (
        "a narrower value beside a wider",
        ANY_OF,
        (allow(ONE, of("news-*")),),
        (allow(ONE, of("news-*", "news-a@example.com")),),
    ),
    ("two stars for one", "a star is any text", (allow(ONE, of("news-*")),), (allow(ONE, of("news-**")),)),
    (
        "a user beside the whole account",
        "the user is one of the account",
        (allow(ONE, NEWS),),
        (allow({"AWS": [PARTNER, USER["AWS"]]}, NEWS),),
    ),
    (
        "an Allow that is denied already",
        "a Deny wins",
        (allow(ONE, NEWS), deny(account(OTHER))),
        (allow(ONE, NEWS), deny(account(OTHER)), allow(account(OTHER), ADS)),
    ),
    (
        "an Allow to an account that a Deny of all names",
        "a Deny wins",
        (deny(EVERYBODY),),
        (deny(EVERYBODY), allow(ONE, NEWS)),
    ),
    (
        "an Allow to an account as a service",
        "the key is of services",
        (allow(ONE, NEWS),),
        (allow(ONE, NEWS), allow(account(OTHER), when("StringEquals", "aws:SourceAccount", OTHER))),
    ),
    (
        "an Allow in a window that never opens",
        "it ends first",
        (allow(ONE, NEWS),),
        (
            allow(ONE, NEWS),
            allow(
                ONE,
                both(
                    when("DateGreaterThan", "aws:CurrentTime", TILL),
                    when("DateLessThan", "aws:CurrentTime", "2098-01-01T00:00:00Z"),
                ),
            ),
        ),
    ),
    (
        "a Deny in two statements",
        "a Deny is a Deny",
        (allow(ONE), deny(ONE, A_OR_B)),
        (allow(ONE), deny(ONE, A), deny(ONE, B)),
    ),
    (
        "a Deny of each action by itself",
        "a Deny is a Deny",
        (allow(ONE), deny(ONE, A)),
        (allow(ONE), deny(ONE, A, Action=SEND[0]), deny(ONE, A, Action=SEND[1])),
    ),
    (
        "a Deny in another policy",
        "the policies of an identity add up",
        (allow(ONE), deny(ONE, A)),
        (allow(ONE), on("example.com", deny(ONE, A), name="guard")),
    ),
    (
        "a Deny of an address that is no longer needed beside a wider",
        "the wider one denies it",
        (allow(ONE), deny(ONE, of("a*")), deny(ONE, A)),
        (allow(ONE), deny(ONE, of("a*"))),
    ),
    (
        "a time in another zone",
        "it is the same time",
        (allow(ONE, when("DateLessThan", "aws:CurrentTime", TILL)),),
        (allow(ONE, when("DateLessThan", "aws:CurrentTime", "2099-01-01T01:00:00+01:00")),),
    ),
    (
        "a time in seconds",
        "it is the same time",
        (allow(ONE, when("DateLessThan", "aws:CurrentTime", TILL)),),
        (allow(ONE, when("DateLessThan", "aws:CurrentTime", "4070908800")),),
    ),
    (
        "two windows that meet",
        "each time of the one is in one of the two",
        (allow(ONE, when("DateLessThan", "aws:CurrentTime", TILL)),),
        (
            allow(ONE, when("DateLessThan", "aws:CurrentTime", "2098-01-01T00:00:00Z")),
            allow(
                ONE,
                both(
                    when("DateGreaterThanEquals", "aws:CurrentTime", "2098-01-01T00:00:00Z"),
                    when("DateLessThan", "aws:CurrentTime", TILL),
                ),
            ),
        ),
    ),
    (
        "a network in halves",
        "together they are the network",
        (allow(ONE, when("IpAddress", "aws:SourceIp", "203.0.113.0/24")),),
        (allow(ONE, when("IpAddress", "aws:SourceIp", "203.0.113.0/25", "203.0.113.128/25")),),
    ),
    (
        "a Version where there is none",
        "without a variable both read alike",
        (on("example.com", allow(ONE, NEWS), version=None),),
        (allow(ONE, NEWS),),
    ),
    (
        "the newer Version",
        "without a variable both read alike",
        (on("example.com", allow(ONE, NEWS), version="2008-10-17"),),
        (allow(ONE, NEWS),),
    ),
    (
        "a variable that is escaped",
        "the new Version's escape is the text",
        (on("example.com", allow(ONE, when("StringEquals", "aws:PrincipalTag/t", "$")), version="2008-10-17"),),
        (allow(ONE, when("StringEquals", "aws:PrincipalTag/t", "${$}")),),
    ),
    (
        "another name of the policy",
        "a name allows nothing",
        (on("example.com", allow(ONE, NEWS), name="one"),),
        (on("example.com", allow(ONE, NEWS), name="two"),),
    ),
    (
        "a resource in a list",
        "a list of one is that one",
        (allow(ONE, NEWS),),
        (allow(ONE, NEWS, Resource=[f"arn:aws:ses:eu-west-1:{OWNER}:identity/example.com"]),),
    ),
    (
        "a negation of two values, and two negations",
        "a negation refuses each of its values",
        (allow(ROLE, when("StringNotEquals", FROM, "a@example.com", "b@example.com")),),
        (
            allow(
                ROLE, both(when("StringNotEquals", FROM, "a@example.com"), when("StringNotLike", FROM, "b@example.com"))
            ),
        ),
    ),
    (
        "StringNotEqualsIfExists for StringNotEquals",
        "without the key both hold",
        (allow(ONE), deny(EVERYBODY, when("StringNotEquals", "aws:PrincipalOrgID", ORG))),
        (allow(ONE), deny(EVERYBODY, when("StringNotEqualsIfExists", "aws:PrincipalOrgID", ORG))),
    ),
    (
        "a Deny of all but an account, and of two more at a time",
        "the one Deny is within the other",
        (allow(ONE), deny(EVERYBODY, when("StringNotEquals", "aws:PrincipalAccount", PARTNER, OWNER))),
        (
            allow(ONE),
            deny(EVERYBODY, when("StringNotEquals", "aws:PrincipalAccount", OWNER, PARTNER)),
            deny(account(OTHER)),
        ),
    ),
    (
        "a condition that always holds beside another",
        "the key is always there",
        (allow(ONE, NEWS),),
        (allow(ONE, both(NEWS, when("Null", FROM, "false"))),),
    ),
    (
        "the account's own number as a condition",
        "it is that account",
        (allow(ONE, NEWS),),
        (allow(ONE, both(NEWS, when("StringEquals", "aws:PrincipalAccount", PARTNER))),),
    ),
    (
        "a label on the only address",
        "StringLike takes both",
        (on("news@example.com", allow(ONE, of("news@example.com", "news+*@example.com"))),),
        (on("news@example.com", allow(ONE, of("news+*@example.com")), allow(ONE, of("news@example.com"))),),
    ),
    (
        "a negation of another domain beside an address",
        "the address is not of that domain",
        (allow(ONE, NEWS),),
        (allow(ONE, both(NEWS, when("StringNotLike", FROM, "*@example.org"))),),
    ),
]

SAME: list[Change] = [
    *(Change(name, why, one, other, ("unchanged",)) for name, why, one, other in (*SHAPES, *_MEANINGS)),
    *(
        Change(f"{name}, the other way round", why, other, one, ("unchanged",))
        for name, why, one, other in (*SHAPES, *_MEANINGS)
    ),
]
