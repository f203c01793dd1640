"""Writes an adoption as JSON. `adoption_python` writes it as Python."""

from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.live.adoption import Adopted, Adoption
from ses_sending_policy.rules.document import Json


def adoption_json(adoption: Adoption) -> str:
    """Return the adoption as `schemas/adopt.schema.json` describes it."""
    found = {
        "version": 1,
        "account": adoption.arn.account,
        "region": adoption.arn.region,
        "identity": adoption.arn.identity.name,
        "policies": [_policy(each) for each in adoption.policies],
        "left_out": [{"policy_name": name, "reason": reason} for name, reason in adoption.left.items()],
    }
    return json_text(found)


def _policy(policy: Adopted) -> Json:
    marker = policy.owner
    owner = marker and {"stack": marker.stack_name, "logical_id": marker.logical_id, "adopted": marker.adopted}
    return {
        "policy_name": policy.name,
        "owner": owner,
        "document": policy.whole,
        "findings": [
            {"rule": each.rule, "message": each.message, "fix": each.fix, "location": each.location}
            for each in policy.findings
        ],
    }
