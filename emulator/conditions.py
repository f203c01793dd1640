"""Checks the conditions of a policy: which operators, keys and values are allowed."""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Iterable
from datetime import datetime
from ipaddress import ip_network
from typing import Final

from emulator.errors import bad_request
from emulator.grammar import is_scalar, one_or_more

# "You must specify date/time values with one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX)
# time. Wildcards are not permitted for date condition operators."
# https://www.w3.org/TR/NOTE-datetime: "YYYY", "YYYY-MM", "YYYY-MM-DD", and "YYYY-MM-DDThh:mmTZD" with or without
# seconds and their fraction; "TZD = time zone designator (Z or +hh:mm or -hh:mm)".
_DATE: Final = re.compile(
    r"(\d{4})(?:(-\d\d)(?:(-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?", re.ASCII
)
_EPOCH: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)

# "comparing a key to an integer or decimal value"
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)

# "in the standard CIDR format": a prefix length such as /24, and no netmask such as /255.255.255.0.
_CIDR: Final = re.compile(r"[^/]+(/\d{1,3})?", re.ASCII)

# A policy variable, as ${aws:username}. "You can use a policy variable with the Boolean condition operator", and with
# those for text and ARNs; not with those for numbers, dates, addresses, base64 and Null.
_VARIABLE: Final = re.compile(r"\$\{[^}]+\}")


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if not found:
        return bool(_EPOCH.fullmatch(text))
    year, month, day, time = found[1], found[2] or "-01", found[3] or "-01", found[4] or ""
    return _is(datetime.fromisoformat, f"{year}{month}{day}{time}")


def _is_base64(text: str) -> bool:
    return _is(lambda value: b64decode(value, validate=True), text)


def _is_network(text: str) -> bool:
    # "The value must be in the standard CIDR format (for example, 203.0.113.0/24 or 2001:DB8:1234:5678::/64). If you
    # specify an IP address without the associated routing prefix, IAM uses the default prefix value of /32."
    return bool(_CIDR.fullmatch(text)) and _is(lambda value: ip_network(value, strict=False), text)


def _is(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, binascii.Error):
        return False
    return True


def _is_boolean(text: str) -> bool:
    # "comparing a key to "true" or "false.""; and of Null: "use either true ... or false".
    return text in ("true", "false")


def _names(prefix: str, *ends: str) -> tuple[str, ...]:
    return tuple(prefix + end for end in ends)


def _is_text(_: str) -> bool:
    return True


_ORDERS: Final = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_STRINGS: Final = ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, from which the
# quotations above are too. Of ARNs: "The ARN is considered a string."
_KINDS: Final[tuple[tuple[Iterable[str], str, Callable[[str], bool]], ...]] = (
    (_names("String", *_STRINGS), "string", _is_text),
    (_names("Arn", "Equals", "NotEquals", "Like", "NotLike"), "ARN", _is_text),
    (_names("Numeric", *_ORDERS), "number", lambda text: bool(_NUMBER.fullmatch(text))),
    (_names("Date", *_ORDERS), "date", _is_date),
    (("Bool",), "boolean", lambda text: _is_boolean(text) or bool(_VARIABLE.fullmatch(text))),
    (("Null",), "boolean", _is_boolean),
    (("BinaryEquals",), "value in base64", _is_base64),
    (("IpAddress", "NotIpAddress"), "IP address or network", _is_network),
)
_OPERATORS: Final = {name: (kind, is_one) for names, kind, is_one in _KINDS for name in names}

# "you must use the ForAllValues or ForAnyValue set operators"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# "You can add IfExists to the end of any condition operator name except the Null condition".
_OPERATOR: Final = re.compile(r"(?:ForAllValues:|ForAnyValue:)?(?:(Null)|(\w+?)(?:IfExists)?)")

# "You can use any of the AWS-wide keys ... or you can use one of the following keys specific to SES"
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
# The keys of SES that are not on that page are in the table of condition keys of
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
_SES: Final = _names(
    "ses:",
    *("Recipients", "FromAddress", "FromDisplayName", "FeedbackAddress"),
    *("ApiVersion", "ExportSourceType", "MultiRegionEndpointId", "ReplicaRegion", "TenantName"),
)

# The headings of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_AWS: Final = _names(
    "aws:",
    *("PrincipalArn", "PrincipalAccount", "PrincipalOrgPaths", "PrincipalOrgID", "PrincipalType", "userid", "username"),
    *("PrincipalIsAWSService", "PrincipalServiceName", "PrincipalServiceNamesList", "AssumedRoot", "FederatedProvider"),
    *("TokenIssueTime", "MultiFactorAuthAge", "MultiFactorAuthPresent", "ChatbotSourceArn", "SourceIdentity"),
    *("Ec2InstanceSourceVpc", "Ec2InstanceSourcePrivateIPv4", "SourceIp", "SourceVpc", "SourceVpcArn", "SourceVpce"),
    *("VpceAccount", "VpceOrgID", "VpceOrgPaths", "VpcSourceIp", "ResourceAccount", "ResourceOrgID"),
    *("ResourceOrgPaths", "CalledVia", "CalledViaFirst", "CalledViaLast", "ViaAWSService", "CurrentTime", "EpochTime"),
    *("referer", "RequestedRegion", "TagKeys", "SecureTransport", "SourceAccount", "SourceArn", "SourceOrgID"),
    *("SourceOrgPaths", "UserAgent", "IsMcpServiceAction"),
)
_KEYS: Final = frozenset((*_SES, *_AWS))

# Keys such as "aws:PrincipalTag/tag-key": there is one for each tag key.
_TAGS: Final = re.compile(r"aws:(?:PrincipalTag|ResourceTag|RequestTag)/.+", re.DOTALL)


def check_condition(where: str, condition: object) -> None:
    """Refuse a Condition with an unknown operator or key, or a value that does not fit its operator.

    :param where: the statement, for instance `Statement 1`.
    """
    # An empty Condition is allowed: published recordings show identities that have one.
    # https://github.com/cloud-custodian/cloud-custodian
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        raise bad_request(f"{where} has a Condition that is not an object of operators with their keys")
    for operator, keys in condition.items():
        found = _OPERATOR.fullmatch(operator)
        name = (found[1] or found[2]) if found else ""
        if name not in _OPERATORS or (name == "Null" and "IfExists" in operator):
            raise bad_request(f"Invalid Condition type : {operator}")
        if not keys:
            raise bad_request(f"{where} has the operator {operator} without a key")
        for key, value in keys.items():
            _check_key(key)
            _check_values(f"{where}: {operator} {key}", name, value)


def _check_key(key: str) -> None:
    # SES was reported to refuse the first example in Cognito's guide until its key's prefix was in lower case. So IAM's
    # "Condition key names are not case-sensitive" does not hold for SES. About the rest of a key there is no report:
    # this assumes that its case counts too. https://github.com/awsdocs/amazon-cognito-developer-guide/pull/41
    if key not in _KEYS and not _TAGS.fullmatch(key):
        raise bad_request(f"Unknown or unapplicable condition field '{key}'.")


def _check_values(where: str, operator: str, value: object) -> None:
    kind, is_one = _OPERATORS[operator]
    for each in one_or_more(where, value):
        # A boolean or number counts as the text that JSON writes for it.
        text = str(each).lower() if isinstance(each, bool) else str(each)
        if not is_scalar(each) or not is_one(text):
            raise bad_request(f"{where} has the value {text}, it must be a {kind}")
