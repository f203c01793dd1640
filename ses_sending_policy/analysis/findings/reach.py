"""Rules about whom a statement can reach: nobody at all, or even the role that deploys policies."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import Final

from ses_sending_policy.analysis.findings.anybody import LOCKED, LOCKED_FIX, MANAGING, locks_out
from ses_sending_policy.analysis.findings.finding import Finding, Rule, Severity
from ses_sending_policy.analysis.findings.stated import Stated, stated
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.analysis.requests.clause import acts
from ses_sending_policy.analysis.requests.keys import Presence, key_of, one_name
from ses_sending_policy.analysis.requests.outsiders import deployer
from ses_sending_policy.analysis.requests.search import find_request

_CONDITION_KEYS: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"


def _why(dead: Stated) -> str:
    """Return, in words, the fewest conditions that together keep the statement from ever holding for its principal."""
    conditions = list(dead.statement.conditions())
    for number in range(1, len(conditions)):
        for some in combinations(conditions, number):
            if dead.with_conditions(some).never_holds():
                return _told(dead, some)
    return _told(dead, conditions)


def _told(dead: Stated, never: Sequence[Condition]) -> str:
    together = "all of" if never[2:] else "both"
    return f"never {together}: {_listed(never)}" if never[1:] else _of_one(dead, never[0])


def _of_one(dead: Stated, condition: Condition) -> str:
    values = " or ".join(map(repr, condition.values))
    key = key_of(one_name(condition.key), dead.clauses[0].action)
    presence = key.service if dead.kind == "Service" else key.aws
    if presence is Presence.NEVER:
        who = "a service" if dead.kind == "Service" else "an account, a user or a role"
        return f"no request of {who} has {condition.key}"
    if one_name(condition.key) == "ses:fromaddress":
        return f"no address of {dead.policy.identity_text!r} fits {condition.operator} {values}"
    return f"{condition.key} never fits {condition.operator} {values}"


def _listed(conditions: Sequence[Condition]) -> str:
    return " and ".join(f"{each.key} {each.operator} {' or '.join(map(repr, each.values))}" for each in conditions)


class DeadGrant(Rule):
    """An Allow can never hold for any request."""

    id = "SES121"
    severity = Severity.WARNING
    title = "a grant can never hold"
    reason = (
        "No request fulfils it: by its conditions, or because all that it allows is denied. The deploy succeeds, and "
        "the partner cannot send."
    )
    source = _CONDITION_KEYS
    fix = "correct the condition, as an address of the identity in ses:FromAddress, or remove the statement"

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield each principal to which a statement can never allow anything."""
        for each in stated(policies):
            if not each.statement.allows or not (each.denies or any(each.statement.conditions())):
                continue
            who = f"principal {each.text!r} can never send as {each.policy.identity_text!r} by this statement"
            if each.never_holds():
                yield self.found(each.policy, f"{each.statement.path}/Condition", f"{who}: {_why(each)}")
            elif each.denies and each.never_holds(each.denies):
                yield self.found(each.policy, each.path, f"{who}: all of it is denied")


class DeadDeny(Rule):
    """A Deny can never hold for any request."""

    id = "SES122"
    severity = Severity.WARNING
    title = "a Deny can never hold"
    reason = "No request fulfils its conditions, so it keeps nobody out."
    source = _CONDITION_KEYS
    fix = "correct the condition, or remove the statement"

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield each principal to which a statement can never deny anything."""
        for each in stated(policies):
            is_deny = each.statement.elements.get("Effect") == "Deny" and any(each.statement.conditions())
            if is_deny and each.never_holds():
                message = f"nothing is ever denied to {each.text!r} by this statement: {_why(each)}"
                yield self.found(each.policy, f"{each.statement.path}/Condition", message)


def _denied(statement: Statement) -> list[str]:
    """Return those operations of `MANAGING` that a statement names: they write and delete policies."""
    named = [text.lower() for _, text in statement.texts("Action")]
    others = [text.lower() for _, text in statement.texts("NotAction")]
    return [
        each
        for each in MANAGING
        if any(acts(each.lower(), name) for name in named)
        or (others and not any(acts(each.lower(), name) for name in others))
    ]


def _locks(policies: Sequence[Declared]) -> Iterator[tuple[Declared, str, str, bool]]:
    """Yield each Deny that may lock out the role that deploys policies.

    For each: the policy, the path, the operation, and whether it is certain that the Deny holds for the role.
    """
    for each in stated(policies):
        operations = _denied(each.statement) if each.statement.elements.get("Effect") == "Deny" else []
        if not operations:
            continue
        by = [deployer(each.clauses[0].conditions, each.target)]
        clause = replace(each.clauses[0], action=operations[0].lower())
        if find_request([clause], (), each.target, by=by).request:
            yield each.policy, each.path, operations[0], not any(each.statement.conditions())
    for policy in policies:
        for statement in policy.statements():
            if statement.elements.get("Effect") == "Deny" and "NotPrincipal" in statement.elements:
                for operation in _denied(statement)[:1]:
                    yield policy, f"{statement.path}/NotPrincipal", operation, False


class LockedOut(Rule):
    """A Deny keeps everybody in the identity owner's account from changing the policy."""

    id = LOCKED
    severity = Severity.ERROR
    title = "a Deny locks out whoever deploys"
    reason = (
        "The identity is the resource of the operations that write and delete its policies, and a Deny counts for the "
        "owner's account as well. The function can then neither update nor delete the policy, and a teardown leaves "
        "access behind; the root user alone may still be let in by AWS."
    )
    source = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html"
    fix = LOCKED_FIX

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield each Deny that is certain to lock out everybody in the owner's account."""
        for policy, path, operation, is_sure in _locks(policies):
            if is_sure:
                yield self.found(policy, path, locks_out(operation, policy.identity_text))


class PerhapsLockedOut(Rule):
    """A Deny may lock out the role that deploys policies."""

    id = "SES120"
    severity = Severity.WARNING
    title = "a Deny may lock out whoever deploys"
    reason = (
        "A Deny of the operations that write and delete policies, for everybody but some principals or under "
        "conditions, also holds for the function, unless the function's role is left out."
    )
    source = LockedOut.source
    fix = "deny the actions that send, or see that the provider's role is left out"

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield each Deny that may keep a role of the owner's account from changing the policy."""
        for policy, path, operation, is_sure in _locks(policies):
            if not is_sure:
                message = f"a role of the owner's account may be kept from {operation} on {policy.identity_text!r}"
                yield self.found(policy, path, message)
