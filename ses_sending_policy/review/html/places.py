"""Where something is declared, in the words of the page."""

from ses_sending_policy.review.html.shapes import Finding, Place, Policy


def environment(policy: Policy | Place) -> str:
    """Return the account and region that a policy is deployed to, as far as they are known."""
    return " · ".join(filter(None, (policy.get("account"), policy.get("region"))))


def owner(policy: Policy | Place | Finding) -> str:
    """Return the stack and logical id of a policy."""
    return f"{policy['stack']}/{policy['logical_id']}"
