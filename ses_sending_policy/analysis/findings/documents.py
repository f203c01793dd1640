"""Rules about the document as a whole: its resource, the policy's name, its size."""

from collections.abc import Iterator, Mapping

from ses_sending_policy.analysis.findings.finding import Finding, PolicyRule, Severity, StatementRule
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.sizes import least_bytes
from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json, compact, is_intrinsic
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import canonical_name, identity_name
from ses_sending_policy.rules.limits import POLICY_BYTES, POLICY_NAME_LENGTH, SPREAD, check_policy_name, oversize
from ses_sending_policy.rules.ownership import Marker


class ForeignResource(StatementRule):
    """A statement's Resource is not the identity that the policy is on."""

    id = "SES002"
    severity = Severity.ERROR
    title = "the resource is not the identity's own ARN"
    reason = "SES takes a policy for the identity that it hangs on, and refuses any other resource, `*` included."
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = "leave Resource out, or give the ARN of the identity in the stack's account and region"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each resource that is known not to be the identity's ARN."""
        for path, text in statement.texts("Resource"):
            if _is_other(text, policy):
                yield self.found(policy, path, f"resource {text!r} is not the ARN of {policy.identity_text!r}")


def _is_other(text: str, policy: Declared) -> bool:
    arn = Arn.parse(text)
    if arn is None or not identity_name(arn):
        # Not reported if the text has an unknown part, which may complete the ARN.
        return is_known(text)
    own = policy.environment
    given, here = (arn.partition, arn.region, arn.account), (own.partition, own.region, own.account)
    return any(map(_differs, given, here)) or _names_another(identity_name(arn), policy)


def _differs(given: str, own: str | None) -> bool:
    # A wildcard never equals the stack's own partition, region or account, even if that one is unknown.
    return is_known(given) and ("*" in given or bool(own and given != own))


def _names_another(name: str, policy: Declared) -> bool:
    if name == "*":
        return True
    own = policy.identity_text.rpartition(":identity/")[2]
    is_comparable = is_known(name) and is_known(policy.identity_text)
    return is_comparable and canonical_name(name) != canonical_name(own)


class BadName(PolicyRule):
    """SES refuses the policy's name."""

    id = "SES004"
    severity = Severity.ERROR
    title = "the policy's name is not one that SES takes"
    reason = f"A name has 1 to {POLICY_NAME_LENGTH} letters, digits, `-` or `_`."
    source = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html"
    fix = f"use 1 to {POLICY_NAME_LENGTH} letters, digits, '-' or '_'"

    def of_policy(self, policy: Declared) -> Iterator[Finding]:
        """Yield the name if it is known and SES does not take it."""
        name = text_of(policy.policy_name)
        if not is_known(name):
            return
        try:
            check_policy_name(name)
        except DeclarationError:
            yield self.found(policy, "Properties/PolicyName", f"policy name {name!r} is not one that SES takes")


class TooLarge(PolicyRule):
    """The document has more bytes than SES takes."""

    id = "SES005"
    severity = Severity.ERROR
    title = "the document is larger than SES takes"
    reason = (
        f"SES takes {POLICY_BYTES} bytes. The `Id` of a document of ours is the place of the owner's marker, and "
        "counts; what only the deploy knows is counted as short as it can be."
    )
    elsewhere = "Access Analyzer *Policy size exceeds resource policy quota*"
    source = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html"
    fix = SPREAD

    def of_policy(self, policy: Declared) -> Iterator[Finding]:
        """Yield the document if it has more bytes than SES takes."""
        if not isinstance(policy.document, Mapping) or is_intrinsic(policy.document):
            return
        try:
            marker = None if policy.call else _shortest_marker(policy)
        except DeclarationError:
            # No size to check: CloudFormation allows no stack or resource of that name.
            return
        size = least_bytes(policy.document, marker) + (_id_bytes(policy.document) if policy.call else 0)
        fault = oversize(size, has_marker=not policy.call)
        if fault:
            yield self.found(policy, "Properties/Policy", fault)


def _id_bytes(document: Mapping[str, Json]) -> int:
    """Return how many bytes the `Id` adds to a third-party resource's document, where no marker replaces it."""
    given = text_of(document.get("Id", ""))
    return len(compact({"Id": given}).encode(errors="surrogatepass")) - 1 if given and is_known(given) else 0


def _shortest_marker(policy: Declared) -> Marker:
    # The sixteen zeros stand for the owner token, which always has that length. A stack's name has at least one
    # character.
    return Marker(policy.stack_name or "s", policy.logical_id, "0" * 16, adopted=policy.may_adopt)
