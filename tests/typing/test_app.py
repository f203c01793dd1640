"""A user's app has no type errors, and its template stays the same from one synth to the next."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import assertions

import ses_sending_policy
from tests.conftest import ROOT
from tests.construct.mail import QUICK, new_app
from tests.docs.test_construct_page import CLASSES, members
from tests.typing.app import House, made, refused

APP = ROOT / "tests" / "typing" / "app.py"
_PYRIGHT = ROOT / "tests" / "typing" / "node_modules" / ".bin" / "pyright"


def diagnostics() -> list[dict[str, Any]]:
    """Return pyright's messages about the files of this folder."""
    assert _PYRIGHT.exists(), "pyright is not set up: run `npm ci --prefix tests/typing`, as `make test-all` does"
    command = [str(_PYRIGHT), "--project", str(APP.parent), "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=300)
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] == 2, done.stderr
    return list(told["generalDiagnostics"])


def is_of_the_cdk(message: str) -> bool:
    """Return whether it is about a class of the CDK that names a parameter otherwise than its interface.

    jsii generates both, so every Python app has these, and users of pyright ignore them.
    """
    found = re.search(r'"(\w+)" is incompatible with protocol "I\w+"', message)
    return found is not None and found[1] not in ses_sending_policy.__all__


def test_pyright_finds_nothing_of_ours_in_a_users_app() -> None:
    """In strict mode. mypy checks this folder with all other code."""
    ours = [each for each in diagnostics() if not is_of_the_cdk(each["message"])]
    assert [(Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["message"]) for each in ours] == []


def test_it_has_every_public_name() -> None:
    nodes = list(ast.walk(ast.parse(APP.read_text(encoding="utf-8"))))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    used |= {node.id for node in nodes if isinstance(node, ast.Name)}
    public = {name for name in ses_sending_policy.__all__ if not name.startswith("__")}
    wanted = public | {name for cls in CLASSES for name, _ in members(cls)}
    assert sorted(wanted - used) == []


def template(house: House) -> dict[str, Any]:
    """Return what a user keeps as a snapshot: everything but the code's hash, which changes with each release."""
    found = dict(assertions.Template.from_stack(house).to_json())
    for resource in found["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            del resource["Properties"]["Code"]
    return found


def test_a_snapshot_is_the_same_in_another_process(tmp_path: Path) -> None:
    """With another hash seed, Python iterates over sets in another order."""
    house = made(cdk.App(**QUICK))
    environment = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT), "CDK_OUTDIR": str(tmp_path)}
    subprocess.run([sys.executable, APP], check=True, env=environment, capture_output=True, timeout=120)
    there = json.loads((tmp_path / "House.template.json").read_text(encoding="utf-8"))
    here = template(house)
    for resource in there["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            del resource["Properties"]["Code"]
    assert there == here


def test_its_aspect_reached_every_policy() -> None:
    found = template(made(new_app()))["Resources"].values()
    policies = [each["Properties"]["Policy"] for each in found if each["Type"] == "Custom::SendingPolicy"]
    assert len(policies) == 2
    assert all(any(each["Effect"] == "Deny" for each in policy["Statement"]) for policy in policies)


def test_it_is_told_what_it_refuses() -> None:
    assert (
        refused(made(new_app()).partner) == "House/Partner: account '2222' is not an account's id: give its 12 digits"
    )
