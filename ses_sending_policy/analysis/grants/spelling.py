"""Bring conditions that mean the same into one spelling, which sentences use."""

import re
from dataclasses import replace
from decimal import Decimal
from ipaddress import IPv4Network, ip_network
from typing import Final

from ses_sending_policy.analysis.grants.grant import only_deploy_knows
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import NEGATIONS
from ses_sending_policy.rules.condition_keys import GLOBAL_KEYS, SES_KEYS
from ses_sending_policy.rules.conditions import has_wildcard

_KEYS: Final = {key.lower(): key for key in SES_KEYS | GLOBAL_KEYS}
_ARNS: Final = ("aws:PrincipalArn", "aws:SourceArn")

# "The ArnEquals and ArnLike condition operators behave identically", and so do their negations.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_ALIKE: Final = {"ArnEquals": "ArnLike", "ArnNotEquals": "ArnNotLike"}
# The same in meaning if no value has a wildcard.
_EXACT: Final = {"StringLike": "StringEquals", "StringNotLike": "StringNotEquals"}
# The same in meaning if the key holds an ARN and nothing else.
_EXACT_ARN: Final = {"StringEquals": "ArnLike", "StringNotEquals": "ArnNotLike"}


def condition_in_one_spelling(condition: Condition) -> Condition:
    """Return `condition` in the one spelling that sentences use for all conditions of its meaning."""
    key = _key(condition.key)
    comparison = _comparison(key, condition)
    if _is_time(key, comparison, condition):
        # "The aws:EpochTime key works with date operators or numeric operators": `Condition` has AWS's sentence.
        key, comparison = "aws:CurrentTime", comparison.replace("Numeric", "Date")
    if_exists = "IfExists" if _if_exists(comparison, condition) else ""
    quantifier = f"{condition.quantifier}:" if ":" in condition.operator else ""
    found = replace(condition, path="", key=key, operator=f"{quantifier}{comparison}{if_exists}")
    return replace(found, values=tuple(sorted({_value(found, each) for each in condition.values})))


def _key(key: str) -> str:
    """Return the documented spelling of a key.

    "Context key names are not case-sensitive. For example, including the aws:SourceIP context key is equivalent to
    testing for AWS:SourceIp." So are the names of tags in them.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
    """
    name, slash, tag = key.partition("/")
    documented = _KEYS.get(f"{name}{slash}".lower())
    return f"{documented}{tag.lower()}" if documented else key


def _comparison(key: str, condition: Condition) -> str:
    comparison = _ALIKE.get(condition.comparison, condition.comparison)
    if any(has_wildcard(each) or only_deploy_knows(each) for each in condition.values):
        return comparison
    comparison = _EXACT.get(comparison, comparison)
    return _EXACT_ARN.get(comparison, comparison) if key in _ARNS and ":" not in condition.operator else comparison


def _is_time(key: str, comparison: str, condition: Condition) -> bool:
    if key == "aws:EpochTime" and comparison.startswith("Numeric"):
        return all(map(condition.moment, condition.values))
    return key == "aws:EpochTime" and comparison.startswith("Date")


def _if_exists(comparison: str, condition: Condition) -> bool:
    """Return whether `IfExists` changes the condition's meaning; not if it holds anyway in a request without the key.

    "If the policy condition requires that the key is not matched, such as StringNotLike or ArnNotLike, and the right
    key is not present, the condition is true."
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    Of ForAllValues: "It also returns true if there are no context keys in the request".
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    holds_without = comparison in NEGATIONS if not condition.quantifier else condition.quantifier == "ForAllValues"
    return condition.operator.endswith("IfExists") and not holds_without


def _value(condition: Condition, value: str) -> str:
    if not is_known(value):
        return value
    if condition.compares_dates:
        return str(condition.moment(value) or value)
    if condition.comparison.startswith("Numeric"):
        return _number(value)
    if condition.comparison in ("IpAddress", "NotIpAddress"):
        return _network(value)
    is_caseless = condition.comparison.endswith("IgnoreCase") and value.isascii()
    return value.lower() if is_caseless else value


def _number(text: str) -> str:
    # Only numbers of so few digits are rewritten: different ones are different as floating-point numbers, too.
    is_number = re.fullmatch(r"-?\d{1,12}(\.\d{1,3})?", text, re.ASCII)
    return f"{Decimal(text).normalize() + 0:f}" if is_number else text


def _network(text: str) -> str:
    """Return a network in the usual notation.

    "If you specify an IP address without the associated routing prefix, IAM uses the default prefix value of /32". AWS
    does not say what the default is for an IPv6 address.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    try:
        network = ip_network(text)
    except ValueError:
        return text
    if isinstance(network, IPv4Network):
        return str(network).removesuffix("/32")
    return str(network) if "/" in text else str(network.network_address)
