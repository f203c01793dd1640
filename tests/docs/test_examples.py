"""Every example of the documentation runs.

A Python block runs alone, in a namespace of its own; if a page has a block named `given`, after that one.
All apps that it creates are synthesized then, and one of their templates must hold a sending policy, or the
rights of a sender. Code for a Lambda has a `handler` instead of an app. There is no way to leave a block out.

Everything for a shell is checked word by word, in blocks, in indented lines and between backticks: each target
of make, each command of ours and of the CDK CLI, each module and each file must exist.
"""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from constructs import Construct

from ses_sending_policy.cli import COMMANDS
from tests.conftest import ROOT
from tests.support.pages import Block, python_blocks

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/**/*.md"))]


def blocks() -> Iterator[Any]:
    for page in PAGES:
        found = [*python_blocks(page)]
        given = "".join(block.code for block in found if block.name == "given")
        for block in found:
            whole = block if block.name == "given" else block.after(given)
            yield pytest.param(whole, id=f"{page.relative_to(ROOT)}:{block.line}")


# What an example creates instead of a policy.
OF_OTHERS = {
    "DelegatedIdentity": "AWS::IAM::Policy",
    "CfnMultiRegionEndpoint": "AWS::SES::MultiRegionEndpoint",
}


@pytest.mark.parametrize("block", list(blocks()))
def test_a_python_block_runs_and_synthesizes(block: Block) -> None:
    namespace = block.run({})
    constructs = [value for value in namespace.values() if isinstance(value, Construct)]
    apps = {construct.node.root for construct in constructs}
    if not apps:
        assert callable(namespace.get("handler")), "it makes no construct"
        return
    types = set()
    for app in apps:
        assert isinstance(app, cdk.App)
        for stack in app.synth().stacks_recursively:
            types |= {resource["Type"] for resource in stack.template["Resources"].values()}
    others = [type_ for word, type_ in OF_OTHERS.items() if word in block.code]
    assert types & set(others or ["Custom::SendingPolicy"])


def commands(page: Path) -> str:
    """Return the code on `page` that is not Python."""
    text = re.sub(
        r"^ *```(?:python|mermaid).*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    fenced = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4}(.*)$", text, re.MULTILINE)
    return "\n".join([*fenced, *indented, *re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)])


@cache
def cdk_commands() -> frozenset[str]:
    """Return the commands of the pinned CDK CLI."""
    cli = ROOT / "node_modules" / ".bin" / "cdk"
    done = subprocess.run([cli, "--help"], capture_output=True, encoding="utf-8", check=True, cwd=ROOT, timeout=120)
    return frozenset(re.findall(r"^  cdk ([a-z-]+)", done.stdout, re.MULTILINE))


def ours() -> set[str]:
    """Return the folders of this checkout that no tool has made."""
    made = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()}
    return {path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in made}


PARAMETRIZED = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@PARAMETRIZED
def test_each_target_of_make_is_there(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"^make ([a-z-]+)", commands(page), re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_each_command_of_ours_is_there(page: Path) -> None:
    named = re.findall(r"(?<!ses-)sending-policy ([a-z]+)", commands(page))
    assert [command for command in named if command not in COMMANDS] == []


@PARAMETRIZED
def test_each_command_of_the_cdk_is_there(page: Path) -> None:
    named = re.findall(r"(?:^|npx )cdk ([a-z-]+)", commands(page), re.MULTILINE)
    assert [command for command in named if command not in cdk_commands()] == []


@PARAMETRIZED
def test_each_file_and_module_is_there(page: Path) -> None:
    text = commands(page)
    words = re.findall(r"(?<![\w./:-])([\w-]+(?:/[\w.-]+)+)", text)
    files = [ROOT / word for word in words if word.partition("/")[0] in ours()]
    modules = [ROOT / module.replace(".", "/") for module in re.findall(r"python -m ([\w.]+)", text)]
    there = [*files, *(path for path in modules if path.name != "pytest")]
    assert [str(path) for path in there if not (path.exists() or path.with_suffix(".py").exists())] == []


def test_no_example_is_passed_by() -> None:
    """The patterns above match what is on the pages."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert len(list(blocks())) == text.count("```python") > 0
    shell = "\n".join(commands(page) for page in PAGES)
    parts = ("\nmake local", "npx cdk deploy", "python -m emulator", "tests/rules")
    assert [part for part in parts if part not in shell] == []
