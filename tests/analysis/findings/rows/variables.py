"""What the rule about policy variables must report, and must not."""

from typing import Any, Final

from tests.analysis.findings.declare import ARN, MACRO, REF, document, one, statement, theirs, when
from tests.analysis.findings.row import FIRST, Row, condition

TAG: Final = "${aws:PrincipalTag/Team}@example.com"
FROM: Final = condition("StringLike", "ses:FromAddress")


def _of(version: str | None, value: str = TAG) -> Any:
    return document(statement(Condition={"StringLike": {"ses:FromAddress": value}}), Version=version)


def _value(name: str, value: Any, *, found: bool = True) -> Row:
    return Row("SES114", name, when("StringLike", "ses:FromAddress", value), (FROM,) if found else ())


ROWS: Final = [
    Row("SES114", "of 2008", _of("2008-10-17"), (FROM,)),
    Row("SES114", "of no Version", _of(None), (FROM,)),
    Row("SES114", "an escaped star, of 2008", _of("2008-10-17", "${*}@example.com"), (FROM,)),
    Row(
        "SES114",
        "of theirs",
        theirs({"Statement": [statement(Condition={"StringLike": {"a:b": TAG}})]}),
        (condition("StringLike", "a:b"),),
    ),
    Row(
        "SES114",
        "in a resource of 2008",
        document(statement(Resource=f"{ARN[:-11]}${{aws:PrincipalTag/Domain}}"), Version="2008-10-17"),
        (f"{FIRST}/Resource",),
    ),
    _value("a misspelt one", "${aws:usrname}@example.com"),
    _value("SES's, misspelt", "${ses:From}"),
    _value("without a service", "${username}@example.com"),
    _value("empty", "${}@example.com"),
    _value("of many values", "${ses:Recipients}"),
    _value("of the paths of a source", "${aws:SourceOrgPaths}"),
    _value("of the paths of an endpoint", "${aws:VpceOrgPaths}"),
    _value("twice in one value, told once", "${aws:usrname}-${aws:usrname}"),
    _value("with a brace missing", "${aws:username"),
    _value("between two references", {"Fn::Join": ["", [REF, "${aws:usrname}", REF]]}),
    _value("escaped by CloudFormation", {"Fn::Sub": "${!aws:usrname}@${Domain}"}),
    Row(
        "SES114",
        "of a principal",
        one(Principal={"AWS": "arn:aws:iam::${aws:PrincipalAccount}:root"}),
        (f"{FIRST}/Principal/AWS",),
    ),
    Row("SES114", "of a lone principal", one(Principal="${aws:username}"), (f"{FIRST}/Principal",)),
    Row(
        "SES114",
        "of a principal that only the deploy knows",
        one(Principal={"Fn::Sub": "${!aws:username}${Path}"}),
        (f"{FIRST}/Principal",),
    ),
    Row("SES114", "of an action", one(Action="ses:${aws:username}"), (f"{FIRST}/Action",)),
    Row(
        "SES114",
        "of a date",
        when("DateLessThan", "aws:CurrentTime", "${aws:TokenIssueTime}"),
        (condition("DateLessThan", "aws:CurrentTime"),),
    ),
    Row(
        "SES114",
        "of a network",
        when("IpAddress", "aws:SourceIp", "${aws:SourceIp}"),
        (condition("IpAddress", "aws:SourceIp"),),
    ),
    _value("a tag", TAG, found=False),
    _value("in another case", "${AWS:UserName}@example.com", found=False),
    _value("with a default", "${aws:PrincipalTag/Team, 'news'}@example.com", found=False),
    _value("a name with a default", "${aws:username, 'news'}@example.com", found=False),
    _value("with a default that is empty", "${aws:username, ''}@example.com", found=False),
    _value("SES's", "${ses:FeedbackAddress}", found=False),
    _value("of another service", "${saml:sub}@example.com", found=False),
    _value("an escaped star", "${*}${?}${$}@example.com", found=False),
    _value("a dollar alone", "$5@example.com", found=False),
    _value("a reference", {"Fn::Sub": "${Name}@example.com"}, found=False),
    _value("a reference in a text", {"Fn::Join": ["", [REF, "@example.com"]]}, found=False),
    _value("a reference of the stack", {"Ref": "AWS::StackName"}, found=False),
    Row("SES114", "an organization's", when("ArnLike", "aws:SourceArn", "arn:aws:s3:::${aws:PrincipalOrgID}")),
    Row("SES114", "of 2008 and unknown", document(statement(Resource=REF, Condition=MACRO), Version="2008-10-17")),
    Row("SES114", "of an unknown Version", document(statement(Condition={"StringLike": {"a:b": TAG}}), Version=REF)),
    Row("SES114", "of a Version that SES109 is about", _of("2024-01-01")),
]
