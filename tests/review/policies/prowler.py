"""Prowler's tests of whether a policy is public, and of which conditions restrict it.

https://github.com/prowler-cloud/prowler, tests/providers/aws/services/iam/lib/policy_test.py. Its audited account is
the owner here. Tests of keys that SES does not have (`elasticfilesystem:`, `lambda:`, `s3:`, `aws:SourceOwner`)
and of values that are objects are left out.
"""

from tests.review.policies.cases import NEWS, OTHER, OWNER, PARTNER, account, allow, both, deny, when
from tests.review.policies.peers import Fact, closed, public, refused, to_all

NAMED = "an account that is named is no stranger; which ones are trusted no template says"
NETWORK = "a network does not say who calls"
DEPUTY = "that a service works for everybody is always looked at"
PLAIN_STAR = "under StringEquals a star is a character, and nothing is called so"
WHOSE = "the key says whose the identity is, and not who calls"
BY_SERVICE = "a stranger may call by way of CloudFormation as well"
OUR_CASE = "SES refuses a key in another case"

OUR_ROOT, THEIR_ROOT = (f"arn:aws:iam::{each}:root" for each in (OWNER, OTHER))
OURS, OTHERS = (f"arn:aws:cloudtrail:*:{each}:trail/*" for each in (OWNER, OTHER))
OUR_TRAIL, OTHERS_TRAIL = (f"arn:aws:cloudtrail:eu-west-1:{each}:trail/test" for each in (OWNER, OTHER))
ORG, OTHER_ORG = "o-123456789012", "o-111222333444"
OUR_SOURCE = when("StringEquals", "aws:SourceAccount", OWNER)


def _service(name: str) -> dict[str, str]:
    return {"Service": f"{name}.amazonaws.com"}


_POLICIES: list[Fact] = [
    public("a root and the star", "the star is everybody", allow({"AWS": [OUR_ROOT, "*"]})),
    closed("the root of the own account", "it is one account", allow({"AWS": [OUR_ROOT]}, NEWS)),
    closed(
        "a Deny of the own account's root",
        "a Deny lets nobody in",
        allow(account(PARTNER), NEWS),
        deny({"AWS": [OUR_ROOT]}),
    ),
    closed("a trusted account", "it is one account", allow({"AWS": THEIR_ROOT}, NEWS)),
    public(
        "a trusted account and another",
        "they are two accounts",
        allow({"AWS": [OUR_ROOT, THEIR_ROOT]}, NEWS),
        differs=NAMED,
    ),
    public("the star", "it is everybody", to_all()),
    public("the star of AWS", "it is everybody", allow({"AWS": "*"})),
    closed("one root", "it is one account", allow({"AWS": OUR_ROOT})),
    closed(
        "the star in a network",
        "it is whoever is there",
        allow({"AWS": "*"}, when("IpAddress", "aws:SourceIp", "192.0.2.0/24")),
        differs=NETWORK,
    ),
    public("the star for one action", "it is everybody", to_all(Action="ses:SendEmail")),
    public("the star of AWS for one action", "it is everybody", allow({"AWS": "*"}, Action="ses:SendEmail")),
    closed("the star for one source account", "services that work for one account", to_all(OUR_SOURCE)),
    closed(
        "the star for one source account, and an endpoint where there is one",
        "conditions add up",
        to_all(both(OUR_SOURCE, when("StringEqualsIfExists", "aws:SourceVpce", "vpce-1234567890abcdef0"))),
    ),
    public("the star for all of SES", "it is everybody", to_all(Action="ses:*")),
    public("the star for everything", "it is everybody", to_all(Action="*")),
    closed("one root for everything", "it is one account", allow({"AWS": OUR_ROOT}, Action="*")),
    closed(
        "secretsmanager for anybody",
        "a service works for everybody",
        allow(_service("secretsmanager")),
        rule="SES101",
        differs=DEPUTY,
    ),
    closed("eks for anybody", "a service works for everybody", allow(_service("eks")), rule="SES101", differs=DEPUTY),
    public(
        "ec2 for anybody, where that is looked at",
        "a service works for everybody",
        allow(_service("ec2")),
        rule="SES101",
    ),
    closed(
        "ec2 for anybody, where that is not looked at",
        "a service works for everybody",
        allow(_service("ec2")),
        rule="SES101",
        differs=DEPUTY,
    ),
    closed(
        "personalize for an organization",
        "it is bound to an organization",
        allow(_service("personalize"), when("StringLike", "aws:SourceOrgID", "o-123456")),
        rule="SES101",
    ),
    public(
        "the star in all networks",
        "it is the whole internet",
        allow({"AWS": "*"}, when("IpAddress", "aws:SourceIp", "0.0.0.0/0")),
    ),
    closed(
        "the star at trusted addresses",
        "it is whoever is there",
        allow({"AWS": "*"}, when("IpAddress", "aws:SourceIp", "1.2.3.4", "5.6.7.8")),
        differs=NETWORK,
    ),
    public(
        "the star at an address that is not trusted",
        "it is whoever is there",
        allow({"AWS": "*"}, when("IpAddress", "aws:SourceIp", "1.2.3.4", "9.9.9.9")),
    ),
    *(
        refused(
            f"the star with {key}",
            "no call of SES has the key",
            to_all(when("StringEquals", key, value)),
            rule="SES007",
        )
        for key, value in (("kms:CallerAccount", OWNER), ("kms:ViaService", "glue.eu-central-1.amazonaws.com"))
    ),
]

