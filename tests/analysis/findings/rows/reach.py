"""What the rules about a statement's reach must report, and must not: grants to nobody, and Denies of the deployer."""

from typing import Any, Final

from tests.analysis.findings.declare import REF, one, policy, statement, unknown, when
from tests.analysis.findings.row import FIRST, Row

PARTNER: Final = {"AWS": "222222222222"}
OWNER: Final = {"AWS": "arn:aws:iam::111111111111:root"}
SERVICE: Final = {"Service": "cognito-idp.amazonaws.com"}
PLACE: Final = f"{FIRST}/Condition"
FROM: Final = "ses:FromAddress"


def _from(*values: Any, principal: Any = PARTNER, **elements: Any) -> Any:
    return when("StringLike", FROM, list(values), Principal=principal, **elements)


def _lock(action: Any = "ses:*", principal: Any = "*", **elements: Any) -> Any:
    return one(Effect="Deny", Action=action, Principal=principal, **elements)


def _except(role: str) -> dict[str, Any]:
    return {"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::111111111111:role/{role}"}}


def _all(*conditions: dict[str, Any]) -> Any:
    return one(Principal=PARTNER, Condition={name: keys for each in conditions for name, keys in each.items()})


ACCOUNT: Final = "aws:PrincipalAccount"
MISSPELT: Final = {"StringLike": {FROM: "*@exampel.com"}}
ADDRESS: Final = {"StringLike": {FROM: "news@example.com"}}
NEITHER: Final = {
    "StringEquals": {FROM: ["a@example.com", "b@example.com"]},
    "StringNotEquals": {FROM: "a@example.com"},
    "StringNotLike": {FROM: "b@*"},
}
BEGINS: Final = {"DateGreaterThan": {"aws:CurrentTime": "2099-02-01T00:00Z"}}
ENDS: Final = {"DateLessThan": {"aws:CurrentTime": "2099-03-01T00:00Z"}}
ENDED: Final = {"DateLessThan": {"aws:CurrentTime": ["2099-01-01T00:00Z", "2098-01-01T00:00Z"]}}

