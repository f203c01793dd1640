"""Rules about policy variables: whether the document's Version and the place in the statement allow them."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Severity, StatementRule
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.statement import Statement, each
from ses_sending_policy.rules.condition_keys import GLOBAL_KEYS, SES_KEYS
from ses_sending_policy.rules.conditions import family_of
from ses_sending_policy.rules.document import Json, is_intrinsic
from ses_sending_policy.rules.key_types import MULTIVALUED_KEYS

# "${aws:PrincipalTag/team, 'company-wide'}" has a default. "Key names are case-insensitive."
# "You can use any single-valued condition key as a variable."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)(\}?)")
_DEFAULT: Final = re.compile(r", *'[^']*'\Z")
_KEYS: Final = frozenset(key.lower() for key in (GLOBAL_KEYS | SES_KEYS) - MULTIVALUED_KEYS)

# "${*}", "${?}", "${$}": "special characters that have a predefined variable value", on the same page
_CHARACTERS: Final = ("*", "?", "$")

# Variables were introduced in version 2012-10-17; without one, and in the one before, they are plain text.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
_WITHOUT: Final = (None, "2008-10-17")

# "Conditions support variables when you use string operators or ARN operators", says IAM's list of checks. The empty
# family is that of unknown operators, which SES007 reports.
_FAMILIES: Final = ("String", "Arn", "")


def _texts(value: Json) -> Iterator[str]:
    """Yield the literal texts in a value, without the parts that CloudFormation fills in."""
    match value:
        case str(text):
            yield text
        case {"Fn::Join": [str(), [*parts]]}:
            yield from chain.from_iterable(map(_texts, parts))


class OddVariable(StatementRule):
    """A text looks like a policy variable, but IAM reads it as plain text."""

    id = "SES114"
    severity = Severity.WARNING
    title = "a policy variable stands for nothing"
    reason = (
        "A policy variable works only under the Version `2012-10-17`, in a Resource, and in a Condition under "
        "operators for texts and ARNs. Anywhere else, or if its name is not a key with a single value, it is plain "
        "text, which no request has."
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"
    fix = "write the Version 2012-10-17 and the key of a single value, or the value itself"
    elsewhere = (
        "Access Analyzer *Variable unsupported in version*, *Variable unsupported in element*, "
        "*Invalid variable for operator*, *Empty variable*, *Missing brace in variable*"
    )

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each text that looks like a policy variable but is plain text, once for each place where it stands."""
        version = policy.document.get("Version") if isinstance(policy.document, Mapping) else None
        for path, value, why_not in _places(statement, has_variables=version not in _WITHOUT):
            for found, brace in dict.fromkeys(chain.from_iterable(map(_VARIABLE.findall, _texts(value)))):
                why = why_not or _fault(found, brace)
                if why:
                    yield self.found(policy, path, f"variable {f'${{{found}{brace}'!r} {why}")


def _places(statement: Statement, *, has_variables: bool) -> Iterator[tuple[str, Json, str]]:
    """Yield each path of a statement, its value, and why a variable there is plain text (empty if it is a variable)."""
    old = "" if has_variables else "is plain text: the document's Version has none"
    elements = statement.elements
    principal = elements.get("Principal")
    kinds = principal if isinstance(principal, Mapping) and not is_intrinsic(principal) else {"": principal}
    for kind, values in kinds.items():
        for path, value in each(f"{statement.path}/Principal/{kind}".rstrip("/"), values):
            yield path, value, "stands in a Principal, which has none"
    for name, why in (("Action", "stands in an Action, which has none"), ("Resource", old)):
        for path, value in each(f"{statement.path}/{name}", elements.get(name)):
            yield path, value, why
    for condition in statement.conditions():
        why = (
            old
            if family_of(condition.comparison) in _FAMILIES
            else f"stands under {condition.operator}, which has none"
        )
        for _, value in each("", elements["Condition"][condition.operator][condition.key]):
            yield condition.path, value, why


def _fault(variable: str, brace: str) -> str:
    if not brace:
        return "has no brace at its end"
    if variable in _CHARACTERS:
        return ""
    stem, slash, _ = _DEFAULT.sub("", variable).lower().partition("/")
    service = stem.partition(":")[0] if ":" in stem else ""
    # Not judged: prefixes other than `aws:` and `ses:`, as SAML's, have keys that are not listed here.
    is_own = service in ("", "aws", "ses")
    return "is no key that a request has one value of" if is_own and stem + slash not in _KEYS else ""
