"""Pairs of statements, and which of them is more."""

from typing import Any

from tests.analysis.findings.declare import ARN, statement

BOTH = ["ses:SendEmail", "ses:SendRawEmail"]
ALL = [*BOTH, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"]
ACCOUNT = {"AWS": "222222222222"}
ROOT = {"AWS": "arn:aws:iam::222222222222:root"}
JANE = {"AWS": "arn:aws:iam::222222222222:user/Jane"}
OWN = {"AWS": "arn:aws:iam::111111111111:user/Admin"}
REF = {"Ref": "Partner"}
SECRET = {"Fn::Transform": {"Name": "One"}}
OTHER_SECRET = {"Fn::Transform": {"Name": "Other"}}


def one(**elements: Any) -> dict[str, Any]:
    """Return a statement that lets an account send, or forbids it, but for the elements that are given."""
    usual = ALL if elements.get("Effect") == "Deny" else BOTH
    return statement(**({"Principal": ACCOUNT, "Action": usual} | elements))


def deny(**elements: Any) -> dict[str, Any]:
    return one(**({"Effect": "Deny"} | elements))


def when(operator: str, *values: Any, key: str = "ses:FromAddress", **elements: Any) -> dict[str, Any]:
    """Return a statement with one condition."""
    return one(Condition={operator: {key: list(values)}}, **elements)


def like(*values: Any, **elements: Any) -> dict[str, Any]:
    return when("StringLike", *values, **elements)


SAME = {
    "itself": (one(), one()),
    "actions in another order": (one(), one(Action=BOTH[::-1])),
    "actions in another case": (one(Action=BOTH[0]), one(Action="SES:sendemail")),
    "an action in a list": (one(Action=BOTH[0]), one(Action=[BOTH[0]])),
    "an account and its root": (one(), one(Principal=ROOT)),
    "the root of the partition that it is in": (
        one(),
        one(Principal={"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::222222222222:root"}}),
    ),
    "everybody": (one(Principal="*"), one(Principal={"AWS": ["*"]})),
    "a Sid": (one(), one(Sid="Partner")),
    "the identity's ARN in capitals": (one(), one(Resource=ARN.replace("example.com", "Example.COM"))),
    "statements in another order": ([one(), deny(Principal=JANE)], [deny(Principal=JANE), one()]),
    "one statement for each action": (one(), [one(Action=BOTH[0]), one(Action=BOTH[1])]),
    "one statement for each principal": (
        one(Principal={"AWS": ["222222222222", "333333333333"]}),
        [one(), one(Principal={"AWS": "333333333333"})],
    ),
    "one statement for each address": (like("a@b.c", "*@d.e"), [like("a@b.c"), like("*@d.e")]),
    "a value in a list": (like("a"), one(Condition={"StringLike": {"ses:FromAddress": "a"}})),
    "values in another order": (like("a", "b"), like("b", "a")),
    "a pattern without a wildcard": (like("a"), when("StringEquals", "a")),
    "a value that another one has in it": (like("*@b.c", "a@b.c"), like("*@b.c")),
    "ArnEquals and ArnLike": (
        when("ArnEquals", "arn:aws:s3:::*", key="aws:SourceArn"),
        when("ArnLike", "arn:aws:s3:::*", key="aws:SourceArn"),
    ),
    "a moment in another zone": (
        when("DateLessThan", "2026-01-01T00:00:00Z", key="aws:CurrentTime"),
        when("DateLessThan", "2026-01-01T01:00:00+01:00", key="aws:CurrentTime"),
    ),
    "a number in other digits": (when("NumericEquals", "5", key="a:b"), when("NumericEquals", "5.0", key="a:b")),
    "negation with IfExists, which it does not need": (
        when("StringNotLike", "a"),
        when("StringNotLikeIfExists", "a"),
    ),
    "an Allow that another one covers": ([one(), like("a")], one()),
    "an Allow of a user that everybody has": ([one(Principal="*"), one(Principal=JANE)], one(Principal="*")),
    "a Deny of a user that the account has": ([deny(), deny(Principal=JANE)], deny()),
    "an Allow of a user that its account has": ([one(), one(Principal=JANE)], one()),
    "an action that a wildcard covers": ([one(Action="ses:Send*"), one()], one(Action="ses:send*")),
    "a reference": (one(Principal={"AWS": REF}), one(Principal={"AWS": {"Fn::Sub": "${Partner}"}})),
    "a function that another value stands beside": (
        [like({"Fn::Transform": {"Name": "${a}"}}), like({"Fn::Transform": {"Name": "${a}"}}, "b")],
        like({"Fn::Transform": {"Name": "${a}"}}, "b"),
    ),
    "a function that nobody can read": (like(SECRET), like(SECRET)),
    "a statement that nobody can read": ({"Fn::If": ["A", one(), one()]}, {"Fn::If": ["A", one(), one()]}),
}


