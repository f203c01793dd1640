"""Pairs of policies that mean the same, or not, and whose sentences must show it."""

from typing import Any

from tests.review.policies.cases import (
    EVERYBODY,
    FROM,
    NEWS,
    PARTNER,
    Said,
    allow,
    deny,
    of,
    when,
)
from tests.review.policies.versions import BY_TAG, NEW, OLD, ONE, as_version


def _told(name: str, why: str, one: Any, other: Any, *, same: bool = False) -> Said:
    return Said(name, why, (one,), (other,), same)


SENTENCES: list[Said] = [
    _told(
        "a variable under both Versions",
        "in the old one it is plain text",
        as_version(OLD, allow(ONE, BY_TAG)),
        as_version(NEW, allow(ONE, BY_TAG)),
    ),
    _told(
        "a variable without a Version",
        "there it is plain text",
        as_version(None, allow(ONE, BY_TAG)),
        as_version(NEW, allow(ONE, BY_TAG)),
    ),
    _told(
        "StringEquals and StringLike with a star",
        "a star is a star under StringLike only",
        allow(ONE, when("StringEquals", FROM, "a*@example.com")),
        allow(ONE, of("a*@example.com")),
    ),
    _told(
        "StringLike and StringNotLike",
        "the one is the other's opposite",
        allow(ONE, of("a*")),
        allow(ONE, when("StringNotLike", FROM, "a*")),
    ),
    _told(
        "ForAllValues and ForAnyValue",
        "all recipients, or one",
        allow(ONE, when("ForAllValues:StringLike", "ses:Recipients", "*@a.com")),
        allow(ONE, when("ForAnyValue:StringLike", "ses:Recipients", "*@a.com")),
    ),
    _told(
        "StringEquals and IfExists",
        "the one holds without the key",
        allow(EVERYBODY, when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")),
        allow(EVERYBODY, when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5")),
    ),
    _told(
        "before and until",
        "the one has the last moment",
        allow(ONE, when("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z")),
        allow(ONE, when("DateLessThanEquals", "aws:CurrentTime", "2099-01-01T00:00:00Z")),
    ),
    _told(
        "after and before",
        "the one is the other's opposite",
        allow(ONE, when("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z")),
        allow(ONE, when("DateGreaterThan", "aws:CurrentTime", "2099-01-01T00:00:00Z")),
    ),
    _told(
        "a role and a user of one name",
        "they are two principals",
        allow({"AWS": f"arn:aws:iam::{PARTNER}:role/x"}),
        allow({"AWS": f"arn:aws:iam::{PARTNER}:user/x"}),
    ),
    _told(
        "an account and a service's source account",
        "the one calls, for the other a service calls",
        allow(EVERYBODY, when("StringEquals", "aws:PrincipalAccount", PARTNER)),
        allow(EVERYBODY, when("StringEquals", "aws:SourceAccount", PARTNER)),
    ),
    _told(
        "an organization and its unit",
        "the one is within the other",
        allow(EVERYBODY, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*")),
        allow(
            EVERYBODY, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*")
        ),
    ),
    _told(
        "a unit, and a unit with what is below it",
        "the one is that unit alone",
        allow(
            EVERYBODY, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/")
        ),
        allow(
            EVERYBODY, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*")
        ),
    ),
    _told(
        "in a network and outside of it",
        "the one is the other's opposite",
        allow(ONE, when("IpAddress", "aws:SourceIp", "203.0.113.0/24")),
        allow(ONE, when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")),
    ),
    _told(
        "two networks",
        "they have nothing in common",
        allow(ONE, when("IpAddress", "aws:SourceIp", "203.0.113.0/24")),
        allow(ONE, when("IpAddress", "aws:SourceIp", "198.51.100.0/24")),
    ),
    _told(
        "a tag's two values",
        "they are two tags' values",
        allow(ONE, when("StringEquals", "aws:PrincipalTag/team", "mail")),
        allow(ONE, when("StringEquals", "aws:PrincipalTag/team", "news")),
    ),
    _told(
        "a tag and another tag",
        "they are two tags",
        allow(ONE, when("StringEquals", "aws:PrincipalTag/team", "mail")),
        allow(ONE, when("StringEquals", "aws:PrincipalTag/unit", "mail")),
    ),
    _told(
        "a key that is there and one that is not",
        "the one is the other's opposite",
        allow(ONE, when("Null", "aws:PrincipalTag/team", "true")),
        allow(ONE, when("Null", "aws:PrincipalTag/team", "false")),
    ),
    _told(
        "From and the return path",
        "they are two addresses of a message",
        allow(ONE, of("a@example.com")),
        allow(ONE, when("StringLike", "ses:FeedbackAddress", "a@example.com")),
    ),
    _told("an Allow and a Deny", "the one is the other's opposite", allow(ONE, NEWS), deny(ONE, NEWS)),
    _told(
        "sending, and all of SES",
        "the policy operations are among them",
        deny(ONE, Action="ses:Send*"),
        deny(ONE, Action="ses:*"),
    ),
    _told(
        "an account and its root's ARN",
        "they are the same principal",
        allow(ONE, NEWS),
        allow({"AWS": f"arn:aws:iam::{PARTNER}:root"}, NEWS),
        same=True,
    ),
    _told(
        "a list of one",
        "it is that one",
        allow(ONE, NEWS),
        allow({"AWS": [PARTNER]}, {"StringEquals": {FROM: ["news@example.com"]}}),
        same=True,
    ),
    _told("an empty condition", "there is nothing to hold", allow(ONE), allow(ONE, Condition={}), same=True),
    _told(
        "both Versions without a variable",
        "both read alike",
        as_version(OLD, allow(ONE, NEWS)),
        as_version(NEW, allow(ONE, NEWS)),
        same=True,
    ),
    _told(
        "everybody in two spellings",
        "they are the same principal",
        allow(EVERYBODY, NEWS),
        allow({"AWS": "*"}, NEWS),
        same=True,
    ),
    _told("a Sid", "it only names the statement", allow(ONE, NEWS), allow(ONE, NEWS, Sid="News"), same=True),
]
