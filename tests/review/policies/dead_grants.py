"""Statements that can never hold, and their control cases.

Which callers have a key, under "Availability":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
Which addresses an identity has, and where case matters:
https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
"""

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
    account,
    allow,
    both,
    deny,
    found,
    of,
    on,
    when,
)

ONE = account(PARTNER)
OF_SERVICES = "the key is there only where a service calls"
OF_MEMBERS = "no service is a member of an organization"
NO_ADDRESS = "no address of the identity is that"
ORG = "o-a1b2c3d4e5"
POOL = f"arn:aws:cognito-idp:eu-west-1:{OWNER}:userpool/eu-west-1_abc"
FUTURE, LATER = "2098-01-01T00:00:00Z", "2099-01-01T00:00:00Z"

_CALLERS = [
    (ONE, when("ArnLike", "aws:SourceArn", f"arn:aws:sns:*:{PARTNER}:*"), OF_SERVICES),
    (ONE, when("StringLike", "aws:SourceAccount", "*"), OF_SERVICES),
    (ROLE, when("StringEquals", "aws:SourceAccount", PARTNER), OF_SERVICES),
    (USER, when("StringEquals", "aws:SourceArn", POOL), OF_SERVICES),
    (ONE, when("StringEquals", "aws:SourceOrgID", ORG), OF_SERVICES),
    (ONE, when("ForAnyValue:StringLike", "aws:SourceOrgPaths", f"{ORG}/*"), OF_SERVICES),
    (ONE, when("StringEquals", "aws:PrincipalServiceName", "ses.amazonaws.com"), OF_SERVICES),
    (ONE, when("ForAnyValue:StringEquals", "aws:PrincipalServiceNamesList", "ses.amazonaws.com"), OF_SERVICES),
    (ONE, when("Null", "aws:SourceArn", "false"), OF_SERVICES),
    (ONE, when("Bool", "aws:PrincipalIsAWSService", "true"), "an account is no service"),
    (COGNITO, when("StringEquals", "aws:PrincipalOrgID", ORG), OF_MEMBERS),
    (COGNITO, when("StringLike", "aws:PrincipalOrgID", "o-*"), OF_MEMBERS),
    (COGNITO, when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{ORG}/*"), OF_MEMBERS),
    (COGNITO, when("Null", "aws:PrincipalOrgID", "false"), OF_MEMBERS),
    (COGNITO, when("StringEquals", "aws:PrincipalTag/team", "mail"), "users and roles have tags, services none"),
    (COGNITO, when("Bool", "aws:PrincipalIsAWSService", "false"), "it is a service"),
    (ROLE, when("StringEquals", "aws:username", "jane"), "the key is there for users, and not for roles"),
    (USER, when("StringEquals", "aws:username", "joan"), "the user has another name"),
    (ONE, when("StringEquals", "aws:PrincipalAccount", OTHER), "it is another account"),
    (ONE, when("StringNotEquals", "aws:PrincipalAccount", PARTNER), "it is that account"),
    (ONE, when("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/*"), "the role is another account's"),
    (ROLE, when("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{PARTNER}:role/other"), "it is another role"),
    (ROLE, when("StringEquals", "aws:PrincipalType", "User"), "a role's session is no user"),
    (ONE, when("StringEquals", "aws:ResourceAccount", OTHER), "the identity is in another account"),
    (ONE, when("StringEquals", "aws:PrincipalAccount", "222222222223"), "a digit is wrong"),
]

_ADDRESSES = [
    ("*@exampel.com", NO_ADDRESS),
    ("news@example.org", NO_ADDRESS),
    ("news@exmaple.com", NO_ADDRESS),
    ("*@example.co", NO_ADDRESS),
    ("*@examplecom", NO_ADDRESS),
    ("*@notexample.com", "it is another domain, and no subdomain"),
    ("*@example.com.org", NO_ADDRESS),
    ("example.com", "a domain is no address"),
    ("news.example.com", "a domain is no address"),
    ("@example.com", "there is nothing before the sign"),
    ("news", "a local part is no address"),
    ("news@", "there is nothing after the sign"),
    ("a@example.com,b@example.com", "a list in one text is no address"),
    ("a@example.com, b@example.com", "a list in one text is no address"),
    ("a@example.com;b@example.com", "a list in one text is no address"),
    ("a@example.com b@example.com", "a list in one text is no address"),
    (" news@example.com", "a space belongs to no address"),
    ("news@example.com ", "a space belongs to no address"),
    ("mailto:news@example.com.", "a dot at the end belongs to no address of it"),
    (r"^news@example\.com$", "it is no regular expression"),
    (r".*@example\.com", "it is no regular expression"),
]

_CONTRADICTIONS = [
    (both(when("StringEquals", FROM, "a@example.com"), of("b*")), "an address begins with one letter"),
    (
        both(when("StringEquals", FROM, "a@example.com"), when("StringNotEquals", FROM, "a@example.com")),
        "it is, and is not",
    ),
    (both(of("news-*"), when("StringNotLike", FROM, "news*")), "whatever the one takes the other refuses"),
    (both(of("*@news.example.com"), when("StringEquals", FROM, "a@example.com")), "an address has one domain"),
    (both(NEWS, when("Null", FROM, "true")), "a key that is missing has no value"),
    (
        both(when("StringEquals", "aws:PrincipalOrgID", ORG), when("StringNotEquals", "aws:PrincipalOrgID", ORG)),
        "it is, and is not",
    ),
    (
        both(when("StringEquals", "aws:PrincipalOrgID", ORG), when("StringLike", "aws:PrincipalOrgID", "o-zzzz*")),
        "a caller has one organization",
    ),
    (
        both(when("IpAddress", "aws:SourceIp", "203.0.113.0/24"), when("NotIpAddress", "aws:SourceIp", "203.0.0.0/16")),
        "the one network is within the other",
    ),
    (
        both(
            when("ForAllValues:StringLike", "ses:Recipients", "*@example.com"),
            when("ForAnyValue:StringLike", "ses:Recipients", "*@example.org"),
        ),
        "one of them is of the one domain, and all are of the other",
    ),
    (
        both(when("StringEquals", "ses:FromDisplayName", "News"), when("StringLike", "ses:FromDisplayName", "Ad*")),
        "a message has one",
    ),
    (
        both(when("DateGreaterThan", "aws:CurrentTime", LATER), when("DateLessThan", "aws:CurrentTime", FUTURE)),
        "the window ends before it opens",
    ),
    (
        both(when("DateGreaterThan", "aws:CurrentTime", LATER), when("DateLessThan", "aws:CurrentTime", LATER)),
        "no time is before and after the same",
    ),
    (
        both(
            when("DateGreaterThanEquals", "aws:CurrentTime", LATER),
            when("DateLessThanEquals", "aws:CurrentTime", "2099-01-01T00:00:00+01:00"),
        ),
        "in that zone it is an hour earlier",
    ),
    (
        both(
            when("NumericGreaterThan", "aws:EpochTime", "4070908800"),
            when("NumericLessThan", "aws:EpochTime", "4039372800"),
        ),
        "the window ends before it opens",
    ),
]

DEAD: list[Check] = [
    *(
        found("SES121", f"{next(iter(who.values()))} where {condition}", why, allow(who, both(NEWS, condition)))
        for who, condition, why in _CALLERS
    ),
    *(found("SES121", f"from {pattern!r}", why, allow(ONE, of(pattern))) for pattern, why in _ADDRESSES),
    *(
        found("SES121", f"from exactly {pattern!r}", why, allow(ONE, when("StringEquals", FROM, pattern)))
        for pattern, why in (("news@exampel.com", NO_ADDRESS), ("news.example.com", "a domain is no address"))
    ),
    *(found("SES121", f"where {condition}", why, allow(ONE, condition)) for condition, why in _CONTRADICTIONS),
    found("SES121", "two patterns, neither an address", NO_ADDRESS, allow(ONE, of("*@exampel.com", "news"))),
    found(
        "SES121",
        "another address than the identity",
        "an address identity is that address alone",
        on("news@example.com", allow(ONE, when("StringEquals", FROM, "ads@example.com"))),
    ),
    found(
        "SES121",
        "the address in another case",
        "addresses are case sensitive",
        on("news@example.com", allow(ONE, when("StringEquals", FROM, "News@example.com"))),
    ),
    found(
        "SES121",
        "the parent's address on a subdomain",
        "a subdomain is not verified for what is above it",
        on("news.example.com", allow(ONE, of("*@example.com"))),
    ),
    found(
        "SES121",
        "a variable under 2008-10-17",
        "it is plain text there",
        on(
            "example.com",
            allow(EVERYBODY, when("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}")),
            version="2008-10-17",
        ),
    ),
    found(
        "SES121",
        "a variable without a Version",
        "it is plain text there",
        on(
            "example.com",
            allow(EVERYBODY, when("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}")),
            version=None,
        ),
    ),
    found(
        "SES121",
        "an organization by an escaped star",
        "it is a character there",
        allow(ONE, both(NEWS, when("StringLike", "aws:PrincipalOrgID", "${*}"))),
    ),
]

COVERED: list[Check] = [
    found("SES121", f"an Allow, and {name}", why, allow(who, NEWS), denial)
    for name, why, who, denial in (
        ("the same as a Deny", "a Deny wins", ONE, deny(ONE, NEWS)),
        ("a Deny of everybody", "everybody is that account as well", ONE, deny(EVERYBODY)),
        ("a Deny of all of SES", "sending is one of its actions", ONE, deny(ONE, Action="ses:*")),
        ("a Deny of ses:Send*", "these are the actions", ONE, deny(ONE, Action="ses:Send*")),
        ("a Deny of the user's account", "the user is one of the account", USER, deny(ONE)),
        ("a Deny of all addresses of the domain", "it is one of them", ONE, deny(ONE, of("*@example.com"))),
        (
            "a Deny of all other addresses than another",
            "it is none of these",
            ONE,
            deny(ONE, when("StringNotEquals", FROM, "ads@example.com")),
        ),
        (
            "a Deny of all accounts but another",
            "it is not that one",
            ONE,
            deny(EVERYBODY, when("StringNotEquals", "aws:PrincipalAccount", OTHER)),
        ),
        (
            "a Deny of the account by condition",
            "it is that account",
            ONE,
            deny(EVERYBODY, when("StringEquals", "aws:PrincipalAccount", PARTNER)),
        ),
        (
            "a Deny in another policy",
            "the policies of an identity add up",
            ONE,
            on("example.com", deny(ONE), name="guard"),
        ),
    )
]
