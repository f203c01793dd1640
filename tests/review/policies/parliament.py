"""parliament's tests of faults in a policy, as far as they apply to SES.

https://github.com/duo-labs/parliament, tests/unit and parliament/community_auditors/tests. It checks whether a policy
is well made, and seldom who may send. Tests of other services' resources and of invalid JSON are left out.
"""

from tests.review.policies.cases import (
    COGNITO,
    NEWS,
    OTHER,
    OWNER,
    PARTNER,
    SEND,
    Statement,
    account,
    allow,
    both,
    deny,
    when,
)
from tests.review.policies.peers import Fact, spoken, to_all

ONE = account(PARTNER)
NOT_WHO = "it does not ask who gets in"
BOB = {"AWS": f"arn:aws:iam::{OWNER}:user/Bob"}


def _not(effect: str, element: str, value: object) -> Statement:
    said: Statement = {"Effect": effect, "Principal": ONE, "Action": SEND, "Condition": NEWS, element: value}
    said.pop(element.removeprefix("Not"))
    return said


PARLIAMENT: list[Fact] = [
    spoken("", "everybody", "it is everybody", to_all(), ours="SES001", differs=NOT_WHO),
    spoken(
        "",
        "two accounts by their roots",
        "they are named",
        allow({"AWS": [f"arn:aws:iam::{each}:root" for each in (PARTNER, OTHER)]}, NEWS),
        ours="",
    ),
    spoken("", "an account by its id", "it is named", allow(ONE, NEWS), ours=""),
    spoken("", "a user", "it is named", allow({"AWS": f"arn:aws:iam::{PARTNER}:user/alice"}, NEWS), ours=""),
    spoken(
        "",
        "a Deny with NotPrincipal",
        "it denies all but one",
        allow(ONE, NEWS),
        _not("Deny", "NotPrincipal", BOB),
        ours="SES006",
        differs="SES documents no NotPrincipal",
    ),
    spoken(
        "NOTPRINCIPAL_WITH_ALLOW",
        "an Allow with NotPrincipal",
        "it allows all but one",
        _not("Allow", "NotPrincipal", BOB),
        ours="SES006",
    ),
    spoken(
        "NOTRESOURCE_WITH_ALLOW",
        "an Allow with NotResource",
        "it allows all but one",
        {**allow(ONE, NEWS), "NotResource": "arn:aws:ses:eu-west-1:111111111111:identity/x"},
        ours="SES006",
    ),
    spoken(
        "UNKNOWN_ACTION",
        "an action that is none",
        "SES has no such action",
        allow(ONE, NEWS, Action=["ses:SendEmail", "ses:Send"]),
        ours="SES016",
    ),
    spoken(
        "UNKNOWN_OPERATOR",
        "an operator that is none",
        "IAM has no such operator",
        allow(ONE, both(NEWS, when("bad", "ses:FeedbackAddress", "a@example.com"))),
        ours="SES007",
    ),
    spoken(
        "UNKNOWN_CONDITION_FOR_ACTION",
        "a key that is none",
        "AWS has no such key",
        allow(ONE, both(NEWS, when("StringEquals", "bad", "x"))),
        ours="SES007",
    ),
    spoken(
        "UNKNOWN_CONDITION_FOR_ACTION",
        "a key of other actions",
        "bulk has no From address",
        allow(ONE, NEWS, Action="ses:SendBulkEmail"),
        ours="SES106",
    ),
    spoken(
        "",
        "IfExists",
        "it is an operator's form",
        allow(ONE, both(NEWS, when("StringEqualsIfExists", "aws:PrincipalTag/team", "mail"))),
        ours="",
    ),
    spoken(
        "",
        "a date in the past to begin with",
        "it has begun",
        allow(ONE, both(NEWS, when("DateGreaterThan", "aws:CurrentTime", "2019-07-16T12:00:00Z"))),
        ours="",
    ),
    spoken(
        "",
        "a variable",
        "it is the caller's tag",
        allow(ONE, when("StringEquals", "ses:FromAddress", "${aws:PrincipalTag/mail}@example.com")),
        ours="",
    ),
    spoken(
        "SINGLE_VALUE_CONDITION_TOO_PERMISSIVE",
        "ForAllValues of a key with one value",
        "without the key it holds",
        to_all(when("ForAllValues:StringEquals", "aws:PrincipalTag/team", "mail")),
        ours="SES001",
    ),
    spoken(
        "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
        "sending, and writing the policy",
        "who may write the policy may everything",
        allow(ONE, NEWS, Action=["ses:SendEmail", "ses:UpdateEmailIdentityPolicy"]),
        ours="SES003",
    ),
    spoken(
        "RESOURCE_STAR", "a star as resource", "it is not the identity", allow(ONE, NEWS, Resource="*"), ours="SES002"
    ),
    spoken(
        "RESOURCE_EFFECTIVELY_STAR",
        "a resource that is as good as a star",
        "it is not the identity",
        allow(ONE, NEWS, Resource="arn:*:ses:*:*:identity/*"),
        ours="SES002",
    ),
    spoken(
        "",
        "a Deny without a second factor",
        "a function has none",
        allow(ONE, NEWS),
        deny("*", when("Null", "aws:MultiFactorAuthAge", "true"), Action="ses:*"),
        ours="SES010|SES120",
        differs="it does not ask who is locked out",
    ),
    spoken(
        "",
        "an Allow, and a Deny of everything",
        "nobody may, not even the owner",
        allow(ONE, NEWS),
        deny("*", Action="*"),
        ours="SES010",
        differs="it does not ask who is locked out",
    ),
    spoken("", "a service for anybody", "it is bound to nobody", allow(COGNITO), ours="SES101", differs=NOT_WHO),
]
