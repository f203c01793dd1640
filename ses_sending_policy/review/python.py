"""Writes Python code as Black and Ruff format it: on one line if it fits, else one element a line."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.rules.document import Json

WIDTH: Final = 88
"""The width of a line, unless a text in it is longer: the formatters' default."""

_INDENT: Final = 4
# How characters of a text are escaped. Other invisible characters get escapes such as `\x00`.
_ESCAPES: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Name:
    """Code that is written as it is, on one line."""

    code: str


@dataclass(frozen=True, slots=True)
class Group:
    """An expression with brackets: a call, list or dict.

    :param begin: the opening bracket, and what is before it.
    :param items: the elements, each with the code before it, for instance `name=`.
    :param end: the closing bracket.
    """

    begin: str
    items: tuple[tuple[str, "Expression"], ...]
    end: str


Expression = Name | Group


def literal(value: Json) -> Expression:
    """Return the Python literal of a JSON text, list or object."""
    if isinstance(value, Mapping):
        return Group("{", tuple((f"{quoted(key)}: ", literal(item)) for key, item in value.items()), "}")
    if isinstance(value, list | tuple):
        return Group("[", tuple(("", literal(item)) for item in value), "]")
    return Name(quoted(value))


def call(function: str, *arguments: Expression, **named: Expression) -> Group:
    """Return the code of a call.

    :param function: the code of what is called, which is written as it is.
    """
    items = (*(("", each) for each in arguments), *((f"{name}=", each) for name, each in named.items()))
    return Group(f"{function}(", items, ")")


def quoted(text: str) -> str:
    """Return the literal of a text: on one line, with invisible characters as escapes.

    >>> print(quoted("it's"))
    "it's"
    """
    # Like the formatters, choose the kind of quote that the text has fewer of.
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_character(each, quote) for each in text) + quote


def _character(each: str, quote: str) -> str:
    if each == quote:
        return f"\\{quote}"
    if each in _ESCAPES:
        return _ESCAPES[each]
    return each if each.isprintable() else each.encode("unicode_escape").decode("ascii")


def lines(expression: Expression, *, indent: int = 0, before: str = "", after: str = "") -> Iterator[str]:
    """Yield the lines of code of an expression: one if it fits, else one for each element.

    :param indent: the number of columns to indent.
    :param before: the code before it in its first line, for instance `name = `.
    :param after: the code after it in its last line.
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
    # The formatters count an East Asian wide character as two columns.
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)
