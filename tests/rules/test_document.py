"""A policy document: its canonical text, its shape, and what SES must hold."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.rules.document import (
    Document,
    LivePolicy,
    as_text,
    compact,
    document_faults,
    is_intrinsic,
    is_too_deep,
)
from ses_sending_policy.rules.equivalence import differences
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import POLICY_BYTES
from ses_sending_policy.rules.normal_form import normalise
from ses_sending_policy.rules.ownership import Marker
from tests.rules.documents import documents, shuffled

MARKER = Marker("Mail", "Partner", "3709feb27d9890ae")
STATEMENT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "222222222222"},
    "Action": "ses:SendEmail",
    "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/example.com",
}


def test_the_one_form() -> None:
    given_document = {
        "Statement": [
            {
                "Resource": ["r"],
                "Sid": "B",
                "Effect": "Allow",
                "Action": ["b", "a", "b"],
                "Principal": {"AWS": ["2", "1"]},
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "a",
                "Resource": "r",
                "Sid": "A",
                "Condition": {"Bool": {"k": True}},
            },
        ],
        "Id": "mine",
        "Version": "2012-10-17",
    }
    assert compact(normalise(given_document)) == (
        '{"Version":"2012-10-17","Statement":['
        '{"Sid":"A","Effect":"Deny","Principal":"*","Action":"a","Resource":"r","Condition":{"Bool":{"k":"true"}}},'
        '{"Sid":"B","Effect":"Allow","Principal":{"AWS":["1","2"]},"Action":["a","b"],"Resource":"r"}]}'
    )


def test_every_element_has_its_place() -> None:
    """Known elements come in the order that people read them, others after them; also at the top level."""
    nots: dict[str, Any] = {"NotResource": ["b", "a"], "NotAction": ["b", "a"], "NotPrincipal": {"AWS": ["b", "a"]}}
    top = {name: name for name in "fedcba"}
    odd = {"Zone": 1, "Annex": ["b", "a"], "Condition": {"b": {"k": ["2", "1"]}, "a": {"k": "v"}}, "Sid": "S"}
    document = {"Zone": True, "Annex": ["b", "a"], "Statement": odd | nots | {"Effect": "Deny"}, "Version": "v"}
    assert list(normalise(document | top)) == ["Annex", "Version", "Zone", *"abcdef", "Statement"]
    assert compact(normalise(document)) == (
        '{"Annex":["a","b"],"Version":"v","Zone":"true","Statement":[{"Sid":"S","Effect":"Deny",'
        '"NotPrincipal":{"AWS":["a","b"]},"NotAction":["a","b"],"NotResource":["a","b"],'
        '"Condition":{"a":{"k":"v"},"b":{"k":["1","2"]}},"Annex":["a","b"],"Zone":"1"}]}'
    )


def test_letters_stay_as_they_are() -> None:
    assert compact({"Sid": "\N{SNOWMAN}"}) == '{"Sid":"\N{SNOWMAN}"}'


def test_statements_of_one_sid_are_sorted_by_what_they_say() -> None:
    first, second = {"Effect": "Allow", "Action": "a"}, {"Effect": "Allow", "Action": "b"}
    assert normalise({"Statement": [second, first]})["Statement"] == [first, second]
    assert normalise({"Statement": {"Action": ["\N{LATIN SMALL LETTER E WITH ACUTE}", "z"]}})["Statement"] == [
        {"Action": ["z", "\N{LATIN SMALL LETTER E WITH ACUTE}"]}
    ]
    named = [{"Sid": "B", "Action": "a"}, {"Sid": "A", "Action": "b"}]
    assert normalise({"Statement": [*named, first]})["Statement"] == [first, *named[::-1]]
    numbered = {"Sid": {"Ref": "S"}, "Action": "0"}
    assert normalise({"Statement": ["x", first, numbered]})["Statement"] == ["x", numbered, first]


def test_the_same_function_twice_is_one() -> None:
    one = {"Fn::Sub": ["${a}${b}", {"a": "1", "b": "2"}]}
    other = {"Fn::Sub": ["${a}${b}", {"b": "2", "a": "1"}]}
    assert normalise({"Statement": [STATEMENT | {"Action": [one, other]}]})["Statement"][0]["Action"] == other


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"Ref": "A"}, True),
        ({"Fn::GetAtt": ["A", "B"]}, True),
        ({"Ref": "A", "B": 1}, False),
        ({"AWS": "A"}, False),
        ({"xFn::": "A"}, False),
        ({12: "A"}, False),
        ({}, False),
        ("Ref", False),
        (["Ref"], False),
    ],
    ids=repr,
)
def test_what_is_an_intrinsic_function(value: object, *, is_one: bool) -> None:
    assert is_intrinsic(value) == is_one


def test_intrinsic_functions_stay_as_they_are() -> None:
    join = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::1:root"]]}
    document = {"Statement": [STATEMENT | {"Principal": {"AWS": [join, "111111111111", {"Ref": "P"}]}}]}
    [statement] = normalise(document)["Statement"]
    assert join in statement["Principal"]["AWS"]
    assert {"Ref": "P"} in statement["Principal"]["AWS"]
    assert list(document_faults({"Statement": [{"Ref": "WholeStatement"}]})) == []


@given(documents(), st.randoms())
def test_a_reordering_is_no_difference(document: dict[str, Any], random: Any) -> None:
    assert compact(normalise(shuffled(document, random))) == compact(normalise(document))


@given(documents())
def test_the_one_form_is_its_own(document: dict[str, Any]) -> None:
    assert normalise(normalise(document)) == normalise(document)


def test_scalars_become_what_cloudformation_makes_of_them() -> None:
    assert as_text({"a": (True, {"b": 1})}) == {"a": ["true", {"b": "1"}]}
    assert as_text({"a": [True, False, 14, 1.5, "x", None]}) == {"a": ["true", "false", "14", "1.5", "x", None]}


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        ([], ["policy document is []: it must be an object with a Statement"]),
        ({}, ["policy document has no statement: it needs at least one"]),
        ({"Statement": []}, ["policy document has no statement: it needs at least one"]),
        ({"Statement": "x"}, ["statement 0 is 'x': it must be an object"]),
        ({"Statement": STATEMENT}, []),
        ({"Statement": [STATEMENT, STATEMENT | {"Sid": "B"}]}, []),
        (
            {"Statement": [STATEMENT | {"Effect": "allow"}]},
            ["statement 0 has the Effect 'allow': allowed are Allow and Deny"],
        ),
        ({"Statement": [STATEMENT | {"Effect": {"Ref": "Effect"}}]}, []),
        ({"Statement": [STATEMENT | {"Effect": "Deny"}]}, []),
        ({"Statement": [STATEMENT | {"Condition": {"Bool": {"k": "v"}}}]}, []),
        (
            {"Statement": [{"Effect": "Allow", "NotPrincipal": "*", "NotAction": "a", "NotResource": "r"}]},
            [],
        ),
        (
            {"Statement": [{"Effect": "", "NotPrincipal": None, "NotAction": [], "NotResource": ""}]},
            [
                "statement 0 has an empty Effect: every statement needs one",
                "statement 0 has an empty Principal: every statement needs one",
                "statement 0 has an empty Action: every statement needs one",
                "statement 0 has an empty Resource: every statement needs one",
            ],
        ),
        (
            {"Statement": [{}]},
            [
                f"statement 0 has no {name}: every statement needs one"
                for name in ("Effect", "Principal", "Action", "Resource")
            ],
        ),
        ({"Statement": [STATEMENT | {"Action": []}]}, ["statement 0 has an empty Action: every statement needs one"]),
        (
            {"Statement": [STATEMENT | {"Principal": {}}]},
            ["statement 0 has an empty Principal: every statement needs one"],
        ),
        (
            {"Statement": [STATEMENT | {"Condition": "x"}]},
            ["statement 0 has the Condition 'x': it must be an object of operators"],
        ),
        (
            {"Statement": [STATEMENT, {"Effect": "Allow", "NotAction": "a", "NotPrincipal": "*"}]},
            ["statement 1 has no Resource: every statement needs one"],
        ),
    ],
)
def test_every_fault_of_a_shape_is_told(document: object, faults: list[str]) -> None:
    assert list(document_faults(document)) == faults


def test_a_document_checks_itself() -> None:
    with pytest.raises(DeclarationError) as refusal:
        Document({"Statement": [{"Ref": "Whole"}, 12, []]})
    assert str(refusal.value) == "statement 1 is 12: it must be an object; statement 2 is []: it must be an object"
    with pytest.raises(DeclarationError) as refusal:
        Document({"Id": "mine", "Statement": [STATEMENT]})
    assert str(refusal.value) == "policy document has an Id: that is the place of the owner's marker"


def nested(levels: int) -> dict[str, Any]:
    value: Any = "x"
    for _ in range(levels - 4):
        value = [value]
    return {"Statement": [STATEMENT | {"Action": value}]}


def test_a_document_is_not_nested_deeper_than_any_policy() -> None:
    assert list(document_faults(nested(64))) == []
    assert list(document_faults(nested(65))) == ["policy document has more than 64 levels: no policy is nested so deep"]
    assert list(document_faults(nested(5000))) == list(document_faults(nested(65)))
    assert len(list(document_faults({"Statement": nested(70)["Statement"][0]["Action"]}))) == 1
    pairs: Any = "x"
    for _ in range(64):
        pairs = (pairs,)
    assert is_too_deep({"Statement": pairs})


def test_a_document_is_made_of_characters() -> None:
    with pytest.raises(DeclarationError, match="half a surrogate pair"):
        Document({"Statement": [STATEMENT | {"Sid": "\ud83d"}]})
    assert Document({"Statement": [STATEMENT | {"Sid": "\U0001f4e7"}]}).text(MARKER)


def test_what_ses_is_to_hold() -> None:
    text = Document({"Version": "2012-10-17", "Statement": [STATEMENT]}).text(MARKER)
    assert text == (
        '{"Version":"2012-10-17","Id":"Mail/Partner/3709feb27d9890ae","Statement":[{"Effect":"Allow",'
        '"Principal":{"AWS":"222222222222"},"Action":"ses:SendEmail",'
        '"Resource":"arn:aws:ses:eu-west-1:111111111111:identity/example.com"}]}'
    )
    assert LivePolicy(text).marker == MARKER


def test_a_document_without_a_version_says_which_it_has() -> None:
    text = Document({"Statement": [STATEMENT]}).text(MARKER)
    assert text == Document({"Version": "2008-10-17", "Statement": [STATEMENT]}).text(MARKER)


def test_a_document_that_leaves_no_room_for_a_version_stays_without() -> None:
    def text(length: int) -> str:
        return Document({"Statement": [STATEMENT | {"Sid": "x" * length}]}).text(MARKER)

    room = POLICY_BYTES - len(text(0))
    assert len(text(room)) == POLICY_BYTES
    for length in (room + 1, room + len('"Version":"2008-10-17",')):
        assert text(length).startswith('{"Id":"Mail/Partner/')
        assert len(text(length)) <= POLICY_BYTES


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (-1, False)])
def test_the_marker_counts_towards_the_size(spare: int, *, fits: bool) -> None:
    def document(length: int) -> Document:
        return Document({"Version": "2012-10-17", "Statement": [STATEMENT | {"Sid": "x" * length}]})

    room = POLICY_BYTES - len(document(0).text(MARKER))
    assert len(document(room).text(MARKER)) == POLICY_BYTES
    if fits:
        assert document(room - spare).text(MARKER)
    else:
        with pytest.raises(DeclarationError, match=f"{POLICY_BYTES + 1} bytes with the owner's marker"):
            document(room - spare).text(MARKER)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "12", '{"Id":"mine"}', '{"Id":12}', "{}"])
def test_a_live_policy_may_be_anything(text: str) -> None:
    live = LivePolicy(text)
    assert (live.marker, live.id) == (None, "mine" if "mine" in text else "")
    assert live.with_id("") == ("{}" if text.startswith("{") else text)


@pytest.mark.parametrize("levels", [65, 300, 2000])
def test_a_live_policy_that_is_deeper_than_any_is_none_that_can_be_read(levels: int) -> None:
    text = "[" * levels + "]" * levels
    live = LivePolicy(text)
    assert (live.elements, live.marker) == (text, None)
    assert differences(live, Document({"Statement": [STATEMENT]}), "aws") == ["the live policy is no JSON object"]


def test_a_released_policy_has_all_but_the_marker() -> None:
    live = LivePolicy(Document({"Version": "2012-10-17", "Statement": [STATEMENT]}).text(MARKER))
    assert json.loads(live.with_id("")) == {"Version": "2012-10-17", "Statement": [STATEMENT]}


def test_a_function_in_place_of_a_statement_stays_as_it_is() -> None:
    choice = {"Fn::If": ["Condition", {"Effect": "Deny"}, {"Effect": "Allow"}]}
    assert normalise({"Statement": [choice]})["Statement"] == [choice]
