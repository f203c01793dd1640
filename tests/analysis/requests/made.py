"""A request that is made where a test runs: one that its table had made would come by no test of `make mutants`."""

from collections.abc import Callable
from typing import Any

from ses_sending_policy.analysis.requests.caller import Caller, TargetIdentity
from ses_sending_policy.analysis.requests.request import Request

FROM = {"ses:FromAddress": "a@example.com"}
ROLE = "arn:aws:iam::222222222222:role/path/Sender"
JANE = "arn:aws:iam::222222222222:user/path/Jane"
SESSION = "arn:aws:sts::222222222222:assumed-role/Sender/y"


Made = Callable[[], Request]


def of(kind: str, name: str = "", account: str = "", *asked: str, keys: Any = FROM, **more: Any) -> Made:
    """Return what makes the request of a caller, which `more` tells of beside its sort, the action and the identity."""
    sort, action = more.pop("sort", ""), more.pop("action", "ses:SendEmail")
    target = TargetIdentity(more.pop("identity", "example.com"), "111111111111")
    return lambda: Request.of(Caller(kind, sort, name, account, **more), action, target, keys, asked)
