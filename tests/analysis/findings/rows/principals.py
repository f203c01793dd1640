"""What the rules about who may send must report, and must not."""

from typing import Any

from tests.analysis.findings.declare import MACRO, REF, one, policy, public, statement, unknown, when
from tests.analysis.findings.row import FIRST, Row

ROOT = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::222222222222:root"]]}
ACCOUNT = {"AWS": "222222222222"}
ALL_BUT_ONE = {"StringNotLike": {"ses:FromAddress": "news@example.com"}}


def _beside(**elements: Any) -> Any:
    """Return a grant to an account, and a Deny."""
    return policy(statement(Principal=ACCOUNT), statement(**({"Effect": "Deny", "Principal": "*"} | elements)))


ROWS = [
    Row("SES001", "everybody", one(Principal="*"), (f"{FIRST}/Principal",)),
    Row("SES001", "as an AWS principal", one(Principal={"AWS": "*"}), (f"{FIRST}/Principal/AWS",)),
    Row("SES001", "among others", one(Principal={"AWS": ["222222222222", "*"]}), (f"{FIRST}/Principal/AWS/1",)),
    Row("SES001", "any account", one(Principal={"AWS": "arn:aws:iam::*:root"}), (f"{FIRST}/Principal/AWS",)),
    Row("SES001", "any account of another service", one(Principal={"AWS": "arn:aws:s3::*:x"}), ()),
    Row("SES001", "what may be sent", public("StringLike", "ses:FromAddress", "a@*"), (f"{FIRST}/Principal",)),
    Row("SES001", "IfExists", public("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1"), (f"{FIRST}/Principal",)),
    Row("SES001", "ForAllValues", public("ForAllValues:StringLike", "aws:SourceArn", "x"), (f"{FIRST}/Principal",)),
    Row("SES001", "the value *", public("StringLike", "aws:PrincipalOrgID", "*"), (f"{FIRST}/Principal",)),
    Row("SES001", "* among values", public("StringLike", "aws:SourceAccount", ["2", "*"]), (f"{FIRST}/Principal",)),
    Row("SES001", "any organization", public("StringLike", "aws:PrincipalOrgID", "o-*"), (f"{FIRST}/Principal",)),
    Row("SES001", "any role", public("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x"), (f"{FIRST}/Principal",)),
    Row("SES001", "any ARN", public("ArnLike", "aws:SourceArn", "arn:aws:*"), (f"{FIRST}/Principal",)),
    Row("SES001", "all but one", public("StringNotEquals", "aws:PrincipalAccount", "2"), (f"{FIRST}/Principal",)),
    Row(
        "SES001",
        "an organization that is there or not",
        public("Null", "aws:PrincipalOrgID", ["true", "false"]),
        (f"{FIRST}/Principal",),
    ),
    Row("SES001", "any network", public("IpAddress", "aws:SourceIp", "192.0.2.0/24"), (f"{FIRST}/Principal",)),
    Row("SES001", "in an unknown place", unknown(statement(Principal="*", Resource=REF)), (f"{FIRST}/Principal",)),
    Row(
        "SES001",
        "the second statement, which is no list's",
        policy(statement(), statement(Principal="*")),
        ("P Properties/Policy/Statement/1/Principal",),
    ),
    Row(
        "SES001",
        "a lone statement",
        policy(Policy={"Statement": statement(Principal="*")}),
        ("P Properties/Policy/Statement/Principal",),
    ),
    Row("SES001", "of any kind", one(Principal={"*": "*"}), (f"{FIRST}/Principal/*",)),
    Row("SES001", "any ARN of a service", public("ArnLike", "aws:SourceArn", "arn:aws:s3:*"), (f"{FIRST}/Principal",)),
    Row(
        "SES001",
        "by the second of two actions",
        one(
            Principal="*",
            Action=["ses:SendBulkEmail", "ses:SendEmail"],
            Condition={"StringLike": {"ses:FromAddress": "a@*"}},
        ),
        (f"{FIRST}/Principal",),
    ),
    Row("SES001", "a service that is called so", one(Principal={"Service": "*"})),
    Row("SES001", "an account", one()),
    Row("SES001", "no account", one(Principal={"AWS": "arn:aws:iam:::root"})),
    Row("SES001", "an organization in any case", public("StringEqualsIgnoreCase", "aws:PrincipalOrgID", "o-1")),
    Row("SES001", "a name that is no ARN", public("ArnEquals", "aws:SourceArn", "bucket")),
    Row("SES001", "an unknown pattern", public("ArnLike", "aws:SourceArn", {"Fn::Sub": "*${Name}"})),
    Row("SES001", "a Deny", one(Principal="*", Effect="Deny")),
    Row("SES001", "an organization", public("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")),
    Row("SES001", "one of two organizations", public("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*")),
    Row("SES001", "a source", public("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket")),
    Row(
        "SES001",
        "a bucket whose name begins so",
        public("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket*"),
        (f"{FIRST}/Principal",),
    ),
    Row("SES001", "an account's roles", public("ArnLike", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/*")),
    Row("SES001", "a key in the wrong case, SES007's", public("StringEquals", "AWS:SourceAccount", "222222222222")),
    Row("SES001", "an unknown organization", public("StringEquals", "aws:PrincipalOrgID", REF)),
    Row("SES001", "unknown conditions", one(Principal="*", Condition=MACRO)),
    Row("SES001", "an unknown operator's keys", one(Principal="*", Condition={"StringEquals": MACRO})),
    Row("SES001", "an unknown principal", one(Principal={"AWS": MACRO})),
    Row("SES001", "unknown principals", one(Principal=MACRO)),
    Row("SES001", "an unknown statement", policy(MACRO)),
    Row("SES001", "an unknown document", policy(Policy=MACRO)),
    Row("SES001", "no document", policy(Policy="text")),
    Row("SES001", "statements of no shape", policy("*", ["*"], None)),
    Row("SES001", "another kind", one(Principal={"CanonicalUser": "*"})),
    Row("SES101", "a service", one(Principal={"Service": "a.amazonaws.com"}), (f"{FIRST}/Principal/Service",)),
    Row(
        "SES101",
        "a service, from an address",
        when("StringLike", "ses:FromAddress", "a@*", Principal={"AWS": "2", "Service": ["a", "b"]}),
        (f"{FIRST}/Principal/Service/0", f"{FIRST}/Principal/Service/1"),
    ),
    Row(
        "SES101",
        "where there is a source",
        when("StringEqualsIfExists", "aws:SourceAccount", "1", Principal={"Service": "a"}),
        (f"{FIRST}/Principal/Service",),
    ),
    Row("SES101", "an account", when("StringEquals", "aws:SourceAccount", "1" * 12, Principal={"Service": "a"})),
    Row(
        "SES101", "a source", when("ArnLike", "aws:SourceArn", {"Fn::GetAtt": ["A", "Arn"]}, Principal={"Service": "a"})
    ),
    Row("SES101", "unknown", one(Condition=MACRO, Principal={"Service": "a"})),
    Row("SES101", "a Deny", one(Effect="Deny", Principal={"Service": "a"})),
    Row("SES101", "no service", one()),
    Row("SES101", "everybody, SES001's", one(Principal="*")),
    Row("SES102", "by its id", one(Principal={"AWS": "222222222222"}), (f"{FIRST}/Principal/AWS",)),
    Row("SES102", "by a number", one(Principal={"AWS": 222222222222}), (f"{FIRST}/Principal/AWS",)),
    Row("SES102", "by its root", one(Principal={"AWS": ["x", ROOT]}), (f"{FIRST}/Principal/AWS/1",)),
    Row(
        "SES102",
        "the own",
        unknown(statement(Principal={"AWS": {"Ref": "AWS::AccountId"}}, Resource=REF)),
        (f"{FIRST}/Principal/AWS",),
    ),
    Row(
        "SES102",
        "to anybody",
        when("ForAllValues:StringLike", "ses:Recipients", "*@example.org", Principal={"AWS": ROOT}),
        (f"{FIRST}/Principal/AWS",),
    ),
    Row(
        "SES102",
        "from any address",
        when("StringLike", "ses:FromAddress", "*", Principal={"AWS": ROOT}),
        (f"{FIRST}/Principal/AWS",),
    ),
    *(
        Row("SES102", name, when(operator, key, value, Principal=ACCOUNT), (f"{FIRST}/Principal/AWS",))
        for name, operator, key, value in (
            ("from any address of the domain", "StringLike", "ses:FromAddress", "*@example.com"),
            ("by any of its roles", "ArnLike", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/*"),
            ("by all but a role", "ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/a"),
            ("with any id", "StringLike", "aws:userid", "*"),
            ("with an id, if there is one", "StringEqualsIfExists", "aws:userid", "AIDAEXAMPLE"),
            ("by a tag, which its owner gives", "StringEquals", "aws:PrincipalTag/Team", "news"),
        )
    ),
    *(
        Row("SES102", f"beside a Deny {name}", _beside(**deny), (f"{FIRST}/Principal/AWS",))
        for name, deny in (
            ("of an address", {"Condition": {"StringLike": {"ses:FromAddress": "ceo@example.com"}}}),
            ("of all display names but one", {"Condition": {"StringNotLike": {"ses:FromDisplayName": "News"}}}),
            ("for somebody else", {"Condition": ALL_BUT_ONE, "Principal": {"AWS": "333333333333"}}),
            ("of another action", {"Condition": ALL_BUT_ONE, "Action": "ses:SendRawEmail"}),
        )
    ),
    Row("SES102", "beside a Deny of all addresses but one", _beside(Condition=ALL_BUT_ONE)),
    Row(
        "SES102",
        "beside a Deny of all addresses but one, in capitals",
        _beside(Condition={"StringNotLike": {"SES:FROMADDRESS": "news@example.com"}}),
    ),
    Row("SES102", "that is never so, SES121's", when("StringEquals", "aws:SourceAccount", "1" * 12, Principal=ACCOUNT)),
    Row(
        "SES102",
        "from an address, behind a tag",
        one(
            Principal=ACCOUNT,
            Condition={
                "StringEquals": {"aws:PrincipalTag/Team": "news"},
                "StringLike": {"ses:FromAddress": "news@example.com"},
            },
        ),
    ),
    Row(
        "SES102",
        "from the address of its name",
        when("StringLike", "ses:FromAddress", "${aws:username}@example.com", Principal=ACCOUNT),
    ),
    Row("SES102", "an unknown address", when("StringLike", "ses:FromAddress", REF, Principal=ACCOUNT)),
    Row("SES102", "all but an unknown address", when("StringNotLike", "ses:FromAddress", REF, Principal=ACCOUNT)),
    Row("SES102", "all but an address", when("StringNotLike", "ses:FromAddress", "a@example.com", Principal=ACCOUNT)),
    Row(
        "SES102",
        "by one of its roles",
        when("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/a", Principal=ACCOUNT),
    ),
    Row("SES102", "a user", one()),
    Row("SES102", "no account", one(Principal={"AWS": "arn:aws:iam:::root"})),
    Row("SES102", "a service of that name", one(Principal={"Service": "222222222222"})),
    Row("SES102", "a user's id", when("StringEquals", "aws:userid", "AIDAEXAMPLE", Principal={"AWS": ROOT})),
    Row("SES102", "from an address", when("StringLike", "ses:FromAddress", "a@*", Principal={"AWS": ROOT})),
    Row(
        "SES102",
        "one of its roles",
        when("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::2:role/a", Principal={"AWS": ROOT}),
    ),
    Row("SES102", "of an address", policy(statement(Principal={"AWS": ROOT}), EmailIdentity="a@example.com")),
    Row("SES102", "a Deny", one(Effect="Deny", Principal={"AWS": ROOT})),
    Row("SES102", "unknown", one(Principal={"AWS": REF})),
    Row("SES102", "unknown conditions", one(Condition=MACRO, Principal={"AWS": ROOT})),
]
