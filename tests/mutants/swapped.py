"""Trials in a process that has already collected its tests: each replaces only the code of one function.

Most changes are in a function, and most of a trial's time is its preparation. What is made while the module is loaded
cannot be tried so, because it was made without the change.
"""

import ast
import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.changes import Change, changes
from tests.mutants.child import BROKEN, forked
from tests.mutants.trial import Coverage, Running, files_of, forget, options

Key = tuple[str, int]
"""A function's name, and its first line."""

# A change that keeps the tests from running at all counts as noticed.
_SURVIVED, _NOTICED, _ANOTHER_WAY = 0, BROKEN, 2


@dataclass
class Swapped:
    """The results of trials.

    :param survivors: whether each change, by its number, survives its tests; one that needs another way is missing.
    :param noticed: how many changes each test has noticed first.
    """

    survivors: dict[int, bool] = field(default_factory=dict)
    noticed: Counter[str] = field(default_factory=Counter)


class _Trials:
    """Tries changes instead of running the collected tests once.

    :param name: the module's name.
    :param path: the module's file.
    :param tests: for each change, by its number, the tests to run.
    :param known: how long each test takes.
    """

    def __init__(self, name: str, path: Path, tests: Mapping[int, Sequence[str]], known: Coverage) -> None:
        self._name = name
        self._path = path
        self._tests = tests
        self._known = known
        self.results = Swapped()
        self._running = Running()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tree = ast.parse(self._path.read_text(encoding="utf-8"))
        found = list(changes(tree))
        items = {item.nodeid: item for item in session.items}
        live = {_key(each): each for each in _functions(vars(sys.modules[self._name]), str(self._path))}
        for number, tests in self._tests.items():
            # First the tests that most likely notice in the time they take: fast ones, and those that noticed others.
            likely = sorted(tests, key=self._seconds_a_notice)
            chosen = [items[test] for test in likely if test in items]
            code = _changed(tree, str(self._path), found[number])
            self._running.number = -1
            result = _outcome(partial(self._tried, live, code, chosen))
            if result == _NOTICED and self._running.number >= 0:
                self.results.noticed[chosen[self._running.number].nodeid] += 1
            if result != _ANOTHER_WAY:
                self.results.survivors[number] = result == _SURVIVED
        return True

    def _seconds_a_notice(self, test: str) -> float:
        return (self._known.seconds[test] + 0.005) / (self.results.noticed[test] + 0.1)

    def _tried(self, live: Mapping[Key, FunctionType], code: CodeType | None, chosen: Sequence[pytest.Item]) -> int:
        function = code and live.get((code.co_name, code.co_firstlineno))
        if function is None or code is None or not chosen:
            return _ANOTHER_WAY
        try:
            function.__code__ = code
        except ValueError:  # it uses other variables of its enclosing function
            return _ANOTHER_WAY
        # Results that were cached while the tests were collected come from the code without the change.
        forget(_is_ours)
        for number, (item, following) in enumerate(zip(chosen, [*chosen[1:], None], strict=True)):
            self._running.number = number
            self._known.limit(item.nodeid)
            if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
                return _NOTICED
        return _SURVIVED


def swapped(name: str, path: Path, tests: Mapping[int, Sequence[str]], known: Coverage) -> Swapped:
    """Return which changes survive, by the number of each with its tests."""
    if not tests:
        return Swapped()
    files = files_of(test for each in tests.values() for test in each)
    read, write = os.pipe()

    def tried() -> int:
        trials = _Trials(name, path, tests, known)
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            pytest.main([*options(folder), *files], plugins=[trials])
        with os.fdopen(write, "wb") as pipe:
            pickle.dump(trials.results, pipe)
        return 0

    with TemporaryDirectory() as folder:
        child = forked(tried)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            found = pickle.load(pipe)  # noqa: S301 - from our own child
        os.waitpid(child, 0)
    assert isinstance(found, Swapped)
    return found


def _changed(tree: ast.Module, path: str, change: Change) -> CodeType | None:
    """Return the code of the function with the change, or None if it is in no function of the module or of a class."""
    function = next((each for each in _definitions(tree) if change.is_in(each)), None)
    if function is None:
        return None
    line = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    with change.applied():
        code = compile(tree, path, "exec")
    found = [each for each in _codes(code) if (each.co_name, each.co_firstlineno) == (function.name, line)]
    return found[0] if len(found) == 1 else None


def _definitions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield the functions of a module and its classes, but not those inside another function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _definitions(node)


def _functions(names: Mapping[str, Any], path: str) -> Iterator[FunctionType]:
    """Yield the functions of a module or a class that come from the module's file, also inside a wrapper."""
    for value in names.values():
        if isinstance(value, type) and value.__module__ == names.get("__name__", value.__module__):
            yield from _functions(vars(value), path)
        found = getattr(value, "fget", None) or getattr(value, "__wrapped__", None) or getattr(value, "__func__", value)
        if isinstance(found, FunctionType) and found.__code__.co_filename == path:
            yield found


def _key(function: FunctionType) -> Key:
    return function.__code__.co_name, function.__code__.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _is_ours(file: str) -> bool:
    """Return whether a module's file is neither Python's own nor from an installed package."""
    return bool(file) and not file.startswith((sys.prefix, sys.base_prefix))


def _outcome(trial: Callable[[], int]) -> int:
    status = os.waitstatus_to_exitcode(os.waitpid(forked(trial), 0)[1])
    return status if status >= 0 else _NOTICED
