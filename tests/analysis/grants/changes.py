"""Pairs of statements, and which of the two allows more."""

from typing import Any

from tests.analysis.findings.declare import ARN, statement

BOTH = ["ses:SendEmail", "ses:SendRawEmail"]
ALL = [*BOTH, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"]
ACCOUNT = {"AWS": "222222222222"}
ROOT = {"AWS": "arn:aws:iam::222222222222:root"}
JANE = {"AWS": "arn:aws:iam::222222222222:user/Jane"}
OWN = {"AWS": "arn:aws:iam::111111111111:user/Admin"}
S3 = {"Service": "s3.amazonaws.com"}
A, B = "a@example.com", "b@example.com"
AGE = "aws:MultiFactorAuthAge"
REF = {"Ref": "Partner"}
SECRET = {"Fn::Transform": {"Name": "One"}}
OTHER_SECRET = {"Fn::Transform": {"Name": "Other"}}


def one(**elements: Any) -> dict[str, Any]:
    """Return a statement that allows or denies an account to send, with the given elements changed."""
    usual = ALL if elements.get("Effect") == "Deny" else BOTH
    return statement(**({"Principal": ACCOUNT, "Action": usual} | elements))


def deny(**elements: Any) -> dict[str, Any]:
    return one(**({"Effect": "Deny"} | elements))


def when(operator: str, *values: Any, key: str = "ses:FromAddress", **elements: Any) -> dict[str, Any]:
    """Return a statement with one condition."""
    return one(Condition={operator: {key: list(values)}}, **elements)


def like(*values: Any, **elements: Any) -> dict[str, Any]:
    return when("StringLike", *values, **elements)


def by_source(operator: str, *values: Any) -> dict[str, Any]:
    """Return a statement for a service, because an account has no source."""
    return when(operator, *values, key="aws:SourceArn", Principal=S3)


def when_all(**conditions: Any) -> dict[str, Any]:
    """Return a statement with conditions on several keys of SES, each with a pattern."""
    return one(Condition={"StringLike": {f"ses:{name}": value for name, value in conditions.items()}})


def to(operator: str, *values: Any) -> dict[str, Any]:
    return when(operator, *values, key="ses:Recipients")


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
    "one statement for each address": (
        like("a@example.com", "*@news.example.com"),
        [like("a@example.com"), like("*@news.example.com")],
    ),
    "a value in a list": (like("a@example.com"), one(Condition={"StringLike": {"ses:FromAddress": "a@example.com"}})),
    "values in another order": (like("a@example.com", "b@example.com"), like("b@example.com", "a@example.com")),
    "a pattern without a wildcard": (like("a@example.com"), when("StringEquals", "a@example.com")),
    "a value that another one has in it": (like("*@example.com", "a@example.com"), like("*@example.com")),
    "ArnEquals and ArnLike": (
        by_source("ArnEquals", "arn:aws:s3:::*"),
        by_source("ArnLike", "arn:aws:s3:::*"),
    ),
    "a moment in another zone": (
        when("DateLessThan", "2026-01-01T00:00:00Z", key="aws:CurrentTime"),
        when("DateLessThan", "2026-01-01T01:00:00+01:00", key="aws:CurrentTime"),
    ),
    "a number in other digits": (when("NumericEquals", "5", key="a:b"), when("NumericEquals", "5.0", key="a:b")),
    "negation with IfExists, which it does not need": (
        when("StringNotLike", "a@example.com"),
        when("StringNotLikeIfExists", "a@example.com"),
    ),
    "an Allow that another one covers": ([one(), like("a@example.com")], one()),
    "an Allow of a user that everybody has": ([one(Principal="*"), one(Principal=JANE)], one(Principal="*")),
    "a Deny of a user that the account has": ([deny(), deny(Principal=JANE)], deny()),
    "an Allow of a user that its account has": ([one(), one(Principal=JANE)], one()),
    "an action that a wildcard covers": ([one(Action="ses:Send*"), one()], one(Action="ses:send*")),
    "a reference": (one(Principal={"AWS": REF}), one(Principal={"AWS": {"Fn::Sub": "${Partner}"}})),
    "a function that another value stands beside": (
        [like({"Fn::Transform": {"Name": "${a}"}}), like({"Fn::Transform": {"Name": "${a}"}}, "b")],
        like({"Fn::Transform": {"Name": "${a}"}}, "b"),
    ),
    "values of which only the deploy knows one": ([like("a@example.com"), like(REF)], like("a@example.com", REF)),
    "a function that nobody can read": (like(SECRET), like(SECRET)),
    "a statement that nobody can read": ({"Fn::If": ["A", one(), one()]}, {"Fn::If": ["A", one(), one()]}),
}


