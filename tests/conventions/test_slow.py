"""`make test-all` runs every test, and `make test` all except those that tests/slow.toml names."""

import ast
import re
import subprocess
import tomllib
from collections import Counter

import pytest

from tests.conftest import ROOT, slow

NAMES = sorted(slow())


def test_a_test_is_named_once_and_its_file_is_not() -> None:
    groups = tomllib.loads((ROOT / "tests" / "slow.toml").read_text(encoding="utf-8"))["slow"]
    named = [name for group in groups for name in group["tests"]]
    assert [name for name, number in Counter(named).items() if number > 1] == []
    assert [name for name in named if "::" in name and name.partition("::")[0] in named] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_named_is_a_test(name: str) -> None:
    """A misspelt name, or that of a test which was renamed, would have no effect."""
    path, _, function = name.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    tests = {each.name for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")}
    assert tests
    assert function in tests or not function


@pytest.mark.parametrize(("target", "selected"), [("test", ' -m "not slow"'), ("test-all", "")])
def test_only_test_all_plays_what_is_slow(target: str, selected: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True, encoding="utf-8", timeout=60
    )
    assert re.findall(r"python -m pytest --numprocesses auto --dist loadgroup(.*)", done.stdout) == [selected]
