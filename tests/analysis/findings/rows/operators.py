"""What the rules about operators that do not fit their key must report, and must not."""

from typing import Any, Final

from tests.analysis.findings.declare import MACRO, REF, one, when
from tests.analysis.findings.row import Row, condition


def _found(rule: str, operator: str, key: str, value: Any = "x", **elements: Any) -> Row:
    name = f"{operator} {key} {elements or ''}"
    return Row(rule, name, when(operator, key, value, **elements), (condition(operator, key),))


def _clean(rule: str, operator: str, key: str, value: Any = "x", **elements: Any) -> Row:
    return Row(rule, f"{operator} {key} {elements or ''}", when(operator, key, value, **elements))


ALL_PATHS: Final = "ForAllValues:StringLike"
NOT_NULL: Final = {"Null": {"aws:PrincipalOrgPaths": "false"}, ALL_PATHS: {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}

ROWS: Final = [
    _found("SES113", "ForAllValues:StringLike", "ses:FromAddress"),
    _found("SES113", "ForAnyValue:StringLike", "ses:FromAddress"),
    _found("SES113", "ForAllValues:StringEquals", "aws:PrincipalOrgID"),
    _found("SES113", "ForAnyValue:StringEqualsIfExists", "aws:SourceAccount"),
    _found("SES113", "ForAllValues:StringLike", "ses:FromAddress", Effect="Deny"),
    _found("SES113", "ForAnyValue:DateLessThan", "aws:CurrentTime"),
    _found("SES113", "ForAnyValue:StringEquals", "aws:SourceOrgID"),
    _found("SES113", "ForAllValues:StringEquals", "aws:VpceOrgID"),
    _clean("SES113", "ForAllValues:StringLike", "ses:Recipients"),
    _clean("SES113", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths"),
    _clean("SES113", "ForAnyValue:StringLike", "aws:New"),
    _clean("SES113", "StringLike", "ses:FromAddress"),
    _clean("SES113", "ForAnyValue:StringLike", "aws:PrincipalTag/Team"),
    Row("SES113", "unknown", one(Condition=MACRO)),
    _found("SES115", "StringEquals", "aws:CurrentTime", "2027-01-01T00:00Z"),
    _found("SES115", "NumericLessThan", "aws:CurrentTime", "1798761600"),
    _found("SES115", "DateGreaterThan", "ses:FromAddress", "a@example.com"),
    _found("SES115", "IpAddress", "ses:FromAddress", "a@example.com"),
    _found("SES115", "StringLike", "aws:SourceIp", "203.0.113.*"),
    _found("SES115", "StringEquals", "aws:SecureTransport", "true"),
    _found("SES115", "ArnLike", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
    _found("SES115", "Bool", "ses:FromAddress", "true"),
    _found("SES115", "BinaryEquals", "ses:FromAddress", "YQ=="),
    _found("SES115", "NumericEquals", "aws:SourceAccount", "111111111111"),
    _found("SES115", "NotIpAddress", "aws:SourceVpc", REF),
    _found("SES115", "ForAllValues:ArnLike", "ses:Recipients"),
    _found("SES115", "StringEquals", "aws:EpochTime", "1798761600"),
    _clean("SES115", "StringEquals", "aws:SourceArn"),
    _clean("SES115", "ArnLike", "aws:PrincipalArn"),
    _clean("SES115", "StringNotLike", "ses:FromAddress"),
    _clean("SES115", "NotIpAddress", "aws:SourceIp"),
    _clean("SES115", "NumericLessThan", "aws:EpochTime"),
    _clean("SES115", "DateLessThan", "aws:EpochTime"),
    _clean("SES115", "Null", "aws:CurrentTime"),
    _clean("SES115", "NumericLessThan", "aws:PrincipalTag/Level"),
    _clean("SES115", "Bool", "aws:New"),
    _clean("SES115", "stringequals", "aws:CurrentTime"),
    _clean("SES115", "BoolIfExists", "aws:SecureTransport"),
    Row("SES115", "unknown", one(Condition=MACRO)),
    _found("SES117", ALL_PATHS, "aws:PrincipalOrgPaths"),
    _found("SES117", "ForAllValues:StringEquals", "aws:TagKeys"),
    _found("SES117", ALL_PATHS, "aws:SourceOrgPaths"),
    _found("SES117", ALL_PATHS, "aws:VpceOrgPaths"),
    Row(
        "SES117",
        "a tag that is called false",
        when("ForAllValues:StringEquals", "aws:TagKeys", "false"),
        (condition("ForAllValues:StringEquals", "aws:TagKeys"),),
    ),
    Row(
        "SES117",
        "a key that may be missing",
        one(Condition=NOT_NULL | {"Null": {"aws:PrincipalOrgPaths": "true"}}),
        (condition(ALL_PATHS, "aws:PrincipalOrgPaths"),),
    ),
    Row(
        "SES117",
        "another key that must be there",
        one(Condition=NOT_NULL | {"Null": {"aws:TagKeys": "false"}}),
        (condition(ALL_PATHS, "aws:PrincipalOrgPaths"),),
    ),
    Row("SES117", "a key that must be there", one(Condition=NOT_NULL)),
    Row("SES117", "unknown whether it must", one(Condition=NOT_NULL | {"Null": {"aws:PrincipalOrgPaths": REF}})),
    Row("SES117", "unknown keys that must", one(Condition=NOT_NULL | {"Null": MACRO})),
    _clean("SES117", "ForAllValues:StringLike", "ses:Recipients"),
    _clean("SES117", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths"),
    _clean("SES117", "ForAllValues:StringLike", "ses:FromAddress"),
    _clean("SES117", ALL_PATHS, "aws:PrincipalOrgPaths", Effect="Deny"),
]
