"""What the rules about policies of AWS's own services must report, and must not: WorkMail, Pinpoint and Cognito."""

from typing import Any, Final

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.rules.actions import SENDING_ACTIONS
from tests.analysis.findings.declare import ARN, REF, document, one, resource, statement, template, theirs, unknown
from tests.analysis.findings.row import FIRST, Row

ACTION: Final = f"{FIRST}/Action"
WORKMAIL: Final = "workmail.eu-west-1.amazonaws.com"
SOURCE: Final = {"ArnEquals": {"aws:SourceArn": "arn:aws:workmail:eu-west-1:111111111111:organization/m-1"}}
PINPOINT: Final = {
    "Sid": "PinpointEmail",
    "Effect": "Allow",
    "Principal": {"Service": "pinpoint.amazonaws.com"},
    "Action": "ses:*",
    "Resource": ARN,
    "Condition": {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "StringLike": {"aws:SourceArn": "arn:aws:mobiletargeting:eu-west-1:111111111111:apps/*"},
    },
}


def _workmail(actions: Any, principal: Any = WORKMAIL, **elements: Any) -> Any:
    return one(Principal={"Service": principal}, Action=actions, Condition=SOURCE, **elements)


def _vendor(name: str, policies: Any, *, found: bool = True) -> tuple[Row, Row]:
    """Return two rows: SES119 reports the policies and SES003 does not, or the other way round."""
    places = [(ACTION,), ()]
    one, other = places if found else places[::-1]
    return Row("SES119", name, policies, one), Row("SES003", f"{name}, of SES119's", policies, other)


def _pool(region: str, *principals: str) -> Any:
    arn = f"arn:aws:cognito-idp:{region}:111111111111:userpool/{region}_abc"
    return one(Principal={"Service": list(principals)}, Condition={"ArnLike": {"aws:SourceArn": arn}})


def _source(operator: str, key: str, service: str, **elements: Any) -> Any:
    condition = {operator: {key: f"arn:aws:{service}:eu-west-2:111111111111:userpool/eu-west-2_abc"}}
    return one(Principal={"Service": [GLOBAL]}, Condition=condition, **elements)


def _cognito(name: str, policies: Any, *, number: int | None = None) -> Row:
    place = f"{FIRST}/Principal/Service"
    return Row("SES118", name, policies, () if number is None else (f"{place}/{number}",))


GLOBAL: Final = "cognito-idp.amazonaws.com"
EMAIL: Final = "email.cognito-idp.amazonaws.com"
THERE: Final = "me-central-1"
REGIONAL: Final = f"cognito-idp.{THERE}.amazonaws.com"
REGION_UNKNOWN: Final = unknown(
    statement(
        Principal={"Service": GLOBAL},
        Condition={"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/a"}},
        Resource=REF,
    )
)
OF_TEMPLATE: Final = {"ArnLike": {"aws:SourceArn": {"Fn::GetAtt": ["Pool", "Arn"]}}}


def _there(*principals: str) -> Any:
    """Return a policy in a region that an account must enable, for a user pool in the same region."""
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:{THERE}:111111111111:userpool/{THERE}_abc"}}
    grant = statement(Principal={"Service": list(principals)}, Condition=source)
    return template(environment=KnownEnvironment("aws", THERE, "111111111111"), P=resource(grant))