_ACCOUNTS: list[Fact] = [
    make(f"{operator} {key} {values}", "it is named accounts", to_all(when(operator, key, *values)), **differs)
    for key in ("aws:SourceAccount", "aws:PrincipalAccount")
    for operator in ("StringEquals", "StringLike")
    for make, values, differs in (
        (closed, (OWNER,), {}),
        (public, (OWNER, OTHER), {"differs": NAMED}),
        (public, (OTHER,), {"differs": NAMED}),
    )
]

_ARNS: list[Fact] = [
    make(f"{operator} {key} {values}", "the account is named", to_all(when(operator, key, *values)), **differs)
    for key in ("aws:SourceArn", "aws:PrincipalArn")
    for operator, ours, others in (
        ("ArnLike", OURS, OTHERS),
        ("ArnEquals", OUR_TRAIL, OTHERS_TRAIL),
        ("StringLike", OUR_TRAIL, OTHERS_TRAIL),
    )
    for make, values, differs in (
        (closed, (ours,), {}),
        (public, (ours, others), {"differs": NAMED}),
        (public, (others,), {"differs": NAMED}),
    )
]

_CONDITIONS: list[Fact] = [
    closed(
        "a star in the ARN under StringEquals",
        "no source is called so",
        to_all(when("StringEquals", "aws:SourceArn", OURS)),
    ),
    public(
        "a star in another's ARN under StringEquals",
        "no source is called so",
        to_all(when("StringEquals", "aws:SourceArn", OTHERS)),
        differs=PLAIN_STAR,
    ),
    *(
        closed(
            f"{operator} of the resource's account",
            "each call has it",
            to_all(when(operator, "aws:ResourceAccount", OWNER)),
            differs=WHOSE,
        )
        for operator in ("StringEquals", "StringLike")
    ),
    *(
        public(
            f"{operator} of the resource's account or another",
            "each call has it",
            to_all(when(operator, "aws:ResourceAccount", OWNER, OTHER)),
        )
        for operator in ("StringEquals", "StringLike")
    ),
    *(
        public(
            f"{operator} of another resource's account",
            "no call has it",
            to_all(when(operator, "aws:ResourceAccount", OTHER)),
            differs="the identity is in one account, so that nobody gets in",
        )
        for operator in ("StringEquals", "StringLike")
    ),
    *(
        refused(f"the owner's account as {key}", OUR_CASE, to_all(when("StringEquals", key, OWNER)), rule="SES007")
        for key in ("AWS:SourceAccount", "AWS:PrincipalAccount", "AWS:ResourceAccount")
    ),
    refused(
        "the owner's trail as AWS:SourceArn", OUR_CASE, to_all(when("ArnLike", "AWS:SourceArn", OURS)), rule="SES007"
    ),
    refused(
        "a network as aws:sourcevpc",
        OUR_CASE,
        to_all(when("StringEquals", "aws:sourcevpc", "vpc-123456")),
        rule="SES007",
    ),
    *(
        closed(
            f"{operator} {key} {value}",
            "it says by which service, and not who",
            to_all(when(operator, key, value)),
            differs=BY_SERVICE,
        )
        for operator, key, value in (
            ("StringEquals", "aws:CalledViaFirst", "cloudformation.amazonaws.com"),
            ("ForAnyValue:StringEquals", "aws:CalledVia", "cloudformation.amazonaws.com"),
            ("ForAnyValue:StringLike", "aws:CalledVia", "*.amazonaws.com"),
        )
    ),
    closed(
        "the own account's resource and source",
        "the source is the own account's",
        to_all(both(when("StringLike", "aws:ResourceAccount", OWNER), when("ArnLike", "aws:SourceArn", OURS))),
    ),
    closed(
        "any of two resources' accounts, and the own source",
        "the source is the own account's",
        to_all(both(when("StringLike", "aws:ResourceAccount", OWNER, OTHER), when("ArnLike", "aws:SourceArn", OURS))),
    ),
    closed(
        "the own account's resource, and any of two sources",
        "the accounts are named",
        to_all(both(when("StringLike", "aws:ResourceAccount", OWNER), when("ArnLike", "aws:SourceArn", OURS, OTHERS))),
    ),
    public(
        "any of two, twice",
        "the accounts are named",
        to_all(
            both(
                when("StringLike", "aws:ResourceAccount", OWNER, OTHER), when("ArnLike", "aws:SourceArn", OURS, OTHERS)
            )
        ),
        differs=NAMED,
    ),
    closed("one network", "a network's id is unique", to_all(when("StringEquals", "aws:SourceVpc", "vpc-123456"))),
    closed(
        "two networks",
        "a network's id is unique",
        to_all(when("StringEquals", "aws:SourceVpc", "vpc-123456", "vpc-654321")),
    ),
    closed("one organization", "it is one organization", to_all(when("StringEquals", "aws:PrincipalOrgID", ORG))),
    closed(
        "two organizations",
        "they are two organizations",
        to_all(when("StringEquals", "aws:PrincipalOrgID", ORG, OTHER_ORG)),
    ),
    public(
        "an organization or a star",
        "no organization is called so",
        to_all(when("StringEquals", "aws:PrincipalOrgID", ORG, "*")),
        differs=PLAIN_STAR,
    ),
    public(
        "a star for an organization",
        "no organization is called so",
        to_all(when("StringEquals", "aws:PrincipalOrgID", "*")),
        differs=PLAIN_STAR,
    ),
]

PROWLER: list[Fact] = [*_POLICIES, *_ACCOUNTS, *_ARNS, *_CONDITIONS]
