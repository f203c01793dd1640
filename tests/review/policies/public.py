"""Grants to everybody, by each way in which a stranger with an account, a VPC, a bucket and a session can get in.

Which callers have a key, under "Availability" of each key:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
What a missing key does:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from tests.review.policies.cases import (
    COGNITO,
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    OWNER,
    PARTNER,
    Check,
    allow,
    both,
    deny,
    found,
    of,
    on,
    when,
)

ANY_ACCOUNT = "whoever has an account has such an account id"
ANY_ARN = "a stranger's account has roles and users of any name"
ANY_SOURCE = "a stranger's resource has such an ARN"
ANY_VPC = "a stranger's network has such an id"
OWN_TAG = "whoever owns a role tags it"
NOT_WHO = "the key says nothing of who calls"
MISSING = "without the key a negated operator holds"
IF_EXISTS = "without the key an operator with IfExists holds"
NO_VALUES = "without the key ForAllValues holds"
ITSELF = "a key is always equal to itself"
ALL_ORGS = "whoever has an organization has such an id"
ORG, ORGS = "o-a1b2c3d4e5", "aws:PrincipalOrgID"

_IN = [
    ("StringLike", "aws:PrincipalAccount", "*", ANY_ACCOUNT),
    ("StringLike", "aws:PrincipalAccount", "?*", ANY_ACCOUNT),
    ("StringLike", "aws:PrincipalAccount", "????????????", ANY_ACCOUNT),
    ("StringLike", "aws:PrincipalAccount", "*2", ANY_ACCOUNT),
    ("StringLike", "aws:PrincipalAccount", "2222*2222", ANY_ACCOUNT),
    ("StringNotEquals", "aws:PrincipalAccount", OTHER, "all other accounts are everybody"),
    ("StringNotLike", "aws:PrincipalAccount", "3*", "all other accounts are everybody"),
    ("StringLike", "aws:PrincipalArn", "*", ANY_ARN),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy", ANY_ARN),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:*", ANY_ARN),
    ("ArnEquals", "aws:PrincipalArn", "arn:*:iam::*:user/jane", "ArnEquals takes wildcards as ArnLike does"),
    ("StringLike", "aws:PrincipalArn", "arn:aws:*:role/deploy", ANY_ARN),
    ("StringLike", "aws:PrincipalArn", f"*{PARTNER}*", "a stranger's role may have the number in its name"),
    ("StringLike", "aws:PrincipalArn", "*/deploy", ANY_ARN),
    ("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:*", "all other accounts are everybody"),
    ("ArnNotEquals", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/x", "all other roles are everybody"),
    ("StringLike", ORGS, "o-*", ALL_ORGS),
    ("StringLike", ORGS, "*", ALL_ORGS),
    ("StringNotEquals", ORGS, ORG, MISSING),
    ("StringNotLike", ORGS, "*", MISSING),
    ("StringEqualsIfExists", ORGS, ORG, IF_EXISTS),
    ("StringLikeIfExists", ORGS, ORG, IF_EXISTS),
    ("ForAllValues:StringEquals", ORGS, ORG, NO_VALUES),
    ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", f"{ORG}/*", NO_VALUES),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-*/*", ALL_ORGS),
    (
        "ForAnyValue:StringLike",
        "aws:PrincipalOrgPaths",
        "*/ou-ab12-11111111/*",
        "an OU id is unique in its organization only",
    ),
    ("Null", ORGS, "false", "each organization there is"),
    ("Null", ORGS, "true", "each account without an organization"),
    ("StringEquals", "aws:PrincipalTag/team", "mail", OWN_TAG),
    ("StringLike", "aws:PrincipalTag/team", "*", OWN_TAG),
    ("StringEquals", "aws:PrincipalType", "AssumedRole", "each account has roles"),
    ("StringLike", "aws:userid", "*:deploy", "whoever assumes a role names the session"),
    ("StringLike", "aws:userid", "AROA*", "each role's id begins so"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::22222222222?:role/deploy", "ten accounts are like that"),
    ("ArnLike", "aws:PrincipalArn", "arn:*:*:*:*:*", ANY_ARN),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::2*:role/x", "many accounts are like that"),
    ("StringLike", "aws:PrincipalArn", "arn:aws:iam*:role/x", ANY_ARN),
    ("StringNotLike", "aws:userid", "AROAEXAMPLE1234567890:*", "all other callers are everybody"),
    ("StringEquals", "aws:username", "jane", "a stranger's user may be called so"),
    ("StringLike", "aws:username", "mail-*", "a stranger's user may be called so"),
    ("StringEquals", "aws:SourceIdentity", "jane", "whoever assumes a role sets it"),
    ("Bool", "aws:MultiFactorAuthPresent", "true", "a stranger has a second factor as well"),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "3600", "a stranger has a second factor as well"),
    ("DateGreaterThan", "aws:TokenIssueTime", "2026-01-01T00:00:00Z", "a stranger's session is as young"),
    ("StringLike", "aws:SourceVpce", "vpce-*", ANY_VPC),
    ("StringLike", "aws:SourceVpc", "vpc-*", ANY_VPC),
    ("StringLike", "aws:SourceVpc", "*", ANY_VPC),
    ("StringNotEquals", "aws:SourceVpce", "vpce-1a2b3c4d", MISSING),
    ("StringEqualsIfExists", "aws:SourceVpce", "vpce-1a2b3c4d", IF_EXISTS),
    ("StringEqualsIfExists", "aws:SourceVpc", "vpc-111bbb22", IF_EXISTS),
    ("Null", "aws:SourceVpce", "false", "whoever has an endpoint"),
    ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8", "private addresses are everybody's"),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0", "it is the whole internet"),
    ("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24", "a call by way of an endpoint has no source IP"),
    ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", "it is the rest of the internet"),
    ("StringLike", "aws:SourceArn", "arn:aws:s3:::*", ANY_SOURCE),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::mail-*", "whoever is first has a bucket of any name"),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*", ANY_SOURCE),
    ("ArnLike", "aws:SourceArn", "arn:aws:ses:eu-west-1:*:identity/*", ANY_SOURCE),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:eu-west-1:*:mail", ANY_SOURCE),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:eu-west-1:1111111?1111:mail", ANY_SOURCE),
    ("StringLike", "aws:SourceArn", "arn:aws:sns:*:mail", ANY_SOURCE),
    ("ArnNotLike", "aws:SourceArn", f"arn:aws:sns:*:{OWNER}:*", MISSING),
    ("ArnLikeIfExists", "aws:SourceArn", f"arn:aws:sns:*:{OWNER}:*", IF_EXISTS),
    ("StringLike", "aws:SourceAccount", "1*", ANY_ACCOUNT),
    ("StringNotEquals", "aws:SourceAccount", OWNER, MISSING),
    ("StringEqualsIfExists", "aws:SourceAccount", OWNER, IF_EXISTS),
    ("Null", "aws:SourceAccount", "true", "each caller that is no service"),
    ("StringLike", "aws:SourceOrgID", "o-*", ALL_ORGS),
    ("StringEquals", "aws:ResourceAccount", OWNER, "it is the identity's account, whoever calls"),
    ("StringEquals", "aws:ResourceOrgID", ORG, "it is the identity's organization, whoever calls"),
    ("StringEquals", "aws:RequestedRegion", "eu-west-1", NOT_WHO),
    ("Bool", "aws:SecureTransport", "true", NOT_WHO),
    ("Bool", "aws:ViaAWSService", "false", NOT_WHO),
    ("Bool", "aws:PrincipalIsAWSService", "false", "all callers but services are everybody"),
    ("StringLike", "aws:UserAgent", "mailer/*", "the caller says what its agent is"),
    ("StringLike", "aws:referer", "https://example.com/*", "the caller says where it comes from"),
    ("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z", NOT_WHO),
    ("NumericLessThan", "aws:EpochTime", "4070908800", NOT_WHO),
    ("StringEquals", "ses:ApiVersion", "2", NOT_WHO),
    ("ForAllValues:StringLike", "ses:Recipients", "*@example.com", NOT_WHO),
    ("StringEquals", "ses:FeedbackAddress", "bounces@example.com", NOT_WHO),
    ("StringEquals", "ses:FromDisplayName", "Marketing", NOT_WHO),
]

_ITSELF = [
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:userid",
    "aws:username",
    "aws:SourceVpce",
    "aws:SourceIp",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:PrincipalTag/team",
    "aws:PrincipalType",
]

_BY_VARIABLE = [
    ("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalTag/account}", OWN_TAG),
    ("StringEquals", ORGS, "${aws:PrincipalTag/org}", OWN_TAG),
    ("StringLike", "aws:PrincipalArn", "*:user/${aws:username}", "each user's ARN ends in its name"),
    ("StringLike", "aws:PrincipalAccount", "${aws:PrincipalAccount}*", ITSELF),
    ("StringLike", "aws:userid", "*${aws:userid}", ITSELF),
    ("StringNotEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", "all accounts but the owner's are everybody"),
    ("StringLike", FROM, "${aws:username}@example.com", "a stranger's user may be called news"),
]

_WHO = [
    ("the star of AWS", {"AWS": "*"}, None),
    ("the star in a list", {"AWS": ["*"]}, None),
    ("the star beside an account", {"AWS": [PARTNER, "*"]}, None),
    ("the star beside a service", {"AWS": "*", "Service": "ses.amazonaws.com"}, None),
    ("the star with one address", {"AWS": "*"}, NEWS),
]


def outside(operator: str = "StringNotEquals") -> dict[str, dict[str, str]]:
    return when(operator, ORGS, ORG)


PUBLIC: list[Check] = [
    *(
        found("SES001", f"everybody where {operator} {key} {value}", why, allow(EVERYBODY, when(operator, key, value)))
        for operator, key, value, why in (*_IN, *_BY_VARIABLE)
    ),
    *(
        found(
            "SES001",
            f"everybody with their own {key}",
            ITSELF,
            allow(EVERYBODY, when("StringEquals", key, f"${{{key}}}")),
        )
        for key in _ITSELF
    ),
    *(found("SES001", name, "the star is everybody", allow(who, condition)) for name, who, condition in _WHO),
    found(
        "SES001",
        "an account or any other",
        "one of the values is enough",
        allow(EVERYBODY, when("StringLike", "aws:PrincipalAccount", PARTNER, "4*")),
    ),
    found(
        "SES001",
        "two conditions that say nothing",
        "a stranger meets both",
        allow(
            EVERYBODY,
            both(when("StringLike", "aws:userid", "*:deploy"), when("StringLike", "aws:PrincipalAccount", "?*")),
        ),
    ),
    found(
        "SES001",
        "a Deny of one action only",
        "the other action is still allowed",
        allow(EVERYBODY),
        deny(EVERYBODY, outside(), Action="ses:SendEmail"),
    ),
    found(
        "SES001",
        "a Deny on another identity",
        "a policy is about its own identity",
        allow(EVERYBODY),
        on("example.org", deny(EVERYBODY, outside())),
    ),
    found(
        "SES001",
        "a Deny of one address",
        "all other addresses are still allowed",
        allow(EVERYBODY),
        deny(EVERYBODY, both(outside(), of("ceo@example.com"))),
    ),
    found(
        "SES001",
        "a Deny of the own organization",
        "the sign is wrong: it keeps strangers in",
        allow(EVERYBODY),
        deny(EVERYBODY, when("StringEquals", ORGS, ORG)),
    ),
    found(
        "SES001",
        "a Deny of one stranger",
        "all others get in",
        allow(EVERYBODY),
        deny({"AWS": OTHER}),
    ),
    found(
        "SES001",
        "a Deny of who has no organization and not this one",
        "conditions add up: a member of another organization is not denied",
        allow(EVERYBODY),
        deny(EVERYBODY, both(when("Null", ORGS, "true"), outside())),
    ),
    found(
        "SES001",
        "a Deny of other organizations that needs the key",
        "who has no organization has no such key",
        allow(EVERYBODY),
        deny(EVERYBODY, both(when("Null", ORGS, "false"), outside())),
    ),
    found(
        "SES001",
        "a Deny by its date",
        "before that day everybody gets in",
        allow(EVERYBODY),
        deny(EVERYBODY, when("DateGreaterThan", "aws:CurrentTime", "2099-01-01T00:00:00Z")),
    ),
]

UNBOUND: list[Check] = [
    found("SES101", f"a service where {operator} {key} {value}", why, allow(COGNITO, when(operator, key, value)))
    for operator, key, value, why in (
        ("StringLike", "aws:SourceAccount", "*", ANY_ACCOUNT),
        ("StringLike", "aws:SourceAccount", "1*", ANY_ACCOUNT),
        ("StringEqualsIfExists", "aws:SourceAccount", OWNER, IF_EXISTS),
        ("StringNotEquals", "aws:SourceAccount", OTHER, MISSING),
        ("ArnLike", "aws:SourceArn", "arn:aws:cognito-idp:*:*:userpool/*", ANY_SOURCE),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*", ANY_SOURCE),
        ("ArnEquals", "aws:SourceArn", "${aws:SourceArn}", ITSELF),
        ("StringLike", "aws:SourceOrgID", "o-*", ALL_ORGS),
        ("Bool", "aws:SecureTransport", "true", NOT_WHO),
        ("StringEquals", FROM, "news@example.com", NOT_WHO),
    )
]
