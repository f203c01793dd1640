"""The tool that changes the code: which changes it makes, and whether it sees which tests notice one."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.mutants.changes import changes, is_late
from tests.mutants.survivors import explained
from tests.mutants.trial import Coverage, in_steps

# If it is set, nothing stays in a buffer, and a child that loses or repeats output goes unnoticed.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = a < b", ["a < b -> a <= b"]),
        ("x = a is not None", ["a is not None -> a is None"]),
        ("x = a and b", ["a and b -> a or b", "a and b -> b", "a and b -> a"]),
        ("x = not a", ["not a -> a"]),
        ("x = a - b", ["a - b -> a + b", "a - b -> a", "a - b -> b"]),
        ("x = sorted(a)", ["sorted(a) -> a"]),
        ("x = f(*a)", []),
        ("x = f(a, k=b, l=c)", ["f(a, k=b, l=c) -> a", "f(a, k=b, l=c) -> f(a, l=c)", "f(a, k=b, l=c) -> f(a, k=b)"]),
        ("x = 'a'", ["'a' -> ''"]),
        ("x = f'{a} b'", ["' b' -> ''"]),
        ("x = 1", ["1 -> 2"]),
        ("x = True", ["True -> False"]),
        ("x = [a, b]", ["a -> nothing", "b -> nothing"]),
        ("x = [{a: b}, c]", ["{a: b} -> nothing", "c -> nothing"]),
        ("x = {a: b, c: d}", ["a: b -> nothing", "c: d -> nothing"]),
        ("x = {**a, c: d}", ["**a -> nothing", "c: d -> nothing"]),
        ("x = a[:2]", [":2 -> :", "2 -> 3"]),
        ("x = [a for a in b if c]", ["c -> nothing"]),
        ("x = {Kind.A: Kind.B}", ["Kind.A -> Kind.B", "Kind.B -> Kind.A"]),
        ("x = a.B", []),
        ("x = r'[ab]{1,64}'", ["'[ab]{1,64}' -> ''", "'[ab]{1,64}' -> '[ab]{2,64}'", "'[ab]{1,64}' -> '[ab]{1,65}'"]),
        ("x = r'(?!-)[a]+'", ["'(?!-)[a]+' -> ''", "'(?!-)[a]+' -> '[a]+'", "'(?!-)[a]+' -> '(?!-)[a]*'"]),
        ("x = a if b else c", ["a if b else c -> a", "a if b else c -> c", "b -> False", "b -> True"]),
        ("a.b = c", ["a.b = c -> pass"]),
        ("f()", ["f() -> pass"]),
        ("raise E('a')", ["raise E('a') -> pass", "'a' -> ''"]),
        ("assert a", []),
        ("'''A docstring.'''", []),
        ("import a", []),
        ("T = TypeVar('T', bound='y')", []),
    ],
)
def test_what_is_changed(source: str, told: list[str]) -> None:
    assert [change.text.removeprefix("top: ") for change in changes(ast.parse(source))] == told


def test_a_change_says_where_it_is() -> None:
    source = "@dataclass(frozen=True)\nclass C:\n    def f(self, a: 'int' = 1) -> 'int':\n        return a"
    assert [(change.line, change.text) for change in changes(ast.parse(source))] == [
        (3, "C.f: 1 -> 2"),
        (4, "C.f: return a -> return None"),
    ]


def test_each_change_is_one() -> None:
    """Each gives other code, which compiles."""
    source = Path(ROOT, "ses_sending_policy", "rules", "ownership.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    whole, found = ast.unparse(tree), list(changes(tree))
    seen = set()
    for change in found:
        with change.applied():
            compile(tree, "ownership.py", "exec")
            seen.add(ast.unparse(tree))
        assert ast.unparse(tree) == whole
    assert whole not in seen
    number = len(found)
    assert len(seen) > number * 0.95


def test_what_makes_a_table_is_used_while_the_module_is_loaded() -> None:
    """So are a function's defaults, and functions that are called for a table."""
    source = """
def a(): return b(1)
def b(n): return c[2]
c = {3: 4}
def d(n=5):
    return a[6]
def e(): return 7
x = [a, "d"]
class F:
    y = e()
    def f(self): return d(8)
"""
    tree = ast.parse(source)
    numbers = [change for change in changes(tree) if change.before.isdigit() and change.after.isdigit()]
    assert [int(change.before) for change in numbers] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [int(change.before) for change in numbers if is_late(tree, change)] == [6, 8]


TRIAL = """
import ast
from pathlib import Path
from hypothesis import settings
from tests.mutants.changes import changes
from tests.mutants.swapped import swapped
from tests.mutants.trial import coverage, noticing

settings.register_profile("mutants")
path = Path("sample.py").absolute()
known = coverage([path], ["test_sample.py"])
source = path.read_text()
numbers = range(len(list(changes(ast.parse(source)))))
quick = swapped("sample", path, {index: list(known.seconds) for index in numbers}, known)
for index in numbers:
    tree = ast.parse(source)
    change = list(changes(tree))[index]
    tests = known.of(path, change.line, change.line) or list(known.seconds)
    survived = noticing('sample', path, index, tests, known) is None
    print(f"{change.text} [{len(tests)}] {survived} {quick.survivors.get(index)}")
"""


