"""Generated code: no text can get out of its literal, and formatters leave the code unchanged."""

import ast
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ses_sending_policy.review.python import Name, call, lines, literal, quoted

VALUES = st.recursive(
    st.text(), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4)
)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_a_text_is_read_back(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
    assert quoted(text).isprintable()


@settings(deadline=None)
@given(VALUES, st.integers(0, 20))
def test_a_value_is_read_back(value: Any, indent: int) -> None:
    code = "\n".join(lines(literal(value), indent=indent))
    assert ast.literal_eval(code.strip()) == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("it's", '"it\'s"'),
        ('a "b"', "'a \"b\"'"),
        ("\"'\\\n\t", '"\\"\'\\\\\\n\\t"'),
        ("\x7f\u202e\u2028\ud800", '"\\x7f\\u202e\\u2028\\ud800"'),
        ("Müller \u4f60", '"Müller \u4f60"'),
        ([], "[]"),
        ({}, "{}"),
        ({"a": ["b", {"c": "d"}]}, '{"a": ["b", {"c": "d"}]}'),
    ],
)
def test_it_writes(value: Any, code: str) -> None:
    assert list(lines(literal(value))) == [code]


def test_a_call_has_a_line_for_each_argument_where_it_is_too_long_for_one() -> None:
    made = call("f", Name("self"), literal("x" * 40), named=literal(["y" * 40]))
    expected = ["    a = f(", "        self,", f'        "{"x" * 40}",', f'        named=["{"y" * 40}"],', "    )"]
    assert list(lines(made, indent=4, before="a = ")) == expected


def test_formatters_leave_it_as_it_is(tmp_path: Path) -> None:
    """At their default width, and at this project's."""
    random = Random(1)
    rows = [line for _ in range(300) for line in lines(_any(random, 0), before="a = ")]
    path = tmp_path / "written.py"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    for width in ("88", "120"):
        command = [str(ruff), "format", "--isolated", "--diff", f"--line-length={width}", str(path)]
        done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
        assert (done.returncode, done.stdout) == (0, "")


WORDS = ["a", "it's", 'say "a"', "\\", "\n\x00\u202e", "\u4f60\u597d" * 12, "x" * 30, "y" * 85, "\"'", "", "\ud800"]


def _any(random: Random, depth: int) -> Any:
    """Return an expression of any shape."""

    def value(depth: int) -> Any:
        match random.randrange(3) if depth < 4 else 0:
            case 0:
                return "".join(random.choice(WORDS) for _ in range(random.choice((1, 1, 2))))
            case 1:
                return [value(depth + 1) for _ in range(random.randrange(4))]
        return {f"{number}{random.choice(WORDS)}": value(depth + 1) for number in range(random.randrange(4))}

    if depth < 3 and random.random() < 0.4:
        arguments = [_any(random, depth + 1) for _ in range(random.randrange(3))]
        named = {f"n{number}": _any(random, depth + 1) for number in range(random.randrange(3))}
        return call(random.choice(("f", "a.b", "a.of(b).c")), *arguments, **named)
    return literal(value(0))
