"""Where something is declared, in the words of the page."""

import re
from typing import Final

from ses_sending_policy.review.html.page_json import (
    ChangeJson,
    FindingJson,
    PlaceJson,
    PolicyJson,
    StayingJson,
    StepJson,
    UnreadPartJson,
)

# What a construct is made of within. "Resources with this ID are hidden from humans", the CDK says of the one, and
# "complete hidden from the logical ID calculation" of the other.
# https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/private/uniqueid.ts
_WITHIN: Final = re.compile(r"(?<=[^/]/)([^/]+?)(?:/Resource)?(?:/Default)?$")


def environment(placed: PolicyJson | ChangeJson | StayingJson, stack: str) -> str:
    """Return the account and region of something; with its stack, where one of them is not known."""
    account, region = placed["account"], placed["region"]
    return " · ".join(filter(None, (account, region, None if account and region else f"stack {stack}")))


def owner(policy: PolicyJson | PlaceJson | FindingJson | UnreadPartJson | StepJson) -> str:
    """Return the stack and logical id of a policy."""
    return f"{policy['stack']}/{policy['logical_id']}"


def named(policy: PolicyJson | PlaceJson | FindingJson | UnreadPartJson | StepJson) -> str:
    """Return the path of what declares a policy, as its author wrote it; else its stack and logical id."""
    path = policy["path"]
    return written(path) if path else owner(policy)


def written(path: str) -> str:
    """Return the path of a construct without what it is made of within."""
    return _WITHIN.sub(r"\1", path)