# Each is a change from less to more.
MORE = {
    "an action within a wildcard": (one(), one(Action="ses:Send*")),
    "an address more": (like("a"), like("a", "b")),
    "a pattern around a pattern": (like("news.*@b.c"), like("*@b.c")),
    "a pattern around a text": (when("StringEquals", "a@b.c"), like("?@b.c")),
    "any case": (when("StringEquals", "a"), when("StringEqualsIgnoreCase", "A")),
    "a pattern around any case": (when("StringEqualsIgnoreCase", "a"), like("?")),
    "no condition": (like("a"), one()),
    "a condition less of two": (
        one(Condition={"StringLike": {"ses:FromAddress": "a", "ses:FeedbackAddress": "b"}}),
        like("a"),
    ),
    "a value less that is kept out": (when("StringNotLike", "a", "b"), when("StringNotLike", "a")),
    "a smaller pattern that is kept out": (when("StringNotLike", "*a*"), when("StringNotEquals", "ab")),
    "also without the key": (when("StringLike", "a"), when("StringLikeIfExists", "a")),
    "a recipient more": (
        when("ForAllValues:StringLike", "a", key="ses:Recipients"),
        when("ForAllValues:StringLike", "a", "b", key="ses:Recipients"),
    ),
    "also no recipient": (
        when("ForAllValues:StringEqualsIfExists", "a", key="ses:Recipients"),
        when("ForAllValues:StringLike", "?", key="ses:Recipients"),
    ),
    "one recipient of more": (
        when("ForAnyValue:StringLike", "a", key="ses:Recipients"),
        when("ForAnyValue:StringLike", "*", key="ses:Recipients"),
    ),
    "a later end": (
        when("DateLessThan", "2026-01-01", key="aws:CurrentTime"),
        when("DateLessThan", "2026-01-01T00:00:01Z", key="aws:CurrentTime"),
    ),
    "an end that is in": (
        when("DateLessThan", "2026-01-01", key="aws:CurrentTime"),
        when("DateLessThanEquals", "1767225600", key="aws:CurrentTime"),
    ),
    "an earlier beginning": (
        when("DateGreaterThanEquals", "2026-01-02", key="aws:CurrentTime"),
        when("DateGreaterThan", "2026-01-01", key="aws:CurrentTime"),
    ),
    "a higher bound": (when("NumericEquals", "-5", key="a:b"), when("NumericLessThanEquals", "-4.5", key="a:b")),
    "a number less that is kept out": (
        when("NumericNotEquals", "5", "6", key="a:b"),
        when("NumericNotEquals", "6", key="a:b"),
    ),
    "a network around an address": (
        when("IpAddress", "10.0.0.1", key="aws:SourceIp"),
        when("IpAddress", "10.0.0.0/8", key="aws:SourceIp"),
    ),
    "a smaller network that is kept out": (
        when("NotIpAddress", "2001:db8::/32", key="aws:SourceIp"),
        when("NotIpAddress", "2001:db8::/64", key="aws:SourceIp"),
    ),
    "ARNs like a pattern": (
        when("StringEquals", "arn:aws:s3:::bucket", key="aws:SourceArn"),
        when("ArnLike", "arn:aws:s3:::*", key="aws:SourceArn"),
    ),
    "texts like an ARN's pattern": (
        when("ArnLike", "arn:aws:s3:::a*", key="aws:SourceArn"),
        when("StringLike", "arn:aws:s3:::*", key="aws:SourceArn"),
    ),
    "another truth": (
        when("Bool", "true", key="aws:SecureTransport"),
        when("Bool", "true", "false", key="aws:SecureTransport"),
    ),
    "the account of a user": (one(Principal=JANE), one()),
    "everybody": (one(Principal=JANE), one(Principal="*")),
}


