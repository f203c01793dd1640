"""policyuniverse's tests of whether a statement lets the internet in.

https://github.com/Netflix-Skunkworks/policyuniverse, policyuniverse/tests/test_statement.py. `AWS:` is `aws:` here, as
SES has it, and `AWS:SourceOwner` is `aws:SourceAccount`. Tests of groups of actions, of Python's own types and of
invalid ARNs are left out.
"""

from tests.review.policies.cases import PARTNER, SEND, Statement, allow, both, deny, when
from tests.review.policies.peers import Fact, closed, public, refused, to_all

IT = "012345678910"
ROOT = f"arn:aws:iam::{IT}:root"
ROLE, ADMIN = (f"arn:aws:iam::{IT}:role/{name}" for name in ("SomeTestRoleForTesting", "Admin"))
LAMBDA = "lambda.amazonaws.com"
ITS_ID = "AROAI1111111111111111:*"
UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"
DEPUTY = "a service works for everybody, and is bound to nobody"
NO_VALUES = "without the key ForAllValues and IfExists hold"
PLAIN_STAR = "under StringEquals a star is a character, and nothing is called so"
MANY = both(
    {"StringEquals": {"aws:SourceVpc": "vpc-111111", "aws:SourceVpce": "vpce-111111", "aws:username": "Admin"}},
    {
        "StringEquals": {"aws:SourceAccount": IT},
        "StringLike": {"aws:userid": ITS_ID},
        "ArnLike": {"aws:SourceArn": ADMIN},
    },
    when("IpAddressIfExists", "aws:SourceIp", "123.45.67.89", "10.0.7.0/24", "172.16.0.0/16"),
)
NOT_PRINCIPAL: Statement = {"Effect": "Allow", "NotPrincipal": {"AWS": [ROOT]}, "Action": SEND}

POLICYUNIVERSE: list[Fact] = [
    public("NotPrincipal", "it is everybody but one", NOT_PRINCIPAL, rule="SES006"),
    closed("a principal as a string", "it is one account", allow(ROOT)),
    closed("a principal by its kind", "it is one account", allow({"AWS": ROOT})),
    closed("a principal in a list", "it is one account", allow({"AWS": [ROOT]})),
    closed(
        "a service and an account",
        "nobody else is named",
        allow({"Service": LAMBDA, "AWS": ROOT}),
        rule="SES101",
        differs=DEPUTY,
    ),
    closed("a service", "nobody else is named", allow({"Service": [LAMBDA]}), rule="SES101", differs=DEPUTY),
    closed(
        "ForAllValues and IfExists of a source, in a list",
        "a call without a source passes",
        to_all({"ForAllValues:ArnEqualsIfExists": {"aws:SourceArn": [ROLE]}}),
        differs=NO_VALUES,
    ),
    closed(
        "ForAllValues and IfExists of a source",
        "a call without a source passes",
        to_all(when("ForAllValues:ArnEqualsIfExists", "aws:SourceArn", ROLE)),
        differs=NO_VALUES,
    ),
    closed(
        "ForAnyValue of two sources",
        "the account is named",
        to_all(when("ForAnyValue:ArnEquals", "aws:SourceArn", ROLE, ADMIN)),
    ),
    closed("StringLike of a source account", "it is one account", to_all(when("StringLike", "aws:SourceAccount", IT))),
    public(
        "StringLike of any source account", "it is everybody's", to_all(when("StringLike", "aws:SourceAccount", "*"))
    ),
    closed(
        "ForAnyValue of a source account in a list",
        "it is one account",
        to_all({"ForAnyValue:StringEquals": {"aws:SourceAccount": [IT]}}),
    ),
    closed(
        "ForAnyValue of a source account",
        "it is one account",
        to_all(when("ForAnyValue:StringEquals", "aws:SourceAccount", IT)),
    ),
    closed(
        "ForAnyValue of two source accounts",
        "they are named",
        to_all(when("ForAnyValue:StringEquals", "aws:SourceAccount", IT, "123456789123")),
    ),
    closed("many keys at once", "each of them narrows", to_all(MANY)),
    closed(
        "not one role, and a source",
        "the source is named",
        to_all(both(when("StringNotLike", "aws:userid", ITS_ID), when("ArnLike", "aws:SourceArn", ADMIN))),
    ),
    public("the star", "it is everybody", to_all()),
    public("not one role", "it is everybody else", to_all(when("StringNotLike", "aws:userid", ITS_ID))),
    closed("a Deny of the star", "a Deny lets nobody in", allow({"AWS": PARTNER}), deny("*")),
    public(
        "a source of any account",
        "a stranger has such a role",
        to_all(when("ArnLike", "aws:SourceArn", "arn:aws:iam::*:role/Admin")),
    ),
    public(
        "any source of IAM", "a stranger has such a role", to_all(when("StringLike", "aws:SourceArn", "arn:aws:iam::*"))
    ),
    public("all networks", "it is the whole internet", to_all(when("IpAddress", "aws:SourceIp", "0.0.0.0/0"))),
    closed(
        "one bucket",
        "a bucket's name is unique",
        to_all(when("StringEquals", "aws:SourceArn", "arn:aws:s3:::mybucket")),
    ),
    public(
        "a user of no account",
        "no user's ARN lacks the account",
        to_all(when("StringEquals", "aws:SourceArn", "arn:aws:iam:::user/MyUser")),
        differs="nothing has that ARN",
    ),
    refused(
        "keys of kms",
        "no call of SES has them",
        to_all(when("StringEquals", "kms:CallerAccount", PARTNER)),
        rule="SES007",
    ),
    closed(
        "an organization", "it is one organization", to_all(when("StringEquals", "aws:PrincipalOrgID", "o-xxxxxxxxxx"))
    ),
    public("any organization", "it is everybody's", to_all(when("StringLike", "aws:PrincipalOrgID", "o-*"))),
    closed(
        "a principal's ARN",
        "it is one role",
        to_all(when("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{IT}:role/SomePrincipalRole")),
    ),
    closed(
        "ForAnyValue of two principals' accounts",
        "they are named",
        to_all(when("ForAnyValue:StringEquals", "aws:PrincipalAccount", IT, "123456789123")),
    ),
    closed(
        "a unit of an organization",
        "it is one organization",
        to_all(when("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", UNIT)),
    ),
    public(
        "a unit of any organization under StringEquals",
        "no path is called so",
        to_all(
            when(
                "ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-*/r-ab12/ou-ab12-11111111/ou-ab12-22222222/ou-*"
            )
        ),
        differs=PLAIN_STAR,
    ),
    public(
        "a role's id and no session",
        "no session is without a name",
        to_all(when("StringLike", "aws:userid", "AROAI1111111111111111:")),
        differs="a session's name has two characters at least",
    ),
]
