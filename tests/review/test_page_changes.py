"""The review page's changes: which come first, and before and after side by side."""

import json
from typing import Any

import pytest

from ses_sending_policy.review.page import page
from tests.support.outline import Element, entries
from tests.support.reviewed import DIFFERENCE, EXPLAINED, FINDINGS, PARTNER, change, grant

FULL = page(EXPLAINED, FINDINGS, DIFFERENCE)


ALLOW, DENY, OPEN = (grant("x may send as y", "*", effect=effect) for effect in ("Allow", "Deny", "${...}"))


@pytest.mark.parametrize(
    ("kind", "before", "after", "badge"),
    [
        ("added", [], [ALLOW], "▲ Grant added"),
        ("removed", [ALLOW], [], "▼ Grant removed"),
        ("widened", [ALLOW], [ALLOW], "▲ Grant widened"),
        ("narrowed", [ALLOW], [ALLOW], "▼ Grant narrowed"),
        ("changed", [ALLOW], [ALLOW], "◆ Grant changed"),
        ("added", [], [DENY], "▼ Denial added"),
        ("removed", [DENY], [], "▲ Denial removed"),
        ("widened", [DENY], [DENY], "▼ Denial widened"),
        ("narrowed", [DENY], [DENY], "▲ Denial narrowed"),
        ("added", [], [OPEN], "◆ Statement added"),
        ("removed", [OPEN], [], "◆ Statement removed"),
        ("whatever", [ALLOW], [ALLOW], "◆ Grant whatever"),
    ],
)
def test_a_change_says_whether_it_lets_more_through(kind: str, before: Any, after: Any, badge: str) -> None:
    told = change(kind, PARTNER, "s", before, after)
    (entry,) = entries(page(EXPLAINED, None, {"version": 1, "verdict": "changed", "changes": [told]}), "changes")
    assert next(entry.all("span")).text == badge


def test_changes_that_let_more_through_come_first() -> None:
    badges = [next(entry.all("span")).text for entry in entries(FULL, "changes")]
    assert badges == ["▲ Grant widened", "▲ Grant added", "▼ Grant removed"]


def sides(entry: Element) -> list[Element]:
    """Return what a change was before, and what it is after."""
    pair = next(each for each in entry.all("div") if each.attributes.get("class") == "pair")
    return [side for side in pair.children if isinstance(side, Element)]


def test_before_and_after_stand_side_by_side() -> None:
    told = [[side.text for side in sides(entry)] for entry in entries(FULL, "changes")]
    assert told[1:] == [
        ["Before none", "After everybody may send as any address of relay.example.net"],
        ["Before account 444444444444 may send as shop@example.org", "After none"],
    ]


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("a may send as x", "a may send as y", ["x"], ["y"]),
        ("a may send as x", "a may send as x", [], []),
        ("a may send as x, before 2027", "a may send as x", ["before 2027"], []),
        (
            "a may send as x, before 2027",
            "a may send as x, until 2027, before 2028",
            ["2027"],
            ["until 2027", "2028"],
        ),
        ("a may send as x, for p, for q", "a may send as x, for q, for p", [], []),
        ("a may send as x, only to x", "a may send as y, only to y", ["x", "x"], ["y", "y"]),
        ("a may send as x", "a may send as x or y", [], ["or y"]),
        ('a may send as "x y"', 'a may send as "x z"', ['"x y"'], ['"x z"']),
    ],
)
def test_the_words_that_differ_are_marked(before: str, after: str, gone: list[str], come: list[str]) -> None:
    told = change("changed", PARTNER, "s", [grant(before, "*")], [grant(after, "*")])
    (entry,) = entries(page(EXPLAINED, None, {"version": 1, "verdict": "changed", "changes": [told]}), "changes")
    old, new = sides(entry)
    assert [word.text for word in old.all("del")] == gone
    assert [word.text for word in new.all("ins")] == come
    assert not list(old.all("ins"))
    assert not list(new.all("del"))
    # Nobody sees whether a space is there or not.
    assert not [text for mark in (*old.all("del"), *new.all("ins")) for text in mark.texts() if text != text.strip()]


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("more than before: b may send; it was: a may send", "more than before"),
        ("not as before, by what only the deploy knows: b may send", "not as before, by what only the deploy knows"),
        ("b may send, and a no longer", "b may send, and a no longer"),
        ("something else", "something else"),
    ],
)
def test_a_sentence_does_not_say_again_what_stands_below_it(sentence: str, lead: str) -> None:
    told = change("changed", PARTNER, sentence, [grant("a may send", "*")], [grant("b may send", "*")])
    (entry,) = entries(page(EXPLAINED, None, {"version": 1, "verdict": "changed", "changes": [told]}), "changes")
    assert entry.one("p", class_="clause lead").text == lead


def test_of_more_than_one_grant_those_are_compared_that_one_principal_has_on_each_side() -> None:
    before = [grant("a may send as x", "AWS a"), grant("b may send as x", "AWS b"), grant("b may send as z", "AWS b")]
    after = [grant("a may send as y", "AWS a"), grant("b may send as y", "AWS b"), grant("c may send as y", "AWS c")]
    told = change("changed", PARTNER, "not as before", before, after)
    (entry,) = entries(page(EXPLAINED, None, {"version": 1, "verdict": "changed", "changes": [told]}), "changes")
    old, new = sides(entry)
    assert [line.text for line in old.all("li")] == ["a may send as x", "b may send as x", "b may send as z"]
    assert [word.text for word in old.all("del")] == ["x"]
    assert [word.text for word in new.all("ins")] == ["y"]
    assert [len(json.loads(each.text)) for each in entry.all("pre")] == [3, 3]


def test_a_single_grant_needs_no_list_and_none_is_null() -> None:
    lists = change("added", PARTNER, "s", [], [ALLOW])
    bare: Any = lists | {"before": None, "after": ALLOW}
    one, other = (
        page(EXPLAINED, None, {"version": 1, "verdict": "broadened", "changes": [each]}) for each in (lists, bare)
    )
    assert one == other


@pytest.mark.parametrize(("verdict", "sign"), [("broadened", "▲"), ("changed", "◆"), ("narrowed", "▼")])
def test_what_a_change_means_counts_more_than_what_it_looks_like(verdict: str, sign: str) -> None:
    told = change("added", PARTNER, "s", [], [ALLOW], verdict=verdict)
    (entry,) = entries(page(EXPLAINED, None, {"version": 1, "verdict": verdict, "changes": [told]}), "changes")
    assert next(entry.all("span")).text == f"{sign} Grant added"
