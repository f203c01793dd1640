"""The Python blocks of the documentation, and the app that a reader makes of them."""

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.conftest import ROOT
from tests.support.events import ACCOUNT, REGION


@dataclass(frozen=True)
class Block:
    """A Python block of a page.

    :param code: its code.
    :param line: how many lines of the page precede it.
    :param page: the page's file.
    :param name: what follows `python` on its fence, which is not shown to readers; empty if nothing does.
    """

    code: str
    line: int
    page: Path
    name: str

    def after(self, code: str) -> "Block":
        """Return the block with `code` before its own."""
        return replace(self, code=code + self.code, line=self.line - code.count("\n"))

    def with_in_place_of(self, old: str, new: str) -> "Block":
        """Return the block with `new` in place of `old`, which it must have exactly once."""
        before, after = self.code.split(old)
        return replace(self, code=before + new + after)

    def run(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Run it, and return all names that are defined then.

        :param given: values for some names, in place of what the block assigns to them: for instance the reader's
            stack.
        """
        tree = ast.parse("\n" * self.line + self.code, str(self.page))
        tree.body = [each for each in tree.body if not _makes(each, given)]
        namespace = {"__name__": "__main__", **given}
        exec(compile(tree, str(self.page), "exec"), namespace)  # noqa: S102 - our own pages
        return namespace


def python_blocks(page: Path) -> Iterator[Block]:
    """Yield the Python blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^( *)```python *([^\n]*)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield Block(textwrap.dedent(found[3]), text.count("\n", 0, found.start(3)), page, found[2])


def step(page: str, name: str) -> Block:
    """Return the block with this name on a page of docs/howto."""
    [block] = [each for each in python_blocks(ROOT / "docs" / "howto" / f"{page}.md") if each.name == name]
    return block


def synthesized(folder: Path, stacks: Mapping[str, Sequence[Block]]) -> Path:
    """Write the assembly of an app into `folder` whose stacks have these blocks, and return `folder`.

    Each stack has another resource as well, because CloudFormation takes no stack without one.
    """
    literals = {"@aws-cdk/core:enablePartitionLiterals": True}
    app = cdk.App(outdir=str(folder), context=literals, builtin_cloud_formation_validation=False)
    for name, blocks in stacks.items():
        stack = cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=REGION))
        cdk.CfnWaitConditionHandle(stack, "Else")
        for block in blocks:
            block.run({"stack": stack})
    app.synth()
    return folder


def declared(assembly: Path, stack: str) -> dict[str, dict[str, Any]]:
    """Return the sending policies in a stack's template by their logical ids, as they are there."""
    resources = json.loads((assembly / f"{stack}.template.json").read_text(encoding="utf-8"))["Resources"]
    return {name: each for name, each in resources.items() if each["Type"] == RESOURCE_TYPE}


def _makes(statement: ast.stmt, names: Mapping[str, Any]) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in names
    return False