# In each, the second statement allows more.
MORE = {
    "an action within a wildcard": (one(), one(Action="ses:Send*")),
    "an address more": (like(A), like(A, B)),
    "a pattern around a pattern": (like("news.*@example.com"), like("*@example.com")),
    "a pattern around a text": (when("StringEquals", A), like("?@example.com")),
    "any case": (when("StringEquals", A), when("StringEqualsIgnoreCase", A.upper())),
    "a pattern around any case": (when("StringEqualsIgnoreCase", A), like("?@*")),
    "no condition": (like(A), one()),
    "a condition less of two": (when_all(FromAddress=A, FeedbackAddress="b@c.d"), like(A)),
    "a value less that is kept out": (when("StringNotLike", A, B), when("StringNotLike", A)),
    "a smaller pattern that is kept out": (when("StringNotLike", "*a*@*"), when("StringNotEquals", "ab@example.com")),
    "also without the key": (
        when("StringLike", "a@b.c", key="ses:FeedbackAddress"),
        when("StringLikeIfExists", "a@b.c", key="ses:FeedbackAddress"),
    ),
    "a recipient more": (to("ForAllValues:StringLike", "a@b.c"), to("ForAllValues:StringLike", "a@b.c", "d@e.f")),
    "also no recipient": (
        to("ForAllValues:StringEqualsIfExists", "a@b.c"),
        to("ForAllValues:StringLike", "?@b.c"),
    ),
    "one recipient of more": (to("ForAnyValue:StringLike", "a@b.c"), to("ForAnyValue:StringLike", "*")),
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
    "a higher bound": (when("NumericEquals", "5", key=AGE), when("NumericLessThanEquals", "5.5", key=AGE)),
    "a number less that is kept out": (
        when("NumericNotEquals", "5", "6", key=AGE),
        when("NumericNotEquals", "6", key=AGE),
    ),
    "a network around an address": (
        when("IpAddress", "10.0.0.1", key="aws:SourceIp"),
        when("IpAddress", "10.0.0.0/8", key="aws:SourceIp"),
    ),
    "a smaller network that is kept out": (
        when("NotIpAddress", "2001:db8::/32", key="aws:SourceIp"),
        when("NotIpAddress", "2001:db8::/64", key="aws:SourceIp"),
    ),
    "ARNs like a pattern": (by_source("StringEquals", "arn:aws:s3:::bucket"), by_source("ArnLike", "arn:aws:s3:::*")),
    "texts like an ARN's pattern": (
        by_source("ArnLike", "arn:aws:s3:::a*"),
        by_source("StringLike", "arn:aws:s3:::*"),
    ),
    "another truth": (
        when("Bool", "true", key="aws:SecureTransport"),
        when("Bool", "true", "false", key="aws:SecureTransport"),
    ),
    "the account of a user": (one(Principal=JANE), one()),
    "everybody": (one(Principal=JANE), one(Principal="*")),
}

