"""Grants to everybody or to a service that no stranger can use.

AWS's pages are those in `public`.
"""

from tests.review.policies.cases import (
    COGNITO,
    EVERYBODY,
    NEWS,
    OWNER,
    PARTNER,
    Check,
    allow,
    both,
    deny,
    on,
    silent,
    when,
)
from tests.review.policies.public import ORG, ORGS, outside

NARROW: list[Check] = [
    silent(
        "SES001",
        f"{operator} {key} {value} is no stranger",
        why,
        allow(EVERYBODY, both(NEWS, when(operator, key, value))),
    )
    for operator, key, value, why in (
        ("StringEquals", "aws:PrincipalAccount", PARTNER, "it is one account"),
        ("StringLike", "aws:PrincipalAccount", PARTNER, "it is one account"),
        ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:role/*", "it is roles of one account"),
        ("StringLike", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:*", "it is one account"),
        ("StringEquals", ORGS, ORG, "it is one organization"),
        ("StringLike", ORGS, ORG, "it is one organization"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{ORG}/r-ab12/*", "it is one organization"),
        ("StringLike", "aws:userid", "AROAEXAMPLE1234567890:*", "a role's id is unique"),
        ("StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d", "an endpoint's id is unique"),
        ("StringEquals", "aws:SourceAccount", OWNER, "services that work for one account"),
        ("ArnLike", "aws:PrincipalArn", f"arn:*:iam::{PARTNER}:role/mail-?", "it is roles of one account"),
        ("ArnLike", "aws:SourceArn", f"arn:aws:*:*:{OWNER}:*", "services that work for one account"),
        ("ArnLike", "aws:SourceArn", f"arn:aws:sns:*:{OWNER}:*", "services that work for one account"),
        ("StringEquals", "aws:SourceOrgID", ORG, "services that work for one organization"),
        ("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", "it is the identity's own account"),
        ("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}", "it is the identity's own organization"),
        ("StringLike", "aws:PrincipalOrgID", "${aws:ResourceOrgID}", "it is the identity's own organization"),
    )
]

ALARMS: list[Check] = [
    silent(
        "SES001",
        "a Deny outside the organization",
        "who is no member is denied",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, outside()),
    ),
    silent(
        "SES001",
        "a Deny outside the organization, where there is one",
        "IfExists of a negation says the same",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, outside("StringNotEqualsIfExists")),
    ),
    silent(
        "SES001",
        "a Deny in another policy of the identity",
        "the policies of an identity add up",
        allow(EVERYBODY, NEWS),
        on("example.com", deny(EVERYBODY, outside()), name="guard"),
    ),
    silent(
        "SES001",
        "two Denies: no organization, and another one",
        "together they are all outside",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, when("Null", ORGS, "true")),
        deny(EVERYBODY, outside("StringNotLike")),
    ),
    silent(
        "SES001",
        "a Deny of all but two accounts",
        "all others are denied",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, when("StringNotEquals", "aws:PrincipalAccount", OWNER, PARTNER)),
    ),
    silent(
        "SES001",
        "a Deny of all but the roles of an account",
        "all others are denied",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, when("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:role/*")),
    ),
    silent(
        "SES001",
        "a Deny of all but the own organization by variable",
        "the identity's own organization",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, when("StringNotEquals", ORGS, "${aws:ResourceOrgID}")),
    ),
    silent(
        "SES001",
        "a Deny of each action in a statement of its own",
        "together they are all that is allowed",
        allow(EVERYBODY, NEWS),
        deny(EVERYBODY, outside(), Action="ses:SendEmail"),
        deny(EVERYBODY, outside(), Action="ses:SendRaw*"),
    ),
    silent("SES001", "everybody, and a Deny of everybody", "nobody may", allow(EVERYBODY), deny(EVERYBODY)),
    silent(
        "SES001",
        "a variable under 2008-10-17",
        "it is plain text there, and no account is called so",
        on(
            "example.com",
            allow(EVERYBODY, when("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}")),
            version="2008-10-17",
        ),
    ),
    silent(
        "SES104",
        "a question mark in a display name",
        "it is a mark of a sentence",
        allow({"AWS": PARTNER}, both(NEWS, when("StringEquals", "ses:FromDisplayName", "Any questions?"))),
    ),
    silent(
        "SES101",
        "a service of the own organization by variable",
        "it is bound to the identity's organization",
        allow(COGNITO, when("StringEquals", "aws:SourceOrgID", "${aws:ResourceOrgID}")),
    ),
    silent(
        "SES101",
        "a service of the own account by variable",
        "it is bound to the identity's account",
        allow(COGNITO, when("StringEquals", "aws:SourceAccount", "${aws:ResourceAccount}")),
    ),
    silent(
        "SES101",
        "a service under organization paths of its source",
        "it is bound to an organization",
        allow(COGNITO, when("ForAnyValue:StringLike", "aws:SourceOrgPaths", f"{ORG}/*")),
    ),
    silent(
        "SES101",
        "a service under a principal's organization",
        "no service has that key",
        allow(COGNITO, when("StringEquals", ORGS, ORG)),
    ),
]
