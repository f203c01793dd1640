"""Import rules that import-linter cannot check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.staged import modules

GROUND = ("ses_sending_policy.rules", "ses_sending_policy.analysis")
PURE = sorted(path for name in GROUND for path in ROOT.joinpath(*name.split(".")).rglob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_and_analysis_stand_on_the_standard_library_alone(path: Path) -> None:
    outside = {
        name
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith(GROUND)
    }
    assert outside == set()


def imported_at_once(code: str) -> set[str]:
    """Return what a module imports when it is imported itself, without the imports inside functions."""
    body = ast.parse(code).body
    return {node.module or "" for node in body if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in body if isinstance(node, ast.Import) for alias in node.names
    }


def test_what_answers_a_crash_at_import_stands_on_the_standard_library_alone(asset: Path) -> None:
    """`provider.handler`, and everything that it imports before it tries to import the rest."""
    staged = modules(asset)
    outside: set[str] = set()
    ours, left = set(), {"provider.handler"}
    while left:
        name = left.pop()
        place = f"{name.replace('.', '/')}.py"
        if place not in staged:
            outside |= {name.partition(".")[0]} - sys.stdlib_module_names
        elif name not in ours:
            ours.add(name)
            left |= imported_at_once(staged[place])
    assert outside == set()
    assert ours == {
        *(f"provider.{name}" for name in ("handler", "answer", "connect", "event", "json_log", "transport", "trust")),
        "ses_sending_policy.rules.clock",
    }


def test_the_staged_lambda_runs_without_the_cdk(asset: Path) -> None:
    """It is imported in a process of its own, without aws_cdk, constructs and jsii."""
    wall = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"aws_cdk", "constructs", "jsii"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Wall())
sys.path.insert(0, sys.argv[1])
import provider.handler
assert not isinstance(provider.handler._function, Exception), provider.handler._function
assert provider.handler.__file__.startswith(sys.argv[1])
assert sys.modules["crhelper"].__file__.startswith(sys.argv[1])
assert sys.modules["ses_sending_policy"].__file__.startswith(sys.argv[1])
assert not [name for name in sys.modules if name.startswith("ses_sending_policy.construct")]
"""
    subprocess.run([sys.executable, "-B", "-c", wall, str(asset)], check=True, cwd=asset, timeout=60)


def test_the_front_door_is_lazy() -> None:
    """The Lambda and the command line import it, and must not start Node."""
    check = "import sys, ses_sending_policy; assert not {'aws_cdk', 'jsii', 'boto3'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", check], check=True, cwd=ROOT, timeout=60)
