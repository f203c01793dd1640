"""Policies that are the same to `drift` and `ADOPT` are no change to `diff`, however they are written."""

import json
from random import Random
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from emulator.canonical import canonical
from ses_sending_policy.analysis.grants.change import Verdict
from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.rules.document import LivePolicy, as_text
from ses_sending_policy.rules.equivalence import digest, element_differences
from tests.rules.documents import shuffled

ARN: Final = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
ACCOUNTS: Final = ("222222222222", "333333333333")
PRINCIPALS: Final = st.one_of(
    st.just("*"),
    st.sampled_from([*ACCOUNTS, "arn:aws:iam::222222222222:role/News"]),
    st.dictionaries(
        st.just("AWS"),
        st.lists(st.sampled_from([*ACCOUNTS, f"arn:aws:iam::{ACCOUNTS[0]}:root"]), min_size=1),
        min_size=1,
    ),
    st.just({"Service": "ses.amazonaws.com"}),
)
ADDRESSES: Final = st.sampled_from(["a@example.com", "*@example.com", "${aws:username}@example.com"])
CONDITIONS: Final = st.dictionaries(
    st.sampled_from(["StringEquals", "StringLike", "StringNotLike"]),
    st.dictionaries(
        st.sampled_from(["ses:FromAddress", "aws:PrincipalTag/team"]), st.lists(ADDRESSES, min_size=1), min_size=1
    ),
    max_size=2,
)
ACTIONS: Final = st.lists(st.sampled_from(["ses:SendEmail", "ses:SendRawEmail", "ses:*"]), min_size=1)
RESOURCES: Final = st.lists(st.sampled_from([ARN, f"{ARN}.other"]), min_size=1)


def one_of(element: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return an element with these values, or its `Not` form."""
    return st.tuples(st.sampled_from(["", "", "Not"]), values).map(lambda it: {f"{it[0]}{element}": it[1]})


STATEMENTS: Final = st.tuples(
    st.fixed_dictionaries(
        {"Effect": st.sampled_from(["Allow", "Deny"])},
        optional={"Condition": CONDITIONS, "Sid": st.sampled_from(["A", "B"])},
    ),
    one_of("Principal", PRINCIPALS),
    one_of("Action", ACTIONS),
    one_of("Resource", RESOURCES),
).map(lambda parts: {key: value for part in parts for key, value in part.items()})
DOCUMENTS: Final = st.fixed_dictionaries(
    {"Statement": st.lists(STATEMENTS, min_size=1, max_size=3)},
    optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"])},
)


def respelled(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return the same document in other words, as people and services write it."""
    statements = [part for each in document["Statement"] for part in divided(each, random)]
    found: dict[str, Any] = shuffled(document | {"Statement": statements}, random)
    for each in found["Statement"]:
        for element in each.keys() & {"Principal", "NotPrincipal"}:
            each[element] = principal(each[element], random)
        for element in each.keys() & {"Action", "NotAction"}:
            each[element] = json.loads(
                json.dumps(each[element]).replace("ses:Send", random.choice(["ses:", "SES:"]) + "Send")
            )
        if random.random() < 0.3:
            each["Effect"] = random.choice([each["Effect"].lower(), [each["Effect"]]])
        if random.random() < 0.3:
            each["Sid"] = random.choice("XYZ")
        if "${" not in json.dumps(each) and random.random() < 0.3:
            each.setdefault("Condition", {})["StringEqualsIgnoreCase"] = {}
        if random.random() < 0.3:
            each.setdefault("Condition", {})
    if random.random() < 0.3:
        found |= {"Id": "Theirs", "Version": found.get("Version", "2008-10-17")}
    if len(found["Statement"]) == 1 and random.random() < 0.5:
        found["Statement"] = found["Statement"][0]
    text = json.dumps(found)
    read: dict[str, Any] = json.loads(canonical(text, "aws") if random.random() < 0.3 else text)
    return read


def divided(statement: dict[str, Any], random: Random) -> list[dict[str, Any]]:
    """Return a statement once or twice, or as one statement for each of its actions."""
    if {"Principal", "Action"} <= statement.keys() and random.random() < 0.3:
        return [statement | {"Action": each} for each in statement["Action"]]
    return [statement] * random.choice([1, 1, 2])


def principal(value: Any, random: Random) -> Any:
    """Return the same principals in another spelling."""
    kinds = {"AWS": value} if isinstance(value, str) else value
    if "AWS" not in kinds:
        return {**kinds, **random.choice([{}, {"AWS": []}])}
    names = kinds["AWS"] if isinstance(kinds["AWS"], list) else [kinds["AWS"]]
    names = [root(each, random) for each in names * random.choice([1, 2])]
    return random.choice([names[0] if len(names) == 1 else names, names, {"AWS": names}, {"AWS": names, "Service": []}])


def root(name: str, random: Random) -> str:
    """Return an account by its id or by the ARN of its root."""
    account = name.removeprefix("arn:aws:iam::").removesuffix(":root")
    return random.choice([account, f"arn:aws:iam::{account}:root"]) if account.isdigit() else name


def declared(document: Any) -> Declared:
    return Declared(
        "Mail", "P", "example.com", "p", as_text(document), KnownEnvironment("aws", "eu-west-1", "111111111111")
    )


def verdict(before: Any, after: Any) -> Verdict:
    return difference([declared(before)], [declared(after)]).verdict


@given(DOCUMENTS, st.randoms())
def test_other_words_are_no_difference_to_anybody(document: dict[str, Any], random: Random) -> None:
    other = respelled(document, random)
    assert element_differences(LivePolicy(json.dumps(other)), document, "aws") == []
    assert digest(other, "aws") == digest(document, "aws")
    assert (verdict(document, other), verdict(other, document)) == (Verdict.UNCHANGED, Verdict.UNCHANGED)


@given(DOCUMENTS, DOCUMENTS)
def test_what_is_the_same_to_one_is_so_to_all(one: dict[str, Any], other: dict[str, Any]) -> None:
    is_same = digest(one, "aws") == digest(other, "aws")
    assert (element_differences(LivePolicy(json.dumps(one)), other, "aws") == []) == is_same
    if is_same:
        assert verdict(one, other) is Verdict.UNCHANGED


@given(DOCUMENTS, st.sampled_from(["Principal", "Action", "Condition", "Effect"]), st.randoms())
def test_a_changed_value_is_a_difference(document: dict[str, Any], element: str, random: Random) -> None:
    changed = json.loads(json.dumps(document))
    number = random.randrange(len(changed["Statement"]))
    new = {
        "Principal": {"AWS": "444444444444"},
        "Action": ["ses:SendBounce"],
        "Condition": {"StringLike": {"ses:FromAddress": "new@example.com"}},
        "Effect": "Audit",
    }
    changed["Statement"][number][element] = new[element]
    other = respelled(changed, random)
    assert element_differences(LivePolicy(json.dumps(other)), document, "aws")
    assert digest(other, "aws") != digest(document, "aws")