# Each allows more, though no single condition does.
MORE_BY_A_SEARCH = {
    "all but another address": (when("StringEquals", A), when("StringNotEquals", B)),
    "any text that a reference may be": (when("StringEquals", REF), like("*")),
    "one recipient of a list": (to("ForAllValues:StringLike", "a@b.c"), to("StringLikeIfExists", "a@b.c")),
    "no ARN, or any by a text": (by_source("StringEquals", "bucket"), by_source("ArnLike", "*")),
    "the rest as well": (like(A), [like(A), when("StringNotLike", A)]),
}

# Each may allow more: only if a condition that cannot be read does not hold.
PERHAPS_MORE = {
    "a resource that is another identity": (one(Resource=f"{ARN}.other"), one()),
    "a resource that is no ARN": (one(Resource="example.com"), one()),
    "a resource of another kind": (one(Resource=ARN.replace("identity", "configuration-set")), one()),
    "no operator that AWS has": (when("StringContains", A), one()),
}

# In both directions, each lets somebody send who could not before.
CROSSED = {
    "other addresses": (like(A), like(B)),
    "patterns that cross": (like("a*"), like("*b@*")),
    "another key": (like(A), when("StringLike", "b@c.d", key="ses:FeedbackAddress")),
    "its own negation": (when("StringEquals", A), when("StringNotEquals", A)),
    "one condition of two": (
        when_all(FromAddress=A, FeedbackAddress="b@c.d"),
        when_all(FromAddress=A, FeedbackAddress="c@c.d"),
    ),
    "the other condition of two": (
        when_all(FromAddress=A, FeedbackAddress="b@c.d"),
        when_all(FromAddress=B, FeedbackAddress="b@c.d"),
    ),
    "one recipient and all": (to("ForAllValues:StringLike", "a@b.c"), to("ForAnyValue:StringLike", "a@b.c")),
    "a list as one": (to("StringLike", "a@b.c"), to("ForAllValues:StringLike", "a@b.c")),
    "also without the key, but for less": (
        when("StringLike", "a@b.c", "d@e.f", key="ses:FeedbackAddress"),
        when("StringLikeIfExists", "a@b.c", key="ses:FeedbackAddress"),
    ),
    "addresses of another kind": (
        when("IpAddress", "10.0.0.0/8", key="aws:SourceIp"),
        when("IpAddress", "::/0", key="aws:SourceIp"),
    ),
    "another user": (one(Principal=JANE), one(Principal={"AWS": "arn:aws:iam::222222222222:user/Joe"})),
    "another action": (one(Action=BOTH[0]), one(Action=BOTH[1])),
    "another service": (one(Principal=S3), one(Principal={"Service": "sns.amazonaws.com"})),
    "an ARN that a text is not like by its parts": (
        by_source("StringEquals", "arn:aws:s3:::a:b"),
        by_source("ArnLike", "arn:aws:*:*:*:b"),
    ),
    "a parameter and another": (one(Principal={"AWS": REF}), one(Principal={"AWS": {"Ref": "Other"}})),
}

# In both directions, each cannot be decided here.
UNDECIDED = {
    "addresses of another domain": (like("a@b.c"), like("b@b.c")),
    "no operator that AWS has": (when("StringContains", "a"), when("StringContains", "a", "b")),
    "no quantifier that AWS has": (when("ForEach:StringLike", "a"), when("ForEach:StringLike", "a", "b")),
    "no value": (when("StringLike"), like(A)),
    "a case that is not ASCII": (when("StringEqualsIgnoreCase", "é@example.com"), like("é@example.com")),
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
    "another function that nobody can read": (like(SECRET), like(OTHER_SECRET)),
    "a policy variable and a reference of the same name": (like("${Partner}"), like(REF)),
    "another effect that nobody can read": (
        one(Effect=SECRET),
        one(Effect=OTHER_SECRET),
    ),
    "an effect that is none": (one(Effect=["Allow", "Deny"]), one(Effect=["Deny", "Audit"])),
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
    "another resource that nobody can read": (one(Resource=SECRET), one(Resource=OTHER_SECRET)),
    "statements that nobody can read": (SECRET, OTHER_SECRET),
}
