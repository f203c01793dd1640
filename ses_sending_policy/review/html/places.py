"""Where something is declared, in the words of the page."""

from ses_sending_policy.review.html.shapes import Finding, Place, Policy


def environment(policy: Policy | Place) -> str:
    """Return the account and region that a policy is deployed to; with its stack, where one of them is not known."""
    account, region = policy.get("account"), policy.get("region")
    stack = None if account and region else f"stack {policy['stack']}"
    return " · ".join(filter(None, (account, region, stack)))


def owner(policy: Policy | Place | Finding) -> str:
    """Return the stack and logical id of a policy."""
    return f"{policy['stack']}/{policy['logical_id']}"
