"""Decides whether two policies are equivalent, that is the same in other words, for `diff`, `drift`, `adopt`, `ADOPT`.

Policies are compared, not evaluated. A pattern is equal to the same text alone, and two different principals are never
equal, not even a role and its account. Principals and actions may be divided among statements in any way, but not the
values of a condition.
The case of operators and keys counts: IAM says that "context key names are not case-sensitive", but SES
refuses `AWS:SourceAccount`, https://github.com/awsdocs/amazon-cognito-developer-guide/pull/41.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Final

from ses_sending_policy.rules.arns import Arn, is_account
from ses_sending_policy.rules.difference_sentences import (
    ComparedElements,
    action_spellings,
    element_sentences,
    statement_sentences,
    written,
)
from ses_sending_policy.rules.document import (
    DEFAULT_VERSION,
    EFFECTS,
    Document,
    Json,
    LivePolicy,
    as_list,
    as_text,
    is_intrinsic,
)
from ses_sending_policy.rules.identity import canonical_name, identity_name


def _frozen(value: Json) -> Json:
    if isinstance(value, Mapping):
        return frozenset((key, _frozen(item)) for key, item in value.items())
    return frozenset(_frozen(item) if isinstance(item, Mapping | list) else item for item in as_list(value))


def only(value: Json) -> Json:
    """Return the element of a list whose elements are all equal; any other value as it is."""
    items = as_list(value)
    return items[0] if items and all(each == items[0] for each in items) else value


def respelled(statement: Json) -> Json:
    """Return `statement` as a service may hand it back, and without empty elements.

    Other services were seen to return `allow` in a resource policy as `Allow`. Recorded responses of SES itself have
    `"Condition": {}`, and a string as Principal.
    """
    if not isinstance(statement, Mapping):
        return statement
    found = {key: _RESPELLED[key](value) if key in _RESPELLED else value for key, value in statement.items()}
    return {key: value for key, value in found.items() if (key, value) != ("Condition", {})}


def _effect(value: Json) -> Json:
    effect = only(value)
    return next((each for each in EFFECTS if isinstance(effect, str) and each.lower() == effect.lower()), effect)


def _principals_by_kind(value: Json) -> Json:
    kinds = {"AWS": value} if isinstance(value, str | list) else value
    if not isinstance(kinds, Mapping) or is_intrinsic(kinds):
        return kinds
    return {kind: names for kind, names in kinds.items() if names != []}


def _conditions(value: Json) -> Json:
    return {key: keys for key, keys in value.items() if keys != {}} if isinstance(value, Mapping) else value


_SPREAD: Final = ("Principal", "Action")

_RESPELLED: Final[Mapping[str, Callable[[Json], Json]]] = {
    "Effect": _effect,
    "Principal": _principals_by_kind,
    "NotPrincipal": _principals_by_kind,
    "Condition": _conditions,
}


def statement_in_one_spelling(statement: Mapping[str, Json], partition: str) -> dict[str, Json]:
    """Return `statement` with one spelling for each action, account and identity, which can be written in many ways."""

    def root(text: str) -> str:
        # An account id and the ARN of its root are the same principal: `Arn.whole_account` quotes AWS on that.
        return f"arn:{partition}:iam::{text}:root" if is_account(text) else text

    def principals(value: Json) -> Json:
        kinds = {"AWS": value} if value == "*" else value
        if not isinstance(kinds, Mapping) or "AWS" not in kinds:
            return kinds
        return {**kinds, "AWS": _spelled(kinds["AWS"], root)}

    spell: dict[str, Callable[[Json], Json]] = {
        **dict.fromkeys(("Action", "NotAction"), lambda value: _spelled(value, str.lower)),
        **dict.fromkeys(("Principal", "NotPrincipal"), principals),
        **dict.fromkeys(("Resource", "NotResource"), lambda value: _spelled(value, _canonical_resource)),
    }
    return {key: spell[key](value) if key in spell else value for key, value in statement.items()}


def _spelled(value: Json, spell: Callable[[str], str]) -> list[Json]:
    return [spell(item) if isinstance(item, str) else item for item in as_list(value)]


def _canonical_resource(text: str) -> str:
    arn = Arn.parse(text)
    name = identity_name(arn) if arn else ""
    # A name with a policy variable in it is not a domain, and stays as it is.
    return text if "${" in name else text.removesuffix(name) + canonical_name(name)


def statement_parts(statement: Json, partition: str) -> ComparedElements:
    """Return the compared elements of a statement, in one spelling and with every list as a set."""
    return _parts(respelled(statement), partition)


def _parts(statement: Json, partition: str) -> ComparedElements:
    if not isinstance(statement, Mapping):
        return {"": _frozen(statement)}
    spelled = statement_in_one_spelling(statement, partition)
    found = {key: _frozen(value) for key, value in spelled.items() if key != "Sid"}
    for key in found.keys() & {"Principal", "NotPrincipal"}:
        # Earlier releases made their digests with this form of a Principal that is a string: keep it.
        if not isinstance(statement[key], Mapping) and statement[key] != "*":
            found[key] = ("", found[key])
    return found


def _merged(statements: Iterable[ComparedElements]) -> frozenset[Json]:
    """Return the statements merged as far as possible, each as a set of its elements.

    "If a policy includes multiple statements, Amazon SES applies a logical OR across the statements at evaluation
    time." http://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-authorization-policies.html
    """
    found: set[Json] = set()
    alike: dict[Json, dict[Json, frozenset[Json]]] = {}
    for parts in statements:
        if not _is_spread(parts):
            found.add(frozenset(parts.items()))
            continue
        actions = alike.setdefault(frozenset(item for item in parts.items() if item[0] not in _SPREAD), {})
        for kind, names in parts["Principal"]:
            for name in names:
                actions[kind, name] = actions.get((kind, name), frozenset()) | parts["Action"]
    for rest, actions in alike.items():
        for action_set in set(actions.values()):
            names = [each for each, its in actions.items() if its == action_set]
            kinds = {kind: frozenset(name for each, name in names if each == kind) for kind, _ in names}
            found.add(rest | {("Principal", frozenset(kinds.items())), ("Action", action_set)})
    return frozenset(found)


def _is_spread(parts: ComparedElements) -> bool:
    """Return whether a statement has at least one Principal and Action, so that it can be split and merged by them."""
    return all(isinstance(parts.get(each), frozenset) and parts[each] for each in _SPREAD)


def _statements(document: Mapping[str, Json]) -> list[Json]:
    return as_list(document.get("Statement", []))


def _apart(document: Mapping[str, Json]) -> ComparedElements:
    """Return the elements of a document that are compared, except its statements."""
    rest = {"Version": DEFAULT_VERSION} | {key: value for key, value in document.items() if value is not None}
    return {key: _frozen(value) for key, value in rest.items() if key not in ("Id", "Statement")}


def _digest(elements: Mapping[str, Json], meaning: Callable[[list[Json]], frozenset[Json]]) -> str:
    text = as_text(elements)
    # The default Version is left out, as in the digests of the first release, which stacks still have.
    rest = frozenset(item for item in _apart(text).items() if item != ("Version", frozenset({DEFAULT_VERSION})))
    return sha256(written((rest, meaning(_statements(text)))).encode()).hexdigest()


def digest(elements: Mapping[str, Json], partition: str) -> str:
    """Return a sha256, in hex, which is the same for two documents exactly if they are equivalent.

    :param partition: the partition of the root ARN that an account id stands for, as `aws`.
    """
    return _digest(elements, lambda statements: _merged(statement_parts(each, partition) for each in statements))


def has_digest(elements: Json, deployed: str, partition: str) -> bool:
    """Return whether a document has the digest `deployed`, by this release's method or by that of earlier ones.

    A stack keeps the digest of the release that wrote its policy last. Earlier ones did not merge statements.
    """
    return isinstance(elements, Mapping) and deployed in (
        digest(elements, partition),
        _digest(
            elements, lambda statements: frozenset(frozenset(_parts(each, partition).items()) for each in statements)
        ),
    )


def differences(live: LivePolicy, declared: Document, partition: str) -> list[str]:
    """Return sentences on how the `live` policy and the `declared` document differ; empty if they are equivalent.

    :param partition: the partition of the root ARN that an account id stands for: `aws`, `aws-us-gov` and so on.
    """
    return element_differences(live, declared.elements, partition)


def element_differences(live: LivePolicy, declared: Mapping[str, Json], partition: str) -> list[str]:
    """Return the same sentences as `differences`, but `declared` need not be a valid document."""
    there, here = as_text(live.elements), as_text(declared)
    if not isinstance(there, Mapping):
        return ["the live policy is no JSON object"]
    found = list(element_sentences(_apart(there), _apart(here)))
    lives, declareds = ([statement_parts(each, partition) for each in _statements(side)] for side in (there, here))
    if _merged(lives) != _merged(declareds):
        # The sentences are about the statements as they are written, not as they were merged.
        only_live = [each for each in lives if each not in declareds]
        only_declared = [each for each in declareds if each not in lives]
        spellings = action_spellings([*_statements(there), *_statements(here)])
        found += statement_sentences(only_live, only_declared, partition, spellings)
    return found


def is_written(live: LivePolicy, declared: Document, partition: str) -> bool:
    """Return whether the `live` policy is equivalent to the `declared` document, and has the same `Sid`s."""

    def named(document: Mapping[str, Json]) -> list[ComparedElements]:
        return [{**statement_parts(each, partition), "Sid": each.get("Sid")} for each in _statements(document)]

    if differences(live, declared, partition):
        return False
    there, here = named(as_text(live.elements)), named(as_text(declared.elements))
    return all(each in here for each in there) and all(each in there for each in here)
