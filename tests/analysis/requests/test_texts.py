"""A text that some patterns match and others do not: found if there is one, else proven not to exist."""

import re
from fnmatch import translate
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ses_sending_policy.analysis.requests.pattern import (
    ANY_TEXT,
    Pattern,
    arn_like,
    exactly,
    in_any_case,
    like,
    one_of,
    some_but,
    some_of,
)
from ses_sending_policy.analysis.requests.texts import Budget, TooHardError, find_text


def found(all_of: list[Pattern], none_of: list[Pattern] | None = None) -> str | None:
    return find_text([[each] for each in all_of], none_of or [], Budget(10_000))


ARN = arn_like("arn:aws:s3:::*")
assert ARN

CASES: dict[str, tuple[list[Pattern], list[Pattern], str | None]] = {
    "anything at all is nothing": ([ANY_TEXT], [], ""),
    "no pattern": ([], [], ""),
    "itself": ([exactly("ab")], [], "ab"),
    "another text": ([exactly("ab"), exactly("ac")], [], None),
    "what is kept out": ([exactly("ab")], [exactly("ab")], None),
    "what is kept out by a pattern": ([exactly("ab")], [like("a?")], None),
    "nothing else": ([like("a*")], [ANY_TEXT], None),
    "the shortest": ([like("a*")], [exactly("a")], "ax"),
    "one character": ([like("?")], [], "x"),
    "one character that is named": ([like("?")], [exactly("x")], "y"),
    "no more than one": ([like("?"), like("??")], [], None),
    "stars beside each other are one": ([like("a**b")], [], "ab"),
    "a question mark behind a star": ([like("*?")], [], "x"),
    "patterns that cross": ([like("a*"), like("*b")], [], "ab"),
    "no case but its own": ([exactly("a"), exactly("A")], [], None),
    "any case": ([in_any_case("aB"), exactly("Ab")], [], "Ab"),
    "some characters": ([some_of("ab")], [exactly("a"), exactly("b")], "aa"),
    "one at least": ([some_of("ab"), exactly("")], [], None),
    "other characters": ([some_but("x"), like("x*")], [], None),
    "others behind the first": ([some_but("x"), exactly("ax")], [], None),
    "one other at least": ([some_but("x"), exactly("")], [], None),
    "so many": ([one_of("1", times=3)], [], "111"),
    "an ARN": ([ARN, exactly("arn:aws:s3:::b:c")], [], "arn:aws:s3:::b:c"),
    "no colon in a part": ([ARN, exactly("arn:aws:s3:x:::b")], [], None),
}


@pytest.mark.parametrize("name", CASES)
def test_a_text_is_found_or_there_is_none(name: str) -> None:
    all_of, none_of, expected = CASES[name]
    assert found(all_of, none_of) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "is_like"),
    [
        ("arn:*:*:*:*:*", "arn:aws:s3:::x", True),
        ("arn:?ws:s3:::x", "arn:aws:s3:::x", True),
        ("arn:?:s3:::x", "arn:::s3:::x", False),
        ("arn:*:x", "arn:aws:s3:::x", None),
        ("*", "arn:aws:s3:::x", None),
        ("arn:aws:s3:::*:y", "arn:aws:s3:::a:b:y", True),
    ],
)
def test_an_arn_has_six_parts(pattern: str, text: str, *, is_like: bool | None) -> None:
    read = arn_like(pattern)
    assert (None if read is None else found([read, exactly(text)]) is not None) is is_like


def test_one_of_several_is_enough_and_none_may_be_of_the_others() -> None:
    either = [exactly("a"), exactly("b")]
    assert find_text([either], [exactly("a")], Budget(100)) == "b"
    assert find_text([either], either, Budget(100)) is None
    assert find_text([[]], [], Budget(100)) is None
    assert find_text([iter([exactly("a"), like("?b")])], iter([exactly("a")]), Budget(100)) == "xb"


@pytest.mark.parametrize(
    ("texts", "first"), [(["b", "a", "cc"], "a"), (["aa", "b"], "b"), (["ab", "aa"], "aa"), (["", "a"], "")]
)
def test_of_texts_the_shortest_is_found_and_of_those_the_first(texts: list[str], first: str) -> None:
    assert find_text([list(map(exactly, texts))], [], Budget(100)) == first
    assert find_text([[ANY_TEXT], list(map(exactly, texts))], [exactly("x")], Budget(100)) == first


def test_a_character_is_found_that_no_pattern_names() -> None:
    plain = "xyzabcdefghijklmnopqrstuvw0123456789-_.XYZABCDEFGHIJKLMNOPQRSTUVW"
    assert found([like("?")], [exactly(each) for each in plain]) == "\u00e0"


def test_lower_case_comes_first_then_other_letters() -> None:
    assert found([some_of("A-a"), like("*")]) == "a"
    assert found([some_of("-A"), like("*")]) == "A"


def test_a_search_ends_where_its_budget_does() -> None:
    with pytest.raises(TooHardError):
        find_text([[like("a*c")], [like("*b*")]], [], Budget(2))
    budget = Budget(3)
    budget.take(2)
    budget.take()
    assert budget.steps == 0
    with pytest.raises(TooHardError):
        budget.take()


_PATTERN = some.text("ab*?", max_size=5)
_TEXTS = ["".join(each) for length in range(6) for each in product("abx", repeat=length)]


@given(some.lists(_PATTERN, max_size=3), some.lists(_PATTERN, max_size=3))
def test_it_is_what_trying_all_texts_gives(all_of: list[str], none_of: list[str]) -> None:
    def matches(pattern: str, text: str) -> bool:
        return re.match(translate(pattern), text) is not None

    def is_one(text: str) -> bool:
        return all(matches(each, text) for each in all_of) and not any(matches(each, text) for each in none_of)

    text = found(list(map(like, all_of)), list(map(like, none_of)))
    expected = next(filter(is_one, _TEXTS), None)
    assert text is None or is_one(text)
    assert expected is None or (text is not None and len(text) == len(expected))
