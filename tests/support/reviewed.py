"""A change to the sending policies of a company, as `explain`, `check` and `diff` tell of it."""

from collections.abc import Sequence
from typing import Any, Final, cast

from ses_sending_policy.review.html.page_json import (
    ChangeJson,
    DifferenceJson,
    ExplainedJson,
    FindingJson,
    FindingsJson,
    GrantJson,
    PolicyJson,
)

_PROD: Final = {"account": "111111111111", "region": "eu-west-1"}


def grant(sentence: str, principal: str, *conditions: tuple[str, str, str], effect: str = "Allow") -> GrantJson:
    """Return a grant.

    :param principal: its kind and its value, as `AWS 222222222222`.
    :param conditions: of each its operator, its key, and its values with spaces between them.
    """
    kind, _, value = principal.partition(" ")
    return {
        "effect": effect,
        "principals": [{"kind": kind, "value": value}],
        "actions": ["ses:SendEmail", "ses:SendRawEmail"],
        "conditions": [
            {"operator": operator, "key": key, "values": values.split()} for operator, key, values in conditions
        ],
        "sentence": sentence,
    }


def policy(identity: str, name: str, *grants: GrantJson, stack: str = "Prod/Mail", **more: Any) -> PolicyJson:
    """Return a policy of an identity, in production where nothing else is told."""
    told: PolicyJson = {
        "stack": stack,
        "logical_id": f"{name}776273A3",
        "path": f"{stack}/{name}/Resource/Default",
        "identity": identity,
        "policy_name": name.lower(),
        "grants": list(grants),
    }
    return cast("PolicyJson", told | _PROD | more)


def change(
    kind: str, about: PolicyJson, sentence: str, before: Sequence[GrantJson], after: Sequence[GrantJson], **more: Any
) -> ChangeJson:
    """Return what becomes of some grants."""
    told: Any = {
        "kind": kind,
        "account": about.get("account"),
        "region": about.get("region"),
        "policy": {name: about.get(name) for name in ("stack", "logical_id", "path", "identity", "policy_name")},
        "before": list(before),
        "after": list(after),
        "sentence": sentence,
    }
    return cast("ChangeJson", told | more)


def finding(about: PolicyJson, rule: str, message: str, fix: str, **more: Any) -> FindingJson:
    """Return what a rule found, a warning that nobody stands for where nothing else is told."""
    told: FindingJson = {
        "rule": rule,
        "severity": "warning",
        "message": message,
        "fix": fix,
        "stack": about["stack"],
        "logical_id": about["logical_id"],
        "path": about["path"],
        "location": "Properties/Policy/Statement/0/Principal",
        "file": "stacks/mail.py",
        "line": 46,
        "acknowledged": None,
    }
    return cast("FindingJson", told | more)


_FROM: Final = ("StringLike", "ses:FromAddress")
_UNTIL: Final = ("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z")

_NEWS: Final = grant(
    "account 222222222222 may send as news@example.com, only to *@example.com or *@example.org, "
    "before 2027-01-01T00:00:00Z",
    "AWS 222222222222",
    (*_FROM, "news@example.com"),
    ("ForAllValues:StringLike", "ses:Recipients", "*@example.com *@example.org"),
    _UNTIL,
)
_ANY: Final = grant(
    "account 222222222222 may send as *@example.com, before 2027-01-01T00:00:00Z",
    "AWS 222222222222",
    (*_FROM, "*@example.com"),
    _UNTIL,
)
_POOL: Final = grant(
    "service email.cognito-idp.amazonaws.com may send as any address of example.com, for account 111111111111, "
    "for arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEfGhI",
    "Service email.cognito-idp.amazonaws.com",
    ("StringEquals", "aws:SourceAccount", "111111111111"),
    ("ArnLike", "aws:SourceArn", "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEfGhI"),
)
_BOARD: Final = grant(
    "nobody may send as ceo@example.com or cfo@example.com",
    "AWS *",
    (*_FROM, "ceo@example.com cfo@example.com"),
    effect="Deny",
)
_AGENCY: Final = grant(
    "role campaigns/Sender of account 333333333333 may send as *@offers.example.org, "
    'with the display name "Example, Inc."',
    "AWS arn:aws:iam::333333333333:role/campaigns/Sender",
    (*_FROM, "*@offers.example.org"),
)
_OLD: Final = grant(
    "account 444444444444 may send as shop@example.org", "AWS 444444444444", (*_FROM, "shop@example.org")
)
_ALL: Final = grant("everybody may send as any address of relay.example.net", "AWS *")
_ROLE: Final = grant("principal ${Sender.Arn} may send as any address of example.com", "AWS ${Sender.Arn}")

PARTNER: Final = policy("example.com", "Partner", _ANY)
POOL: Final = policy("example.com", "UserPool", _POOL)
BOARD: Final = policy("example.com", "Board", _BOARD)
AGENCY: Final = policy("example.org", "Agency", _AGENCY)
RELAY: Final = policy("relay.example.net", "Relay", _ALL, account="555555555555", region="us-east-1")
DEV: Final = policy("example.com", "Sender", _ROLE, stack="Dev/Mail", account=None, region=None)

EXPLAINED: Final[ExplainedJson] = {"version": 1, "policies": [PARTNER, POOL, BOARD, AGENCY, RELAY, DEV]}
FINDINGS: Final[FindingsJson] = {
    "version": 1,
    "findings": [
        finding(
            RELAY,
            "SES001",
            "principal '*' lets every AWS account send as 'relay.example.net'",
            "name the accounts in Principal, or add a condition on aws:PrincipalOrgID",
            severity="error",
        ),
        finding(
            PARTNER,
            "SES103",
            "the policy of 'news@example.com' hides this one",
            "declare it there as well",
            location="Properties/EmailIdentity",
        ),
        finding(
            DEV,
            "SES102",
            "account '${Sender.Arn}' may send from any address of 'example.com'",
            "add a condition on ses:FromAddress, or name the user or role in Principal",
            acknowledged={"reason": "only the load test runs there, agreed in SEC-12", "at": "Dev/Mail"},
        ),
    ],
}
DIFFERENCE: Final[DifferenceJson] = {
    "version": 1,
    "verdict": "broadened",
    "changes": [
        change("removed", AGENCY, f"no longer: {_OLD['sentence']}", [_OLD], [], verdict="narrowed"),
        change(
            "widened",
            PARTNER,
            f"more than before: {_ANY['sentence']}; it was: {_NEWS['sentence']}",
            [_NEWS],
            [_ANY],
            verdict="broadened",
        ),
        change("added", RELAY, f"from now on: {_ALL['sentence']}", [], [_ALL], verdict="broadened"),
    ],
}
EMPTY: Final[ExplainedJson] = {"version": 1, "policies": []}
UNCHANGED: Final[DifferenceJson] = {"version": 1, "verdict": "unchanged", "changes": []}
