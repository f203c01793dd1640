"""The result of `adopt`: the live policies of an identity, and how an app declares each of them unchanged."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from ses_sending_policy.analysis.findings.catalogue import RULES
from ses_sending_policy.analysis.findings.finding import Finding, Rule, Severity
from ses_sending_policy.analysis.findings.reach import PerhapsLockedOut
from ses_sending_policy.analysis.grants.granted import SID_LENGTH, Granted, granted
from ses_sending_policy.analysis.reading.declarable import undeclarable
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import Account, DeniedError, NoIdentityError
from ses_sending_policy.rules.document import Document, Json, LivePolicy, as_list, as_text
from ses_sending_policy.rules.equivalence import differences, respelled
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.identity import Identity, IdentityArn
from ses_sending_policy.rules.limits import check_policy_name
from ses_sending_policy.rules.normal_form import normalise
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, Target

# The Version that the construct writes for statements and grants.
_VERSION: Final = "2012-10-17"

_OF_IDS: Final = {
    True: ", and comes back when the policy is released",
    False: " and is lost, it is too long to be kept: note it down",
}

_SLUG: Final = re.compile(r"[^a-z0-9]+")
_PLAIN: Final = re.compile(r"[a-z0-9.]{1,80}")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A live policy, and how the generated code declares it.

    :param name: its name at SES.
    :param owner: the owner's marker in its `Id`, or None if it has no marker.
    :param grants: the statements that the code declares by calls of the construct's grant methods.
    :param document: the rest of the document, which the grant methods cannot write; empty if there is none.
    :param whole: the whole document without its `Id`, in normal form.
    :param findings: the findings that would make the synth of the code fail.
    :param warned: the rules whose findings fail no synth, but may fail the deploy that takes the policy over.
    :param id: its `Id`; empty if it has none.
    """

    name: str
    owner: Marker | None
    grants: tuple[Granted, ...]
    document: Mapping[str, Json]
    whole: Mapping[str, Json]
    findings: tuple[Finding, ...] = ()
    warned: tuple[Rule, ...] = ()
    id: str = ""

    @property
    def construct_id(self) -> str:
        """The id of the policy's construct: unique as the policy's name, and with a letter first, as in logical ids."""
        return f"Policy-{self.name}"

    @property
    def acknowledged(self) -> list[Rule]:
        """The rules that the code has to acknowledge, because they would fail a synth of the policy."""
        found = {finding.rule for finding in self.findings}
        return [rule for rule in RULES if rule.id in found]


def named(identity: str) -> Identity:
    """Return the identity with this name or ARN; raise `ReviewError` if the text is neither."""
    try:
        return Identity.parse(identity)
    except DeclarationError as error:
        raise ReviewError([str(error)]) from error


@dataclass(frozen=True, slots=True)
class Adoption:
    """How the policies of an identity are declared.

    :param arn: the identity's ARN.
    :param policies: the policies that can be declared unchanged, sorted by name.
    :param left: for the name of each policy that cannot be declared unchanged, the reason.
    """

    arn: IdentityArn
    policies: Sequence[Adopted]
    left: Mapping[str, str]

    @classmethod
    def of(cls, account: Account, identity: str) -> "Adoption":
        """Return how the policies of an identity are declared; raise `ReviewError` if they cannot be read.

        :param identity: the identity's name or ARN.
        """
        asked = named(identity)
        name = asked.name
        arn = IdentityArn(account.partition, account.region, account.id, asked)
        if identity.startswith("arn:") and str(IdentityArn.parse(identity)) != str(arn):
            place = f"account {account.id} in {account.region}"
            raise ReviewError([f"{identity} is not in {place}: name another --profile or --region"])
        try:
            texts = account.policies(name)
        except NoIdentityError as error:
            place = f"account {account.id} has no identity {name!r} in {account.region}"
            raise ReviewError([f"{place}: check the name, --profile and --region"]) from error
        except (DeniedError, CallError) as error:
            raise ReviewError([f"{name} was not looked at: {error}"]) from error
        return cls.of_texts(arn, texts)

    @classmethod
    def of_texts(cls, arn: IdentityArn, texts: Mapping[str, str]) -> "Adoption":
        """Return how policies are declared that were read before; `texts` has the text of each by its name."""
        policies: list[Adopted] = []
        left: dict[str, str] = {}
        for name, text in sorted(texts.items()):
            try:
                policies.append(_adopted(arn, check_policy_name(name), LivePolicy(text)))
            except DeclarationError as error:
                left[name] = str(error)
        return cls(arn, policies, left)

    @property
    def stack_name(self) -> str:
        """The name of the stack that declares the policies; no two identities have the same."""
        return _stack_name(self.arn.identity)

    @property
    def notes(self) -> Iterator[str]:
        """A sentence for each thing to know before a deploy of the code."""
        if not self.policies and not self.left:
            yield f"{self.arn.identity.name} has no policy in account {self.arn.account}, {self.arn.region}"
        for each in self.policies:
            if each.owner:
                yield f"policy {each.name!r} belongs to {each.owner.owner}: a deploy takes it from there"
            for rule in each.acknowledged:
                yield f"policy {each.name!r} acknowledges {rule.id}, {rule.title}: look at it"
            for rule in each.warned:
                yield f"policy {each.name!r} has {rule.id}, {rule.title}: look at it before the deploy"
        ids = [each for each in self.policies if each.id and not each.owner]
        for is_kept, what in _OF_IDS.items():
            names = [repr(each.name) for each in ids if self._keeps_id(each) is is_kept]
            if names:
                yield f"of {', '.join(names)} the Id gives way to the owner's marker{what}"

    def _keeps_id(self, policy: Adopted) -> bool:
        """Return whether a policy's `Id`, which the marker is going to replace, is short enough for the physical id."""
        return PhysicalId(Target(self.arn.identity, policy.name), "0" * 16, Origin.ADOPTED, policy.id).is_whole

    @property
    def reasons(self) -> list[str]:
        """A sentence for each policy that is left out."""
        return [
            f"policy {name!r} is left out, it cannot be declared unchanged: {why}" for name, why in self.left.items()
        ]


