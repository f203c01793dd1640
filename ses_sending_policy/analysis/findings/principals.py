"""Rules about who may send: anybody, every customer of a service, a whole account."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ses_sending_policy.analysis.findings.anybody import PUBLIC, PUBLIC_FIX, is_anybody, lets_everybody
from ses_sending_policy.analysis.findings.finding import Finding, Rule, Severity
from ses_sending_policy.analysis.findings.stated import Stated, stated
from ses_sending_policy.analysis.grants.request_sentence import request_sentence
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import Caller
from ses_sending_policy.analysis.requests.key_condition import NEGATIONS, Assumptions, comparison
from ses_sending_policy.analysis.requests.keys import Presence, one_name
from ses_sending_policy.analysis.requests.outsiders import by_service, strangers
from ses_sending_policy.analysis.requests.search import find_request
from ses_sending_policy.analysis.requests.solution import Domain, solution
from ses_sending_policy.rules.arns import OWN_ACCOUNT, Arn, is_account

_READ: Final = Assumptions()


def _is_whole_account(principal: str) -> bool:
    arn = Arn.parse(principal)
    return is_account(principal) or principal == OWN_ACCOUNT or bool(arn and arn.whole_account)


class _AllowRule(Rule):
    """A rule that looks at each principal that a statement allows something, and does not depend on the time."""

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield the mistakes that this rule finds in each of `policies`."""
        for each in stated(policies):
            # A statement with unknown conditions is not reported, because they may narrow it.
            if each.statement.allows and not each.statement.has_unknown_conditions:
                message = self.message(each)
                if message:
                    yield self.found(each.policy, each.path, message, about=f"{each.kind} {each.text}")

    @abstractmethod
    def message(self, allowed: Stated, /) -> str:
        """Return the message about what `allowed` permits its principal; empty if there is nothing to report."""


class PublicPrincipal(_AllowRule):
    """Anybody with an AWS account may send."""

    id = PUBLIC
    severity = Severity.ERROR
    title = "everybody may send as the identity"
    reason = (
        "The principal `*` is every AWS account there is. A `ses:` key such as `ses:FromAddress` says what may be "
        "sent and not by whom; an operator with `IfExists` or `ForAllValues` holds as well where the request has no "
        "such key; and the value `*` is everybody again."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html"
    fix = PUBLIC_FIX

    def message(self, allowed: Stated, /) -> str:
        """Return the message if the principal stands for everybody, and a stranger's request may send."""
        if allowed.kind not in ("AWS", "*") or not is_anybody(allowed.text):
            return ""
        request = allowed.request(strangers(allowed.conditions, allowed.target))
        everybody = lets_everybody(allowed.text, allowed.policy.identity_text)
        if request and any(allowed.statement.conditions()):
            everybody += f": {request_sentence(request, is_new=False)}"
        return everybody if request else ""


class UnboundService(_AllowRule):
    """An AWS service may send for every one of its customers."""

    id = "SES101"
    severity = Severity.WARNING
    title = "a service may send for any of its customers"
    reason = (
        "An AWS service works for everybody. Without `aws:SourceAccount` or `aws:SourceArn` another customer can have "
        "it send as your identity: the confused deputy."
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
    fix = "add a condition on aws:SourceAccount or aws:SourceArn"

    def message(self, allowed: Stated, /) -> str:
        """Return the message if the principal is a service that may send for a customer who is a stranger."""
        service = by_service(allowed.clauses[0].principal, allowed.conditions, allowed.target)
        is_unbound = allowed.kind == "Service" and allowed.request([service])
        said = f"service {allowed.text!r} may send as {allowed.policy.identity_text!r} for any of its customers"
        return said if is_unbound else ""


class WholeAccount(_AllowRule):
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

    def message(self, allowed: Stated, /) -> str:
        """Return the message if a whole account may send from any address.

        The identity has to be a domain, since an address has no others.
        """
        identity = allowed.policy.identity_text
        is_whole = "@" not in identity and allowed.kind == "AWS" and _is_whole_account(allowed.text)
        is_free = is_whole and not _is_narrowed(allowed)
        return f"account {allowed.text!r} may send from any address of {identity!r}" if is_free else ""


# An account's owner can give a tag or a session name to any principal of the account, but not a role's ARN.
_WHO: Final = ("aws:principalarn", "aws:userid")


def _is_narrowed(allowed: Stated) -> bool:
    """Return whether conditions leave out some address of the identity or most of the account, or may do so."""
    clause = allowed.clauses[0]
    for each in clause.conditions:
        asked = comparison(each, each.values, _READ, has_variables=clause.has_variables)
        if asked.key != "ses:fromaddress" and (asked.key not in _WHO or asked.negates or each.is_optional):
            continue
        if asked.key == "ses:fromaddress":
            domain = Domain(Presence.ALWAYS, patterns=allowed.target.senders[:1])
        else:
            domain = Caller(clause.kind, "role", "", clause.principal).domain(asked.key, clause.action, allowed.target)
        if solution(domain, frozenset({(asked, False)}), _READ).is_possible:
            return True
    anything = allowed.with_conditions(()).clauses[0]
    # A Deny of all addresses except a few leaves only those few. A Deny of a few leaves nearly all, and does not count.
    denied = (each for each in allowed.denies if any(map(_leaves_some, each.conditions)))
    return allowed.never_holds() or any(find_request([anything, each], (), allowed.target).request for each in denied)


def _leaves_some(condition: Condition) -> bool:
    return one_name(condition.key) == "ses:fromaddress" and condition.comparison in NEGATIONS
