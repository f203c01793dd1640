"""What the rules about how a principal is written must report, and must not."""

from typing import Any, Final

from tests.analysis.findings.declare import MACRO, REF, one, statement, unknown
from tests.analysis.findings.row import FIRST, Row

PRINCIPAL: Final = f"{FIRST}/Principal"
AWS: Final = f"{PRINCIPAL}/AWS"
SERVICE: Final = f"{PRINCIPAL}/Service"
USER: Final = "arn:aws:iam::222222222222:user/a"


def _kind(name: str, kind: str, *, found: bool = True) -> Row:
    return Row("SES013", name, one(Principal={kind: "222222222222"}), (f"{PRINCIPAL}/{kind}",) if found else ())


def _bad(name: str, principal: Any) -> Row:
    return Row("SES014", name, one(Principal={"AWS": principal}), (AWS,))


def _good(principal: Any, kind: str = "AWS") -> Row:
    return Row("SES014", f"{kind} {principal}", one(Principal={kind: principal}))


def _pattern(principal: str, *, found: bool = True) -> Row:
    return Row("SES015", principal, one(Principal={"AWS": principal}), (AWS,) if found else ())


ROWS: Final = [
    _kind("aws", "aws"),
    _kind("SERVICE", "SERVICE"),
    _kind("an unknown one", "Account"),
    _kind("any", "*"),
    _kind("AWS", "AWS", found=False),
    _kind("Federated", "Federated", found=False),
    _kind("CanonicalUser", "CanonicalUser", found=False),
    Row("SES013", "one of two", one(Principal={"AWS": USER, "service": "a"}), (f"{PRINCIPAL}/service",)),
    Row("SES013", "a text", one(Principal=USER)),
    Row("SES013", "a function beside it", one(Principal={"AWS": USER} | MACRO)),
    Row("SES013", "unknown", one(Principal=MACRO)),
    Row("SES013", "a reference", one(Principal=REF)),
    _bad("eleven digits", "22222222222"),
    _bad("eleven digits as a number", 22222222222),
    _bad("thirteen digits", "2222222222222"),
    _bad("eleven digits in an ARN", "arn:aws:iam::22222222222:root"),
    _bad("dashes", "2222-2222-2222"),
    _bad("no account", "arn:aws:iam:::root"),
    _bad("a name", "partner"),
    _bad("nothing", ""),
    _bad("an ARN of another service", "arn:aws:s3:::bucket"),
    _bad("an ARN in a region", "arn:aws:iam:eu-west-1:222222222222:role/a"),
    _bad("a group", "arn:aws:iam::222222222222:group/a"),
    _bad("a policy", "arn:aws:iam::222222222222:policy/a"),
    _bad("a role without a name", "arn:aws:iam::222222222222:role/"),
    _bad("no partition", "arn:amazon:iam::222222222222:root"),
    _bad("a service", "cognito-idp.amazonaws.com"),
    _bad("an id without its rest", "AROA"),
    Row(
        "SES014",
        "a group of an unknown partition",
        unknown(
            statement(Principal={"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::222222222222:group/a"}}, Resource=REF)
        ),
        (AWS,),
    ),
    Row("SES014", "one of three", one(Principal={"AWS": [USER, "2", REF]}), (f"{AWS}/1",)),
    Row("SES014", "a lone text", one(Principal="222"), (PRINCIPAL,)),
    Row("SES014", "no service", one(Principal={"Service": "cognito-idp"}), (SERVICE,)),
    Row("SES014", "a service without a name", one(Principal={"Service": ".amazonaws.com"}), (SERVICE,)),
    Row("SES014", "a service of no region", one(Principal={"Service": "a..amazonaws.com"}), (SERVICE,)),
    Row("SES014", "an account as a service", one(Principal={"Service": "222222222222"}), (SERVICE,)),
    Row("SES014", "in a Deny", one(Effect="Deny", Principal={"AWS": "22222222222"}), (AWS,)),
    _good("arn:aws:iam:eu-west-1:${123456789012:role/DUMMY_ARN}"),
    _good("222222222222"),
    _good("*"),
    _good(USER),
    _good("arn:aws:iam::222222222222:root"),
    _good("arn:aws-cn:iam::222222222222:root"),
    _good("arn:aws-us-gov:iam::222222222222:role/path/to/a"),
    _good("arn:aws:sts::222222222222:assumed-role/role/session"),
    _good("arn:aws:sts::222222222222:federated-user/bob"),
    _good("AROAEXAMPLEID12345678"),
    _good(REF),
    _good({"Fn::Sub": "arn:${AWS::Partition}:iam::${Account}:root"}),
    _good({"Fn::Sub": "arn:aws:iam::222222222222:${Kind}"}),
    _good({"Fn::Sub": "arn:aws:iam::222222222222:role/${Name}"}),
    _good({"Fn::Sub": "arn:aws:${Service}::222222222222:thing"}),
    _good({"Fn::Sub": "arn:aws:iam:${Region}:222222222222:thing"}),
    _good("cognito-idp.amazonaws.com", "Service"),
    _good("email.cognito-idp.amazonaws.com", "Service"),
    _good("cognito-idp.eu-south-1.amazonaws.com", "Service"),
    _good("ec2.amazonaws.com.cn", "Service"),
    _good({"Fn::Sub": "workmail.${AWS::Region}.amazonaws.com"}, "Service"),
    Row(
        "SES014",
        "a partition that only the deploy knows",
        unknown(
            statement(Principal={"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::222222222222:root"}}, Resource=REF)
        ),
    ),
    Row(
        "SES014",
        "a service's region that only the deploy knows",
        unknown(statement(Principal={"Service": {"Fn::Sub": "a.${AWS::Region}.amazonaws.com"}}, Resource=REF)),
    ),
    Row("SES014", "a group known in part", one(Principal={"AWS": {"Fn::Sub": "arn:aws:iam::${A}:group/${B}"}}), (AWS,)),
    _good("partner", "CanonicalUser"),
    Row("SES014", "the wrong kind, SES013's", one(Principal={"aws": "2"})),
    Row("SES014", "a pattern, SES015's", one(Principal={"AWS": "arn:aws:iam::2*:root", "Service": "*"})),
    _pattern("arn:aws:iam::222222222222:role/a*"),
    _pattern("arn:aws:iam::222222222222:role/*"),
    _pattern("arn:aws:iam::222222222222:user/?"),
    _pattern("arn:aws:iam::*:root"),
    _pattern("22222222222*"),
    Row("SES015", "of one known in part", one(Principal={"AWS": {"Fn::Sub": "arn:aws:iam::${A}:role/a*"}}), (AWS,)),
    Row("SES015", "any service", one(Principal={"Service": "*"}), (SERVICE,)),
    Row("SES015", "anybody federated", one(Principal={"Federated": "*"}), (f"{PRINCIPAL}/Federated",)),
    Row("SES015", "any canonical user", one(Principal={"CanonicalUser": "*"}), (f"{PRINCIPAL}/CanonicalUser",)),
    Row("SES015", "a lone text", one(Principal="arn:aws:iam::222222222222:role/a*"), (PRINCIPAL,)),
    Row("SES015", "of the wrong kind, SES013's", one(Principal={"aws": "arn:aws:iam::222222222222:role/*"})),
    _pattern("*", found=False),
    _pattern(USER, found=False),
    Row("SES015", "everybody", one(Principal="*")),
    Row("SES015", "a function's own star", one(Principal={"AWS": {"Fn::Select": ["0", {"Fn::Split": ["*", REF]}]}})),
]
