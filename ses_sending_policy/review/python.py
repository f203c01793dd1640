"""Python code, laid out as Black and Ruff do: a line where it fits, else one element a line."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.rules.document import Json

WIDTH: Final = 88
"""How wide a line is, unless a text in it is wider: their default. What is clean at 88 is clean at 120."""

_INDENT: Final = 4
# What needs an escape beside what no screen shows.
_ESCAPES: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Name:
    """Code that is one word, and nothing of a user's."""

    code: str


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in brackets.

    :param begin: the bracket, and what stands before it.
    :param items: each with what stands before it, as `name=`.
    :param end: the other bracket.
    """

    begin: str
    items: tuple[tuple[str, "Expression"], ...]
    end: str


Expression = Name | Group


def literal(value: Json) -> Expression:
    """Return the literal of a text, a list or an object."""
    if isinstance(value, Mapping):
        return Group("{", tuple((f"{quoted(key)}: ", literal(item)) for key, item in value.items()), "}")
    if isinstance(value, list | tuple):
        return Group("[", tuple(("", literal(item)) for item in value), "]")
    return Name(quoted(value))


def call(function: str, *arguments: Expression, **named: Expression) -> Group:
    """Return a call.

    :param function: what is called, which is nothing of a user's.
    """
    items = (*(("", each) for each in arguments), *((f"{name}=", each) for name, each in named.items()))
    return Group(f"{function}(", items, ")")


def quoted(text: str) -> str:
    """Return the literal of a text: all on one line, with what no screen shows as escapes.

    >>> print(quoted("it's"))
    "it's"
    """
    # The quotes of which there are fewer in the text, as the formatters choose.
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_character(each, quote) for each in text) + quote


def _character(each: str, quote: str) -> str:
    if each == quote:
        return f"\\{quote}"
    if each in _ESCAPES:
        return _ESCAPES[each]
    return each if each.isprintable() else each.encode("unicode_escape").decode("ascii")


def lines(expression: Expression, *, indent: int = 0, before: str = "", after: str = "") -> Iterator[str]:
    """Yield the lines of an expression.

    :param indent: how many columns are left free.
    :param before: what stands before it in its first line, as `name = `.
    :param after: what stands behind it in its last line.
    """
    margin = " " * indent
    line = f"{margin}{before}{_flat(expression)}{after}"
    if isinstance(expression, Name) or not expression.items or _columns(line) <= WIDTH:
        yield line
        return
    yield f"{margin}{before}{expression.begin}"
    for name, item in expression.items:
        yield from lines(item, indent=indent + _INDENT, before=name, after=",")
    yield f"{margin}{expression.end}{after}"


def _flat(expression: Expression) -> str:
    if isinstance(expression, Name):
        return expression.code
    items = ", ".join(name + _flat(item) for name, item in expression.items)
    return f"{expression.begin}{items}{expression.end}"


def _columns(line: str) -> int:
    # Whoever counts characters has no more.
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)