def test_a_test_that_notices_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    """Also with what is made while the module is loaded, and with what was cached while the tests were collected."""
    (tmp_path / "sample.py").write_text(
        "from functools import cache\n\nLEAST = {'a': 1, 'b': 2}\n\n\ndef least(name):\n    return LEAST[name]\n\n\n"
        "def most():\n    return 9\n\n\n@cache\ndef kept():\n    return 7\n",
        encoding="utf-8",
    )
    (tmp_path / "test_sample.py").write_text(
        "from sample import kept, least, most\n\nkept()\n\n\ndef test_least():\n    assert least('a') == 1\n\n\n"
        "def test_most():\n    assert most() > 0\n\n\ndef test_kept():\n    assert kept() == 7\n",
        encoding="utf-8",
    )
    (tmp_path / "conftest.py").write_text(f"import sys\n\nsys.path[:0] = [{str(tmp_path)!r}]\n", encoding="utf-8")
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n{TRIAL}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=BUFFERED,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=True,
    )
    assert [line for line in done.stdout.splitlines() if "->" in line] == [
        "top: 'a': 1 -> nothing [3] False None",
        "top: 'b': 2 -> nothing [3] True None",
        "top: 'a' -> '' [3] False None",
        "top: 'b' -> '' [3] True None",
        "top: 1 -> 2 [3] False None",
        "top: 2 -> 3 [3] True None",
        "least: return LEAST[name] -> return None [1] False False",
        "most: return 9 -> return None [1] False False",
        "most: 9 -> 10 [1] True True",
        "kept: return 7 -> return None [1] False False",
        "kept: 7 -> 8 [1] False False",
    ]


CHILDREN = """
import os
from tests.mutants.child import forked

def broken():
    print("broken")
    raise SystemExit(0)

for work in (lambda: print("whole") or 7, broken):
    print("before")
    print(os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1]))
"""


def test_a_child_says_all_that_it_has_to_say_once() -> None:
    """Also a child that breaks, which must not continue its parent's work."""
    done = subprocess.run(
        [sys.executable, "-c", CHILDREN],
        cwd=ROOT,
        env=BUFFERED,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["before", "whole", "7", "before", "broken", "1"]


BEGUN = """
import sys
from hypothesis import settings
from tests.mutants.trial import coverage

settings.register_profile("mutants")
print(len(coverage([], sys.argv[1:]).seconds))
"""


def test_it_begins_on_the_tests_of_this_checkout() -> None:
    """Without other plugins: conftest.py must work without theirs."""
    done = subprocess.run(
        [sys.executable, "-c", BEGUN, "tests/rules/test_moments.py"],
        cwd=ROOT,
        env=BUFFERED,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert int(done.stdout.split()[-1]) > 0


def test_each_survivor_that_has_a_reason_is_a_change_that_can_be_made() -> None:
    """A reason may outlive its code: `make mutants` would tell as well, but takes an hour."""
    reasons = explained("")
    paths = {text.partition(" ")[0] for text in reasons}
    made: Counter[str] = Counter()
    for path in paths:
        made.update(f"{path} {change.text}" for change in changes(ast.parse((ROOT / path).read_text("utf-8"))))
    assert len(paths) > 50
    assert dict(reasons - made) == {}


OWN = {"tests/rules/test_pacer.py::test_a": 1.0, "tests/rules/test_pacer.py::test_b": 3.0}
OTHERS = {f"tests/review/test_{number}.py::test": number / 10 for number in range(30)}
KNOWN = Coverage(seconds=OTHERS | OWN)


def test_the_steps_are_all_tests_and_begin_with_those_that_noticed() -> None:
    tests, path = list(KNOWN.seconds), Path("rules/pacer.py")
    steps = list(in_steps(path, tests, KNOWN, {"tests/review/test_29.py::test": 2}))
    assert sorted(test for step in steps for test in step) == sorted(tests)
    assert [len(step) for step in steps] == [3, 6, 23]
    assert steps[0] == ["tests/review/test_29.py::test", *OWN]
    assert list(in_steps(path, tests[:2], KNOWN, {})) == [tests[:2]]
    assert list(in_steps(path, [], KNOWN, {})) == []


def test_the_likely_tests_are_those_of_the_module_and_the_fastest() -> None:
    tests = list(KNOWN.seconds)
    likely = KNOWN.likely(Path("rules/pacer.py"), tests)
    assert likely[:3] == [*OWN, "tests/review/test_0.py::test"]
    assert 3.0 < sum(KNOWN.seconds[test] for test in likely) <= 5.0
    slow = "tests/review/test_29.py::test"
    assert Coverage(seconds={slow: 60.0}).likely(Path("rules/pacer.py"), [slow]) == [slow]
