"""A request that is made while a test runs, not while its table is made, so that `make mutants` sees the test."""

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
    """Return a function that makes a caller's request; `more` has sort, action, identity, and more about the caller."""
    sort, action = more.pop("sort", ""), more.pop("action", "ses:SendEmail")
    target = TargetIdentity(more.pop("identity", "example.com"), "111111111111")
    return lambda: Request.of(Caller(kind, sort, name, account, **more), action, target, keys, asked)
