"""A statement with unknown parts."""

from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.statement import Condition, Statement, each, statements, unknown_statements

PATH: Final = "Properties/Policy/Statement"


def one(**elements: Any) -> Statement:
    return Statement("s", elements)


@pytest.mark.parametrize(
    ("document", "readable", "unknown"),
    [
        ({"Statement": [{"Sid": "A"}, {"Sid": "B"}]}, [f"{PATH}/0", f"{PATH}/1"], []),
        ({"Statement": {"Sid": "A"}}, [PATH], []),
        ({"Statement": [{"Ref": "A"}, {"Sid": "B"}, "x"]}, [f"{PATH}/1"], [{"Ref": "A"}, "x"]),
        ({"Statement": {"Ref": "A"}}, [], [{"Ref": "A"}]),
        ({"Statement": []}, [], []),
        ({"Ref": "Whole"}, [], [{"Ref": "Whole"}]),
        ("text", [], ["text"]),
        (None, [], [None]),
    ],
    ids=repr,
)
def test_the_statements_of_a_document(document: Any, readable: list[str], unknown: list[Any]) -> None:
    assert [statement.path for statement in statements(document)] == readable
    assert list(unknown_statements(document)) == unknown


def test_a_statement_has_its_elements() -> None:
    [statement] = statements({"Statement": [{"Sid": "A"}]})
    assert statement == Statement(f"{PATH}/0", {"Sid": "A"})


@pytest.mark.parametrize(
    ("value", "places"),
    [("x", [("p", "x")]), (["x", "y"], [("p/0", "x"), ("p/1", "y")]), ([], []), ({"Ref": "A"}, [("p", {"Ref": "A"})])],
)
def test_one_may_stand_for_a_list_of_one(value: Any, places: list[tuple[str, Any]]) -> None:
    assert list(each("p", value)) == places


@pytest.mark.parametrize(("effect", "allows"), [("Allow", True), ("Deny", False), ({"Ref": "E"}, False), (None, False)])
def test_what_is_known_to_give_something(effect: Any, *, allows: bool) -> None:
    assert one(Effect=effect).allows == allows
    assert not one().allows


def test_the_texts_of_an_element() -> None:
    statement = one(Action=["a", {"Ref": "B"}], Resource="r")
    assert list(statement.texts("Action")) == [("s/Action/0", "a"), ("s/Action/1", "${B}")]
    assert list(statement.texts("Resource")) == [("s/Resource", "r")]
    assert list(statement.texts("NotAction")) == []


@pytest.mark.parametrize(
    ("principal", "told"),
    [
        ("*", [("s/Principal", "AWS", "*")]),
        ({"AWS": "1"}, [("s/Principal/AWS", "AWS", "1")]),
        (
            {"AWS": ["1", {"Ref": "R"}], "Service": "ses"},
            [
                ("s/Principal/AWS/0", "AWS", "1"),
                ("s/Principal/AWS/1", "AWS", "${R}"),
                ("s/Principal/Service", "Service", "ses"),
            ],
        ),
        ({"Ref": "Whole"}, []),
        ({"Fn::If": ["C", {"AWS": "1"}, {"AWS": "2"}]}, []),
        (12, []),
        (None, []),
    ],
    ids=repr,
)
def test_the_principals(principal: Any, told: list[tuple[str, str, str]]) -> None:
    assert list(one(Principal=principal).principals()) == told
    nots = [(path.replace("s/Principal", "s/NotPrincipal"), kind, text) for path, kind, text in told]
    assert list(one(NotPrincipal=principal).principals("NotPrincipal")) == nots


@pytest.mark.parametrize(
    ("condition", "told", "unknown"),
    [
        (
            {"StringLike": {"k": ["v", {"Ref": "W"}], "l": "x"}},
            [
                Condition("s/Condition/StringLike/k", "StringLike", "k", ("v", "${W}")),
                Condition("s/Condition/StringLike/l", "StringLike", "l", ("x",)),
            ],
            False,
        ),
        ({}, [], False),
        ({"Ref": "C"}, [], True),
        ({"Fn::Transform": {"Name": "Macro"}}, [], True),
        ("text", [], True),
        (
            {"Bool": {"Ref": "K"}, "Null": {"k": "true"}},
            [Condition("s/Condition/Null/k", "Null", "k", ("true",))],
            True,
        ),
        ({"Bool": "x"}, [], True),
        ({"A": {"k": "v"}, "B": {"k": "v"}}, [Condition(f"s/Condition/{o}/k", o, "k", ("v",)) for o in "AB"], False),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_the_conditions(condition: Any, told: list[Condition], *, unknown: bool) -> None:
    statement = one(Condition=condition)
    assert list(statement.conditions()) == told
    assert statement.has_unknown_conditions == unknown


def test_a_statement_without_conditions() -> None:
    assert list(one().conditions()) == []
    assert not one().has_unknown_conditions


@pytest.mark.parametrize(
    ("operator", "quantifier", "comparison", "optional"),
    [
        ("StringLike", "", "StringLike", False),
        ("StringLikeIfExists", "", "StringLike", True),
        ("ForAllValues:StringLike", "ForAllValues", "StringLike", True),
        ("ForAnyValue:StringLike", "ForAnyValue", "StringLike", False),
        ("ForAnyValue:StringLikeIfExists", "ForAnyValue", "StringLike", True),
    ],
)
def test_the_parts_of_an_operator(operator: str, quantifier: str, comparison: str, *, optional: bool) -> None:
    condition = Condition("p", operator, "k", ())
    assert (condition.quantifier, condition.comparison, condition.is_optional) == (quantifier, comparison, optional)