_DEAD: Final = (
    Row("SES121", "a misspelt domain", _from("*@exampel.com"), (PLACE,)),
    Row("SES121", "a domain without an address", _from("news.example.com"), (PLACE,)),
    Row("SES121", "a list in one text", _from("a@example.com,b@example.com"), (PLACE,)),
    Row("SES121", "a service's key", when("StringEquals", "aws:SourceAccount", "1" * 12, Principal=PARTNER), (PLACE,)),
    Row("SES121", "a principal's key", when("StringEquals", "aws:PrincipalOrgID", "o-1", Principal=SERVICE), (PLACE,)),
    Row(
        "SES121",
        "a window that never opens",
        one(
            Principal=PARTNER,
            Condition={
                "DateGreaterThan": {"aws:CurrentTime": "2099-02-01T00:00Z"},
                "DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00Z"},
            },
        ),
        (PLACE,),
    ),
    Row("SES121", "two misspelt domains", _from("*@exampel.com", "a@exmaple.com"), (PLACE,)),
    Row("SES121", "another account", when("StringEquals", ACCOUNT, "333333333333", Principal=PARTNER), (PLACE,)),
    Row("SES121", "a misspelt domain in a window", _all(MISSPELT, BEGINS, ENDS), (PLACE,)),
    Row("SES121", "a window that closes before it opens, from an address", _all(ADDRESS, BEGINS, ENDED), (PLACE,)),
    Row(
        "SES121",
        "no one of two domains, behind a grant without conditions",
        policy(statement(Principal=PARTNER), statement(Principal=PARTNER, Condition=MISSPELT)),
        ("P Properties/Policy/Statement/1/Condition",),
    ),
    Row("SES121", "neither of two addresses, in a window", _all(NEITHER, BEGINS, ENDS), (PLACE,)),
    Row("SES121", "an address in a window", _all(ADDRESS, BEGINS, ENDS)),
    Row(
        "SES121",
        "all of it is denied",
        policy(statement(Principal=PARTNER), statement(Principal="*", Effect="Deny", Action="ses:Send*")),
        (f"{FIRST}/Principal/AWS",),
    ),
    Row("SES121", "an address in a subdomain", _from("*@news.example.com")),
    Row("SES121", "an address in capitals", _from("*@EXAMPLE.com")),
    Row("SES121", "one of two addresses", _from("*@exampel.com", "*@example.com")),
    Row("SES121", "an unknown address", _from(REF)),
    Row("SES121", "a Deny", _from("*@exampel.com", Effect="Deny")),
    Row(
        "SES121",
        "some of it is denied",
        policy(statement(Principal=PARTNER, Action="ses:*"), statement(Principal="*", Effect="Deny")),
    ),
    Row("SES122", "a misspelt domain", _from("*@exampel.com", Effect="Deny"), (PLACE,)),
    Row("SES122", "an address", _from("a@example.com", Effect="Deny")),
    Row("SES122", "an Allow", _from("*@exampel.com")),
)
_LOCKED: Final = (
    Row("SES010", "all actions", _lock(), (f"{FIRST}/Principal",)),
    Row("SES010", "an operation", _lock("ses:DeleteEmailIdentityPolicy"), (f"{FIRST}/Principal",)),
    Row("SES010", "a pattern of them", _lock("ses:*Policy"), (f"{FIRST}/Principal",)),
    Row("SES010", "the own account", _lock(principal=OWNER), (f"{FIRST}/Principal/AWS",)),
    Row(
        "SES010",
        "of an unknown account",
        unknown(statement(Effect="Deny", Principal="*", Action="*")),
        (f"{FIRST}/Principal",),
    ),
    Row(
        "SES010",
        "behind a grant",
        policy(statement(), statement(Effect="Deny", Principal="*", Action="*")),
        ("P Properties/Policy/Statement/1/Principal",),
    ),
    Row("SES010", "any service", _lock(principal={"Service": "*"})),
    Row("SES010", "an Allow for anybody", one(Principal="*", Action="ses:*")),
    Row("SES010", "all but all actions", _lock(None, NotAction="ses:*")),
    Row("SES010", "all but some that send", _lock(None, NotAction=["ses:Send*"]), (f"{FIRST}/Principal",)),
    Row("SES120", "an Allow for all but those", one(Action="ses:*", Principal=None, NotPrincipal=PARTNER)),
    Row("SES120", "an Allow for anybody from an address", one(Principal="*", Action="ses:*", Condition=ADDRESS)),
    Row("SES010", "actions that send", _lock("ses:Send*")),
    Row("SES010", "another account", _lock(principal=PARTNER)),
    Row("SES010", "an Allow", one(Principal=OWNER, Action="ses:*")),
    Row("SES010", "all but a role", _lock(Condition=_except("Deploy"))),
    Row("SES120", "all but a role", _lock(Condition=_except("Deploy")), (f"{FIRST}/Principal",)),
    Row(
        "SES120",
        "all but those",
        one(Effect="Deny", Action="ses:*", Principal=None, NotPrincipal=PARTNER),
        (f"{FIRST}/NotPrincipal",),
    ),
    Row(
        "SES120",
        "all but an action",
        _lock(None, NotAction="ses:SendEmail", Condition=_except("Deploy")),
        (f"{FIRST}/Principal",),
    ),
    Row(
        "SES120",
        "from elsewhere",
        _lock(Condition={"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        (f"{FIRST}/Principal",),
    ),
    Row("SES120", "in any case, SES010's", _lock()),
    Row("SES120", "outside of the organization", _lock(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})),
    Row("SES120", "without TLS", _lock(Condition={"Bool": {"aws:SecureTransport": "false"}})),
)

ROWS: Final = (*_DEAD, *_LOCKED)
