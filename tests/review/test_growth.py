"""How the work of a review grows with its input: counted in calls and lines, which are the same on any machine."""

import os
import subprocess
import sys
from contextlib import redirect_stdout
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from ses_sending_policy.cli import command_named, run
from tests.review.many_ways import WAYS, many_ways
from tests.support.line_counts import line_counts, too_often
from tests.support.many_policies import LONG, lists, many

_COUNTED = """
import cProfile, sys
from ses_sending_policy.cli import run
profile = cProfile.Profile()
code = profile.runcall(run, sys.argv[1:])
sys.stderr.write(str(sum(each.callcount for each in profile.getstats())))
sys.exit(code)
"""


def calls(*words: object) -> int:
    """Return how many functions a command calls; a process of its own has no caches that another test filled."""
    done = subprocess.run(
        [sys.executable, "-c", _COUNTED, *map(str, words)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "0"},
        timeout=300,
    )
    assert done.returncode in (0, 1), done.stderr
    return int(done.stderr)


@pytest.mark.parametrize(
    ("shape", "principals"),
    [
        ("addresses", "one account"),
        ("prefixes", "one account"),
        ("infixes", "an account each"),
    ],
)
def test_the_work_on_lists_grows_as_they_do(shape: str, principals: str, tmp_path: Path) -> None:
    one, half, whole = (
        calls("diff", *(lists(shape, principals, each, tmp_path / f"{count} {each}") for each in (count, count + 1)))
        for count in (1, LONG // 2, LONG)
    )
    # In proportion to the list and not to its square: its second half takes as much as the first.
    assert whole - half < 1.3 * (half - one)


@pytest.mark.parametrize(
    ("command", "form"),
    [(each, form) for each in ("explain", "check", "diff") for form in command_named(each).formats],
)
def test_no_line_runs_more_often_than_there_are_policies(command: str, form: str, tmp_path: Path) -> None:
    addresses = ("weekly@*", "*@*") if command == "diff" else ("*@*",)
    found = []
    for count in (60, 120, 240):
        folders = [many(count, count // 10, each, tmp_path / f"{count} {each[0]}") for each in addresses]
        pairs = ["--pair", "Mail*=Mail*"] if command == "diff" else []
        with redirect_stdout(TextIOWrapper(BytesIO(), encoding="utf-8")):
            found.append(line_counts(partial(run, [command, *map(str, folders), *pairs, "--format", form])))
    assert too_often(found) == {}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", ["check", "diff"])
def test_no_line_runs_more_often_than_there_are_parts_of_a_template(command: str, way: str, tmp_path: Path) -> None:
    addresses = ("weekly@*", "*@*") if command == "diff" else ("*@*",)
    found = []
    for count in (60, 120, 240):
        folders = [many_ways(way, count, each, tmp_path / f"{count} {each[0]}") for each in addresses]
        with redirect_stdout(TextIOWrapper(BytesIO(), encoding="utf-8")):
            found.append(line_counts(partial(run, [command, *map(str, folders)])))
    assert too_often(found) == {}


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_what_reviews_nothing_loads_nothing_that_does(words: list[str]) -> None:
    """`--help` answers at once; loading the analysis alone would take longer."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from ses_sending_policy.cli import main; main()", *words],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "ses_sending_policy.cli.program" in loaded
    assert not [each for each in loaded if each.startswith("ses_sending_policy.analysis")]
    assert {each for each in loaded if each.startswith("ses_sending_policy.rules.")} == {
        "ses_sending_policy.rules.errors"
    }
