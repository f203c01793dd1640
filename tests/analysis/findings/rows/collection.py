"""What the rules about several policies together must report, and must not."""

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from tests.analysis.findings.declare import REF, named, resource, statement, template, theirs
from tests.analysis.findings.row import Row

THERE = KnownEnvironment("aws", "us-east-1", "111111111111")

ROWS = [
    Row("SES008", "one too many", list(named(21)), ("Mail20 Properties/EmailIdentity",)),
    Row("SES008", "of two stacks", [*named(20), *named(2, "B")], ("B0 Properties/EmailIdentity",)),
    Row("SES008", "unknown, of one stack", list(named(21, EmailIdentity=REF)), ("Mail20 Properties/EmailIdentity",)),
    Row("SES008", "as many as SES takes", list(named(20))),
    Row("SES008", "of two regions", [*named(20), *named(20, "B", THERE)]),
    Row("SES008", "of two identities", [*named(20), *named(20, "B", EmailIdentity="other.com")]),
    Row(
        "SES008",
        "of stacks that may be anywhere",
        [*named(20, "A", KnownEnvironment(), Policy=None), *named(20, "B", KnownEnvironment(), Policy=None)],
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
        [*template("A", KnownEnvironment(), P=resource()), *template("B", KnownEnvironment(), Q=resource())],
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
    Row(
        "SES009",
        "theirs, which another call updates",
        theirs({"Statement": [statement()]}, {"Statement": [statement(Action="ses:SendRawEmail")]}),
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
    Row(
        "SES103",
        "an address and two domains above it, of which the nearer counts",
        template(P=resource(EmailIdentity="a@b.example.com"), Q=resource(), R=resource(EmailIdentity="b.example.com")),
        ("P Properties/EmailIdentity",),
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
]