def _stack_name(identity: Identity) -> str:
    slug = _SLUG.sub("-", identity.name.lower()).strip("-")[:80]
    if not _PLAIN.fullmatch(identity.name):
        # Without a hash, two identities could have the same name of a stack: "a-b.example" and "a.b.example", or
        # "A@example.com" and "a@example.com".
        slug = f"{slug}-{hashlib.sha256(identity.name.encode()).hexdigest()[:8]}"
    return f"SendingPolicies-{slug.strip('-')}"


def _adopted(arn: IdentityArn, name: str, live: LivePolicy) -> Adopted:
    """Return how a policy is declared, or raise `DeclarationError` if it cannot be declared unchanged."""
    elements = _elements(live)
    whole = Adopted(name, live.marker, (), _without_own_resource(elements, arn), normalise(elements), id=live.id)
    policy = _by_grants(arn, whole, elements)
    if not policy or not _fits(arn, policy):
        policy = whole
    _checked_document(arn, policy)
    found = differences(live, Document(_declared(arn, policy)), arn.partition)
    if found:
        raise DeclarationError.of(found)
    return _with_findings(arn, policy)


def _elements(live: LivePolicy) -> dict[str, Json]:
    """Return the elements of a policy except `Id`; raise `DeclarationError` if a template cannot contain them."""

    def once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        for key in {key for key, _ in pairs if [each for each, _ in pairs].count(key) > 1}:
            raise DeclarationError(f"it has {key!r} twice in one object, and parsers differ in which of them counts")
        return dict(pairs)

    try:
        elements = json.loads(live.text, object_pairs_hook=once)
        if not isinstance(elements, dict):
            raise DeclarationError("it is no JSON object")
        elements = {key: value for key, value in as_text(elements).items() if key != "Id"}
        faults = list(dict.fromkeys(undeclarable(elements)))
    except RecursionError as error:
        raise DeclarationError("it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise DeclarationError(f"it is no JSON: {error}") from error
    if faults:
        raise DeclarationError.of(faults)
    return elements


def _by_grants(arn: IdentityArn, policy: Adopted, elements: Mapping[str, Json]) -> Adopted | None:
    """Return the policy with grant calls for the statements that they can write; None if its `Version` is another."""
    if elements.get("Version") != _VERSION:
        return None
    statements = as_list(elements.get("Statement", []))
    calls = [granted(respelled(statement), arn) for statement in statements]
    rest = [statement for statement, each in zip(statements, calls, strict=True) if not each]
    others = {key: value for key, value in elements.items() if key not in ("Version", "Statement")}
    document = {"Version": _VERSION, **others, "Statement": rest} if rest or others else {}
    grants = tuple(each for each in calls if each)
    return replace(policy, grants=grants, document=_without_own_resource(document, arn))


def _without_own_resource(document: Mapping[str, Json], arn: IdentityArn) -> dict[str, Json]:
    """Return the document without each `Resource` that is the identity's own ARN, because the construct adds it."""

    def short(statement: Json) -> Json:
        if not isinstance(statement, Mapping) or "NotResource" in statement:
            return statement
        if as_list(statement.get("Resource")) != [str(arn)]:
            return statement
        return {key: value for key, value in statement.items() if key != "Resource"}

    if "Statement" not in document:
        return dict(document)
    return {**document, "Statement": [short(each) for each in as_list(document["Statement"])]}


def _declared(arn: IdentityArn, policy: Adopted) -> dict[str, Json]:
    """Return the document that the construct writes for the policy, with each new `Sid` as long as it can be."""

    def filled(statement: Json) -> Json:
        if not isinstance(statement, Mapping) or "NotResource" in statement:
            return statement
        return {"Resource": str(arn), **statement}

    document = {"Version": _VERSION} if policy.grants else {}
    rest = [filled(each) for each in policy.document.get("Statement", ())]
    calls = [{"Sid": f"{number:0{SID_LENGTH}}", **each.statement(arn)} for number, each in enumerate(policy.grants)]
    return normalise({**document, **policy.document, "Statement": [*rest, *calls]})


def _checked_document(arn: IdentityArn, policy: Adopted) -> None:
    # The CDK's rule for a logical id: only letters and digits are kept, and eight digits of a hash are appended.
    logical_id = re.sub(r"[^A-Za-z0-9]", "", policy.construct_id) + 8 * "0"
    marker = Marker(_stack_name(arn.identity), logical_id, 16 * "0", adopted=True)
    Document(_declared(arn, policy)).text(marker)


def _fits(arn: IdentityArn, policy: Adopted) -> bool:
    try:
        _checked_document(arn, policy)
    except DeclarationError:
        return False
    return True


def _with_findings(arn: IdentityArn, policy: Adopted) -> Adopted:
    """Return the policy with the findings that would make its synth fail, or may make its deploy fail."""
    place = KnownEnvironment(arn.partition, arn.region, arn.account)
    declared = Declared("", "", arn.identity.name, policy.name, policy.whole, place)
    now = datetime.now(UTC)
    found = {rule: list(rule.findings([declared], now)) for rule in RULES}
    return replace(
        policy,
        findings=tuple(each for some in found.values() for each in some if each.severity == Severity.ERROR),
        warned=tuple(rule for rule, some in found.items() if some and rule.id == PerhapsLockedOut.id),
    )
