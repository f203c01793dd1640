"""Find, in a single document, the Allows for everybody, and the Denies that lock out the role that deploys policies.

Only `requests` can tell whether all policies of an identity together let a stranger send, and the Lambda cannot carry
that code. `requests` reports all that is found here as well, unless the statement can never hold.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ses_sending_policy.analysis.findings.actions import matched
from ses_sending_policy.analysis.findings.finding import FaultRule, Severity, StatementFault
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.conditions import WHO_KEYS, has_wildcard

PUBLIC: Final = "SES001"
PUBLIC_FIX: Final = "name the accounts in Principal, or add a condition on aws:PrincipalOrgID"
LOCKED: Final = "SES010"
LOCKED_FIX: Final = "deny the actions that send, as ses:SendEmail, or name in Principal whom it is about"

_WHO: Final = frozenset(key.lower() for key in WHO_KEYS)

# "UpdateEmailIdentityPolicy", "DeleteEmailIdentityPolicy": "identity*" is listed as the resource of both.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
MANAGING: Final = ("ses:UpdateEmailIdentityPolicy", "ses:DeleteEmailIdentityPolicy")


def is_anybody(principal: str) -> bool:
    """Return whether `principal` stands for every AWS account: `*`, or an ARN with a wildcard as its account."""
    arn = Arn.parse(principal)
    return principal == "*" or bool(arn and arn.is_principal and arn.account and not arn.account.strip("*?"))


def lets_everybody(principal: str, identity: str) -> str:
    """Return the finding's sentence about an Allow whose `principal` stands for every AWS account."""
    return f"principal {principal!r} lets every AWS account send as {identity!r}"


def locks_out(operation: str, identity: str) -> str:
    """Return the finding's sentence about a Deny of `operation` that also holds for the role that deploys policies."""
    return f"nobody can call {operation} on {identity!r} any more"


def public_principals(statements: Sequence[Statement], identity: str) -> Iterator[StatementFault]:
    """Yield each principal of an Allow that stands for every AWS account, unless conditions may limit it."""
    if any(not each.allows and _may_keep_out(each) for each in statements):
        return
    for statement in statements:
        if statement.allows and not _say_who(list(statement.conditions())):
            for path, kind, text in statement.principals():
                if kind in ("AWS", "*") and is_anybody(text):
                    yield StatementFault(path, lets_everybody(text, identity))


def _may_keep_out(deny: Statement) -> bool:
    conditions = list(deny.conditions())
    return not conditions or any(each.key.lower() in _WHO for each in conditions)


def _say_who(conditions: Sequence[Condition]) -> bool:
    """Return whether conditions may keep a stranger out.

    One of them has to need a key that tells who the caller is, with a value that no stranger has.

    "If you use negated matching [...] the condition evaluates to true if the key is not present."
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    plain = [each for each in conditions if "not" not in each.comparison.lower()]
    taken = {each.key.lower() for each in plain if not each.is_optional and each.values != ("true",)}
    return any(
        each.key.lower() in _WHO & taken
        and each.comparison.lower() != "null"
        and not any(map(_is_of_others, each.values))
        for each in plain
    )


def _is_of_others(pattern: str) -> bool:
    """Return whether a stranger may match `pattern`.

    That is so if there is a wildcard in the account of an ARN, or before the first ':' or '/' of another value.
    """
    arn = Arn.parse(pattern)
    who = arn.account or arn.resource if arn else re.split("[:/]", pattern.removeprefix("arn:"))[0]
    return has_wildcard(who)


def locked_out(statements: Sequence[Statement], identity: str) -> Iterator[StatementFault]:
    """Yield each principal of an unconditional Deny that includes the role that deploys policies."""
    for statement in statements:
        named = {action for _, text in statement.texts("Action") for action in matched(text)}
        operations = [each for each in MANAGING if each.lower() in named]
        if statement.allows or not operations or statement.elements.get("Condition"):
            continue
        owners = {arn.account for _, text in statement.texts("Resource") if (arn := Arn.parse(text))}
        for path, kind, text in statement.principals():
            arn = Arn.parse(text)
            if kind in ("AWS", "*") and (is_anybody(text) or (arn.whole_account if arn else text) in owners):
                yield StatementFault(path, locks_out(operations[0], identity))


class NegatedElement(FaultRule):
    """A statement has `NotPrincipal`, `NotAction` or `NotResource`, and so means everything else."""

    id = "SES006"
    severity = Severity.ERROR
    title = "a statement names what is left out instead of what is meant"
    reason = (
        "SES documents no `NotPrincipal`, `NotAction` or `NotResource`. Where they are taken, an Allow with one "
        "of them gives everything but what it names: `NotPrincipal` makes the identity public."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = "name what is meant, in Principal, Action or Resource"

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each of the elements `NotPrincipal`, `NotAction` and `NotResource` that the statement has."""
        for element in ("NotPrincipal", "NotAction", "NotResource"):
            if element in statement.elements:
                yield StatementFault(f"{statement.path}/{element}", f"{element} is not an element of a sending policy")