ROWS: Final = [
    *_vendor("WorkMail's, of its guide", _workmail(["ses:*"])),
    *_vendor("WorkMail's of no region", _workmail("ses:*", "workmail.amazonaws.com")),
    *_vendor(
        "WorkMail's of an unknown region", _workmail("ses:*", {"Fn::Sub": "workmail.${AWS::Region}.amazonaws.com"})
    ),
    *_vendor("WorkMail's by two of its names", _workmail("ses:*", [WORKMAIL, "workmail.amazonaws.com"])),
    *_vendor("Pinpoint's, of its guide", document(PINPOINT, Version="2008-10-17")),
    *_vendor("Pinpoint's, of theirs", theirs({"Version": "2008-10-17", "Statement": [PINPOINT]})),
    Row("SES119", "WorkMail's, itself", _workmail(["ses:SendBounce", "ses:SendRawEmail"]), (ACTION,)),
    Row("SES003", "WorkMail's, itself, of SES119's", _workmail(["ses:SendBounce", "ses:SendRawEmail"])),
    Row("SES119", "all that WorkMail may have", _workmail([*SENDING_ACTIONS, "ses:SendBounce", "ses:*"]), (ACTION,)),
    Row("SES119", "what only sends", _workmail(["ses:SendRawEmail"])),
    Row("SES119", "all that sends", _workmail(list(SENDING_ACTIONS))),
    Row("SES119", "a Deny", _workmail("ses:*", Effect="Deny")),
    Row("SES119", "an unknown action", _workmail(REF)),
    *_vendor("another's", _workmail("ses:*", "sns.amazonaws.com"), found=False),
    *_vendor("of a region without a name", _workmail("ses:*", "workmail..amazonaws.com"), found=False),
    *_vendor("WorkMail's and another's", _workmail("ses:*", [WORKMAIL, "sns.amazonaws.com"]), found=False),
    *_vendor("WorkMail's that deletes", _workmail("ses:DeleteEmailIdentity"), found=False),
    *_vendor("both of them", _workmail("ses:*", [WORKMAIL, "pinpoint.amazonaws.com"]), found=False),
    *_vendor("WorkMail's under AWS", one(Action="ses:*", Principal={"AWS": WORKMAIL}), found=False),
    *_vendor("an account's", one(Action="ses:*"), found=False),
    *_vendor("everybody's", one(Action="ses:*", Principal="*"), found=False),
    _cognito("a pool in another region", _pool("eu-west-2", GLOBAL), number=0),
    _cognito("a pool in another region by its own principal", _pool("eu-west-2", EMAIL), number=0),
    _cognito(
        "a principal of another region",
        _pool("eu-west-1", "cognito-idp.eu-south-1.amazonaws.com"),
        number=0,
    ),
    _cognito("one of two", _pool("eu-west-1", GLOBAL, "cognito-idp.eu-west-2.amazonaws.com"), number=1),
    _cognito("a pool here", _pool("eu-west-1", GLOBAL)),
    _cognito("a pool here by another name", _pool("eu-west-1", EMAIL)),
    _cognito("a pool here by its region", _pool("eu-west-1", "cognito-idp.eu-west-1.amazonaws.com")),
    _cognito("a pool of any region", _pool("*", GLOBAL)),
    _cognito("a region that nobody knows", REGION_UNKNOWN),
    _cognito("a pool of the template", one(Principal={"Service": EMAIL}, Condition=OF_TEMPLATE)),
    _cognito("the global principal of a region to enable", _there(GLOBAL), number=0),
    _cognito("the other global principal of it", _there(EMAIL), number=0),
    _cognito("the principal of a region to enable", _there(REGIONAL)),
    _cognito("both of its principals", _there(GLOBAL, REGIONAL)),
    _cognito("a Deny", _source("ArnLike", "aws:SourceArn", "cognito-idp", Effect="Deny")),
    _cognito("another key", _source("ArnLike", "aws:PrincipalArn", "cognito-idp")),
    _cognito("all but a pool", _source("ArnNotLike", "aws:SourceArn", "cognito-idp")),
    _cognito("another service's source", _source("ArnLike", "aws:SourceArn", "sns")),
    _cognito("a pool elsewhere, as a text", _source("StringEquals", "aws:SourceArn", "cognito-idp"), number=0),
    _cognito("no pool", one(Principal={"Service": GLOBAL})),
    _cognito("another service", _pool("eu-west-2", "sns.amazonaws.com")),
]
