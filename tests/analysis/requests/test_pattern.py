"""Whether one pattern covers another: checked against every short text, by another matcher."""

import re
from itertools import product

import pytest

from ses_sending_policy.analysis.requests.pattern import Pattern, exactly, in_any_case, like
from ses_sending_policy.analysis.requests.texts import is_within


def words(letters: str, most: int) -> list[str]:
    return ["".join(word) for length in range(most + 1) for word in product(letters, repeat=length)]


# No pattern has a "c", so it stands for every other character; a text that only one of two patterns of three
# characters matches need not be longer than both together.
TEXTS = words("abc", 6)


def matched(pattern: str) -> int:
    """Return the texts that match `pattern`, with one bit for each."""
    expression = re.compile(pattern.replace("*", ".*").replace("?", "."))
    return sum(1 << number for number, text in enumerate(TEXTS) if expression.fullmatch(text))


def test_every_pair_of_short_patterns() -> None:
    patterns = {text: (like(text), matched(text)) for text in words("ab*?", 3)}
    wrong = [
        f"{one!r} in {other!r}"
        for (one, (here, mine)), (other, (there, others)) in product(patterns.items(), repeat=2)
        if is_within(here, there) != (not mine & ~others)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other", "is_covered"),
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
def test_longer_patterns(one: str, other: str, is_covered: bool) -> None:
    assert is_within(like(one), like(other)) is is_covered


def test_a_wildcard_is_a_plain_character_where_a_text_is_meant_exactly() -> None:
    assert is_within(exactly("*"), like("?"))
    assert not is_within(like("*"), exactly("*"))
    assert not is_within(exactly("*"), like("a*"))


def test_a_text_in_any_case_is_more_than_itself() -> None:
    assert is_within(exactly("aB1"), in_any_case("Ab1"))
    assert is_within(in_any_case("Ab1"), in_any_case("aB1"))
    assert is_within(in_any_case("Ab1"), like("??1"))
    assert not is_within(in_any_case("Ab1"), exactly("Ab1"))
    assert not is_within(in_any_case("Ab1"), like("A*"))


def test_what_reads_the_same_is_the_same() -> None:
    assert like("a1") == exactly("a1")
    assert like("**") == like("*")
    assert in_any_case("1") == exactly("1")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (exactly("a*"), "a*"),
        (like("ab"), "ab"),
        (like(""), ""),
        (in_any_case("12"), "12"),
        (in_any_case("a2"), None),
        (like("a*"), None),
        (like("?"), None),
    ],
)
def test_the_one_text_of_a_pattern(pattern: Pattern, text: str | None) -> None:
    assert (pattern.head if pattern.is_text else None) == text


def test_what_takes_too_long_is_not_known() -> None:
    hard = "*a" + "?" * 40
    assert is_within(like(hard), like(hard))
    assert is_within(like(hard), like("*"))
    assert is_within(like(f"b{hard}"), like("*a*"))
    assert not is_within(like(f"b{hard}"), like(hard))
