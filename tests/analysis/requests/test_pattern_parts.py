"""The parts of a pattern, which texts it matches, and what can be said of two patterns without a search."""

import pytest

from ses_sending_policy.analysis.requests.pattern import (
    ANY_TEXT,
    PLAIN,
    Pattern,
    Piece,
    arn_like,
    exactly,
    in_any_case,
    like,
    one_of,
    some_but,
    some_of,
    unnamed,
)
from ses_sending_policy.analysis.requests.texts import is_within


@pytest.mark.parametrize(
    ("pattern", "text", "is_so"),
    [
        (exactly("a*"), "a*", True),
        (exactly("a*"), "ab", False),
        (like("a*b*c"), "abc", True),
        (like("a*b*c"), "axbbxc", True),
        (like("a*b*c"), "ac", False),
        (like("a*b*c"), "abcb", False),
        (like("*ab*ba*"), "aba", False),
        (like("*ab*ba*"), "abba", True),
        (like("x*ab*ab*"), "xab", False),
        (like("x*ab*ab*"), "xxxab", False),
        (like("a*a"), "a", False),
        (like("a*a"), "aa", True),
        (like("a?*"), "a", False),
        (like("a?*"), "ab\nc", True),
        (in_any_case("a1"), "A1", True),
        (one_of("ab", times=3), "aba", True),
        (one_of("ab", times=3), "ab", False),
        (one_of("ab", times=3), "abc", False),
        (one_of("ab"), "b", True),
        (one_of("ab"), "", False),
        (one_of("ab"), "ab", False),
        (some_of("ab"), "abab", True),
        (some_of("ab"), "abc", False),
        (some_but("^-]"), "abc", True),
        (some_but("^-]"), "a-c", False),
    ],
)
def test_whether_a_pattern_matches_a_text(pattern: Pattern, text: str, *, is_so: bool) -> None:
    assert pattern.matches(text) is is_so


def test_a_pattern_is_the_same_whatever_order_its_characters_have() -> None:
    assert some_of("ab") == some_of("ba")
    assert some_but("ab") == some_but("ba")
    assert one_of("ab") == one_of("ba")
    assert len({one_of("ab"), one_of("ba"), some_of("ab"), some_of("ba")}) == 2
    assert some_of("ab") == one_of("ba") + Pattern([Piece(frozenset("ab"), is_many=True)])
    assert one_of("ab", times=2) == one_of("ab") + one_of("ba") == Pattern([Piece(frozenset("ab"))] * 2)
    assert exactly("a") + exactly("b") == exactly("ab")
    assert exactly("a").__add__(["b"]) is NotImplemented


def test_what_patterns_are_made_of() -> None:
    a, b = Piece(frozenset("a")), Piece(frozenset("b"))
    many, other = Piece(frozenset("a"), is_many=True), Piece(frozenset("a"), is_all_but=True)
    made = [
        (exactly("ab"), (a, b)),
        (exactly("a") + exactly("b"), (a, b)),
        (one_of("a"), (a,)),
        (one_of("a", times=2), (a, a)),
        (some_of("a"), (a, many)),
        (some_but("a"), (other, Piece(frozenset("a"), is_all_but=True, is_many=True))),
        (in_any_case("a1"), (Piece(frozenset("aA")), Piece(frozenset("1")))),
        (like("**?"), (Piece(frozenset(), is_all_but=True, is_many=True), Piece(frozenset(), is_all_but=True))),
        (ANY_TEXT, (Piece(frozenset(), is_all_but=True, is_many=True),)),
    ]
    for pattern, pieces in made:
        assert isinstance(pattern, Pattern)
        assert tuple(pattern) == pieces


def test_what_stands_around_the_places_of_others() -> None:
    found = like("ab*c?d")
    assert found.runs == ("ab", "c", "d")
    assert (found.head, found.tail, found.is_text) == ("ab", "d", False)
    assert found.least_length == 5
    assert found.shortest == "abcxd"
    assert found.named == frozenset("abcd")
    assert like("a*").has_stars_alone
    assert not like("a?").has_stars_alone
    assert not some_of("a").has_stars_alone
    # This character usually stands for all that are not named, but here it is named.
    assert not like("\uffff*").has_stars_alone


def test_a_piece() -> None:
    one = frozenset("a")
    assert Piece(one).only == "a"
    others = (Piece(one, is_many=True), Piece(one, is_all_but=True), Piece(frozenset("ab")), Piece(frozenset()))
    assert [each.only for each in others] == [""] * 4
    assert Piece(frozenset(), is_all_but=True, is_many=True).is_anything
    odd = (Piece(one, is_all_but=True, is_many=True), Piece(frozenset(), is_many=True), Piece(frozenset()))
    assert not any(each.is_anything for each in odd)


def test_no_colon_stands_in_a_part_of_an_arn() -> None:
    found = arn_like("arn:*:?:r:1:a*")
    assert found
    assert [each.characters for each in found if each.is_all_but] == [frozenset(":"), frozenset(":"), frozenset()]


def test_a_character_that_nothing_names() -> None:
    assert unnamed("") == "x"
    assert unnamed("xy") == "z"
    assert unnamed({*PLAIN, "\u00e0"}) == "\u00e1"


@pytest.mark.parametrize(
    ("one", "other", "may_meet"),
    [
        (like("a*x"), like("a*y"), False),
        (like("a*x"), like("b*x"), False),
        (like("a*x"), like("ab*yx"), True),
        (like("ab*yx"), like("a*x"), True),
        (like("*"), like("a*"), True),
    ],
)
def test_whether_two_may_have_a_text_in_common(one: Pattern, other: Pattern, *, may_meet: bool) -> None:
    assert one.may_meet(other) is may_meet


@pytest.mark.parametrize(
    ("one", "other", "told", "is_so"),
    [
        (exactly("ab"), like("a*"), True, True),
        (exactly("ab"), like("a??"), False, False),
        (like("a*b"), like("a*c"), False, False),
        (like("b*a"), like("c*a"), False, False),
        (like("b*a"), like("c*d"), False, False),
        (like("ab*"), like("a*"), True, True),
        (like("a*"), like("a*b*"), False, False),
        # Only some characters are allowed there.
        (some_of("a"), like("*a*"), True, True),
        (in_any_case("ab"), like("*B*"), None, False),
        (like("a?*"), like("a??"), False, False),
        (like("?a"), like("??"), None, True),
        (like("??"), in_any_case("xx"), None, False),
    ],
)
def test_what_is_told_without_a_search(one: Pattern, other: Pattern, *, told: bool | None, is_so: bool) -> None:
    assert one.is_within(other) is told
    assert is_within(one, other) is is_so
