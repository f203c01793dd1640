"""`Fn::ForEach`: what a loop makes, and the loops of which only the deploy knows that."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.loops import unrolled

EXTENDED = {"Transform": "AWS::LanguageExtensions"}


def loop(name: str, items: Any, body: Any) -> dict[str, Any]:
    return {f"Fn::ForEach::{name}": ["S", items, body]}


def made(loops: Any, section: str = "Resources") -> Any:
    """Return what loops make in a section."""
    return unrolled(EXTENDED | {section: loops})[section]


@pytest.mark.parametrize(
    ("loops", "expected"),
    [
        (loop("L", ["A", "B"], {"P${S}": 1, "Q&{S}": 2}), {"PA": 1, "QA": 2, "PB": 1, "QB": 2}),
        (loop("L", ["a.b-c"], {"P&{S}": "&{S} ${S}"}), {"Pabc": "abc a.b-c"}),
        (loop("L", ["A"], {"P${S}": {"Ref": "S"}}), {"PA": "A"}),
        (loop("L", ["A"], {"P${S}": {"Ref": "T"}}), {"PA": {"Ref": "T"}}),
        (loop("L", ["A"], {"P${S}": [{"Ref": "S"}, 1, None]}), {"PA": ["A", 1, None]}),
        (loop("L", ["A"], {"P": {"k${S}": {"Ref": "${S}"}}}), {"P": {"kA": {"Ref": "A"}}}),
        # An `Fn::Sub` whose references are all replaced is its text.
        (loop("L", ["A"], {"P": {"Fn::Sub": "x${S}"}}), {"P": "xA"}),
        (loop("L", ["A"], {"P": {"Fn::Sub": "x${S}${T}"}}), {"P": {"Fn::Sub": "xA${T}"}}),
        (loop("L", ["A"], {"P": {"Fn::Sub": ["${S}", {}]}}), {"P": {"Fn::Sub": ["A", {}]}}),
        (loop("L", ["A"], {"P": {"Fn::Sub": "${S}", "More": 1}}), {"P": {"Fn::Sub": "A", "More": 1}}),
        (loop("L", ["A"], {"P": {"Sub": "${S}"}}), {"P": {"Sub": "A"}}),
        # What stands beside a loop stays.
        ({"Own": {"Ref": "S"}} | loop("L", ["A"], {"P${S}": 1}), {"Own": {"Ref": "S"}, "PA": 1}),
        (loop("L", [], {"P${S}": 1}), {}),
        (
            loop("L", ["A", "B"], {"Fn::ForEach::M${S}": ["T", ["1", "2"], {"P${S}${T}": "${S}${T}"}]}),
            {"PA1": "A1", "PA2": "A2", "PB1": "B1", "PB2": "B2"},
        ),
    ],
)
def test_what_it_makes(loops: Any, expected: Any) -> None:
    assert made(loops) == expected


@pytest.mark.parametrize(
    "loops",
    [
        loop("L", {"Ref": "Names"}, {"P${S}": 1}),
        loop("L", ["A", {"Ref": "Name"}], {"P${S}": 1}),
        loop("L", ["A"], {"Fn::ForEach::M": ["T", {"Ref": "Names"}, {"P${S}${T}": 1}]}),
        loop("L", ["A"], ["P${S}"]),
        {"Fn::ForEach::L": "text"},
        {"Fn::ForEach::L": [{"Ref": "S"}, ["A"], {}]},
    ],
)
def test_it_stays_where_its_list_is_not_known(loops: Any) -> None:
    assert made(loops) == loops


def test_a_loop_that_stays_takes_no_other_one_with_it() -> None:
    unknown = loop("M", {"Ref": "Names"}, {})
    assert made(unknown | loop("L", ["A"], {"P${S}": 1})) == unknown | {"PA": 1}


@pytest.mark.parametrize("section", ["Conditions", "Outputs", "Resources", "Mappings"])
def test_the_sections_that_may_have_one(section: str) -> None:
    loops = loop("L", ["A"], {"P${S}": 1})
    assert made(loops, section) == (loops if section == "Mappings" else {"PA": 1})
    assert made("text", section) == "text"


@pytest.mark.parametrize(
    ("transform", "is_unrolled"),
    [
        ({"Transform": ["AWS::Include", "AWS::LanguageExtensions"]}, True),
        ({"Transform": "AWS::Include"}, False),
        ({}, False),
    ],
)
def test_it_is_one_only_with_its_transform(transform: dict[str, Any], *, is_unrolled: bool) -> None:
    template = transform | {"Resources": loop("L", ["A"], {"P${S}": 1})}
    assert unrolled(template) == (transform | {"Resources": {"PA": 1}} if is_unrolled else template)


def test_it_makes_no_more_than_a_template_may_have() -> None:
    own, full = ({f"{name}{number}": 1 for number in range(500)} for name in ("Own", "P"))
    items = [str(number) for number in range(500)]
    # What a loop does not make is counted by CloudFormation alone.
    assert made(own | loop("L", items, {"P${S}": 1})) == own | full
    more = loop("L", [*items, "500"], {"P${S}": 1})
    assert made(more) == more
    two = {"Fn::ForEach::L": ["S", items[:251], {"P${S}": 1}], "Fn::ForEach::M": ["S", items[:250], {"Q${S}": 1}]}
    assert made(two).keys() == {f"P{number}" for number in range(251)} | {"Fn::ForEach::M"}


@pytest.mark.parametrize(("texts", "has_both"), [(998, True), (999, False)])
def test_it_takes_no_more_than_its_steps(texts: int, *, has_both: bool) -> None:
    """Each entry takes two steps, and one more for each text in it."""
    many = {"Fn::ForEach::L": ["S", [str(number) for number in range(499)], {"P${S}": ["a"] * 998}]}
    last = {"Fn::ForEach::M": ["S", ["1"], {"Q${S}": ["a"] * texts}]}
    found = made(many | last)
    assert found.keys() == {f"P{number}" for number in range(499)} | ({"Q1"} if has_both else last.keys())


def test_loops_in_loops_that_make_nothing_have_an_end() -> None:
    inner: Any = {}
    for level in range(9):
        inner = {f"Fn::ForEach::L{level}": [f"V{level}", [str(number) for number in range(10)], inner]}
    assert made(inner) == inner
