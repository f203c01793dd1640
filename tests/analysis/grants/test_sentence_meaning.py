"""Two statements have the same sentence exactly if they mean the same: by tables, and at random."""

import re
from collections.abc import Iterable
from itertools import product
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.analysis.grants.grant import grants_of
from ses_sending_policy.analysis.grants.sentence import sentence
from tests.analysis.findings.declare import ARN

KEYS: Final = [
    *("ses:FromAddress", "SES:fromaddress", "ses:Recipients", "ses:FromDisplayName", "ses:TenantName"),
    *("aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:SourceArn"),
    *("aws:SourceAccount", "aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:CurrentTime", "aws:EpochTime"),
    *("aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:PrincipalTag/Team"),
    *("aws:principaltag/team", "aws:ResourceTag/Team", "odd:key", "odd:key, b", "the"),
]
_COMPARED: Final = ("Equals", "NotEquals", "LessThanEquals", "GreaterThan")
COMPARISONS: Final = [
    *("StringEquals", "StringLike", "StringNotEquals", "StringNotLike"),
    *("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "IpAddress", "NotIpAddress", "Bool", "Null", "stringlike"),
    *(f"{kind}{name}" for kind in ("Date", "Numeric") for name in _COMPARED),
]
# The operators that are tried with a quantifier: those of texts, and some others.
_OF_LISTS: Final = [*COMPARISONS[:6], "ArnLike", "NotIpAddress", "Bool", "DateGreaterThan", "NumericNotEquals"]
OPERATORS: Final = [
    f"{quantifier}{comparison}{if_exists}"
    for quantifier, comparisons in (("", COMPARISONS), ("ForAllValues:", _OF_LISTS), ("ForAnyValue:", _OF_LISTS))
    for comparison in comparisons
    for if_exists in ("", "IfExists")
]
ROLE: Final = "arn:aws:iam::222222222222:role/a"
SENDER: Final = {"Ref": "Sender"}
VALUES: Final[list[Any]] = [
    *(["a@example.com"], ["b", "a"], ["a", "b", "a"], ["a or b"], ["a", "or", "b"], ["a, b"], ['a"b'], ["A"], [""]),
    *(["*@example.com"], ["*"], [], ["nothing"], ["true"], ["false"], [ROLE], ["${aws:ResourceOrgID}"], ["a and b"]),
    *(["2026-01-01"], ["1767225600"], ["2026-01-01T00:00:00Z", "2026-01"], ["2026"], ["3600"], ["3600.0"]),
    *(["10.0.0.0/8"], ["203.0.113.5"], ["203.0.113.5/32"], ["role a of account 222222222222"], ["no ses:FromAddress"]),
    # Unknown values, and a text that could be mistaken for one.
    *([SENDER], ["a@example.com", SENDER], ["exactly ${Sender}"]),
]
VERSIONS: Final = [{"Version": "2012-10-17"}, {"Version": "2008-10-17"}, {}, {"Version": "2031-01-01"}]

# From here on this is the test's own reading of AWS's pages.

_SAME: Final = {
    "Date": dict.fromkeys(["2026-01-01", "1767225600", "2026-01-01T00:00:00Z", "2026-01"], "2026-01-01T00:00Z"),
    "Numeric": {"3600.0": "3600"},
    "Ip": {"203.0.113.5/32": "203.0.113.5"},
}
_NOT: Final = re.compile(r"(String|Arn|Date|Numeric)Not|NotIpAddress")


def _of_condition(operator: str, key: str, values: Iterable[Any]) -> object:
    # An unknown value may have a wildcard.
    values = [each if isinstance(each, str) else f"?{each['Ref']}" for each in values]
    quantifier, _, name = operator.rpartition(":")
    key, comparison = key.lower(), name.removesuffix("IfExists").replace("ArnEquals", "ArnLike")
    comparison = comparison.replace("ArnNotEquals", "ArnNotLike")
    if not any(re.search(r"[*?]", each) for each in values):
        comparison = re.sub(r"^String(Not)?Like", r"String\1Equals", comparison)
        if key in ("aws:principalarn", "aws:sourcearn") and not quantifier:
            comparison = re.sub(r"^String(Not)?Equals$", r"Arn\1Like", comparison)
    seconds = comparison.startswith("Numeric") and all(each == "1767225600" for each in values)
    if key == "aws:epochtime" and (comparison.startswith("Date") or seconds):
        key, comparison = "aws:currenttime", comparison.replace("Numeric", "Date")
    holds_without_key = quantifier == "ForAllValues" or (not quantifier and _NOT.match(comparison))
    if_exists = name.endswith("IfExists") and not holds_without_key
    return key, quantifier, comparison, if_exists, _of_values(comparison, values)


def _of_values(comparison: str, values: Iterable[str]) -> frozenset[str]:
    same = next((same for kind, same in _SAME.items() if kind in comparison), {})
    is_caseless = "IgnoreCase" in comparison
    return frozenset(each.lower() if is_caseless and "$" not in each else same.get(each, each) for each in values)


ACTIONS: Final = [
    *(
        ["ses:SendEmail", "ses:SendRawEmail"],
        ["SES:sendrawemail", "ses:sendemail"],
        ["ses:SendEmail"],
        ["ses:*"],
        ["*"],
    ),
    *(["ses:*", "ses:SendEmail"], ["ses:Send*"], ["ses:Send*", "ses:SendEmail"], ["ses:GetEmailIdentity"], ["a and b"]),
    *(["a", "b"], ["a", "and", "b"], ["nothing"], ["s?s:*"]),
]
PRINCIPALS: Final[list[Any]] = [
    *("*", {"AWS": "*"}, {"AWS": "222222222222"}, {"AWS": "arn:aws:iam::222222222222:root"}, {"aws": "222222222222"}),
    *({"Service": "a.amazonaws.com"}, {"service": "a.amazonaws.com"}, {"AWS": "a.amazonaws.com"}, {"AWS": ROLE}),
    *({"Service": ROLE}, {"AWS": "role a of account 222222222222"}, {"NotAWS": "222222222222"}, {"Odd kind": "a"}),
    *({"AWS": "arn:aws:iam::2 in x:role/a"}, {"AWS": "arn:aws-cn:iam::222222222222:root"}, {"CanonicalUser": "a"}),
]
RESOURCES: Final = [ARN, [ARN], "*", [ARN, "*"], ["*", ARN], f"{ARN}x", f"{ARN}/${{aws:username}}"]
_SENDING: Final = frozenset({"ses:sendemail", "ses:sendrawemail"})


def _of_actions(actions: list[str]) -> frozenset[str]:
    named = frozenset(each.lower() for each in actions)
    if named & {"*", "ses:*", "s?s:*"}:
        return frozenset({"*"})
    return named - _SENDING if "ses:send*" in named else named


def _of_principal(principal: Any) -> object:
    if principal in ("*", {"AWS": "*"}):
        return "*"
    return (
        principal["AWS"].removeprefix("arn:aws:iam::").removesuffix(":root") if "AWS" in principal else str(principal)
    )


def meaning(document: dict[str, Any]) -> object:
    """Return the meaning of a document with one statement: equal for two that mean the same."""
    [one] = document["Statement"]
    conditions = frozenset(
        _of_condition(operator, key, values)
        for operator, keys in one["Condition"].items()
        for key, values in keys.items()
    )
    resources = {one["Resource"]} if isinstance(one["Resource"], str) else set(one["Resource"])
    has_variables = "${" in str((one["Condition"], one["Resource"]))
    version = document.get("Version", "2008-10-17") if has_variables else ""
    principal = str(_of_principal(one["Principal"]))
    kind = isinstance(one["Principal"], dict) and "AWS" not in one["Principal"]
    return one["Effect"], kind, principal, _of_actions(one["Action"]), conditions, frozenset(resources), version


def document(**elements: Any) -> dict[str, Any]:
    """Return a document of one statement."""
    version: dict[str, Any] = elements.pop("version", VERSIONS[0])
    usual = {"Effect": "Allow", "Principal": "*", "Action": ACTIONS[0], "Resource": ARN, "Condition": {}}
    return version | {"Statement": [usual | elements]}


def read(each: dict[str, Any]) -> str:
    """Return the sentence about a document with one grant."""
    [grant] = grants_of(each, "example.com")
    return sentence(grant)


def alike(documents: Iterable[dict[str, Any]]) -> None:
    """Fail if two of these have the same sentence and another meaning, or the other way round."""
    by_sentence: dict[str, tuple[object, Any]] = {}
    by_meaning: dict[object, tuple[str, Any]] = {}
    for each in documents:
        words, means = read(each), meaning(each)
        assert by_sentence.setdefault(words, (means, each))[0] == means, (words, by_sentence[words][1], each)
        assert by_meaning.setdefault(means, (words, each))[0] == words, (words, by_meaning[means], each)


def test_conditions() -> None:
    alike(document(Condition={o: {k: values}}) for o, k, values in product(OPERATORS, KEYS, VALUES))


def test_everything_else() -> None:
    conditions = [{}, {"StringEquals": {"ses:FromAddress": ["${aws:username}"]}}]
    alike(
        document(Effect=effect, Principal=principal, Action=actions, Resource=resource, Condition=condition, version=v)
        for effect, principal, actions, resource, condition, v in product(
            ["Allow", "Deny"], PRINCIPALS, ACTIONS, RESOURCES, conditions, VERSIONS
        )
    )


CONDITIONS: Final = st.dictionaries(
    st.sampled_from([each for each in OPERATORS if each != "stringlike"]),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), min_size=1, max_size=2),
    max_size=3,
)
DOCUMENTS: Final = st.builds(
    document,
    Effect=st.sampled_from(["Allow", "Deny"]),
    Principal=st.sampled_from(PRINCIPALS),
    Action=st.sampled_from(ACTIONS),
    Resource=st.sampled_from(RESOURCES),
    Condition=CONDITIONS,
    version=st.sampled_from(VERSIONS),
)


@given(DOCUMENTS, DOCUMENTS)
def test_what_gives_something_else_reads_otherwise(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (read(one) == read(other)) == (meaning(one) == meaning(other))


@given(DOCUMENTS, st.data())
def test_one_change_changes_the_sentence(one: dict[str, Any], data: st.DataObject) -> None:
    element = data.draw(st.sampled_from(["Effect", "Principal", "Action", "Resource", "Condition"]))
    changed = one["Statement"][0] | {element: data.draw(DOCUMENTS)["Statement"][0][element]}
    other = one | {"Statement": [changed]}
    assert (read(one) == read(other)) == (meaning(one) == meaning(other))


@given(DOCUMENTS, st.randoms())
def test_the_order_is_no_difference(one: dict[str, Any], random: Any) -> None:
    [statement] = one["Statement"]
    shuffled = list(statement["Condition"].items())
    random.shuffle(shuffled)
    condition = {o: {k: random.sample(v, len(v)) for k, v in reversed(keys.items())} for o, keys in shuffled}
    actions = random.sample(statement["Action"], len(statement["Action"]))
    other = one | {"Statement": [statement | {"Condition": condition, "Action": actions}]}
    assert read(one) == read(other)
