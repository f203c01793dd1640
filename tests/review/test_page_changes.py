"""The review page's changes: their order, and before and after side by side."""

import json

import pytest

from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.html.page_json import ChangeJson, GrantJson
from tests.support.outline import Element, entries
from tests.support.reviewed import DIFFERENCE, EXPLAINED, FINDINGS, PARTNER, change, difference, grant, page_of

FULL = page_of(EXPLAINED, FINDINGS, DIFFERENCE)
ALLOW, DENY, OPEN = (grant("x may send as y", "*", effect=effect) for effect in ("Allow", "Deny", "${...}"))


def entry_of(change: ChangeJson) -> Element:
    """Return what the page has of a change."""
    (entry,) = entries(page_of(changed=difference(change["verdict"], change)), "changes")
    return entry


@pytest.mark.parametrize(
    ("before", "after", "badge"),
    [
        ([], [ALLOW], "◆ Grant changed"),
        ([ALLOW], [], "◆ Grant changed"),
        ([DENY], [DENY], "◆ Denial changed"),
        ([DENY], [], "◆ Denial changed"),
        ([OPEN], [OPEN], "◆ Statement changed"),
        ([OPEN], [], "◆ Statement changed"),
    ],
)
def test_a_change_says_what_changes(before: list[GrantJson], after: list[GrantJson], badge: str) -> None:
    told = change(Kind.CHANGED, PARTNER, "s", before, after)
    assert next(entry_of(told).all("span")).text == badge


@pytest.mark.parametrize(
    ("verdict", "lines"),
    [(Verdict.BROADENED, ["So account 222222222222 may now send as y@example.com."]), (Verdict.CHANGED, [])],
)
def test_a_change_that_lets_more_through_shows_a_request(verdict: Verdict, lines: list[str]) -> None:
    entry = entry_of(change(Kind.ADDED, PARTNER, "s", [], [ALLOW], verdict=verdict))
    assert [each.text for each in entry.all("p") if each.attributes.get("class") == "clause witness"] == lines


def test_changes_that_let_more_through_come_first() -> None:
    badges = [next(entry.all("span")).text for entry in entries(FULL, "changes")]
    assert badges == ["▲ Grant widened", "▲ Grant added", "▼ Grant removed"]


def sides(entry: Element) -> list[Element]:
    """Return the text of a change's before and after."""
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
    old, new = sides(entry_of(change(Kind.CHANGED, PARTNER, "s", [grant(before, "*")], [grant(after, "*")])))
    assert [word.text for word in old.all("del")] == gone
    assert [word.text for word in new.all("ins")] == come
    assert not list(old.all("ins"))
    assert not list(new.all("del"))
    # A change of white space alone cannot be seen.
    assert not [text for mark in (*old.all("del"), *new.all("ins")) for text in mark.texts() if text != text.strip()]


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("more than before: b may send; it was: a may send", "more than before"),
        ("not as before, in what these words do not say: b may send", "not as before, in what these words do not say"),
        ("from now on: b may send, for x: y", "from now on"),
    ],
)
def test_a_sentence_does_not_say_again_what_stands_below_it(sentence: str, lead: str) -> None:
    told = change(Kind.CHANGED, PARTNER, sentence, [grant("a may send", "*")], [grant("b may send", "*")])
    assert entry_of(told).one("p", class_="clause lead").text == lead


def test_of_more_than_one_grant_those_are_compared_that_one_principal_has_on_each_side() -> None:
    before = [grant("a may send as x", "AWS a"), grant("b may send as x", "AWS b"), grant("b may send as z", "AWS b")]
    after = [grant("a may send as y", "AWS a"), grant("b may send as y", "AWS b"), grant("c may send as y", "AWS c")]
    entry = entry_of(change(Kind.CHANGED, PARTNER, "not as before", before, after))
    old, new = sides(entry)
    assert [line.text for line in old.all("li")] == ["a may send as x", "b may send as x", "b may send as z"]
    assert [word.text for word in old.all("del")] == ["x"]
    assert [word.text for word in new.all("ins")] == ["y"]
    assert [len(json.loads(each.text)) for each in entry.all("pre")] == [3, 3]
