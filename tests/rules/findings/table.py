"""For every rule, what it must report, with the places, and what it must not."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ses_sending_policy.rules.document import compact
from ses_sending_policy.rules.findings.declared import Declared, Environment
from tests.rules.findings.declare import (
    ARN,
    UNKNOWN_ARN,
    named,
    one,
    policy,
    public,
    resource,
    statement,
    template,
    unknown,
    when,
)

IF: dict[str, Any] = {"Fn::If": ["IsProd", "*", "222222222222"]}
REF = {"Ref": "Parameter"}
FIRST = "P Properties/Policy/Statement/0"
REGIONAL = {"Fn::Join": [".", [{"Ref": "AWS::Region"}, "example.com"]]}
# As long as the own, and nobody knows the account from it.
WIDE_ARN = ARN.replace("111111111111", "************")
ROOT = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::222222222222:root"]]}
MARKER = "s/P/0123456789abcdef"
# What is left for a Sid, in the smallest of documents.
MOST = 4096 - len(compact({"Version": "2012-10-17", "Id": MARKER, "Statement": [statement(Sid="")]}))
ADOPTED = MOST - len("/adopted")
THERE = Environment("aws", "us-east-1", "111111111111")


class Row(NamedTuple):
    """What is declared, and what a rule is to say.

    :param rule: its id.
    :param name: what is special about it.
    :param policies: what is declared.
    :param places: logical id and location of each finding; none where the rule must not say a thing.
    :param severity: of each finding; empty where it is the rule's own.
    """

    rule: str
    name: str
    policies: Sequence[Declared]
    places: tuple[str, ...] = ()
    severity: str = ""


def condition(operator: str, key: str) -> str:
    """Return the place of the condition that `when` makes."""
    return f"{FIRST}/Condition/{operator}/{key}"


ROWS = [
    Row("SES001", "everybody", one(Principal="*"), (f"{FIRST}/Principal",)),
    Row("SES001", "as an AWS principal", one(Principal={"AWS": "*"}), (f"{FIRST}/Principal/AWS",)),
    Row("SES001", "among others", one(Principal={"AWS": ["222222222222", "*"]}), (f"{FIRST}/Principal/AWS/1",)),
    Row("SES001", "any account", one(Principal={"AWS": "arn:aws:iam::*:root"}), (f"{FIRST}/Principal/AWS",)),
    Row("SES001", "what may be sent", public("StringLike", "ses:FromAddress", "a@*"), (f"{FIRST}/Principal",)),
    Row("SES001", "IfExists", public("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1"), (f"{FIRST}/Principal",)),
    Row("SES001", "ForAllValues", public("ForAllValues:StringLike", "aws:SourceArn", "x"), (f"{FIRST}/Principal",)),
    Row("SES001", "the value *", public("StringLike", "aws:PrincipalOrgID", "*"), (f"{FIRST}/Principal",)),
    Row("SES001", "* among values", public("StringLike", "aws:SourceAccount", ["2", "*"]), (f"{FIRST}/Principal",)),
    Row("SES001", "any organization", public("StringLike", "aws:PrincipalOrgID", "o-*"), (f"{FIRST}/Principal",)),
    Row("SES001", "any role", public("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x"), (f"{FIRST}/Principal",)),
    Row("SES001", "any ARN", public("ArnLike", "aws:SourceArn", "arn:aws:*"), (f"{FIRST}/Principal",)),
    Row("SES001", "all but one", public("StringNotEquals", "aws:PrincipalAccount", "2"), (f"{FIRST}/Principal",)),
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
    Row("SES001", "an account", one()),
    Row("SES001", "a Deny", one(Principal="*", Effect="Deny")),
    Row("SES001", "an organization", public("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")),
    Row("SES001", "one of two organizations", public("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*")),
    Row("SES001", "a source", public("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket*")),
    Row("SES001", "an account's roles", public("ArnLike", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/*")),
    Row("SES001", "a key in the wrong case, SES007's", public("StringEquals", "AWS:SourceAccount", "222222222222")),
    Row("SES001", "an unknown organization", public("StringEquals", "aws:PrincipalOrgID", REF)),
    Row("SES001", "unknown conditions", one(Principal="*", Condition=IF)),
    Row("SES001", "an unknown operator's keys", one(Principal="*", Condition={"StringEquals": IF})),
    Row("SES001", "an unknown principal", one(Principal={"AWS": IF})),
    Row("SES001", "unknown principals", one(Principal=IF)),
    Row("SES001", "an unknown statement", policy(IF)),
    Row("SES001", "an unknown document", policy(Policy=IF)),
    Row("SES001", "no document", policy(Policy="text")),
    Row("SES001", "statements of no shape", policy("*", ["*"], None)),
    Row("SES001", "another kind", one(Principal={"CanonicalUser": "*"})),
    Row("SES002", "everything", one(Resource="*"), (f"{FIRST}/Resource",)),
    Row("SES002", "another domain", one(Resource=ARN.replace("example", "other")), (f"{FIRST}/Resource",)),
    Row("SES002", "every identity", one(Resource=ARN.replace("example.com", "*")), (f"{FIRST}/Resource",)),
    Row("SES002", "any region", one(Resource=ARN.replace("eu-west-1", "*")), (f"{FIRST}/Resource",)),
    Row("SES002", "another region", one(Resource=ARN.replace("eu-west-1", "eu-west-2")), (f"{FIRST}/Resource",)),
    Row("SES002", "another account", one(Resource=ARN.replace("1" * 12, "2" * 12)), (f"{FIRST}/Resource",)),
    Row("SES002", "another service", one(Resource=ARN.replace(":ses:", ":s3:")), (f"{FIRST}/Resource",)),
    Row("SES002", "an address of the domain", one(Resource=ARN.replace("exa", "a@exa")), (f"{FIRST}/Resource",)),
    Row("SES002", "one more", one(Resource=[ARN, "*"]), (f"{FIRST}/Resource/1",)),
    Row("SES002", "* in an unknown place", unknown(statement(Resource="*")), (f"{FIRST}/Resource",)),
    Row(
        "SES002",
        "another domain in an unknown place",
        unknown(statement(Resource={"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${A}:identity/other.com"})),
        (f"{FIRST}/Resource",),
    ),
    Row(
        "SES002",
        "any identity, of an unknown one",
        policy(statement(Resource=f"{ARN[:-11]}*"), EmailIdentity=REF),
        (f"{FIRST}/Resource",),
    ),
    Row(
        "SES002",
        "any region, in an unknown place",
        unknown(statement(Resource=ARN.replace("eu-west-1", "*"))),
        (f"{FIRST}/Resource",),
    ),
    Row(
        "SES002",
        "another than the identity of the template",
        template(
            P=resource(EmailIdentity={"Ref": "I"}),
            I={"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": REGIONAL}},
        ),
        (f"{FIRST}/Resource",),
    ),
    Row("SES002", "its own", one()),
    Row("SES002", "its own in another case", one(Resource=ARN.replace("example", "Example"))),
    Row(
        "SES002",
        "an address's own",
        policy(statement(Resource=ARN.replace("exa", "a@exa")), EmailIdentity="a@example.com"),
    ),
    Row("SES002", "an unknown ARN", one(Resource=UNKNOWN_ARN)),
    Row("SES002", "an unknown text", one(Resource={"Fn::GetAtt": ["Identity", "Arn"]})),
    Row("SES002", "of an unknown identity", policy(EmailIdentity=REF)),
    Row("SES002", "in an unknown place", unknown()),
    Row(
        "SES002",
        "of an identity of the template",
        template(
            P=resource(statement(Resource={"Fn::Join": ["", [ARN[:-11], {"Ref": "I"}]]}), EmailIdentity={"Ref": "I"}),
            I={"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "example.com"}},
        ),
    ),
    Row("SES003", "a management action", one(Action="ses:DeleteEmailIdentity"), (f"{FIRST}/Action",)),
    Row("SES003", "among others", one(Action=["ses:SendEmail", "ses:GetEmailIdentity"]), (f"{FIRST}/Action/1",)),
    Row("SES003", "all of SES", one(Action="ses:*"), (f"{FIRST}/Action",)),
    Row("SES003", "all", one(Action="*"), (f"{FIRST}/Action",)),
    Row("SES003", "another service's", one(Action="s3:SendEmail"), (f"{FIRST}/Action",)),
    Row("SES003", "more than what begins with Send", one(Action="ses:S*"), (f"{FIRST}/Action",)),
    Row("SES003", "all five", one(Action=["ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:SendBulkEmail"])),
    Row("SES003", "another case", one(Action=["SES:sendemail", "ses:SendBulkTemplatedEmail"])),
    Row("SES003", "what begins with Send", one(Action=["ses:Send*", "ses:Send?mail"])),
    Row("SES003", "a Deny", one(Action="ses:*", Effect="Deny")),
    Row("SES003", "an unknown one", one(Action=REF)),
    Row("SES003", "none", one(Action=None, NotAction="ses:*")),
    Row("SES004", "empty", policy(PolicyName=""), ("P Properties/PolicyName",)),
    Row("SES004", "a space", policy(PolicyName="a b"), ("P Properties/PolicyName",)),
    Row("SES004", "too long", policy(PolicyName="a" * 65), ("P Properties/PolicyName",)),
    Row(
        "SES004", "known once joined", policy(PolicyName={"Fn::Join": [".", ["a", "b"]]}), ("P Properties/PolicyName",)
    ),
    Row("SES004", "of all that may be", policy(PolicyName="A-b_9" + "a" * 59)),
    Row("SES004", "unknown", policy(PolicyName={"Fn::Join": [".", ["a", REF]]})),
    Row("SES004", "none", policy(PolicyName=None)),
    Row("SES005", "one byte too many", policy(statement(Sid="a" * (MOST + 1))), ("P Properties/Policy",)),
    Row(
        "SES005",
        "with adopted",
        policy(statement(Sid="a" * (ADOPTED + 1)), WhenExists="ADOPT"),
        ("P Properties/Policy",),
    ),
    Row("SES005", "with an unknown part", policy(statement(Sid="a" * 4096, Resource=REF)), ("P Properties/Policy",)),
    Row(
        "SES005",
        "with an unknown account, which has twelve digits",
        unknown(statement(Sid={"Fn::Join": ["a" * (MOST - 11), ["", {"Ref": "AWS::AccountId"}]]}, Resource=WIDE_ARN)),
        ("P Properties/Policy",),
    ),
    Row("SES005", "with what may be empty", policy(statement(Sid={"Fn::Sub": "a" * MOST + "${Parameter}"}))),
    Row("SES005", "as much as SES takes", policy(statement(Sid="a" * MOST))),
    Row("SES005", "as much, adopted", policy(statement(Sid="a" * ADOPTED), WhenExists="ADOPT")),
    Row("SES005", "a list that only the deploy knows", one(Action={"Fn::Split": ["a" * 4096, REF]})),
    Row("SES005", "unknown", policy(Policy=IF)),
    Row("SES005", "no document", policy(Policy="a" * 5000)),
    Row("SES006", "NotPrincipal", one(NotPrincipal="*", Principal=None), (f"{FIRST}/NotPrincipal",)),
    Row("SES006", "NotAction", one(NotAction="ses:*", Action=None), (f"{FIRST}/NotAction",)),
    Row("SES006", "NotResource", one(NotResource=REF, Resource=None), (f"{FIRST}/NotResource",)),
    Row("SES006", "a Deny", one(NotPrincipal={"AWS": "2"}, Effect="Deny"), (f"{FIRST}/NotPrincipal",)),
    Row("SES006", "none of them", one()),
    Row("SES006", "an unknown statement", policy(IF)),
    Row("SES007", "no operator", when("StringMatches", "ses:FromAddress", "a"), (f"{FIRST}/Condition/StringMatches",)),
    Row("SES007", "in the wrong case", when("stringLike", "ses:FromAddress", "a"), (f"{FIRST}/Condition/stringLike",)),
    Row(
        "SES007",
        "no quantifier",
        when("ForEach:StringLike", "ses:FromAddress", "a"),
        (f"{FIRST}/Condition/ForEach:StringLike",),
    ),
    Row("SES007", "NullIfExists", when("NullIfExists", "ses:FromAddress", "a"), (f"{FIRST}/Condition/NullIfExists",)),
    Row("SES007", "no key", when("StringLike", "ses:From", "a"), (condition("StringLike", "ses:From"),)),
    Row("SES007", "no key, with an unknown value", when("Bool", "SES:From", REF), (condition("Bool", "SES:From"),)),
    Row("SES007", "AWS:", when("StringLike", "AWS:SourceArn", "a"), (condition("StringLike", "AWS:SourceArn"),)),
    Row(
        "SES007",
        "ses: in the wrong case",
        when("Bool", "ses:fromAddress", "a"),
        (condition("Bool", "ses:fromAddress"),),
    ),
    Row("SES007", "a tag", when("Bool", "AWS:PrincipalTag/Team", "a"), (condition("Bool", "AWS:PrincipalTag/Team"),)),
    Row("SES007", "a new key", when("Bool", "aws:New", "a"), (condition("Bool", "aws:New"),), "warning"),
    Row("SES007", "no prefix", when("Bool", "FromAddress", "a"), (condition("Bool", "FromAddress"),), "warning"),
    Row(
        "SES007",
        "an operator once for all of its keys",
        one(Condition={"Like": {"ses:FromAddress": "a", "aws:SourceArn": "b"}}),
        (f"{FIRST}/Condition/Like",),
    ),
    Row("SES007", "known", when("ForAnyValue:StringNotEqualsIgnoreCaseIfExists", "ses:Recipients", "a")),
    Row(
        "SES007",
        "known too",
        one(Condition={"Null": {"aws:SourceArn": "true"}, "Bool": {"aws:SecureTransport": "true"}}),
    ),
    Row("SES007", "a tag of any name", when("StringEquals", "aws:PrincipalTag/team", "a")),
    Row("SES007", "Mail Manager's, SES106's", when("ArnEquals", "ses:MailManagerRuleSetArn", "a")),
    Row("SES007", "unknown", one(Condition=IF)),
    Row("SES007", "no shape of a condition", one(Condition={"Like": "a"})),
    Row("SES008", "one too many", list(named(21)), ("Mail20 Properties/EmailIdentity",)),
    Row("SES008", "of two stacks", [*named(20), *named(2, "B")], ("B0 Properties/EmailIdentity",)),
    Row("SES008", "unknown, of one stack", list(named(21, EmailIdentity=REF)), ("Mail20 Properties/EmailIdentity",)),
    Row("SES008", "as many as SES takes", list(named(20))),
    Row("SES008", "of two regions", [*named(20), *named(20, "B", THERE)]),
    Row("SES008", "of two identities", [*named(20), *named(20, "B", EmailIdentity="other.com")]),
    Row(
        "SES008",
        "of stacks that may be anywhere",
        [*named(20, "A", Environment(), Policy=None), *named(20, "B", Environment(), Policy=None)],
    ),
    Row("SES008", "unknown, of two stacks", [*named(20, EmailIdentity=REF), *named(20, "B", EmailIdentity=REF)]),
    Row(
        "SES008",
        "conditional",
        template(more={f"P{n}": resource(PolicyName=f"{n}") | {"Condition": "C"} for n in range(21)}),
    ),
    Row("SES009", "in one stack", template(P=resource(), Q=resource()), ("Q Properties/PolicyName",)),
    Row(
        "SES009",
        "in two stacks",
        [*template("A", P=resource()), *template("B", Q=resource())],
        ("Q Properties/PolicyName",),
    ),
    Row(
        "SES009",
        "in two stacks that may be anywhere, but their resource is here",
        [*template("A", Environment(), P=resource()), *template("B", Environment(), Q=resource())],
        ("Q Properties/PolicyName",),
    ),
    Row(
        "SES009",
        "in another case",
        template(P=resource(), Q=resource(EmailIdentity="Example.com")),
        ("Q Properties/PolicyName",),
    ),
    Row(
        "SES009",
        "by Ref",
        template(P=resource(PolicyName=REF), Q=resource(PolicyName=REF)),
        ("Q Properties/PolicyName",),
    ),
    Row("SES009", "two names", template(P=resource(), Q=resource(PolicyName="Other"))),
    Row("SES009", "two identities", template(P=resource(), Q=resource(EmailIdentity="other.com"))),
    Row("SES009", "two regions", [*template("A", P=resource()), *template("B", THERE, Q=resource())]),
    Row("SES009", "two parameters", template(P=resource(PolicyName=REF), Q=resource(PolicyName={"Ref": "Other"}))),
    Row(
        "SES009",
        "the same parameter of two stacks",
        [*template("A", P=resource(PolicyName=REF)), *template("B", Q=resource(PolicyName=REF))],
    ),
    Row("SES009", "either, or neither", template(P=resource() | {"Condition": "C"}, Q=resource() | {"Condition": "D"})),
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
    Row("SES101", "unknown", one(Condition=IF, Principal={"Service": "a"})),
    Row("SES101", "a Deny", one(Effect="Deny", Principal={"Service": "a"})),
    Row("SES101", "no service", one()),
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
        when("Bool", "ses:Recipients", "a", Principal={"AWS": ROOT}),
        (f"{FIRST}/Principal/AWS",),
    ),
    Row(
        "SES102",
        "from any address",
        when("StringLike", "ses:FromAddress", "*", Principal={"AWS": ROOT}),
        (f"{FIRST}/Principal/AWS",),
    ),
    Row("SES102", "a user", one()),
    Row("SES102", "from an address", when("StringLike", "ses:FromAddress", "a@*", Principal={"AWS": ROOT})),
    Row(
        "SES102",
        "one of its roles",
        when("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::2:role/a", Principal={"AWS": ROOT}),
    ),
    Row("SES102", "of an address", policy(statement(Principal={"AWS": ROOT}), EmailIdentity="a@example.com")),
    Row("SES102", "a Deny", one(Effect="Deny", Principal={"AWS": ROOT})),
    Row("SES102", "unknown", one(Principal={"AWS": REF})),
    Row("SES102", "unknown conditions", one(Condition=IF, Principal={"AWS": ROOT})),
    Row(
        "SES103",
        "an address and its domain",
        template(P=resource(EmailIdentity="a@example.com"), Q=resource()),
        ("P Properties/EmailIdentity",),
    ),
    Row(
        "SES103",
        "an address below the domain, once",
        template(
            P=resource(), Q=resource(EmailIdentity="a@b.example.com"), R=resource(EmailIdentity="a@b.Example.com")
        ),
        ("Q Properties/EmailIdentity",),
    ),
    Row("SES103", "another domain", template(P=resource(EmailIdentity="a@other.com"), Q=resource())),
    Row("SES103", "a name that ends alike", template(P=resource(EmailIdentity="a@myexample.com"), Q=resource())),
    Row("SES103", "two domains", template(P=resource(EmailIdentity="b.example.com"), Q=resource())),
    Row(
        "SES103",
        "two regions",
        [*template(P=resource(EmailIdentity="a@example.com")), *template("B", THERE, Q=resource())],
    ),
    Row(
        "SES103",
        "unknown",
        template(P=resource(EmailIdentity={"Fn::Join": ["@", ["a", REF]]}), Q=resource(EmailIdentity=REF)),
    ),
    Row("SES104", "*", when("StringEquals", "ses:FromAddress", "*@b"), (condition("StringEquals", "ses:FromAddress"),)),
    Row("SES104", "?", when("StringNotEquals", "a:b", ["a", "a?"]), (condition("StringNotEquals", "a:b"),)),
    Row(
        "SES104",
        "with an unknown part",
        when("ForAllValues:StringEqualsIgnoreCase", "a:b", {"Fn::Sub": "*@${Domain}"}),
        (condition("ForAllValues:StringEqualsIgnoreCase", "a:b"),),
    ),
    Row("SES104", "under Like", when("StringLike", "ses:FromAddress", "*@b")),
    Row("SES104", "under ArnEquals, which is ArnLike", when("ArnEquals", "aws:SourceArn", "arn:aws:s3:::*")),
    Row("SES104", "no wildcard", when("StringEquals", "ses:FromAddress", "a@b")),
    Row("SES104", "unknown", when("StringEquals", "ses:FromAddress", REF)),
    Row(
        "SES105",
        "over",
        when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00Z"),
        (condition("DateLessThan", "aws:CurrentTime"),),
    ),
    Row(
        "SES105",
        "a day, and a Deny",
        when("DateLessThanEquals", "aws:CurrentTime", "2026-01-01", Effect="Deny"),
        (condition("DateLessThanEquals", "aws:CurrentTime"),),
    ),
    Row(
        "SES105",
        "seconds",
        when("NumericLessThan", "aws:EpochTime", 9),
        (condition("NumericLessThan", "aws:EpochTime"),),
    ),
    Row("SES105", "still open", when("DateLessThan", "aws:CurrentTime", "2026-06-01T00:00:01Z")),
    Row("SES105", "one of two still open", when("DateLessThan", "aws:CurrentTime", ["2026-01-01", "2027-01-01"])),
    Row("SES105", "has begun", when("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00Z")),
    Row("SES105", "another key", when("DateLessThan", "aws:TokenIssueTime", "2026-01-01T00:00Z")),
    Row("SES105", "no date", when("DateLessThan", "aws:CurrentTime", "soon")),
    Row("SES105", "no date that there is", when("DateLessThan", "aws:EpochTime", "9" * 30)),
    Row("SES105", "unknown", when("DateLessThan", "aws:CurrentTime", REF)),
    Row(
        "SES106",
        "bulk",
        when("StringLike", "ses:FromAddress", "a", Action=["ses:SendBulkEmail", "ses:SendEmail"]),
        (condition("StringLike", "ses:FromAddress"),),
    ),
    Row(
        "SES106",
        "a tenant, twice",
        when("StringLike", "ses:TenantName", "a", Action=["ses:SendRawEmail", "ses:SendTemplatedEmail"]),
        (condition("StringLike", "ses:TenantName"),) * 2,
    ),
    Row(
        "SES106", "an export's", when("Bool", "ses:ExportSourceType", "a"), (condition("Bool", "ses:ExportSourceType"),)
    ),
    Row(
        "SES106",
        "Mail Manager's",
        when("ArnEquals", "ses:MailManagerRuleSetArn", "a"),
        (condition("ArnEquals", "ses:MailManagerRuleSetArn"),),
    ),
    Row("SES106", "those of SendEmail", one(Condition={"StringLike": {"ses:FromAddress": "a", "ses:TenantName": "b"}})),
    Row("SES106", "bulk's own", when("StringLike", "ses:TenantName", "a", Action="ses:SendBulkEmail")),
    Row("SES106", "everybody's", when("StringLike", "aws:SourceArn", "a", Action="ses:SendBulkEmail")),
    Row("SES106", "a pattern", when("StringLike", "ses:FromAddress", "a", Action=["ses:Send*", REF])),
    Row("SES106", "a key that SES007 is about", when("StringLike", "ses:From", "a")),
    Row("SES107", "one", when("StringLike", "ses:Recipients", "a"), (condition("StringLike", "ses:Recipients"),)),
    Row(
        "SES107",
        "IfExists",
        when("StringLikeIfExists", "ses:Recipients", REF),
        (condition("StringLikeIfExists", "ses:Recipients"),),
    ),
    Row("SES107", "all", when("ForAllValues:StringLike", "ses:Recipients", "a")),
    Row("SES107", "any", when("ForAnyValue:StringLike", "ses:Recipients", "a")),
    Row("SES107", "whether there are any", when("Null", "ses:Recipients", "false")),
    Row("SES107", "a single value", when("StringLike", "ses:FromAddress", "a")),
]
