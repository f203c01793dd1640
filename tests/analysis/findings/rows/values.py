"""What the rules about the values of conditions must report, and must not."""

from typing import Any, Final

from tests.analysis.findings.declare import MACRO, REF, one, statement, theirs, when
from tests.analysis.findings.row import FIRST, Row, condition


def _bad(operator: str, key: str, value: Any) -> Row:
    return Row("SES111", f"{operator} {value}", when(operator, key, value), (condition(operator, key),))


def _good(operator: str, key: str, value: Any) -> Row:
    return Row("SES111", f"{operator} {value}, which is one", when(operator, key, value))


def _empty(operator: str, key: str) -> Row:
    return Row("SES112", operator, when(operator, key, []), (condition(operator, key),))


ROWS: Final = [
    _bad("DateLessThan", "aws:CurrentTime", "soon"),
    _bad("DateGreaterThan", "aws:CurrentTime", "2027-13-01"),
    _bad("DateGreaterThan", "aws:CurrentTime", "2027-02-30T00:00Z"),
    _bad("DateEquals", "aws:CurrentTime", "2027"),
    _bad("DateLessThanIfExists", "aws:TokenIssueTime", "01.02.2027"),
    _bad("DateLessThan", "aws:New", "2027-01-01T00:00"),
    _bad("IpAddress", "aws:SourceIp", "203.0.113.0/33"),
    _bad("IpAddress", "aws:SourceIp", "203.0.113"),
    _bad("NotIpAddress", "aws:SourceIp", "example.com"),
    _bad("IpAddress", "aws:SourceIp", "203.0.113.7/24"),
    _bad("IpAddress", "aws:SourceIp", "2001:db8::1/32"),
    _bad("IpAddress", "aws:SourceIp", "203.0.113.0/255.255.255.0"),
    _bad("IpAddress", "aws:SourceIp", "2001:db8::%eth0"),
    _bad("Bool", "aws:SecureTransport", "yes"),
    _bad("BoolIfExists", "aws:MultiFactorAuthPresent", "1"),
    _bad("Bool", "aws:SecureTransport", ["true", "false"]),
    _bad("NumericLessThan", "aws:MultiFactorAuthAge", "an hour"),
    _bad("NumericLessThan", "aws:EpochTime", "2027-01-01"),
    _bad("NumericEquals", "aws:PrincipalTag/Level", "1,5"),
    _bad("NumericLessThan", "aws:MultiFactorAuthAge", ".5"),
    _bad("NumericLessThan", "aws:MultiFactorAuthAge", "14."),
    _bad("Null", "ses:FromAddress", "a@example.com"),
    _bad("Null", "aws:SourceArn", ""),
    _bad("Null", "aws:SourceArn", ["true", "false"]),
    _bad("Bool", "aws:SecureTransport", ["yes", "no"]),
    _bad("ArnLike", "aws:SourceArn", "bucket"),
    Row(
        "SES111",
        "two of three",
        when("DateLessThan", "aws:CurrentTime", ["soon", "2027-01-01", "never"]),
        (condition("DateLessThan", "aws:CurrentTime"),) * 2,
    ),
    Row(
        "SES111",
        "theirs",
        theirs({"Statement": [statement(Condition={"Null": {"aws:SourceArn": "no"}})]}),
        (condition("Null", "aws:SourceArn"),),
    ),
    _good("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"),
    _good("DateLessThan", "aws:CurrentTime", "2027-01-01"),
    _good("DateLessThan", "aws:EpochTime", "1798761600"),
    _good("NumericLessThan", "aws:EpochTime", 1798761600),
    _good("NumericLessThan", "aws:MultiFactorAuthAge", "-1.5"),
    _good("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "203.0.113.7", "2001:db8::/32"]),
    _good("Bool", "aws:SecureTransport", "true"),
    _good("Bool", "aws:SecureTransport", "False"),
    _good("Null", "aws:SourceArn", "false"),
    _good("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket"),
    _good("ArnLike", "aws:SourceArn", "*"),
    _good("StringEquals", "ses:FromAddress", "soon"),
    _good("DateLessThan", "aws:CurrentTime", REF),
    _good("IpAddress", "aws:SourceIp", {"Fn::Sub": "${Network}/24"}),
    Row("SES111", "what does not fit, SES115's", when("IpAddress", "ses:FromAddress", "a@example.com")),
    Row("SES111", "an operator that there is not, SES007's", when("DateBefore", "aws:CurrentTime", "soon")),
    Row("SES111", "no operator, SES007's", when("dateLessThan", "aws:CurrentTime", "soon")),
    Row("SES111", "unknown conditions", one(Condition=MACRO)),
    _empty("StringEquals", "ses:FromAddress"),
    _empty("ForAnyValue:StringLike", "ses:Recipients"),
    _empty("ForAllValues:StringLike", "ses:Recipients"),
    Row(
        "SES112",
        "addresses of a parameter that are a list of nothing",
        when("StringEquals", "ses:FromAddress", ["", ""]),
        (condition("StringEquals", "ses:FromAddress"),),
    ),
    Row("SES112", "an address beside nothing", when("StringEquals", "ses:FromAddress", ["", "a@example.com"])),
    Row(
        "SES112",
        "no display names",
        when("Null", "ses:FromDisplayName", []),
        (condition("Null", "ses:FromDisplayName"),),
    ),
    Row("SES112", "no principals", one(Principal={"AWS": []}), (f"{FIRST}/Principal/AWS",)),
    Row(
        "SES112",
        "no services beside accounts",
        one(Principal={"AWS": "222222222222", "Service": []}),
        (f"{FIRST}/Principal/Service",),
    ),
    Row("SES112", "a principal that is empty, SES014's", one(Principal={"AWS": ""})),
    Row("SES112", "no keys", one(Condition={"StringEquals": {}})),
    Row("SES112", "no conditions", one(Condition={})),
    Row("SES112", "a text that is empty", when("StringEquals", "ses:FromDisplayName", "")),
    Row("SES112", "no actions, SES011's", one(Action=[])),
    Row("SES112", "unknown", one(Principal={"AWS": MACRO}, Condition=MACRO)),
    Row("SES112", "a text for principals", one(Principal="*")),
]
