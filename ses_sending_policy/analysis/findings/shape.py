"""Rules about the shape of a document: whether it is a policy at all, and whether SES knows its elements and values."""

import reprlib
from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeGuard

from ses_sending_policy.analysis.findings.finding import FaultRule, Finding, PolicyRule, Severity, StatementFault
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.statement import Statement, each
from ses_sending_policy.rules.document import EFFECTS, REQUIRED, Json, is_intrinsic
from ses_sending_policy.rules.suggestions import closest

_ANATOMY: Final = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
_GRAMMAR: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
_PATH: Final = "Properties/Policy"

# "policy = { <version_block?> <id_block?> <statement_block> }", "<statement> = { <sid_block?>, <principal_block?>,
# <effect_block>, <action_block>, <resource_block>, <condition_block?> }"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
_OF_DOCUMENT: Final = ("Version", "Id", "Statement")
_OF_STATEMENT: Final = ("Sid", *(name for names in REQUIRED for name in names), "Condition")

# "<version_block> = "Version" : ("2008-10-17" | "2012-10-17")", the same page
_VERSIONS: Final = ("2012-10-17", "2008-10-17")

_EMPTY: Final[tuple[Json, ...]] = ("", [], {}, None)


def _is_object(value: Json) -> TypeGuard[Mapping[str, Json]]:
    return isinstance(value, Mapping) and not is_intrinsic(value)


def _is_other(value: Json, kind: type) -> bool:
    """Return whether `value` is known before the deploy, and is not of the type `kind`."""
    return not is_intrinsic(value) and not isinstance(value, kind)


class MalformedDocument(PolicyRule):
    """The document has not the shape of a policy, so SES cannot read it."""

    id = "SES011"
    severity = Severity.ERROR
    title = "it is no policy document, or an element that it needs is missing"
    reason = (
        "A document is an object with at least one statement, and a statement needs an Effect, a Principal, an Action "
        "and a Resource, each with something in it. SES refuses any other."
    )
    source = _ANATOMY
    fix = "write an object with a Statement, and in each statement an Effect, a Principal, an Action and a Resource"
    elsewhere = (
        "Access Analyzer *Data type mismatch*, *Missing effect*, *Missing principal*, *Missing action*, "
        "*Missing resource*, *Missing statement*, *Empty array action*, *Empty array resource*, "
        "*Empty object principal*; parliament `MALFORMED`"
    )

    def of_policy(self, policy: Declared) -> Iterator[Finding]:
        """Yield each part of the policy that has not the shape that a policy document needs."""
        document = policy.document
        if document is None:
            return
        if not isinstance(document, Mapping):
            yield self.found(policy, _PATH, f"policy document is {reprlib.repr(document)}: it must be an object")
        elif not is_intrinsic(document):
            yield from self._of_statements(policy, document)

    def _of_statements(self, policy: Declared, document: Mapping[str, Json]) -> Iterator[Finding]:
        for where, fault in _lists(_PATH, document, ("Version", "Id")):
            yield self.found(policy, where, fault)
        if document.get("Statement") in _EMPTY:
            yield self.found(policy, _PATH, "policy document has no statement: it needs at least one")
            return
        for path, elements in each(f"{_PATH}/Statement", document["Statement"]):
            if _is_object(elements):
                for where, fault in _statement_faults(Statement(path, elements)):
                    yield self.found(policy, where, fault)
            elif not is_intrinsic(elements):
                yield self.found(policy, path, f"statement is {reprlib.repr(elements)}: it must be an object")


