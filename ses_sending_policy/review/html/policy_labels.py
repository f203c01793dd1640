"""Where a policy is declared and deployed, in the words of the review page."""

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

# Path parts that only the CDK adds. "Resources with this ID are hidden from humans", the CDK says of `Resource`, and
# "complete hidden from the logical ID calculation" of `Default`.
# https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/private/uniqueid.ts
_WITHIN: Final = re.compile(r"(?<=[^/]/)([^/]+?)(?:/Resource)?(?:/Default)?$")


def environment(placed: PolicyJson | ChangeJson | StayingJson, stack: str) -> str:
    """Return the account and region of a policy or change; if one of them is not known, the `stack` as well."""
    account, region = placed["account"], placed["region"]
    return " · ".join(filter(None, (account, region, None if account and region else f"stack {stack}")))


def owner(policy: PolicyJson | PlaceJson | FindingJson | UnreadPartJson | StepJson) -> str:
    """Return the stack and logical id of a policy."""
    return f"{policy['stack']}/{policy['logical_id']}"


def named(policy: PolicyJson | PlaceJson | FindingJson | UnreadPartJson | StepJson) -> str:
    """Return the path of a policy's construct, without parts that only the CDK adds; else its stack and logical id."""
    path = policy["path"]
    return written(path) if path else owner(policy)


def written(path: str) -> str:
    """Return the path of a construct without the parts that only the CDK adds to it."""
    return _WITHIN.sub(r"\1", path)
