"""What may be done: whether it sends, and whether the conditions are of any use to it."""

import re
from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Severity, StatementRule
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.actions import KEYS_OF_ACTION, SENDING_ACTIONS
from ses_sending_policy.rules.conditions import SES_KEYS

# "SES:SendEmail" is the same: IAM compares actions without case.
_BY_LOWER_CASE: Final = {action.lower(): action for action in SENDING_ACTIONS}
# A pattern can't match more than sending where its text up to the wildcard begins so.
_SENDING_PATTERN: Final = re.compile(r"ses:send[a-z]*[*?].*")


class ManagingAction(StatementRule):
    """More than sending is given away."""

    id = "SES003"
    severity = Severity.ERROR
    title = "an action is allowed that does not send"
    reason = (
        "A policy on an identity can also let others change or delete it. Who may call `UpdateEmailIdentityPolicy` "
        "rewrites the grant itself; such rights belong into IAM."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = f"use {', '.join(SENDING_ACTIONS[:-1])} or {SENDING_ACTIONS[-1]}"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each action that is allowed and does not send. What a Deny takes away, nobody has."""
        if not statement.allows:
            return
        for path, text in statement.texts("Action"):
            action = text.lower()
            if is_known(text) and action not in _BY_LOWER_CASE and not _SENDING_PATTERN.fullmatch(action):
                yield self.found(policy, path, f"action {text!r} does not send")


class MissingKey(StatementRule):
    """A condition asks for what the request does not have."""

    id = "SES106"
    severity = Severity.WARNING
    title = "a condition has a key that the action does not have"
    reason = (
        "A request of the API v2's `SendBulkEmail` has no `ses:FromAddress`, `ses:Recipients`, `ses:FeedbackAddress` "
        "or `ses:FromDisplayName`, and the older actions have no `ses:TenantName`: a condition on a missing key never "
        "holds, or always where it is a negation."
    )
    source = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html"
    fix = "give the action a statement of its own, without the key"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each condition and action that do not fit. What a pattern means is judged by SES003 alone."""
        actions = [_BY_LOWER_CASE.get(text.lower(), "") for _, text in statement.texts("Action")]
        for condition in statement.conditions():
            if condition.key not in SES_KEYS:
                continue
            for action in actions:
                if action and condition.key not in KEYS_OF_ACTION[action]:
                    yield self.found(policy, condition.path, f"action {action!r} has no key {condition.key!r}")
