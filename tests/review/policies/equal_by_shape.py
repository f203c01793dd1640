"""Pairs that mean the same in another shape: split, merged, reordered or spelled differently.

How statements, values and keys are combined:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
How Allow and Deny are combined:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from tests.review.policies.cases import (
    COGNITO,
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    OWNER,
    PARTNER,
    SEND,
    Part,
    account,
    allow,
    deny,
    of,
    on,
    when,
)

ONE, TWO = account(PARTNER), account(PARTNER, OTHER)
ROOT = {"AWS": f"arn:aws:iam::{PARTNER}:root"}
ANY_OF = "one of the values is enough"
SUM = "what one statement allows is allowed"
ADS = when("StringEquals", FROM, "ads@example.com")
A_OR_B = when("StringEquals", FROM, "a@example.com", "b@example.com")
A, B = (when("StringEquals", FROM, f"{letter}@example.com") for letter in "ab")
ORG = "o-a1b2c3d4e5"
MEMBERS = when("StringEquals", "aws:PrincipalOrgID", ORG)
TILL = "2099-01-01T00:00:00Z"

_WHOLE = [
    "ses:SendEmail",
    "ses:SendRawEmail",
    "ses:SendTemplatedEmail",
    "ses:SendBulkTemplatedEmail",
    "ses:SendBulkEmail",
]

SHAPES: list[tuple[str, str, tuple[Part, ...], tuple[Part, ...]]] = [
    ("values in two statements", ANY_OF, (allow(ONE, A_OR_B),), (allow(ONE, A), allow(ONE, B))),
    ("accounts in two statements", SUM, (allow(TWO, NEWS),), (allow(ONE, NEWS), allow(account(OTHER), NEWS))),
    (
        "actions in two statements",
        SUM,
        (allow(ONE, NEWS),),
        (allow(ONE, NEWS, Action=SEND[0]), allow(ONE, NEWS, Action=SEND[1])),
    ),
    (
        "two keys at once",
        SUM,
        (allow(TWO, A_OR_B),),
        (allow(ONE, A), allow(account(OTHER), A), allow(ONE, B), allow(account(OTHER), B)),
    ),
    (
        "three keys at once",
        SUM,
        (allow(TWO, A_OR_B),),
        tuple(
            allow(who, condition, Action=action)
            for who in (ONE, account(OTHER))
            for condition in (A, B)
            for action in SEND
        ),
    ),
    (
        "a statement in another policy",
        "the policies of an identity add up",
        (allow(ONE, A), allow(ONE, B)),
        (allow(ONE, A), on("example.com", allow(ONE, B), name="more")),
    ),
    (
        "another order of statements",
        SUM,
        (allow(ONE, A), allow(account(OTHER), B)),
        (allow(account(OTHER), B), allow(ONE, A)),
    ),
    (
        "another order of values",
        ANY_OF,
        (allow(TWO, A_OR_B),),
        (allow(account(OTHER, PARTNER), when("StringEquals", FROM, "b@example.com", "a@example.com")),),
    ),
    ("an account by its root", "it is the account", (allow(ONE, NEWS),), (allow(ROOT, NEWS),)),
    ("everybody as a star of AWS", "it is the same", (allow(EVERYBODY, MEMBERS),), (allow({"AWS": "*"}, MEMBERS),)),
    (
        "one value in a list",
        "a list of one is that one",
        (allow(ONE, NEWS, Action="ses:SendEmail"),),
        (allow({"AWS": [PARTNER]}, {"StringEquals": {FROM: ["news@example.com"]}}, Action=["ses:SendEmail"]),),
    ),
    ("the same statement twice", SUM, (allow(ONE, NEWS),), (allow(ONE, NEWS), allow(ONE, NEWS))),
    (
        "a value twice",
        ANY_OF,
        (allow(ONE, A),),
        (allow(ONE, when("StringEquals", FROM, "a@example.com", "a@example.com")),),
    ),
    ("a Sid", "it only names the statement", (allow(ONE, NEWS),), (allow(ONE, NEWS, Sid="Partner"),)),
    ("an empty Condition", "there is nothing to hold", (allow(ONE),), (allow(ONE, Condition={}),)),
    (
        "StringLike without a wildcard",
        "it compares as StringEquals",
        (allow(ONE, NEWS),),
        (allow(ONE, of("news@example.com")),),
    ),
    (
        "ArnLike for ArnEquals",
        "both behave the same",
        (allow(COGNITO, when("ArnEquals", "aws:SourceArn", f"arn:aws:sns:*:{OWNER}:x")),),
        (allow(COGNITO, when("ArnLike", "aws:SourceArn", f"arn:aws:sns:*:{OWNER}:x")),),
    ),
    (
        "an action in another case",
        "an action's case does not count",
        (allow(ONE, NEWS),),
        (allow(ONE, NEWS, Action=["SES:sendemail", "ses:SENDRAWEMAIL"]),),
    ),
    (
        "all of SES, by two patterns",
        "the star is everything",
        (deny(ONE, Action="ses:*"),),
        (deny(ONE, Action=["ses:*", "ses:Send*"]),),
    ),
    (
        "ses:* for a star",
        "an identity's policy is about SES alone",
        (deny(ONE, Action="*"),),
        (deny(ONE, Action="ses:*"),),
    ),
]
