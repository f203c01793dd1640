"""Rules about how principals are written: whether such a kind and such a name of a principal can exist."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.findings.finding import FaultRule, Severity, StatementFault
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.arns import Arn, is_account, is_partition
from ses_sending_policy.rules.conditions import has_wildcard
from ses_sending_policy.rules.document import is_intrinsic

_PAGE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"

# "<principal_map_entry> = ("AWS" | "Federated" | "Service" | "CanonicalUser")"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
_KINDS: Final = ("AWS", "Service", "Federated", "CanonicalUser")

# "service-name.amazonaws.com", also with a region's name in it, or with the suffix of another partition
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_SERVICE: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazonaws\.eu|amazon\.com)")

# "AROA: Role", "AIDA: IAM user": AWS puts such an id in the place of a principal that was deleted.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_UNIQUE_ID: Final = re.compile(r"A(ROA|IDA)[A-Z0-9]+")

_REFERENCE: Final = re.compile(r"\$\{[^}]*\}")


def _is_pattern(text: str) -> bool:
    # References are removed first: a star in the name of an unknown value is no wildcard.
    return text != "*" and has_wildcard(_REFERENCE.sub("", text))


class PrincipalKind(FaultRule):
    """A Principal has a key that is no kind of principal, as `Account`."""

    id = "SES013"
    severity = Severity.ERROR
    title = "a kind of principal is unknown, or in the wrong case"
    reason = "A principal is an account, a user or a service, and stands under `AWS` or `Service`, whose case counts."
    source = _PAGE
    fix = "put accounts, users and roles under AWS, and services under Service"
    elsewhere = "Access Analyzer *Invalid principal key*; parliament `UNKNOWN_PRINCIPAL`"

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each kind of principal that AWS does not have."""
        principal = statement.elements.get("Principal")
        if not isinstance(principal, Mapping) or is_intrinsic(principal):
            return
        by_case = {kind.lower(): kind for kind in _KINDS}
        for kind in principal:
            if kind not in _KINDS and not kind.startswith("Fn::"):
                meant = by_case.get(kind.lower())
                what = "is in the wrong case" if meant else "is unknown"
                message = f"principal kind {kind!r} {what}: allowed are {', '.join(_KINDS)}"
                path = f"{statement.path}/Principal/{kind}"
                yield StatementFault(path, message, fix=f"write {meant}" if meant else "")


class PrincipalName(FaultRule):
    """A principal has a name that no principal can have."""

    id = "SES014"
    severity = Severity.ERROR
    title = "a principal is no account, ARN or service"
    reason = (
        "SES takes an account's id of 12 digits, the ARN of an account's root, of a user or of a role, or a service, "
        "and refuses the document where there is no such principal."
    )
    source = _PAGE
    fix = "give an account's 12 digits, as 111111111111, an ARN, as arn:aws:iam::111111111111:role/Sender, or under "
    fix += "Service a service, as cognito-idp.amazonaws.com"
    elsewhere = "Access Analyzer *Invalid service principal format*; parliament `UNKNOWN_PRINCIPAL`"

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each principal that cannot exist. Unknown parts of its name count as valid."""
        for path, kind, text in statement.principals():
            is_one = kind in _FAULTS and text != "*" and not _is_pattern(text)
            fault = _FAULTS[kind](text) if is_one else ""
            if fault:
                yield StatementFault(path, fault)


def _aws_fault(text: str) -> str:
    """Return why a text under `AWS` cannot be a principal; empty if it may be one."""
    if any(":" in each.replace("::", "") for each in _REFERENCE.findall(text)):
        # Not checked: an unknown value with a colon in its name may give several parts of an ARN.
        return ""
    arn = Arn.parse(text)
    if arn:
        return _arn_fault(text, arn)
    if not is_known(text) or is_account(text) or _UNIQUE_ID.fullmatch(text):
        return ""
    if re.fullmatch(r"[0-9-]+", text):
        return f"account {text!r} has not 12 digits"
    if _SERVICE.fullmatch(text):
        return f"service {text!r} stands under AWS instead of Service"
    return f"principal {text!r} is no account, no ARN and no service"


def _arn_fault(text: str, arn: Arn) -> str:
    if not arn.account:
        return f"principal {text!r} has no account"
    if is_known(arn.account) and not is_account(arn.account):
        return f"principal {text!r} has the account {arn.account!r}, which has not 12 digits"
    if arn.resource.startswith("group/"):
        return f"principal {text!r} is a group, and a group is no principal"
    is_one = arn.whole_account or arn.member or not is_known(arn.service + arn.region + arn.resource)
    if not is_one or (is_known(arn.partition) and not is_partition(arn.partition)):
        return f"principal {text!r} is the ARN of no account, user, role or session"
    return ""


def _service_fault(text: str) -> str:
    is_one = not is_known(text) or _SERVICE.fullmatch(text)
    return "" if is_one else f"service {text!r} is no service's name, which ends in .amazonaws.com"


_FAULTS: Final = {"AWS": _aws_fault, "Service": _service_fault}


class PrincipalPattern(FaultRule):
    """A principal has a wildcard in it, which AWS does not read as a pattern."""

    id = "SES015"
    severity = Severity.ERROR
    title = "a wildcard stands in a principal"
    reason = '"You cannot use a wildcard to match part of a principal name or ARN." Only `*` alone means everybody.'
    source = _PAGE
    fix = "name each principal, or write '*' with a condition on aws:PrincipalArn under ArnLike"
    elsewhere = "Access Analyzer *Unsupported wildcard in principal*"

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each principal with a wildcard in it, except for a lone `*` under `AWS`."""
        for path, kind, text in statement.principals():
            if kind in _KINDS and (_is_pattern(text) or (kind != "AWS" and text == "*")):
                yield StatementFault(path, f"principal {text!r} has a wildcard in it, and is no pattern")
