"""A change to the sending policies of a company, in the JSON of `explain`, `check` and `diff`."""

from collections.abc import Sequence
from typing import Final

from ses_sending_policy.analysis.findings.finding import Severity
from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.heading import Heading
from ses_sending_policy.review.html.page import page
from ses_sending_policy.review.html.page_json import (
    ChangeJson,
    ComparedGrantJson,
    ComparedPartJson,
    DifferenceJson,
    ExplainedJson,
    FindingJson,
    FindingsJson,
    GrantJson,
    PlaceJson,
    PlanJson,
    PolicyJson,
    StayingJson,
    UnreadPartJson,
    WitnessJson,
)


def grant(sentence: str, principal: str, *conditions: tuple[str, str, str], effect: str = "Allow") -> GrantJson:
    """Return a grant.

    :param principal: its kind and its value, for instance `AWS 222222222222`.
    :param conditions: the operator, the key, and the values separated by spaces, of each.
    """
    kind, _, value = principal.partition(" ")
    return {
        "effect": effect,
        "principals": [{"kind": kind, "value": value}],
        "actions": ["ses:SendEmail", "ses:SendRawEmail"],
        "conditions": [
            {"operator": operator, "key": key, "values": values.split()} for operator, key, values in conditions
        ],
        "unknown_conditions": False,
        "sentence": sentence,
    }


def policy(identity: str, name: str, *grants: GrantJson, stack: str = "Prod/Mail") -> PolicyJson:
    """Return a policy of an identity, by default in production, that depends on no condition of the template."""
    return {
        "stack": stack,
        "logical_id": f"{name}776273A3",
        "path": f"{stack}/{name}/Resource/Default",
        "account": "111111111111",
        "region": "eu-west-1",
        "identity": identity,
        "policy_name": name.lower(),
        "conditional": False,
        "condition": None,
        "defaults": {},
        "grants": [{**each, "hidden_for": []} for each in grants],
    }


def _place(about: PolicyJson) -> PlaceJson:
    return {
        "stack": about["stack"],
        "logical_id": about["logical_id"],
        "path": about["path"],
        "identity": about["identity"],
        "policy_name": about["policy_name"],
        "conditional": about["conditional"],
        "condition": about["condition"],
        "defaults": about["defaults"],
    }


def _of(about: PolicyJson, grants: Sequence[GrantJson]) -> list[ComparedGrantJson]:
    return [{**each, "policy": _place(about)} for each in grants]


def change(
    kind: Kind,
    about: PolicyJson,
    sentence: str,
    before: Sequence[GrantJson],
    after: Sequence[GrantJson],
    *,
    verdict: Verdict = Verdict.CHANGED,
) -> ChangeJson:
    """Return a change of some grants; one that broadens the access has a witness."""
    witness: WitnessJson = {
        "caller": {"kind": "AWS", "name": f"arn:aws:iam::{_NEW}:user/x", "account": _NEW, "own_iam": True},
        "action": "ses:SendEmail",
        "identity": about["identity"],
        "keys": {"ses:FromAddress": f"y@{about['identity']}"},
        "sentence": f"account {_NEW} may now send as y@{about['identity']}",
    }
    return {
        "kind": kind,
        "verdict": verdict,
        "may_allow_more": verdict.may_allow_more,
        "witness": witness if verdict is Verdict.BROADENED else None,
        "account": about["account"],
        "region": about["region"],
        "identity": about["identity"],
        "policy": _place(about),
        "before": _of(about, before),
        "after": _of(about, after),
        "sentence": sentence,
    }


def staying(about: PolicyJson, reason: str, *grants: GrantJson, sure: bool = True) -> StayingJson:
    """Return a policy that is no longer in the templates, and that stays or may stay at SES."""
    return {
        "account": about["account"],
        "region": about["region"],
        "identity": about["identity"],
        "policy": _place(about),
        "reason": reason,
        "sure": sure,
        "grants": _of(about, grants),
        "sentence": f"policy {about['policy_name']} {'stays' if sure else 'may stay'}, for {reason}",
    }


