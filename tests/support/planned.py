"""A deploy of sending policies, in the JSON of `plan`."""

from typing import Final

from ses_sending_policy.review.html.page_json import ComparedPartJson, PlanJson, StepJson, UnchangedJson
from ses_sending_policy.review.live.forecast import Action
from tests.support.reviewed import AGENCY, DIFFERENCE, grant, staying


def step(action: Action = Action.CREATE) -> StepJson:
    """Return a step of the deploy, about one policy."""
    return {
        "action": action,
        "event": "Create",
        "stack": "Mail",
        "logical_id": "New",
        "path": None,
        "identity": "example.com",
        "policy_name": "new",
        "former": None,
        "reason": None,
        "owner": None,
        "service": None,
        "drift": None,
        "stays": [],
        "sentences": ["somebody deleted it at SES"],
    }


def unchanged(name: str) -> UnchangedJson:
    """Return a policy that the deploy does not touch."""
    return {
        "stack": "Mail",
        "logical_id": name.upper(),
        "path": None,
        "identity": "example.com",
        "policy_name": name,
    }


UNREAD: Final[ComparedPartJson] = {
    "stack": "Prod/Mail",
    "logical_id": "Others",
    "path": None,
    "what": "a loop",
    "why": "what it goes over is not known before the deploy",
    "acknowledged": None,
    "before": False,
    "after": True,
}
PLAN: Final[PlanJson] = {
    "version": 1,
    "account": "111111111111",
    "region": "eu-west-1",
    "verdict": DIFFERENCE["verdict"],
    "may_allow_more": True,
    "changes": DIFFERENCE["changes"],
    "stays": [staying(AGENCY, "its resource is retained", grant("a may send as shop@example.org", "AWS a"))],
    "complete": False,
    "unread": [UNREAD],
    "refused": False,
    "steps": [step()],
    "unchanged": [unchanged("partner")],
    "bystanders": [],
    "unseen": [],
    "elsewhere": [],
    "parameters": ["parameter Partner of stack Mail has its default, unless --parameters gives another"],
    "seen": {"assembly": {}, "stacks": {}, "identities": {}},
}
"""The change of `tests.support.reviewed` as a deploy, with something for each section of the page."""
