"""Where something is declared, in the words of the page."""

from ses_sending_policy.review.html.shapes import Change, Finding, Place, Policy, Staying, UnreadPart


def environment(placed: Policy | Change | Staying, stack: str) -> str:
    """Return the account and region of something; with its stack, where one of them is not known."""
    account, region = placed.get("account"), placed.get("region")
    return " · ".join(filter(None, (account, region, None if account and region else f"stack {stack}")))


def owner(policy: Policy | Place | Finding | UnreadPart) -> str:
    """Return the stack and logical id of a policy."""
    return f"{policy['stack']}/{policy['logical_id']}"
