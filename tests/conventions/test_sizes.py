"""A file is one noun, and a function one thought: what is too long must say why, above it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MOST_IN_A_FILE = 300
MOST_IN_A_FUNCTION = 40


_NOT_OURS = {".venv", ".venv-docs", "node_modules", "cdk.out", "dist"}


def sources() -> Iterator[Path]:
    """Yield the Python files of this project."""
    return (path for path in sorted(ROOT.rglob("*.py")) if not _NOT_OURS & {*path.relative_to(ROOT).parts})


def too_long(source: str) -> Iterator[str]:
    """Yield what is too long in `source` without a reason: the file, or a function without its docstring."""
    lines = source.splitlines()
    if len(lines) > MOST_IN_A_FILE and not _is_reason(lines[0], MOST_IN_A_FILE):
        yield f"the file has {len(lines)} lines"
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = min(each.lineno for each in [node, *node.decorator_list])
        length = _length(node)
        if length > MOST_IN_A_FUNCTION and not _is_reason(lines[first - 2], MOST_IN_A_FUNCTION):
            yield f"{node.name} in line {node.lineno} has {length} lines"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno
    docstring = node.body[0] if ast.get_docstring(node) else None
    described = docstring.end_lineno - docstring.lineno + 1 if docstring and docstring.end_lineno else 0
    return node.end_lineno - node.lineno + 1 - described


def _is_reason(line: str, most: int) -> bool:
    begin = f"# Over {most} lines: "
    return line.strip().startswith(begin) and len(line.strip()) > len(begin)


def test_all_is_short_or_says_why_not() -> None:
    found = {str(path.relative_to(ROOT)): list(too_long(path.read_text(encoding="utf-8"))) for path in sources()}
    assert len(found) > 100
    assert {path: told for path, told in found.items() if told} == {}, "'# Over ... lines: ' and why, above it"


LONG = "def f():\n" + "    pass\n" * 40


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1\n" * 300, []),
        ("x = 1\n" * 301, ["the file has 301 lines"]),
        ("# Over 300 lines: for a test.\n" + "x = 1\n" * 300, []),
        ("# Over 300 lines: \n" + "x = 1\n" * 300, ["the file has 301 lines"]),
        ("def f():\n" + "    pass\n" * 39, []),
        (LONG, ["f in line 1 has 41 lines"]),
        (f"# Over 40 lines: for a test.\n{LONG}", []),
        (f"# Over 40 lines: for a test.\n@decorated\n{LONG}", []),
        (f"# Over 40 lines: for a test.\n\n{LONG}", ["f in line 3 has 41 lines"]),
        ('def f():\n    """Do.\n\n    It.\n    """\n' + "    pass\n" * 39, []),
        ("class C:\n    async def f(self):\n" + "        pass\n" * 40, ["f in line 2 has 41 lines"]),
    ],
)
def test_what_is_too_long(source: str, told: list[str]) -> None:
    assert list(too_long(source)) == told
