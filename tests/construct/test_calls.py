"""What a policy costs at synth, counted and not timed: the calls between Python and Node."""

import json
import os
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Runs in place of Node: passes every message to the real one, and counts the messages by kind.
_COUNTING_NODE = """\
import collections, json, os, subprocess, sys

node = subprocess.Popen(["node", *sys.argv[1:]], stdin=subprocess.PIPE)
asked = collections.Counter()
for line in sys.stdin.buffer:
    message = json.loads(line)
    asked[message.get("api") or next(iter(message))] += 1
    node.stdin.write(line)
    node.stdin.flush()
with open(os.environ["COUNTS"], "w") as file:
    json.dump(asked, file)
node.stdin.close()
sys.exit(node.wait())
"""


def calls(kind: str, stacks: int, policies: int, folder: Path) -> Counter[str]:
    """Return how many calls of each kind go to Node in a synth.

    :param stacks: the number of stacks.
    :param policies: the number of policies in each.
    """
    node, script, counts = folder / "node", folder / "node.py", folder / "counts.json"
    script.write_text(_COUNTING_NODE, encoding="utf-8")
    # The first line of a script cannot name an interpreter with a space in its path.
    node.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script)])} "$@"\n', encoding="utf-8")
    node.chmod(0o755)
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/synths.py"), kind, str(stacks), str(policies)],
        check=True,
        capture_output=True,
        env=os.environ | {"JSII_NODE": str(node), "COUNTS": str(counts)},
        timeout=300,
    )
    return Counter(json.loads(counts.read_text(encoding="utf-8")))


def of_a_policy(kind: str, folder: Path) -> dict[str, float]:
    few, many = (calls(kind, 1, policies, folder) for policies in (2, 12))
    return {api: (many[api] - few[api]) / 10 for api in many if many[api] != few[api]}


# The calls for each policy, apart from its grants.
_OF_EACH = {
    # Creates the construct and its resource.
    "create": 2,
    # Gets the default name.
    "sinvoke": 1,
    # Adds what must outlive it as a dependency.
    "invoke": 1,
    # Node asks back for the properties: to find references, and to write them.
    "complete": 2,
}


def test_a_policy_takes_so_many_calls(tmp_path: Path) -> None:
    """As many as a bare `CustomResource` with such a statement."""
    assert of_a_policy("ours", tmp_path) == _OF_EACH


def test_a_policy_of_given_statements_takes_so_many_calls(tmp_path: Path) -> None:
    """The user creates the statement and its principal, and each statement is checked when it is added."""
    assert of_a_policy("complete", tmp_path) == {**_OF_EACH, "create": 4, "invoke": 2}


@pytest.mark.parametrize(("kind", "first", "further"), [("ours", 65, 45), ("complete", 67, 47), ("bare", 18, 10)])
def test_a_stack_takes_so_many_more(tmp_path: Path, kind: str, first: int, further: int) -> None:
    """An identity, and a provider with all its parts; the first stack also starts the app and the process."""
    one, two, other = (calls(kind, *size, tmp_path).total() for size in ((1, 1), (1, 2), (2, 1)))
    policy = two - one
    assert (one - policy, other - one - policy) == (first, further)