def finding(about: PolicyJson, rule: str, message: str, fix: str) -> FindingJson:
    """Return a finding about a policy: a warning that is not acknowledged."""
    return {
        "rule": rule,
        "severity": Severity.WARNING,
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


def explained(*policies: PolicyJson, unread: Sequence[UnreadPartJson] = ()) -> ExplainedJson:
    """Return the result of `explain` for some policies."""
    return {"version": 1, "policies": list(policies), "complete": _complete(unread), "unread": list(unread)}


def findings(*found: FindingJson, unread: Sequence[UnreadPartJson] = ()) -> FindingsJson:
    """Return the result of `check` with some findings."""
    return {"version": 1, "findings": list(found), "complete": _complete(unread), "unread": list(unread)}


def difference(
    verdict: Verdict,
    *changes: ChangeJson,
    stays: Sequence[StayingJson] = (),
    unread: Sequence[ComparedPartJson] = (),
) -> DifferenceJson:
    """Return the result of `diff` with some changes."""
    return {
        "version": 1,
        "verdict": verdict,
        "may_allow_more": verdict.may_allow_more,
        "changes": list(changes),
        "stays": list(stays),
        "complete": _complete(unread),
        "unread": list(unread),
    }


def _complete(unread: Sequence[UnreadPartJson] | Sequence[ComparedPartJson]) -> bool:
    return all(each["acknowledged"] for each in unread)


_NEW: Final = "222222222222"
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
RELAY: Final = policy("relay.example.net", "Relay", _ALL) | {"account": "555555555555", "region": "us-east-1"}
DEV: Final = policy("example.com", "Sender", _ROLE, stack="Dev/Mail") | {"account": None, "region": None}

EXPLAINED: Final = explained(PARTNER, POOL, BOARD, AGENCY, RELAY, DEV)
FINDINGS: Final = findings(
    finding(
        RELAY,
        "SES001",
        "principal '*' lets every AWS account send as 'relay.example.net'",
        "name the accounts in Principal, or add a condition on aws:PrincipalOrgID",
    )
    | {"severity": Severity.ERROR},
    finding(
        PARTNER,
        "SES103",
        "the policy of 'news@example.com' hides this one",
        "declare it there as well",
    )
    | {"location": "Properties/EmailIdentity"},
    finding(
        DEV,
        "SES102",
        "account '${Sender.Arn}' may send from any address of 'example.com'",
        "add a condition on ses:FromAddress, or name the user or role in Principal",
    )
    | {"acknowledged": {"reason": "only the load test runs there, agreed in SEC-12", "at": "Dev/Mail"}},
)
DIFFERENCE: Final = difference(
    Verdict.BROADENED,
    change(Kind.REMOVED, AGENCY, f"no longer: {_OLD['sentence']}", [_OLD], [], verdict=Verdict.NARROWED),
    change(
        Kind.WIDENED,
        PARTNER,
        f"more than before: {_ANY['sentence']}; it was: {_NEWS['sentence']}",
        [_NEWS],
        [_ANY],
        verdict=Verdict.BROADENED,
    ),
    change(Kind.ADDED, RELAY, f"from now on: {_ALL['sentence']}", [], [_ALL], verdict=Verdict.BROADENED),
)
EMPTY: Final = explained()
NO_FINDINGS: Final = findings()
UNCHANGED: Final = difference(Verdict.UNCHANGED)


def page_of(
    told: ExplainedJson = EMPTY,
    found: FindingsJson = NO_FINDINGS,
    changed: DifferenceJson | PlanJson | None = None,
    **heading: str,
) -> str:
    """Return the review page, by default of an app without policies.

    :param heading: title, commit and time. Default: - the page's own title, no commit and no time.
    """
    return page(told, found, changed, Heading(**heading))
