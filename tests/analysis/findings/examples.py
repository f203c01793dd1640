"""The documents on AWS's own pages, word for word.

https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
https://docs.aws.amazon.com/ses/latest/dg/identity-authorization-policy-examples.html
"""

import json
from typing import Any

from tests.analysis.findings.declare import ARN

USERS = ["arn:aws:iam::111122223333:user/John", "arn:aws:iam::444455556666:user/Jane"]
BOTH = ["ses:SendEmail", "ses:SendRawEmail"]
ADDRESS_ARN = ARN.replace("example.com", "sender@example.com")


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Id": "ExamplePolicy", "Version": "2012-10-17", "Statement": list(statements)}


def _statement(principal: Any, condition: Any = None, actions: Any = BOTH, resource: str = ARN) -> dict[str, Any]:
    found = {
        "Sid": "AuthorizeMarketer",
        "Effect": "Allow",
        "Resource": resource,
        "Principal": principal,
        "Action": actions,
    }
    return found | ({"Condition": condition} if condition else {})


def here(document: dict[str, Any]) -> Any:
    """Return an example with every region changed to that of the tests' identity."""
    return json.loads(json.dumps(document).replace("us-east-1", "eu-west-1"))


ACCOUNT = {"AWS": ["123456789012"]}

SENDING = {
    "an account, from some addresses": _document(
        _statement(ACCOUNT, {"StringLike": {"ses:FromAddress": "marketing+.*@example.com"}})
    ),
    "two users": _document(_statement({"AWS": USERS})),
    "a Cognito user pool": _document(
        _statement(
            {"Service": ["cognito-idp.amazonaws.com"]},
            {
                "StringEquals": {
                    "aws:SourceAccount": "123456789012",
                    "aws:SourceArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_xxxxxxxxx",
                }
            },
        )
    ),
    "an organization": _document(_statement("*", {"StringEquals": {"aws:PrincipalOrgID": "o-xxxxxxxxxx"}})),
    "one From address": _document(
        _statement({"AWS": [USERS[0]]}, {"StringEquals": {"ses:FromAddress": "sender@example.com"}})
    ),
    "a window of time": _document(
        _statement(
            {"AWS": [USERS[0]]},
            {
                "DateGreaterThan": {"aws:CurrentTime": "2021-08-31T12:00Z"},
                "DateLessThan": {"aws:CurrentTime": "2021-10-31T12:00Z"},
            },
        )
    ),
    "one action": _document(_statement({"AWS": [USERS[0]]}, actions=["ses:SendRawEmail"])),
    "a display name": _document(_statement({"AWS": [USERS[0]]}, {"StringLike": {"ses:FromDisplayName": "Marketing"}})),
    "two statements": _document(
        _statement(
            {"AWS": ["111111111111", "222222222222"]},
            {"StringLike": {"ses:FromAddress": "*@example.com", "ses:FeedbackAddress": "*@example.com"}},
            resource=ADDRESS_ARN,
        )
        | {"Sid": "AuthorizeAWS"},
        _statement(
            "arn:aws:iam::333333333333:user/Internal",
            {"ForAllValues:StringLike": {"ses:Recipients": ["*@example.com"]}},
            resource=ADDRESS_ARN,
        )
        | {"Sid": "AuthorizeInternal"},
    ),
}

MANAGING = {
    "two actions of an account": (
        _document(
            _statement(ACCOUNT, actions=["ses:DeleteEmailIdentity", "ses:PutEmailIdentityDkimSigningAttributes"])
        ),
        2,
    ),
    "two actions of two users": (
        _document(
            _statement({"AWS": USERS}, actions=["ses:DeleteEmailIdentity", "ses:PutEmailIdentityDkimSigningAttributes"])
        ),
        2,
    ),
    "one action": (_document(_statement(ACCOUNT, actions=["ses:PutEmailIdentityDkimSigningAttributes"])), 1),
    "several statements": (
        _document(
            _statement(ACCOUNT, actions=["ses:GetEmailIdentity"]),
            _statement({"AWS": USERS[1]}, actions=["ses:DeleteEmailIdentity"]) | {"Sid": "AuthorizeInternal"},
        ),
        2,
    ),
    "the anatomy's": (
        _document(
            _statement(
                ACCOUNT,
                actions=[
                    "ses:GetEmailIdentity",
                    "ses:UpdateEmailIdentityPolicy",
                    "ses:ListRecommendations",
                    "ses:CreateEmailIdentityPolicy",
                    "ses:DeleteEmailIdentity",
                ],
            )
        ),
        5,
    ),
}
