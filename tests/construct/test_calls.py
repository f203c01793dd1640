"""What a policy costs at synth, counted and not timed: the calls between Python and Node."""

import json
import os
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.conftest import ROOT

# Stands where jsii looks for Node: hands every message on to the real one, and counts them by what they ask for.
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


def calls(kind: str, policies: int, folder: Path) -> Counter[str]:
    """Return how often Node is asked for what, where one stack has so many policies."""
    node, script, counts = folder / "node", folder / "node.py", folder / "counts.json"
    script.write_text(_COUNTING_NODE, encoding="utf-8")
    # The line that names a script's interpreter ends that name at a space.
    node.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script)])} "$@"\n', encoding="utf-8")
    node.chmod(0o755)
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/synths.py"), kind, "1", str(policies)],
        check=True,
        capture_output=True,
        env=os.environ | {"JSII_NODE": str(node), "COUNTS": str(counts)},
        timeout=300,
    )
    return Counter(json.loads(counts.read_text(encoding="utf-8")))


def test_a_policy_takes_so_many_calls(tmp_path: Path) -> None:
    few, many = (calls("ours", policies, tmp_path) for policies in (2, 12))
    assert {kind: (many[kind] - few[kind]) / 10 for kind in many if many[kind] != few[kind]} == {
        # Its statement and that one's principal, which are the user's; the construct, its resource, its document.
        "create": 5,
        # Its default name; its document as a value that comes later.
        "sinvoke": 2,
        # The resource's node, for what it depends on.
        "get": 1,
        # The statement's check, the dependency.
        "invoke": 2,
        # Node asks back: for the identities of its name, and for the document in two phases of a synth.
        "complete": 3,
    }


def test_a_stack_takes_so_many_more(tmp_path: Path) -> None:
    """A provider with all that belongs to it; a function and a role alone take 14."""
    one, two = (calls("ours", policies, tmp_path).total() for policies in (1, 2))
    assert one - (two - one) <= 89