def _statement_faults(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield path and message for each part that has not the shape that a statement needs."""
    for names in REQUIRED:
        given = [name for name in names if name in statement.elements]
        if not given:
            yield statement.path, f"statement has no {names[0]}: every one needs it"
        for name in given:
            if statement.elements[name] in _EMPTY:
                yield f"{statement.path}/{name}", f"the {name} is empty: every statement needs one"
    yield from _lists(statement.path, statement.elements, ("Sid",))
    for name in ("Action", "Resource"):
        yield from _text_faults(statement, name)
    yield from _principal_faults(statement)
    yield from _condition_faults(statement)


def _lists(path: str, elements: Mapping[str, Json], names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield path and message for each element of `names` that is a list or an object instead of a text."""
    # "Id ... Any string", "Version ... Any string", "Sid ... Any string"; CloudFormation makes texts of numbers.
    # https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
    for name in names:
        value = elements.get(name)
        if isinstance(value, list) or _is_object(value):
            yield f"{path}/{name}", f"the {name} is {reprlib.repr(value)}: it must be a text"


def _text_faults(statement: Statement, name: str) -> Iterator[tuple[str, str]]:
    value = statement.elements.get(name)
    if value not in _EMPTY:
        yield from _no_texts(f"{statement.path}/{name}", name, value)


def _no_texts(path: str, name: str, value: Json) -> Iterator[tuple[str, str]]:
    for place, item in each(path, value):
        if _is_other(item, str):
            yield place, f"the {name} is {reprlib.repr(item)}: it must be a text, or a list of texts"


def _principal_faults(statement: Statement) -> Iterator[tuple[str, str]]:
    path, principal = f"{statement.path}/Principal", statement.elements.get("Principal")
    if isinstance(principal, list) and principal:
        yield (
            path,
            f"the Principal is {reprlib.repr(principal)}: it must be '*', or an object of kinds as AWS and Service",
        )
    elif _is_object(principal):
        for kind, value in principal.items():
            yield from _no_texts(f"{path}/{kind}", f"principal of kind {kind}", value)


def _condition_faults(statement: Statement) -> Iterator[tuple[str, str]]:
    path, operators = f"{statement.path}/Condition", statement.elements.get("Condition", {})
    if not isinstance(operators, Mapping):
        yield path, f"the Condition is {reprlib.repr(operators)}: it must be an object of operators"
    elif not is_intrinsic(operators):
        for operator, keys in operators.items():
            if _is_other(keys, Mapping):
                yield (
                    f"{path}/{operator}",
                    f"operator {operator!r} has {reprlib.repr(keys)}: it must be an object of keys",
                )
            elif _is_object(keys):
                for key, value in keys.items():
                    yield from _no_texts(f"{path}/{operator}/{key}", f"value of {key}", value)


class BadEffect(FaultRule):
    """A statement's Effect is neither Allow nor Deny."""

    id = "SES012"
    severity = Severity.ERROR
    title = "an effect is neither Allow nor Deny"
    reason = 'SES documents two effects, `Allow` and `Deny`, and IAM says: "The `Effect` value is case sensitive."'
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html"
    fix = "write Allow or Deny"
    elsewhere = "Access Analyzer *Invalid effect*; parliament `MALFORMED`"

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield the statement's Effect if it is known and is neither Allow nor Deny."""
        for path, text in statement.texts("Effect"):
            if text and is_known(text) and text not in EFFECTS:
                yield StatementFault(path, f"effect {text!r} is unknown: allowed are {' and '.join(EFFECTS)}")


class UnknownElement(PolicyRule):
    """The document or a statement has an element that AWS does not know, and that likely has no effect."""

    id = "SES108"
    severity = Severity.WARNING
    title = "an element is unknown"
    reason = (
        "A policy has a few elements, and their case counts. An unknown one, such as `Conditions`, is either ignored, "
        "so that it narrows nothing, or refused."
    )
    source = _GRAMMAR
    fix = "leave it out, or give it the name of the element that is meant"
    elsewhere = "Access Analyzer *Invalid policy element*; parliament `MALFORMED`"

    def of_policy(self, policy: Declared) -> Iterator[Finding]:
        """Yield each element of the document, and of each statement, that AWS does not know."""
        if _is_object(policy.document):
            yield from self._in(policy, _PATH, policy.document, "a document", _OF_DOCUMENT)
        for statement in policy.statements():
            yield from self._in(policy, statement.path, statement.elements, "a statement", _OF_STATEMENT)

    def _in(
        self, policy: Declared, path: str, elements: Collection[str], of: str, allowed: tuple[str, ...]
    ) -> Iterator[Finding]:
        for name in elements:
            # Not reported: a macro's key, as `Fn::Transform`, stands beside the elements that the macro changes.
            if name not in allowed and not name.startswith("Fn::"):
                message = f"{of} has no element {name!r}: allowed are {', '.join(allowed)}"
                near = closest(name, allowed)
                yield self.found(policy, f"{path}/{name}", message, fix=f"write {near}" if near else "")


class UnknownVersion(PolicyRule):
    """The document has a Version of which nobody says how SES reads it."""

    id = "SES109"
    severity = Severity.WARNING
    title = "the Version is unknown"
    reason = (
        "The policy language has two versions, and the newer one has policy variables. SES documents the Version as "
        "any string, and does not say how it reads a policy with another one."
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html"
    fix = f"write {_VERSIONS[0]}"
    elsewhere = "Access Analyzer *Invalid version*; parliament `INVALID_VERSION`"

    def of_policy(self, policy: Declared) -> Iterator[Finding]:
        """Yield the document's Version if it is known, and AWS has no such version."""
        version = policy.document.get("Version") if _is_object(policy.document) else None
        if is_known(text_of(version)) and version not in _VERSIONS:
            message = f"the Version {text_of(version)!r} is unknown: allowed are {' and '.join(_VERSIONS)}"
            yield self.found(policy, f"{_PATH}/Version", message)


def _sids(policy: Declared) -> Iterator[tuple[str, str]]:
    for statement in policy.statements():
        yield from ((path, text) for path, text in statement.texts("Sid") if is_known(text))


class OddSid(PolicyRule):
    """A Sid has characters that other AWS services refuse."""

    id = "SES110"
    severity = Severity.WARNING
    title = "a Sid has other characters than letters and digits"
    reason = (
        'SES calls a Sid any string, and IAM has another rule: "The Sid element supports ASCII uppercase letters '
        '(A-Z), lowercase letters (a-z), and numbers (0-9)."'
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html"
    fix = "use the letters A to Z and a to z, and digits, or leave Sid out"
    elsewhere = "Access Analyzer *Unsupported Sid*, *Empty Sid value*; parliament `INVALID_SID`"

    def of_policy(self, policy: Declared) -> Iterator[Finding]:
        """Yield each known Sid that is empty or has other characters than letters and digits."""
        for path, sid in _sids(policy):
            if not (sid.isascii() and sid.isalnum()):
                yield self.found(
                    policy,
                    path,
                    f"the Sid {sid!r} has other characters than letters and digits" if sid else "the Sid is empty",
                )


class DoubledSid(PolicyRule):
    """Two statements of a document have the same Sid."""

    id = "SES116"
    severity = Severity.WARNING
    title = "two statements have the same Sid"
    reason = "IAM wants each Sid once in a policy. Whoever names a statement by its Sid names two of them."
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html"
    fix = "give each statement a Sid of its own"
    elsewhere = "Access Analyzer *Unique Sids recommended*; parliament `DUPLICATE_SID`"

    def of_policy(self, policy: Declared) -> Iterator[Finding]:
        """Yield each Sid that an earlier statement has as well."""
        firsts: dict[str, str] = {}
        for path, sid in _sids(policy):
            if sid and firsts.setdefault(sid, path) != path:
                first = firsts[sid].removeprefix(f"{_PATH}/").removesuffix("/Sid")
                yield self.found(policy, path, f"the Sid {sid!r} is also that of {first}")
