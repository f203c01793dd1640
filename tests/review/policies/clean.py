"""Realistic policies in which nothing must be found."""

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

ONE, TWO = account(PARTNER), account(PARTNER, OTHER)
ORG = when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")
OUTSIDE = when("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")
OURS = when("StringEquals", "aws:SourceAccount", OWNER)
POOL = f"arn:aws:cognito-idp:eu-west-1:{OWNER}:userpool/eu-west-1_abc"
RECIPIENTS = "ses:Recipients"
BOB = {"AWS": f"arn:aws:iam::{OWNER}:user/bob"}
PLAIN = when("Bool", "aws:SecureTransport", "false")
WHOLE = ["ses:SendEmail", "ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"]
SUMMER = both(
    when("DateGreaterThan", "aws:CurrentTime", "2098-06-01T00:00:00Z"),
    when("DateLessThan", "aws:CurrentTime", "2098-09-01T00:00:00Z"),
)

_CLEAN: dict[str, tuple[Policy | dict[str, Any], ...]] = {
    "one account from one address": (allow(ONE, NEWS),),
    "two accounts from one address": (allow(TWO, NEWS),),
    "an account from a subdomain": (allow(ONE, of("*@news.example.com")),),
    "an account from addresses that begin so": (allow(ONE, of("news-*@example.com")),),
    "an account as AWS's example has it": (allow(ONE, of("marketing+.*@example.com")),),
    "an account from three addresses": (
        allow(ONE, when("StringEquals", FROM, *(f"{name}@example.com" for name in "abc"))),
    ),
    "two users of two accounts": (
        allow({"AWS": [f"arn:aws:iam::{PARTNER}:user/jane", f"arn:aws:iam::{OTHER}:user/john"]}, NEWS),
    ),
    "a user from any address": (allow(USER),),
    "a role from any address": (allow(ROLE),),
    "a role with raw messages only": (allow(ROLE, NEWS, Action="ses:SendRawEmail"),),
    "a role of the own account": (allow({"AWS": f"arn:aws:iam::{OWNER}:role/app"}, NEWS),),
    "all that sends but for bulk": (allow(ONE, NEWS, Action=WHOLE),),
    "bulk without a From address": (allow(ROLE, Action="ses:SendBulkEmail"),),
    "a Cognito pool": (allow(COGNITO, both(OURS, when("ArnLike", "aws:SourceArn", POOL))),),
    "a Cognito pool by its ARN exactly": (allow(COGNITO, both(OURS, when("StringEquals", "aws:SourceArn", POOL))),),
    "Cognito's other principal": (
        allow({"Service": "email.cognito-idp.amazonaws.com"}, both(OURS, when("ArnLike", "aws:SourceArn", POOL))),
    ),
    "a service for the own account": (allow(COGNITO, OURS),),
    "a service for the own organization": (allow(COGNITO, when("StringEquals", "aws:SourceOrgID", "o-a1b2c3d4e5")),),
    "a service for the own organization by variable": (
        allow(COGNITO, when("StringEquals", "aws:SourceOrgID", "${aws:ResourceOrgID}")),
    ),
    "an organization from one address": (allow(EVERYBODY, both(NEWS, ORG)),),
    "an organization by variable": (
        allow(EVERYBODY, both(NEWS, when("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"))),
    ),
    "a unit of an organization": (
        allow(EVERYBODY, both(NEWS, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*"))),
    ),
    "everybody but for who is outside": (allow(EVERYBODY, NEWS), deny(EVERYBODY, OUTSIDE)),
    "everybody, guarded by another policy": (
        allow(EVERYBODY, NEWS),
        on("example.com", deny(EVERYBODY, OUTSIDE), name="guard"),
    ),
    "roles of one name in an organization": (
        allow(EVERYBODY, both(NEWS, ORG, when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/mailer"))),
    ),
    "a tag in an organization": (
        allow(EVERYBODY, both(NEWS, ORG, when("StringEquals", "aws:PrincipalTag/team", "mail"))),
    ),
    "each one's own address by tag": (
        allow(EVERYBODY, both(ORG, when("StringEquals", FROM, "${aws:PrincipalTag/mail}@example.com"))),
    ),
    "a window of time": (allow(ONE, both(NEWS, SUMMER)),),
    "an end far away": (allow(ONE, both(NEWS, when("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"))),),
    "a display name": (allow(ONE, both(NEWS, when("StringLike", "ses:FromDisplayName", "Example*"))),),
    "a display name with a question mark": (
        allow(ONE, both(NEWS, when("StringEquals", "ses:FromDisplayName", "Who are we?"))),
    ),
    "recipients of one domain": (allow(ONE, both(NEWS, when("ForAllValues:StringLike", RECIPIENTS, "*@example.org"))),),
    "a return path of the domain": (
        allow(ONE, both(NEWS, when("StringLike", "ses:FeedbackAddress", "*@example.com"))),
    ),
    "a network as well": (allow(ONE, both(NEWS, when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))),),
    "an endpoint as well": (allow(ONE, both(NEWS, when("StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d"))),),
    "TLS as well": (allow(ONE, both(NEWS, when("Bool", "aws:SecureTransport", "true"))),),
    "a Deny of plain HTTP": (allow(ONE, NEWS), deny(EVERYBODY, PLAIN)),
    "a Deny of one address": (allow(ROLE), deny(EVERYBODY, of("ceo@*"))),
    "a Deny of admin addresses": (allow(ROLE), deny(ROLE, of("*admin*@example.com"))),
    "a Deny of a user of the own account": (allow(ONE, NEWS), deny(BOB)),
    "a Deny of recipients elsewhere": (
        allow(ONE, NEWS),
        deny(ONE, when("ForAnyValue:StringNotLike", RECIPIENTS, "*@example.org")),
    ),
    "two policies of one identity": (
        allow(ONE, NEWS),
        on("example.com", allow(account(OTHER), of("ads-*")), name="ads"),
    ),
    "two identities": (allow(ONE, NEWS), on("example.org", allow(account(OTHER), of("ads-*@example.org")))),
    "an address of its own": (on("news@example.com", allow(ONE, of("news@example.com"))),),
    "an address with labels": (on("news@example.com", allow(ONE, of("news@example.com", "news+*@example.com"))),),
    "a subdomain of its own": (on("news.example.com", allow(ONE, of("weekly@news.example.com"))),),
    "names and bare strings": (allow({"AWS": [f"arn:aws:iam::{PARTNER}:root"]}, NEWS, Sid="Partner"),),
    "the old Version": (on("example.com", allow(ONE, NEWS, Sid="stmt1234"), version="2008-10-17"),),
    "a role in a path": (allow({"AWS": f"arn:aws:iam::{PARTNER}:role/service-role/mail"}, NEWS),),
    "an account's roles by condition": (
        allow(ONE, both(NEWS, when("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:role/mail-*"))),
    ),
    "all but what is not ours": (allow(ONE, both(of("*@news.example.com"), when("StringNotLike", FROM, "*admin*"))),),
    "a tag of the account's roles": (allow(ONE, both(NEWS, when("StringEquals", "aws:PrincipalTag/team", "mail"))),),
    "the settings of the identity are protected": (
        allow(ONE, NEWS),
        deny(BOB, Action=["ses:DeleteEmailIdentity", "ses:PutEmailIdentityDkimAttributes"]),
    ),
}

CLEAN: list[Check] = [
    Check(name, "an ordinary policy, as owners of domains write them", parts, lacks=("*",))
    for name, parts in _CLEAN.items()
]
