"""JSON that parsers read in one way alone is read; the error for any other says what to do."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.strict import OddJsonError, brief, parsed

LONG = f"'{'k' * 37}...{'k' * 38}'"
DEEP = "is nested deeper than can be read: is it a template at all?"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, -2.5, true, null, "b"]}', {"a": [1, -2.5, True, None, "b"]}),
        ('{"a": {"c": 1}, "b": {"c": 1}}', {"a": {"c": 1}, "b": {"c": 1}}),
        ("12345678901234567890", 12345678901234567890),
        ("1e308", 1e308),
        ('"NaN"', "NaN"),
        ('"\u00e9"'.encode(), "\u00e9"),
        ('"\u00e9"'.encode("utf-8-sig"), "\u00e9"),
        ('"\u00e9"'.encode("utf-16"), "\u00e9"),
        ('"\u00e9"'.encode("utf-32-le"), "\u00e9"),
    ],
)
def test_what_all_parsers_read_alike(text: str | bytes, value: Any) -> None:
    assert parsed(text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"b": 1, "a": 1, "c": 2, "a": 2}',
            "has the key 'a' twice in one object, and parsers differ in which of them counts: leave one",
        ),
        (
            f'[{{"{"k" * 200}": 1, "{"k" * 200}": 2}}]',
            f"has the key {LONG} twice in one object, and parsers differ in which of them counts: leave one",
        ),
        ("NaN", "has the number NaN, which JSON has not: write another one, or a text"),
        ("[-Infinity]", "has the number -Infinity, which JSON has not: write another one, or a text"),
        ("1e309", "has the number 1e309, which is infinite to most parsers: write a text"),
        (
            "9" * 400,
            f"has the number {'9' * 37}...{'9' * 38}, which is infinite to most parsers: write a text",
        ),
    ],
    ids=["key", "long key", "NaN", "Infinity", "power", "digits"],
)
def test_what_parsers_read_in_different_ways(text: str, told: str) -> None:
    with pytest.raises(OddJsonError) as fault:
        parsed(text)
    assert str(fault.value) == told


@pytest.mark.parametrize(
    ("begin", "end", "times"), [("[", "]", 128), ('{"a":', "}", 128), ('{"a":[', "]}", 64), ('[0,{"a":', "},0]", 64)]
)
def test_128_levels_are_read_and_no_more(begin: str, end: str, times: int) -> None:
    most = f"{begin * times}1{end * times}"
    parsed(most)
    for text in (f"[{most}]", f'{{"a":{most}}}', begin * 100_000):
        with pytest.raises(OddJsonError) as fault:
            parsed(text)
        assert str(fault.value) == DEEP


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", "[1,]", b'"\xff"', b'"\xed\xa0\x80"'])
def test_what_is_no_json_is_not_odd(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".") as fault:
        parsed(text)
    assert not isinstance(fault.value, OddJsonError)


@pytest.mark.parametrize(
    ("value", "shown"), [("a" * 78, f"'{'a' * 78}'"), ("a" * 79, f"'{'a' * 37}...{'a' * 38}'"), ([1], "[1]")]
)
def test_a_long_value_is_shown_in_brief(value: Any, shown: str) -> None:
    assert brief(value) == shown
