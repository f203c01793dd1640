"""Tests on a changed module: which of them run a line, and whether one of them fails.

A trial is a forked process, whose parent has loaded other packages and none of our modules. It loads the module with
the change in it, so that tables and everything else made at that time also have the change.
"""

import ast
import gc
import importlib.util
import mmap
import os
import pickle
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any, Final

import pytest

from tests.mutants.changes import changes
from tests.mutants.child import forked, limit

# Nobody reads how a test fails here, and every trial pays for what pytest prepares.
_OPTIONS: Final = (
    *("--quiet", "--no-header", "--no-summary", "--assert=plain", "-p", "no:cacheprovider"),
    *("-p", "_hypothesis_pytestplugin", "--hypothesis-profile=mutants", "--hypothesis-seed=0"),
    # It collects all garbage at the end, which no trial needs.
    *("-p", "no:unraisableexception"),
    # These measure how long something takes.
    *("-k", "not that_double and not takes_no_longer"),
    # hypothesis is loaded before pytest.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

# How many seconds of work a process may take until its first test runs.
_START_SECONDS: Final = 60
_LIKELY_SECONDS: Final = 5.0


@dataclass
class Coverage:
    """Which tests run which line of which file.

    :param seconds: how long each test takes, by its id.
    :param lines: the tests that run a line, by file and line.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)

    def of(self, file: Path, first: int, last: int) -> list[str]:
        """Return the tests that run one of these lines, the fastest first."""
        lines = self.lines.get(str(file), {})
        found = {test for line, tests in lines.items() if first <= line <= last for test in tests}
        return sorted(found, key=lambda test: self.seconds[test])

    def limit(self, test: str) -> None:
        """Let this process take much longer than `test` took; if it takes more, the change made a loop endless."""
        # A fixture of several tests is counted for the first of them, and is made by whichever of them runs first here.
        limit(20 + round(10 * self.seconds[test]))

    def likely(self, file: Path, tests: Sequence[str]) -> list[str]:
        """Return some seconds of `tests`: first those of the module in `file` itself, then the fastest."""
        own = f"test_{file.stem}.py::"
        found: list[str] = []
        seconds = 0.0
        for test in sorted(tests, key=lambda test: (own not in test, self.seconds[test])):
            seconds += self.seconds[test]
            if found and seconds > _LIKELY_SECONDS:
                break
            found.append(test)
        return found

    def beside(self, tests: Sequence[str]) -> list[str]:
        """Return `tests`, and after them all others in the same files; if there are none, all tests.

        A test that only reads a value runs no line.
        """
        files = {test.partition("::")[0] for test in tests}
        others = [test for test in self.seconds if not files or test.partition("::")[0] in files]
        return [*tests, *sorted(set(others) - set(tests), key=lambda test: self.seconds[test])]


class _Tracer:
    """Records which lines each test runs."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.coverage = Coverage(lines={str(file): {} for file in files})
        self._test = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self._test = item.nodeid
        forget(self.coverage.lines.__contains__)
        self.coverage.seconds[item.nodeid] = 0.0
        threading.settrace(self._calls)
        sys.settrace(self._calls)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.coverage.seconds[report.nodeid] += report.duration

    def _calls(self, frame: FrameType, _event: str, _argument: object) -> Callable[..., Any] | None:
        lines = self.coverage.lines.get(frame.f_code.co_filename)
        if lines is None:
            return None

        def passes(frame: FrameType, _event: str, _argument: object) -> Callable[..., Any]:
            lines.setdefault(frame.f_lineno, set()).add(self._test)
            return passes

        return passes(frame, "", None)


def forget(wanted: Callable[[str], bool]) -> None:
    """Empty the caches of the modules whose file is wanted: a cached result runs no line."""
    for module in list(sys.modules.values()):
        if wanted(str(getattr(module, "__file__", ""))):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


class Running:
    """The number of the test that a child process runs; its parent reads it, even if the child was ended."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 4)
        self.number = -1

    @property
    def number(self) -> int:
        """The number, or -1 if no test has begun."""
        return int.from_bytes(self._shared[:], signed=True)

    @number.setter
    def number(self, number: int) -> None:
        self._shared[:] = number.to_bytes(4, signed=True)


class _Chosen:
    """Lets only some tests run, in this order, each with a limit of its own."""

    def __init__(self, tests: Sequence[str], known: Coverage) -> None:
        self._order = {test: number for number, test in enumerate(tests)}
        self._known = known
        self.running = Running()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self.running.number = self._order[item.nodeid]
        self._known.limit(item.nodeid)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._order), key=lambda item: self._order[item.nodeid]
        )


class _Changed(SourceFileLoader):
    """Loads a module from other code than that in its file."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        super().__init__(name, str(path))
        self._code = code

    def get_code(self, _fullname: str) -> CodeType:
        return self._code

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None


def coverage(files: Sequence[Path], places: Sequence[str]) -> Coverage:
    """Return which tests in `places` run which lines of `files`; raise `RuntimeError` if one of them fails.

    Each processor takes a part of the files with tests.
    """
    tests = [str(file) for place in places for file in sorted(Path(place).rglob("test_*.py")) or [Path(place)]]
    processors = os.cpu_count() or 1
    traced = [_traced(files, tests[number::processors]) for number in range(min(processors, len(tests)))]
    whole = Coverage(lines={str(file): {} for file in files})
    failed = False
    for child, read in traced:
        with os.fdopen(read, "rb") as pipe:
            found = pickle.load(pipe)  # noqa: S301 - from our own child
        assert isinstance(found, Coverage)
        failed |= os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
        whole.seconds |= found.seconds
        for file, lines in found.lines.items():
            for line, run_by in lines.items():
                whole.lines[file].setdefault(line, set()).update(run_by)
    if failed:
        raise RuntimeError("the tests fail without any change")
    # Children need not look for garbage among all this.
    gc.freeze()
    return whole


def _traced(files: Sequence[Path], tests: Sequence[str]) -> tuple[int, int]:
    """Return a process that runs `tests`, and a pipe on which it sends their coverage."""
    read, write = os.pipe()

    def traced() -> int:
        tracer = _Tracer(files)
        with TemporaryDirectory() as folder:
            status = pytest.main([*options(folder), *tests], plugins=[tracer])
        with os.fdopen(write, "wb") as pipe:
            pickle.dump(tracer.coverage, pipe)
        return status

    child = forked(traced)
    os.close(write)
    return child, read


def options(folder: str) -> list[str]:
    """Return pytest's options for a trial.

    :param folder: the trial's own. In pytest's usual folder, each trial would delete what others have begun.
    """
    return [*_OPTIONS, f"--basetemp={folder}/tests"]


def files_of(tests: Iterable[str]) -> list[str]:
    """Return the files that `tests` are in."""
    return sorted({test.partition("::")[0] for test in tests})


def in_steps(path: Path, tests: Sequence[str], known: Coverage, noticed: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield `tests` in steps, first those that most likely notice a change of a module: to collect all takes long.

    :param path: the module's file.
    :param noticed: how many other changes of the module each test has noticed.
    """
    noticed_by: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    for test in tests:
        file = test.partition("::")[0]
        noticed_by[file] += noticed.get(test, 0)
        seconds[file] += known.seconds[test]
    own = f"test_{path.stem}"
    files = sorted(seconds, key=lambda file: (-noticed_by[file], Path(file).stem != own, seconds[file]))
    for part in (files[:2], files[2:8], files[8:]):
        chosen = [test for test in tests if test.partition("::")[0] in part]
        if chosen:
            yield chosen


def noticing(name: str, path: Path, number: int, tests: Sequence[str], known: Coverage) -> str | None:
    """Return which of `tests` fails or runs endlessly, if the module has the change with this number.

    Empty if the change keeps the tests from running at all; None if it survives.
    """
    chosen = _Chosen(tests, known)

    def tried() -> int:
        limit(_START_SECONDS)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        with list(changes(tree))[number].applied():
            code = compile(tree, path, "exec")
        sys.meta_path.insert(0, _Changed(name, path, code))
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            return pytest.main([*options(folder), "--exitfirst", *files_of(tests)], plugins=[chosen])

    with TemporaryDirectory() as folder:
        status = os.waitpid(forked(tried), 0)[1]
    if os.waitstatus_to_exitcode(status) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return None
    return tests[chosen.running.number] if chosen.running.number >= 0 else ""
