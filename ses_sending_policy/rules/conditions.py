"""Condition operators, as AWS documents them, and the condition keys that limit who may send."""

import re
from typing import Final

# The keys that tell who sends, by account, organization, principal, source or private network. Left out are keys that
# identify nobody (aws:SourceIp, aws:SecureTransport), and tags and names, which an account gives its own principals.
WHO_KEYS: Final = frozenset(
    {
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceOwner",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
        "aws:userid",
    }
)

_COMPARISONS: Final = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
COMPARISONS: Final = frozenset(
    {
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        *("StringLike", "StringNotLike"),
        *(f"Numeric{name}" for name in _COMPARISONS),
        *(f"Date{name}" for name in _COMPARISONS),
        *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress"),
        *("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
        "Null",
    }
)

_FAMILIES: Final = ("Arn", "Binary", "Bool", "Date", "IpAddress", "Null", "Numeric", "String")


def family_of(comparison: str) -> str:
    """Return the family of an operator, as `Date` for `DateLessThan`; empty if the operator is unknown."""
    return next((each for each in _FAMILIES if comparison.removeprefix("Not").startswith(each)), "")


# "StringLike: Case-sensitive matching. The values can include multi-character match wildcards (*) and single-character
# match wildcards (?) anywhere in the string."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_WILDCARD: Final = re.compile(r"[*?]")


def has_wildcard(value: str) -> bool:
    """Return whether an operator with wildcards, as `StringLike`, would take `value` as a pattern."""
    return bool(_WILDCARD.search(value))


# "Use of ForAllValues and ForAnyValue"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
QUANTIFIERS: Final = ("", "ForAllValues", "ForAnyValue")