# Each is, both ways round, something that nobody can decide here.
UNDECIDED = {
    "other addresses": (like("a@b.c"), like("b@b.c")),
    "patterns that cross": (like("a*"), like("*b")),
    "another key": (like("a"), when("StringLike", "a", key="ses:FeedbackAddress")),
    "its own negation": (when("StringEquals", "a"), when("StringNotEquals", "a")),
    "one condition of two": (
        one(Condition={"StringLike": {"ses:FromAddress": "a", "ses:FeedbackAddress": "b"}}),
        one(Condition={"StringLike": {"ses:FromAddress": "a", "ses:FeedbackAddress": "c"}}),
    ),
    "the other condition of two": (
        one(Condition={"StringLike": {"ses:FromAddress": "a", "ses:FeedbackAddress": "b"}}),
        one(Condition={"StringLike": {"ses:FromAddress": "c", "ses:FeedbackAddress": "b"}}),
    ),
    "a negation": (when("StringEquals", "a"), when("StringNotEquals", "b")),
    "one recipient and all": (
        when("ForAllValues:StringLike", "a", key="ses:Recipients"),
        when("ForAnyValue:StringLike", "a", key="ses:Recipients"),
    ),
    "a list as one": (
        when("StringLike", "a", key="ses:Recipients"),
        when("ForAllValues:StringLike", "a", key="ses:Recipients"),
    ),
    "also without the key, but for less": (like("a", "b"), when("StringLikeIfExists", "a")),
    "no operator that AWS has": (when("StringContains", "a"), when("StringContains", "a", "b")),
    "no quantifier that AWS has": (when("ForEach:StringLike", "a"), when("ForEach:StringLike", "a", "b")),
    "no value": (when("StringLike"), like("a")),
    "a case that is not ASCII": (when("StringEqualsIgnoreCase", "é"), like("é")),
    "an ARN that a text is not like by its parts": (
        when("StringEquals", "arn:aws:s3:::a:b", key="aws:SourceArn"),
        when("ArnLike", "arn:aws:*:*:*:b", key="aws:SourceArn"),
    ),
    "no ARN": (
        when("StringEquals", "bucket", key="aws:SourceArn"),
        when("ArnLike", "*", key="aws:SourceArn"),
    ),
    "addresses of another kind": (
        when("IpAddress", "10.0.0.0/8", key="aws:SourceIp"),
        when("IpAddress", "::/0", key="aws:SourceIp"),
    ),
    "no network": (
        when("IpAddress", "10.0.0.1/8", key="aws:SourceIp"),
        when("IpAddress", "10.0.0.0/7", key="aws:SourceIp"),
    ),
    "a year or a second": (
        when("DateLessThan", "2026", key="aws:CurrentTime"),
        when("DateLessThan", "2027-01-01", key="aws:CurrentTime"),
    ),
    "a moment that there is not": (
        when("DateLessThan", "tomorrow", key="aws:CurrentTime"),
        when("DateLessThan", "2027-01-01", key="aws:CurrentTime"),
    ),
    "more digits than a number has": (
        when("NumericLessThanEquals", "1", key="a:b"),
        when("NumericLessThan", "1.00000000000000000001", key="a:b"),
    ),
    "a reference and a pattern": (when("StringEquals", REF), like("*")),
    "another function that nobody can read": (like(SECRET), like(OTHER_SECRET)),
    "a policy variable and a reference of the same name": (like("${Partner}"), like(REF)),
    "another effect that nobody can read": (
        one(Effect=SECRET),
        one(Effect=OTHER_SECRET),
    ),
    "an effect that is none": (one(Effect=["Allow"]), one(Effect=["Deny"])),
    "a policy variable for an effect": (one(Effect="${Partner}"), one(Effect=REF)),
    "a principal that is none": (one(Principal={"AWS": {"a": "b"}}), one(Principal={"AWS": {"a": "c"}})),
    "an action that is none": (one(Action={"a": "b"}), one(Action={"a": "c"})),
    "a value with a part that is none": (
        like({"Fn::Join": ["", ["a", {"a": "b"}, REF]]}),
        like({"Fn::Join": ["", ["a", {"a": "c"}, REF]]}),
    ),
    "a value that is none": (like(None), like({"a": "b"})),
    "conditions that nobody can read": (
        one(Condition=SECRET),
        one(Condition=OTHER_SECRET),
    ),
    "another resource": (one(Resource=f"{ARN}.other"), one()),
    "a resource that is no ARN": (one(Resource="example.com"), one()),
    "a resource of another kind": (one(Resource=ARN.replace("identity", "configuration-set")), one()),
    "another resource that nobody can read": (one(Resource=SECRET), one(Resource=OTHER_SECRET)),
    "statements that nobody can read": (SECRET, OTHER_SECRET),
}
