"""Nothing is read or written in a machine's default encoding, which may be ASCII."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PLACES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["files"]

# The position of their argument for the encoding, if it is not given by name.
OPENERS = {"open": 3, "fdopen": 3, "read_text": 0, "write_text": 1}
# Functions of these modules return bytes or files.
OTHERS = {"os", "tarfile", "zipfile"}


def sources() -> Iterator[Path]:
    for place in PLACES:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def is_left_open(call: ast.Call) -> bool:
    """Return whether a call reads or writes text without naming an encoding."""
    named = {each.arg: each.value for each in call.keywords}
    if "encoding" in named:
        return False
    if any(
        isinstance(each := named.get(name), ast.Constant) and each.value is True
        for name in ("text", "universal_newlines")
    ):
        return True
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if function not in OPENERS or (function == "open" and ast.unparse(call.func).split(".")[0] in OTHERS):
        return False
    modes = [each.value for each in (*call.args, named.get("mode")) if isinstance(each, ast.Constant)]
    is_binary = any(isinstance(mode, str) and len(mode) <= 3 and "b" in mode for mode in modes)
    return len(call.args) <= OPENERS[function] and not is_binary


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("open(a)", True),
        ("open(a, 'w')", True),
        ("open(a, 'rb')", False),
        ("open(a, encoding='utf-8')", False),
        ("a.open(mode='wb')", False),
        ("a.open('w')", True),
        ("os.open(a, b)", False),
        ("os.fdopen(a)", True),
        ("tarfile.open(a)", False),
        ("a.read_text()", True),
        ("a.read_text('utf-8')", False),
        ("a.write_text(b)", True),
        ("a.write_text(b, 'utf-8')", False),
        ("run(a, text=True)", True),
        ("run(a, text=True, encoding='utf-8')", False),
        ("run(a, universal_newlines=True)", True),
        ("run(a)", False),
        ("call('insert', text='a')", False),
    ],
)
def test_what_leaves_its_encoding_open_is_told_from_what_does_not(source: str, told: bool) -> None:
    [call] = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    assert is_left_open(call) == told


def test_every_text_has_an_encoding() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and is_left_open(node)
    ]
    assert found == []
