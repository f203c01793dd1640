"""Pairs that allow less, and pairs of which nobody can know.

What a condition means:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from typing import Any

from tests.review.policies.broadened import LATE, until
from tests.review.policies.cases import (
    EVERYBODY,
    NEWS,
    OTHER,
    OWNER,
    PARTNER,
    ROLE,
    Change,
    account,
    allow,
    both,
    deny,
    of,
    when,
)
from tests.review.policies.shrunk_denies import MEMBERS, ONE, OUTSIDE, THREE

REF, GET = {"Ref": "Who"}, {"Fn::GetAtt": ["Role", "Arn"]}


def _parameter(**more: Any) -> dict[str, Any]:
    return {"Parameters": {"Who": {"Type": "String"} | more, "Other": {"Type": "String"}}}


_ROLE = {"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "a", "AssumeRolePolicyDocument": {}}}}


def _unknown(name: str, why: str, before: Any, after: Any, *verdicts: str) -> Change:
    return Change(
        name, why, (before,), (after,), verdicts or ("changed", "broadened"), around=(_parameter(), _parameter())
    )


NOBODY_KNOWS: list[Change] = [
    _unknown(
        "another parameter for the principal",
        "each may be anybody",
        allow({"AWS": REF}, NEWS),
        allow({"AWS": {"Ref": "Other"}}, NEWS),
    ),
    _unknown("a parameter for a known account", "it may be another", allow(ONE, NEWS), allow({"AWS": REF}, NEWS)),
    _unknown(
        "a known account for a parameter", "it may have been another", allow({"AWS": REF}, NEWS), allow(ONE, NEWS)
    ),
    _unknown(
        "another parameter for the address", "each may be any", allow(ONE, of(REF)), allow(ONE, of({"Ref": "Other"}))
    ),
    _unknown(
        "a parameter within an address",
        "it may be a star",
        allow(ONE, of("a-x@example.com")),
        allow(ONE, of({"Fn::Sub": "a-${Who}@example.com"})),
    ),
    _unknown(
        "another parameter in a Deny",
        "what it denied is unknown",
        (deny(ONE, of(REF))),
        deny(ONE, of({"Ref": "Other"})),
    ),
    _unknown(
        "the same parameter in another order",
        "it is the same, whatever it is",
        allow({"AWS": [REF, PARTNER]}, NEWS),
        allow({"AWS": [PARTNER, REF]}, NEWS),
        "unchanged",
    ),
    _unknown(
        "the same parameter, with its addresses in another order",
        "it is the same, whatever it is",
        allow({"AWS": REF}, both(of("a@*", "b@*"))),
        allow({"AWS": REF}, of("b@*", "a@*")),
        "unchanged",
    ),
    _unknown(
        "an account beside a parameter",
        "account 333333333333 is new, unless the parameter is it",
        allow({"AWS": REF}, NEWS),
        allow({"AWS": [REF, OTHER]}, NEWS),
    ),
    _unknown(
        "one address less for a parameter",
        "whoever it is may less",
        allow({"AWS": REF}, of("a@*", "b@*")),
        allow({"AWS": REF}, of("a@*")),
        "narrowed",
    ),
    Change(
        "a Deny of a foreign account shrinks where no Allow meets it",
        "what others wrote on the identity may allow that account",
        (allow(ONE, NEWS), deny(THREE)),
        (allow(ONE, NEWS), deny(THREE, of("a@*"))),
        ("changed",),
    ),
    Change(
        "a Deny of a foreign account is gone where no Allow meets it",
        "what others wrote on the identity may allow that account",
        (allow(ONE, NEWS), deny(THREE)),
        (allow(ONE, NEWS),),
        ("changed",),
    ),
    Change(
        "a foreign user's Deny in place of another's",
        "what others wrote on the identity may allow that user",
        (allow(ROLE, NEWS), deny({"AWS": f"arn:aws:iam::{OTHER}:user/a"})),
        (allow(ROLE, NEWS), deny({"AWS": f"arn:aws:iam::{OTHER}:user/b"})),
        ("changed",),
    ),
    Change(
        "a Deny of the own account's user is gone",
        "the owner's users may send by their own IAM, which is not seen here",
        (deny({"AWS": f"arn:aws:iam::{OWNER}:user/bob"}),),
        (deny({"AWS": f"arn:aws:iam::{OWNER}:user/eve"}),),
        ("changed",),
    ),
    Change(
        "a Deny of everybody becomes one of a foreign account",
        "the owner's users may send by their own IAM, which is not seen here",
        (deny(EVERYBODY, of("ceo@*")), allow(ONE, NEWS)),
        (deny(THREE, of("ceo@*")), allow(ONE, NEWS)),
        ("changed",),
    ),
    Change(
        "a policy operation for the own account",
        "the owner's users may call it by their own IAM, which is not seen here",
        (allow(ONE, NEWS), deny(EVERYBODY, Action="ses:UpdateEmailIdentityPolicy")),
        (allow(ONE, NEWS),),
        ("changed",),
    ),
    Change(
        "an Allow of addresses that the identity has not",
        "mail from them may have the identity as its return path",
        (allow(ONE, NEWS),),
        (allow(ONE, NEWS), allow(THREE, of("*@exampel.com"))),
        ("changed",),
    ),
    Change(
        "a domain that is none of the identity's, beside one that is",
        "mail from it may have the identity as its return path",
        (allow(ONE, of("news-*@example.com")),),
        (allow(ONE, of("news-*@example.com", "*@example.org")),),
        ("changed",),
    ),
    Change(
        "a grant that a misspelling kills",
        "mail from such a domain may have the identity as its return path",
        (allow(ONE, of("*@news.example.com")),),
        (allow(ONE, of("*@news.exampel.com")),),
        ("changed",),
    ),
    Change(
        "all that sends, by name and then by wildcard",
        "AWS may add an action that the wildcards match",
        (allow(ONE, NEWS, Action=["ses:SendRawEmail", "ses:SendBulkEmail"]),),
        (allow(ONE, NEWS, Action=["ses:SendRaw*", "ses:SendBulkEmail"]),),
        ("changed",),
    ),
]


LOSSES: list[Change] = [
    Change(name, why, before, after, ("narrowed",))
    for name, why, before, after in (
        ("a Deny of an account that may send", "it no longer may", (allow(ONE, NEWS),), (allow(ONE, NEWS), deny(ONE))),
        (
            "a Deny of the own account's user",
            "the owner's user no longer may",
            (allow(ONE, NEWS),),
            (allow(ONE, NEWS), deny({"AWS": f"arn:aws:iam::{OWNER}:user/bob"})),
        ),
        (
            "a wider Deny",
            "it denies what it did and more",
            (allow(ONE), deny(ONE, of("ceo@*"))),
            (allow(ONE), deny(ONE, of("c*"))),
        ),
        (
            "a key of services for an account",
            "nobody may send any more",
            (allow(ONE, NEWS),),
            (allow(ONE, both(NEWS, when("StringEquals", "aws:SourceAccount", PARTNER))),),
        ),
        ("an end to a grant", "after it nobody may", (allow(ONE, NEWS),), (allow(ONE, both(NEWS, until(LATE))),)),
        ("one account of two less", "it no longer may", (allow(account(PARTNER, OTHER), NEWS),), (allow(ONE, NEWS),)),
        (
            "less and split",
            "one address is gone",
            (allow(account(PARTNER, OTHER), of("a@*", "b@*")),),
            (allow(ONE, of("a@*", "b@*")), allow(THREE, of("a@*"))),
        ),
        (
            "everybody becomes an organization",
            "strangers no longer may",
            (allow(EVERYBODY, NEWS),),
            (allow(EVERYBODY, both(NEWS, MEMBERS)),),
        ),
        (
            "a Deny of strangers beside everybody",
            "strangers no longer may",
            (allow(EVERYBODY, NEWS),),
            (allow(EVERYBODY, NEWS), deny(EVERYBODY, OUTSIDE)),
        ),
    )
]
