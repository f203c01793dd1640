"""Writes an adoption as Python (a stack that declares the policies, and an app around it) and as JSON."""

from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.findings.catalogue import PLUGIN
from ses_sending_policy.analysis.grants.granted import EVERYBODY, Granted
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.live.adoption import Adopted, Adoption
from ses_sending_policy.review.python import Expression, Name, call, lines, literal, quoted
from ses_sending_policy.rules.arns import is_account
from ses_sending_policy.rules.document import Json

_ABOUT: Final = '''\
"""Sending authorization policies, as they were at SES when they were adopted.

A deploy takes each of them over where it still says the same, and else changes nothing.
"""
'''

_CLASS: Final = '''\
class SendingPolicies(cdk.Stack):
    """The sending authorization policies of one identity."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
'''

_BODY: Final = 8

# Comments of the generated code contain no text of a policy, because such texts are untrusted.


def adoption_python(adoption: Adoption) -> str:
    """Return a Python module that declares the policies in a stack, and is a CDK app if it is run."""
    identity = adoption.arn.identity.name
    if not adoption.policies and not adoption.left:
        return f"# {quoted(identity)} has no policy in account {adoption.arn.account}, {adoption.arn.region}.\n"
    body = [line for each in adoption.policies for line in _policy(each)]
    for name in adoption.left:
        body += ["", f"        # Policy {quoted(name)} is left out: it cannot be declared unchanged."]
    code = "\n".join(body)
    return "\n".join(
        [
            _ABOUT,
            *_imports(adoption),
            "",
            f"IDENTITY = {quoted(identity)}",
            "",
            "",
            f"{_CLASS}{code}",
            "",
            "",
            *_app(adoption),
            "",
        ]
    )


def _imports(adoption: Adoption) -> Iterator[str]:
    used = {grant.method for policy in adoption.policies for grant in policy.grants}
    yield from ("from typing import Any", "", "import aws_cdk as cdk")
    if "allow_cognito_user_pool" in used:
        yield "from aws_cdk import aws_cognito as cognito"
    if used & {"allow_principal", "deny"}:
        yield "from aws_cdk import aws_iam as iam"
    yield from ("from constructs import Construct", "from ses_sending_policy import SendingPolicy, WhenExists")


def _app(adoption: Adoption) -> Iterator[str]:
    yield from ('if __name__ == "__main__":', "    app = cdk.App()")
    place = {"account": adoption.arn.account, "region": adoption.arn.region}
    environment = call("cdk.Environment", **{name: literal(value) for name, value in place.items()})
    yield from lines(call("SendingPolicies", Name("app"), literal(adoption.stack_name), env=environment), indent=4)
    yield "    app.synth()"


def _policy(policy: Adopted) -> Iterator[str]:
    yield from ("", *(f"        # {comment}" for comment in _comments(policy)))
    named: dict[str, Expression] = {"identity": Name("IDENTITY"), "policy_name": literal(policy.name)}
    if policy.document:
        named["document"] = literal(policy.document)
    named["when_exists"] = Name("WhenExists.ADOPT")
    made = call("SendingPolicy", Name("self"), literal(policy.construct_id), **named)
    is_used = policy.grants or policy.findings
    yield from lines(made, indent=_BODY, before="policy = " if is_used else "")
    for number, each in enumerate(policy.grants, 1):
        yield from _grant(each, number)
    if policy.findings:
        yield from lines(call("cdk.Validations.of(policy).acknowledge", *_acknowledgments(policy)), indent=_BODY)


def _comments(policy: Adopted) -> Iterator[str]:
    if policy.owner:
        yield f"Policy {policy.name}. It belongs to {policy.owner.owner}: a deploy takes it from there."
    else:
        yield f"Policy {policy.name}. It was not made by a SendingPolicy."
    if policy.document:
        yield "No grant says what stands in its document."
    for rule in (*policy.acknowledged, *policy.warned):
        yield f"Look at it: {rule.id}, {rule.title}."


def _acknowledgments(policy: Adopted) -> Iterator[Expression]:
    reason = literal("it was so at SES when it was adopted")
    for rule in policy.acknowledged:
        yield call("cdk.Acknowledgment", id=literal(f"{PLUGIN}::{rule.id}"), reason=reason)


def _grant(grant: Granted, number: int) -> Iterator[str]:
    named: Mapping[str, Expression] = {name: literal(value) for name, value in grant.words.items()}
    sources = {"source_arn": grant.source_arn, "source_account": grant.source_account}
    if grant.method == "allow_service":
        named = {**{name: literal(value) for name, value in sources.items() if value}, **named}
    yield from lines(call(f"policy.{grant.method}", *_whom(grant, number), **named), indent=_BODY)


def _whom(grant: Granted, number: int) -> Iterator[Expression]:
    principals = [_principal(each) for each in grant.principals]
    match grant.method:
        case "allow_account" | "allow_service":
            yield from (literal(each.name) for each in grant.principals)
        case "allow_organization":
            yield literal(grant.organization)
        case "allow_cognito_user_pool":
            pool = (Name("policy"), literal(f"Pool{number}"), literal(grant.source_arn))
            yield call("cognito.UserPool.from_user_pool_arn", *pool)
        case _ if grant.organization:
            yield call("iam.OrganizationPrincipal", literal(grant.organization))
        case _:
            yield principals[0] if len(principals) == 1 else call("iam.CompositePrincipal", *principals)


def _principal(principal: Principal) -> Expression:
    if principal == EVERYBODY:
        return call("iam.AnyPrincipal")
    if principal.kind == "Service":
        return call("iam.ServicePrincipal", literal(principal.name))
    kind = "AccountPrincipal" if is_account(principal.name) else "ArnPrincipal"
    return call(f"iam.{kind}", literal(principal.name))


def adoption_json(adoption: Adoption) -> str:
    """Return the adoption as `schemas/adopt.schema.json` describes it."""
    found = {
        "version": 1,
        "account": adoption.arn.account,
        "region": adoption.arn.region,
        "identity": adoption.arn.identity.name,
        "policies": [_policy_json(each) for each in adoption.policies],
        "left_out": [{"policy_name": name, "reason": reason} for name, reason in adoption.left.items()],
    }
    return json_text(found)


def _policy_json(policy: Adopted) -> Json:
    marker = policy.owner
    owner = marker and {"stack": marker.stack_name, "logical_id": marker.logical_id, "adopted": marker.adopted}
    return {
        "policy_name": policy.name,
        "owner": owner,
        "document": policy.whole,
        "findings": [
            {"rule": each.rule, "message": each.message, "fix": each.fix, "location": each.location}
            for each in policy.findings
        ],
    }
