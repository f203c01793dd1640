"""What the rules about the document as a whole must report, and must not."""

from collections.abc import Sequence
from dataclasses import replace

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.rules.document import Json, compact
from ses_sending_policy.rules.limits import POLICY_BYTES
from tests.analysis.findings.declare import (
    ARN,
    MACRO,
    REF,
    UNKNOWN_ARN,
    document,
    one,
    policy,
    resource,
    statement,
    template,
    theirs,
    unknown,
)
from tests.analysis.findings.row import FIRST, Row

REGIONAL = {"Fn::Join": [".", [{"Ref": "AWS::Region"}, "example.com"]]}
# As long as the real ARN, but with the account unknown.
WIDE_ARN = ARN.replace("111111111111", "************")
MARKER = "s/P/0123456789abcdef"
# The longest Sid that fits into the smallest document.
MOST = POLICY_BYTES - len(compact({"Version": "2012-10-17", "Id": MARKER, "Statement": [statement(Sid="")]}))
ADOPTED = MOST - len("/adopted")
# A document by somebody else has no marker, but may have its own Id.
THEIRS = POLICY_BYTES - len(compact({"Version": "2012-10-17", "Statement": [statement(Sid="")]}))


def _mine(length: int, **elements: str) -> Sequence[Declared]:
    return document(statement(Sid="a" * length), **elements)


def _whole(policy: Declared) -> dict[str, Json]:
    assert isinstance(policy.document, dict)
    return policy.document


def _theirs(length: int, **elements: str) -> Sequence[Declared]:
    return theirs({"Version": "2012-10-17"} | elements | {"Statement": [statement(Sid="a" * length)]})


PLACE = "arn:aws:ses:eu-west-1:111111111111:"

ROWS = [
    Row("SES002", "everything", one(Resource="*"), (f"{FIRST}/Resource",)),
    Row("SES002", "another domain", one(Resource=ARN.replace("example", "other")), (f"{FIRST}/Resource",)),
    Row("SES002", "every identity", one(Resource=ARN.replace("example.com", "*")), (f"{FIRST}/Resource",)),
    Row("SES002", "any region", one(Resource=ARN.replace("eu-west-1", "*")), (f"{FIRST}/Resource",)),
    Row("SES002", "another region", one(Resource=ARN.replace("eu-west-1", "eu-west-2")), (f"{FIRST}/Resource",)),
    Row("SES002", "another account", one(Resource=ARN.replace("1" * 12, "2" * 12)), (f"{FIRST}/Resource",)),
    Row("SES002", "another service", one(Resource=ARN.replace(":ses:", ":s3:")), (f"{FIRST}/Resource",)),
    Row("SES002", "an address of the domain", one(Resource=ARN.replace("exa", "a@exa")), (f"{FIRST}/Resource",)),
    Row("SES002", "a kind that only the deploy knows", one(Resource={"Fn::Sub": f"{PLACE}${{Kind}}"}), ()),
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
    Row(
        "SES002",
        "another address of its domain",
        policy(statement(Resource=ARN.replace("exa", "b@exa")), EmailIdentity="a@example.com"),
        (f"{FIRST}/Resource",),
    ),
    Row(
        "SES002",
        "a domain that reads like the address",
        policy(statement(Resource=ARN.replace("exa", "aexa")), EmailIdentity="a@example.com"),
        (f"{FIRST}/Resource",),
    ),
    Row("SES002", "its own", one()),
    Row("SES002", "its own, declared in another case", policy(EmailIdentity="Example.COM")),
    Row("SES002", "an unknown account", one(Resource={"Fn::Sub": ARN.replace("1" * 12, "${Account}")})),
    Row("SES002", "an unknown identity", one(Resource={"Fn::Sub": f"{ARN[:-11]}${{Name}}"})),
    Row(
        "SES002",
        "a region, where nobody knows the own",
        unknown(statement(Resource=[{"Fn::Sub": ARN.replace("eu-west-1", "${AWS::Region}")}, ARN])),
    ),
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
    Row(
        "SES005",
        "with a stack's name of two letters",
        [replace(each, stack_name="ss") for each in policy(statement(Sid="a" * MOST))],
        ("P Properties/Policy",),
    ),
    Row(
        "SES005",
        "with an unknown part",
        policy(statement(Sid="a" * POLICY_BYTES, Resource=REF)),
        ("P Properties/Policy",),
    ),
    Row(
        "SES005",
        "with an unknown account, which has twelve digits",
        unknown(statement(Sid={"Fn::Join": ["a" * (MOST - 11), ["", {"Ref": "AWS::AccountId"}]]}, Resource=WIDE_ARN)),
        ("P Properties/Policy",),
    ),
    Row(
        "SES005",
        "with a variable of IAM's, which is plain text to CloudFormation",
        policy(statement(Sid="a" * (MOST - 14) + "${aws:username}")),
        ("P Properties/Policy",),
    ),
    Row("SES005", "theirs, one byte too many", _theirs(THEIRS + 1), ("P Properties/Policy",)),
    Row("SES005", "theirs, with their Id", _theirs(THEIRS, Id="A"), ("P Properties/Policy",)),
    Row("SES005", "theirs, as much as SES takes", _theirs(THEIRS)),
    Row(
        "SES005",
        "theirs, as much as SES takes beside an unknown Id",
        [replace(each, document=_whole(each) | {"Id": REF}) for each in _theirs(THEIRS)],
    ),
    Row("SES005", "theirs, with half a character for an Id", _theirs(0, Id="\ud800")),
    Row("SES005", "as much as SES takes, of an Id that the marker takes the place of", _mine(MOST, Id="A" * 99)),
    Row("SES005", "theirs, as much as SES takes with an Id", _theirs(THEIRS - len('"Id":"A",'), Id="A")),
    Row("SES005", "with what may be empty", policy(statement(Sid={"Fn::Sub": "a" * MOST + "${Parameter}"}))),
    Row("SES005", "as much as SES takes", policy(statement(Sid="a" * MOST))),
    Row("SES005", "as much, adopted", policy(statement(Sid="a" * ADOPTED), WhenExists="ADOPT")),
    Row("SES005", "a list that only the deploy knows", one(Action={"Fn::Split": ["a" * POLICY_BYTES, REF]})),
    Row("SES005", "unknown", policy(Policy=MACRO)),
    Row(
        "SES005",
        "of a resource whose name CloudFormation refuses",
        template(more={"P-Q": resource(statement(Sid="a" * 5000))}),
    ),
    Row("SES005", "no document", policy(Policy="a" * 5000)),
    Row("SES006", "NotPrincipal", one(NotPrincipal="*", Principal=None), (f"{FIRST}/NotPrincipal",)),
    Row("SES006", "NotAction", one(NotAction="ses:*", Action=None), (f"{FIRST}/NotAction",)),
    Row("SES006", "NotResource", one(NotResource=REF, Resource=None), (f"{FIRST}/NotResource",)),
    Row("SES006", "a Deny", one(NotPrincipal={"AWS": "2"}, Effect="Deny"), (f"{FIRST}/NotPrincipal",)),
    Row("SES006", "none of them", one()),
    Row("SES006", "an unknown statement", policy(MACRO)),
]
