"""Clauses, and searches with them."""

from collections.abc import Sequence
from typing import Any, Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import TargetIdentity
from ses_sending_policy.analysis.requests.clause import Clause
from ses_sending_policy.analysis.requests.search import SearchResult, find_request

DOMAIN: Final = TargetIdentity("example.com", "111111111111")
ACCOUNT, JANE = "222222222222", "arn:aws:iam::222222222222:user/Jane"
OWNER, ADMIN = "111111111111", "arn:aws:iam::111111111111:user/Admin"
ROLE = "arn:aws:iam::222222222222:role/path/Sender"
SESSION = "arn:aws:sts::222222222222:assumed-role/Sender/x"
FROM = "ses:FromAddress"
TEAM = "aws:PrincipalTag/team"


def clause(principal: str = ACCOUNT, action: str = "ses:sendemail", kind: str = "AWS", **conditions: Any) -> Clause:
    """Return an Allow, with conditions by operator: a key and its values for each."""
    found = (
        Condition("", operator.replace("_", ":"), key, tuple(values)) for operator, (key, *values) in conditions.items()
    )
    return Clause("Allow", kind, principal, action, frozenset(found))


def deny(*arguments: Any, **conditions: Any) -> Clause:
    allow = clause(*arguments, **conditions)
    return Clause("Deny", allow.kind, allow.principal, allow.action, allow.conditions)


def search(all_of: Clause | Sequence[Clause], *none_of: Clause, target: TargetIdentity = DOMAIN) -> SearchResult:
    return find_request([all_of] if isinstance(all_of, Clause) else all_of, none_of, target)


S3: Final = clause("s3.amazonaws.com", kind="Service")
