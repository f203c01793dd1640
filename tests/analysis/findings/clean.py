"""Policies without a fault: AWS's own examples, and what people derive from them."""

from collections.abc import Iterator, Sequence
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from tests.analysis.findings.declare import ARN, REF, document, one, policy, resource, statement, template, theirs, when
from tests.analysis.findings.examples import SENDING, here

ROOT: Final = "arn:aws:iam::222222222222:root"
FROM: Final = {"StringLike": {"ses:FromAddress": "*@news.example.com"}}
POOL: Final = "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_abc"
ORGANIZATION: Final = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
WINDOW: Final = {
    "DateGreaterThan": {"aws:CurrentTime": "2026-08-31T12:00Z"},
    "DateLessThan": {"aws:CurrentTime": "2026-10-31T12:00Z"},
}


def _cognito(service: str) -> Sequence[Declared]:
    source = {"StringEquals": {"aws:SourceAccount": "111111111111"}, "ArnLike": {"aws:SourceArn": POOL}}
    return one(Principal={"Service": service}, Condition=source)


def _elsewhere(partition: str, region: str) -> Sequence[Declared]:
    arn = f"arn:{partition}:ses:{region}:111111111111:identity/example.com"
    user = f"arn:{partition}:iam::222222222222:user/sender"
    declared = resource(statement(Principal={"AWS": user}, Resource=arn))
    return template(environment=KnownEnvironment(partition, region, "111111111111"), P=declared)


def _examples() -> Iterator[tuple[str, Sequence[Declared]]]:
    for name, elements in SENDING.items():
        identity = "sender@example.com" if name == "two statements" else "example.com"
        # The example's window was in 2021.
        if name != "a window of time":
            yield f"AWS's example of {name}", policy(EmailIdentity=identity, Policy=here(elements))


CLEAN: Final[dict[str, Sequence[Declared]]] = {
    **dict(_examples()),
    "a user": one(),
    "a user as a list": one(Principal={"AWS": ["arn:aws:iam::222222222222:user/sender"]}, Action=["ses:SendEmail"]),
    "a lone principal": one(Principal="arn:aws:iam::222222222222:role/Sender"),
    "a role of a path": one(Principal={"AWS": "arn:aws:iam::222222222222:role/mail/Sender"}),
    "a session of a role": one(Principal={"AWS": "arn:aws:sts::222222222222:assumed-role/Sender/deploy"}),
    "a federated user": one(Principal={"AWS": "arn:aws:sts::222222222222:federated-user/bob"}),
    "an account and a subdomain": one(Principal={"AWS": "222222222222"}, Condition=FROM),
    "a root and a subdomain": one(Principal={"AWS": [ROOT, "333333333333"]}, Condition=FROM),
    "an empty Condition": one(Condition={}),
    "an empty operator": one(Condition={"StringEquals": {}}),
    "a window of time": one(Condition=WINDOW),
    "a window of days": when("DateLessThan", "aws:CurrentTime", "2026-12-31"),
    "a window in seconds": when("NumericLessThan", "aws:EpochTime", "1798761600"),
    "an organization": one(Principal="*", Condition=ORGANIZATION),
    "an organization as a map": one(Principal={"AWS": "*"}, Condition=ORGANIZATION),
    "a network": when("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:db8::/32", "203.0.113.7"]),
    "encrypted alone": when("Bool", "aws:SecureTransport", "true"),
    "a session with a second factor": when("BoolIfExists", "aws:MultiFactorAuthPresent", "true"),
    "a display name that asks": when("StringEquals", "ses:FromDisplayName", "Ready?"),
    "recipients": when("ForAllValues:StringLike", "ses:Recipients", ["*@example.com", "*@example.org"]),
    "any of the recipients": when("ForAnyValue:StringNotLike", "ses:Recipients", "*@example.com", Effect="Deny"),
    "a tag": when("StringEquals", "aws:PrincipalTag/Team", "news"),
    "a variable": when("StringLike", "ses:FromAddress", "${aws:PrincipalTag/Team}@example.com"),
    "an own Sid, Id and old Version": document(statement(Sid="Partner1"), Id="Ours", Version="2008-10-17"),
    "no Version": document(Version=None),
    "a lone statement": document(Statement=statement()),
    "all five actions": one(Action=["ses:Send*", "SES:SendEmail"]),
    "a Deny of all": one(Effect="Deny", Principal={"AWS": "222222222222"}, Action=["ses:SendRawEmail"]),
    "theirs": theirs({"Version": "2012-10-17", "Statement": [statement(Sid="A")]}),
    "theirs, updated": theirs({"Statement": statement()}, {"Statement": statement(Action="ses:SendRawEmail")}),
    "China": _elsewhere("aws-cn", "cn-north-1"),
    "GovCloud": _elsewhere("aws-us-gov", "us-gov-west-1"),
    "Cognito": _cognito("cognito-idp.amazonaws.com"),
    "Cognito's mail": _cognito("email.cognito-idp.amazonaws.com"),
    "an address": policy(
        statement(Principal={"AWS": ROOT}, Resource=ARN.replace("exa", "a@exa")), EmailIdentity="a@example.com"
    ),
    "what only the deploy knows": policy(
        statement(Sid=REF, Principal={"AWS": REF}, Action=REF, Condition={"StringLike": {"ses:FromAddress": REF}})
    ),
}
