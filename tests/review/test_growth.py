"""How the work of a review grows with what is reviewed: by the calls of functions, which are as many on any machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    """Return how many functions a command calls, in a process of its own: no other test has filled its caches."""
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
        ("addresses", "an account each"),
        ("prefixes", "an account each"),
        ("infixes", "one account"),
    ],
)
def test_one_more_address_in_long_lists_is_little_more_work(shape: str, principals: str, tmp_path: Path) -> None:
    one, half, whole = (
        calls("diff", *(lists(shape, principals, each, tmp_path / f"{count} {each}") for each in (count, count + 1)))
        for count in (1, LONG // 2, LONG)
    )
    # In proportion to the list, and not to its square.
    assert whole < 2 * half
    # Each policy is read and told in any case, and that is most of the work on a short list.
    assert whole < 8 * one


@pytest.mark.parametrize("command", ["explain", "check", "diff"])
def test_twice_the_policies_are_twice_the_work(command: str, tmp_path: Path) -> None:
    addresses = ("weekly@*", "*@*") if command == "diff" else ("*@*",)
    some, twice = (
        calls(command, *(many(count, 24, each, tmp_path / f"{count} {each[0]}") for each in addresses))
        for count in (120, 240)
    )
    assert twice < 2.2 * some
