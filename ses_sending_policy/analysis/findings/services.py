"""Rules about AWS services: policies that services write themselves, and which regions Cognito's pools send from."""

import re
from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Severity, StatementRule
from ses_sending_policy.analysis.findings.vendors import vendor_of
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.rules.arns import Arn


class VendorPolicy(StatementRule):
    """The policy has a statement like the one that WorkMail or Pinpoint writes for itself."""

    id = "SES119"
    severity = Severity.WARNING
    title = "a service of AWS's has the policy that it writes for itself"
    reason = (
        "WorkMail and Pinpoint need more than sending on an identity that they are used with, as `ses:*`, and their "
        "guides say so. This finding is reported instead of SES003."
    )
    source = "https://docs.aws.amazon.com/workmail/latest/adminguide/editing_domains.html"
    fix = "acknowledge it where the identity is used with that service, else remove the statement"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield a finding if the statement is like the one that WorkMail or Pinpoint writes for itself."""
        vendor = vendor_of(statement)
        if vendor:
            actions = " and ".join(repr(text) for _, text in statement.texts("Action"))
            message = f"the policy lets {vendor} do {actions} with {policy.identity_text!r}"
            yield self.found(policy, f"{statement.path}/Action", message)


_COGNITO: Final = re.compile(r"(?:email\.)?cognito-idp(?:\.([a-z0-9-]+))?\.amazonaws\.com")
COGNITO: Final = "Amazon Cognito"


def service_of(statement: Statement) -> str:
    """Return the AWS service that the statement is for, if the service needs it; else an empty text.

    That is the service that writes such a statement for itself, or `COGNITO` if all principals are Cognito's.
    """
    services = [kind == "Service" and _COGNITO.fullmatch(text) for _, kind, text in statement.principals()]
    return vendor_of(statement) or (COGNITO if statement.allows and services and all(services) else "")


_POSITIVE: Final = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")

# The regions that are off in a new account, until its owner enables them.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_OPT_IN: Final = frozenset(
    {
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
        *("ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2"),
        *("il-central-1", "me-central-1", "me-south-1", "mx-central-1"),
    }
)


class CognitoRegion(StatementRule):
    """An Allow for Amazon Cognito names a service as which the user pools of that region do not send."""

    id = "SES118"
    severity = Severity.WARNING
    title = "Cognito may not send for a user pool of that region"
    reason = (
        "A user pool uses an identity of its own region. Cognito's guide pairs some regions with `us-east-1`, "
        "`us-west-2` and `eu-west-1` besides, and pools of some regions that an account has to enable send as "
        "`cognito-idp.REGION.amazonaws.com`. A grant to another service is not used: the pool can't send."
    )
    source = "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html"
    fix = "use an identity in the pool's region, and name the service that its pools send as"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each service of Cognito as which no user pool that the statement's conditions name can send."""
        named = [(path, text) for path, kind, text in statement.principals() if kind == "Service"]
        services = [(path, text, found[1]) for path, text in named if (found := _COGNITO.fullmatch(text))]
        if not statement.allows:
            return
        regional = {region for _, _, region in services}
        for pool in sorted({region for each in statement.conditions() for region in _pools(each)}):
            for path, text, region in services:
                fault, fix = _fault(pool, text, region, policy) if region or pool not in regional else ("", "")
                if fault:
                    yield self.found(policy, path, fault, fix=fix)


def _pools(condition: Condition) -> Iterator[str]:
    """Yield the regions of the user pools whose ARNs a condition on `aws:SourceArn` names."""
    if condition.key == "aws:SourceArn" and condition.comparison in _POSITIVE:
        for arn in map(Arn.parse, condition.values):
            if arn and arn.service == "cognito-idp" and re.fullmatch(r"[a-z0-9-]+", arn.region):
                yield arn.region


def _fault(pool: str, service: str, region: str | None, policy: Declared) -> tuple[str, str]:
    """Return why a user pool in the region `pool` may not send as `service`, and what to do; empty texts if it may."""
    here = policy.environment.region
    own = f"cognito-idp.{pool}.amazonaws.com"
    if region and region != pool:
        return f"service {service!r} sends for pools of {region!r}, and the pool is in {pool!r}", f"name {own}"
    if here and is_known(here) and here != pool:
        fix = f"use an identity in {pool}, or acknowledge it where Cognito's guide pairs the two regions"
        return f"the pool is in {pool!r}, and identity {policy.identity_text!r} in {here!r}", fix
    if not region and pool in _OPT_IN:
        return f"pools of {pool!r} may send as {own!r}, and not as {service!r}", f"name {own} as well"
    return "", ""
