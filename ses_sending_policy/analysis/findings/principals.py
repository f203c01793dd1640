"""Who may send: anybody, every customer of a service, a whole account."""

from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Severity, StatementRule
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.rules.arns import OWN_ACCOUNT, Arn, is_account
from ses_sending_policy.rules.conditions import SOURCE_KEYS, WHO_KEYS, has_wildcard

# With whom the key is compared; their negations say who is left out, and everybody else is still in.
_NARROWING: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"},
)
_ACCOUNT_PART: Final = 4
_ANY_REST: Final = _ACCOUNT_PART * ":*"


def _is_anybody(principal: str) -> bool:
    """Return whether `principal` has a wildcard in the place of the account: everybody has an account."""
    arn = Arn.parse(principal)
    return principal == "*" or bool(arn and arn.is_principal and arn.account and not arn.account.strip("*?"))


def _is_whole_account(principal: str) -> bool:
    arn = Arn.parse(principal)
    return is_account(principal) or principal == OWN_ACCOUNT or bool(arn and arn.whole_account)


def _is_anything(key: str, value: str) -> bool:
    """Return whether a pattern for `key` matches what anybody can bring along."""
    if not is_known(value):
        return False
    # "*", and as an organization's id, or the head of its path, "o-*": each begins so.
    head = value.removeprefix("o-").split("/")[0]
    if not head.strip("*?"):
        return True
    if not key.lower().endswith("arn") or not has_wildcard(value):
        return False
    # A pattern that ends before the account, as "arn:aws:*", has it in its wildcard.
    account = (value + _ANY_REST).split(":")[_ACCOUNT_PART]
    # An S3 bucket's ARN has no account, and is the one bucket all the same.
    return bool(account) and not account.strip("*?")


def _narrows(condition: Condition, keys: frozenset[str]) -> bool:
    """Return whether `condition` lets only some through, by one of `keys`.

    The keys are compared without case: SES refuses the wrong one, which is another finding.
    """
    return (
        condition.key.lower() in {key.lower() for key in keys}
        and condition.comparison.lower() in _NARROWING
        and not condition.is_optional
        and not any(_is_anything(condition.key, value) for value in condition.values)
    )


def _is_narrowed(statement: Statement, keys: frozenset[str]) -> bool:
    # What only the deploy knows may well narrow.
    return statement.has_unknown_conditions or any(_narrows(each, keys) for each in statement.conditions())


class PublicPrincipal(StatementRule):
    """Anybody with an AWS account may send."""

    id = "SES001"
    severity = Severity.ERROR
    title = "everybody may send as the identity"
    reason = (
        "The principal `*` is every AWS account there is. A `ses:` key such as `ses:FromAddress` says what may be "
        "sent and not by whom; an operator with `IfExists` or `ForAllValues` holds as well where the request has no "
        "such key; and the value `*` is everybody again."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html"
    fix = "name the accounts in Principal, or add a condition on aws:PrincipalOrgID"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each principal that is everybody, in a statement that narrows nobody."""
        if not statement.allows or _is_narrowed(statement, WHO_KEYS):
            return
        for path, kind, text in statement.principals():
            if kind in ("AWS", "*") and _is_anybody(text):
                message = f"principal {text!r} lets every AWS account send as {policy.identity_text!r}"
                yield self.found(policy, path, message)


class UnboundService(StatementRule):
    """A service may send for every one of its customers."""

    id = "SES101"
    severity = Severity.WARNING
    title = "a service may send for any of its customers"
    reason = (
        "An AWS service works for everybody. Without `aws:SourceAccount` or `aws:SourceArn` another customer can have "
        "it send as your identity: the confused deputy."
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
    fix = "add a condition on aws:SourceAccount or aws:SourceArn"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each service in a statement that does not say for whom."""
        if not statement.allows or _is_narrowed(statement, SOURCE_KEYS):
            return
        for path, kind, text in statement.principals():
            if kind == "Service":
                message = f"service {text!r} may send as {policy.identity_text!r} for any of its customers"
                yield self.found(policy, path, message)


class WholeAccount(StatementRule):
    """Every principal of an account may send from every address."""

    id = "SES102"
    severity = Severity.WARNING
    title = "a whole account may send from any address of the identity"
    reason = (
        "A grant to an account trusts each of its users and roles that may call SES. Without a condition on "
        "`ses:FromAddress` each of them may send as any address of the domain, `ceo@` included."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = "add a condition on ses:FromAddress, or name the user or role in Principal"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each whole account that is not held to some addresses. An address identity has but the one."""
        if not statement.allows or "@" in policy.identity_text:
            return
        if statement.has_unknown_conditions or _tells_address_or_principal(statement):
            return
        for path, kind, text in statement.principals():
            if kind == "AWS" and _is_whole_account(text):
                message = f"account {text!r} may send from any address of {policy.identity_text!r}"
                yield self.found(policy, path, message)


def _tells_address_or_principal(statement: Statement) -> bool:
    return any(
        (condition.key.lower() == "ses:fromaddress" and "*" not in condition.values)
        or _narrows(condition, frozenset({"aws:PrincipalArn", "aws:userid"}))
        for condition in statement.conditions()
    )
