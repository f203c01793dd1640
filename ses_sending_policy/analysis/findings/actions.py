"""Rules about actions: whether an action sends, or manages the identity."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import ClassVar, Final

from ses_sending_policy.analysis.findings.finding import FaultRule, Severity, StatementFault
from ses_sending_policy.analysis.findings.vendors import vendor_of
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.actions import IDENTITY_ACTIONS, SENDING_ACTIONS

# In lower case, because IAM compares actions without case: "SES:SendEmail" is "ses:SendEmail".
_SENDING: Final = frozenset(map(str.lower, SENDING_ACTIONS))
# A pattern that begins like this matches sending actions only.
_SENDING_PATTERN: Final = re.compile(r"ses:send[a-z]*[*?].*")


@cache
def matched(action: str, names: Collection[str] = IDENTITY_ACTIONS) -> frozenset[str]:
    """Return those of `names`, in lower case, that `action` matches.

    `action` is one of a policy, perhaps with wildcards.
    """
    pattern = re.escape(action.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return frozenset(filter(re.compile(pattern).fullmatch, map(str.lower, names)))


def known_actions(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield each action of a statement that is known before the deploy, with its path."""
    return ((path, text) for path, text in statement.texts("Action") if text and is_known(text))


class IdentityAction(FaultRule):
    """An Allow permits an action that does more than send, as changing the identity's policies."""

    id = "SES003"
    severity = Severity.ERROR
    title = "an action is allowed that does not send"
    reason = (
        "A policy on an identity can also let others change or delete it. Anyone who may call "
        "`UpdateEmailIdentityPolicy` can rewrite the grant itself; such rights belong in IAM."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = f"use {', '.join(SENDING_ACTIONS[:-1])} or {SENDING_ACTIONS[-1]}"

    names: ClassVar[tuple[str, ...]] = IDENTITY_ACTIONS
    """The actions that this rule recognises."""

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each action of SES that an Allow names and that does more than send. A Deny permits nothing."""
        if not statement.allows or vendor_of(statement):
            return
        for path, text in known_actions(statement):
            meant = matched(text, self.names)
            if meant - _SENDING and not _SENDING_PATTERN.fullmatch(text.lower()):
                what = "gives more than sending" if meant & _SENDING else "does not send"
                yield StatementFault(path, f"action {text!r} {what}")
