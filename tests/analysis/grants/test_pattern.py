"""Whether all that one pattern matches another one matches as well: against every short text, by another matcher."""

import re
from itertools import product

import pytest

from ses_sending_policy.analysis.grants.pattern import Pattern


def words(letters: str, most: int) -> list[str]:
    return ["".join(word) for length in range(most + 1) for word in product(letters, repeat=length)]


# No pattern has a "c", so it stands for every other character; a text that only one of two patterns of three
# characters matches need not be longer than both together.
TEXTS = words("abc", 6)


def matched(pattern: str) -> int:
    """Return the texts that are like `pattern`, a bit each."""
    expression = re.compile(pattern.replace("*", ".*").replace("?", "."))
    return sum(1 << number for number, text in enumerate(TEXTS) if expression.fullmatch(text))


def test_every_pair_of_short_patterns() -> None:
    patterns = {text: (Pattern.like(text), matched(text)) for text in words("ab*?", 3)}
    wrong = [
        f"{one!r} in {other!r}"
        for (one, (here, mine)), (other, (there, others)) in product(patterns.items(), repeat=2)
        if here.within(there) != (not mine & ~others)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other", "is_within"),
    [
        ("marketing+.*@example.com", "*@example.com", True),
        ("*@example.com", "marketing+.*@example.com", False),
        ("a*b*c", "a*c", True),
        ("a*c", "a*b*c", False),
        ("*admin*", "*a*i*", True),
        ("??*", "?*", True),
        ("?*", "??*", False),
        ("**a**", "*a*", True),
        ("*a*", "**a**", True),
        ("", "*", True),
        ("", "?", False),
        ("*a*b*", "*a*", True),
        ("\n", "?", True),
    ],
)
def test_longer_patterns(one: str, other: str, is_within: bool) -> None:  # noqa: FBT001 - a column of the table
    assert Pattern.like(one).within(Pattern.like(other)) is is_within


def test_a_wildcard_is_a_plain_character_where_a_text_is_meant_exactly() -> None:
    assert Pattern.exactly("*").within(Pattern.like("?"))
    assert not Pattern.like("*").within(Pattern.exactly("*"))
    assert not Pattern.exactly("*").within(Pattern.like("a*"))


def test_a_text_in_any_case_is_more_than_itself() -> None:
    assert Pattern.exactly("aB1").within(Pattern.in_any_case("Ab1"))
    assert Pattern.in_any_case("Ab1").within(Pattern.in_any_case("aB1"))
    assert Pattern.in_any_case("Ab1").within(Pattern.like("??1"))
    assert not Pattern.in_any_case("Ab1").within(Pattern.exactly("Ab1"))
    assert not Pattern.in_any_case("Ab1").within(Pattern.like("A*"))


def test_what_reads_the_same_is_the_same() -> None:
    assert Pattern.like("a1") == Pattern.exactly("a1")
    assert Pattern.like("**") == Pattern.like("*")
    assert Pattern.in_any_case("1") == Pattern.exactly("1")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (Pattern.exactly("a*"), "a*"),
        (Pattern.like("ab"), "ab"),
        (Pattern.like(""), ""),
        (Pattern.in_any_case("12"), "12"),
        (Pattern.in_any_case("a2"), None),
        (Pattern.like("a*"), None),
        (Pattern.like("?"), None),
    ],
)
def test_the_one_text_of_a_pattern(pattern: Pattern, text: str | None) -> None:
    assert pattern.only_text == text


def test_what_takes_too_long_is_not_known() -> None:
    hard = "*a" + "?" * 40
    assert Pattern.like(hard).within(Pattern.like(hard))
    assert Pattern.like(hard).within(Pattern.like("*"))
    assert Pattern.like(f"b{hard}").within(Pattern.like("*a*"))
    assert not Pattern.like(f"b{hard}").within(Pattern.like(hard))
