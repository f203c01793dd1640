"""Change the rules and the lifecycle in one place after the other, and tell what no test noticed: `make mutants`."""

import ast
import importlib
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from hypothesis import Phase, settings

from emulator import terminal
from tests.mutants.changes import Change, changes, is_late
from tests.mutants.survivors import explained
from tests.mutants.swapped import swapped
from tests.mutants.trial import Coverage, coverage, in_steps, noticing

_LEAST: Final = 0.9

# Modules from packages are loaded once here, and not in each trial.
_LOADED: Final = ("asyncio", "boto3", "http.server", "hypothesis.strategies", "multiprocessing", "pdb", "trustme")

_ROOT: Final = Path(__file__).parents[2]


def _files_in(folder: str) -> list[str]:
    """Return the files with tests in a folder, without those in its folders."""
    return [each.relative_to(_ROOT).as_posix() for each in sorted((_ROOT / "tests" / folder).glob("test_*.py"))]


# They start the command in a process of its own, or count its work.
_APART: Final = {f"tests/review/test_{name}.py" for name in ("command", "growth", "hostile_files", "output", "python")}
# The last ones test what a change means and what a review says of it; some of them have their own evaluator.
_TESTS: Final = (
    *("tests/rules", "tests/analysis", "tests/review/live/test_forecast.py"),
    # Those in its folders have the function in another process, which keeps its code as it is.
    *_files_in("provider"),
    *(f"tests/provider/interleaved/test_{name}.py" for name in ("histories", "found", "mended", "failed_deploys")),
    *("tests/review/policies", "tests/review/resolved"),
    *(each for each in _files_in("review") if each not in _APART),
)
_LIFECYCLE: Final = (
    *("lifecycle", "owner", "fence", "event_monitor", "teardown", "overtaken", "undo"),
    *("cloudformation", "failures", "retry_policy", "event", "ses"),
)
_MODULES: Final = (
    *sorted((_ROOT / "ses_sending_policy" / "rules").rglob("*.py")),
    *sorted((_ROOT / "ses_sending_policy" / "analysis").rglob("*.py")),
    *(_ROOT / "provider" / f"{name}.py" for name in _LIFECYCLE),
)


@dataclass(slots=True)
class Trials:
    """The results for the changes of one module, or of all.

    :param name: the module that was changed.
    :param number: how many changes there are.
    :param survivors: how many changes no test noticed.
    :param surprises: how many survivors have no reason, and how many reasons have no survivor.
    """

    name: str
    number: int = 0
    survivors: int = 0
    surprises: int = 0

    @property
    def score(self) -> float:
        """The share of the changes that a test noticed."""
        return 1 - self.survivors / self.number if self.number else 1.0

    def __str__(self) -> str:
        return f"{self.number:5} {self.score:6.1%} {self.name}"


def main(wanted: list[str]) -> int:
    """Try the changes of the modules whose path contains one of `wanted`; return the exit code."""
    terminal.show_all()
    paths = [file.relative_to(_ROOT) for file in _MODULES]
    found = list(dict.fromkeys(path for part in wanted for path in paths if part in str(path)))
    if not found:
        _say(f"no module of {', '.join(wanted)}: name a part of a path, as rules/ownership")
        return 2
    known = coverage([_ROOT / path for path in found], _TESTS)
    # The largest first, so that no processor is left with one at the end.
    found.sort(key=lambda path: -(_ROOT / path).stat().st_size)
    with ProcessPoolExecutor(mp_context=get_context("fork")) as workers:
        trials = list(workers.map(partial(tried, known=known), found))
    whole = Trials("all of them", sum(each.number for each in trials), sum(each.survivors for each in trials))
    _say(str(whole))
    return int(whole.score < _LEAST or any(each.surprises for each in trials))


def tried(path: Path, known: Coverage) -> Trials:
    """Return the results for the changes of a module, and print each surprise at once."""
    file, name = _ROOT / path, ".".join(path.with_suffix("").parts)
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    found = list(changes(tree))
    trials = Trials(str(path), len(found))
    reasons = explained(f"{path} ")
    late = [is_late(tree, change) for change in found]
    tests = [_tests(known, file, change, late=each) for change, each in zip(found, late, strict=True)]
    alike = Counter(f"{path} {change.text}" for change in found)
    for number, change in enumerate(found):
        # All tests of a survivor take a minute, and only tell whether its reason is needed still.
        if reasons[f"{path} {change.text}"] == alike[f"{path} {change.text}"]:
            tests[number] = known.likely(file, tests[number])
    lates = {number: tests[number] for number in range(len(found)) if late[number] and tests[number]}
    quick = swapped(name, file, lates, known)
    for number, change in enumerate(found):
        is_survivor = quick.survivors.get(number)
        if is_survivor is None:
            steps = in_steps(file, tests[number], known, quick.noticed)
            found_by = (noticing(name, file, number, step, known) for step in steps)
            by = next((each for each in found_by if each is not None), None)
            quick.noticed[by or ""] += 1
            is_survivor = by is None
        if not is_survivor:
            continue
        trials.survivors += 1
        text = f"{path} {change.text}"
        if reasons[text]:
            reasons[text] -= 1
        else:
            trials.surprises += 1
            _say(f"line {change.line}: no test notices, and survivors.md has no reason:\n    {text}")
    for text in reasons.elements():
        trials.surprises += 1
        _say(f"survivors.md has a reason for what a test notices, or what is no more:\n    {text}")
    _say(str(trials))
    return trials


def _tests(known: Coverage, file: Path, change: Change, *, late: bool) -> list[str]:
    """Return the tests that run a changed line; if it runs while the module is loaded, also all others."""
    if late:
        return known.of(file, change.line, change.line)
    return known.beside(known.of(file, 0, sys.maxsize))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ["MEANING_PAIRS"] = "300"  # each survivor takes that many
    os.environ["REVIEW_IN_PROCESS"] = "1"  # a new process would run the code without the change
    for module in _LOADED:
        importlib.import_module(module)
    # A result must not depend on what an earlier trial drew, and nobody reads how a change was noticed.
    profile = settings(database=None, deadline=None, phases=[Phase.explicit, Phase.generate], max_examples=40)
    settings.register_profile("mutants", profile)
    sys.exit(main(sys.argv[1:] or [""]))
