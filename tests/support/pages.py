"""The Python blocks of the documentation, and what an app is that a reader makes of them.

What a block uses and does not make itself is there as most apps have it, see `USUAL`: a `stack` of an `app` (`self` and
`scope` as well), an `identity`, a `policy` with a statement, and the modules by the names that the CDK's own examples
give them.
"""

import ast
import builtins
import json
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from tests.conftest import ROOT
from tests.support.events import ACCOUNT, REGION

# Each may use those before it.
USUAL = {
    "cdk": "import aws_cdk as cdk",
    "iam": "from aws_cdk import aws_iam as iam",
    "ses": "from aws_cdk import aws_ses as ses",
    "SendingPolicy": "from ses_sending_policy import SendingPolicy",
    "SendingPolicyProvider": "from ses_sending_policy import SendingPolicyProvider",
    "SendingPolicyDriftCheck": "from ses_sending_policy import SendingPolicyDriftCheck",
    "WhenExists": "from ses_sending_policy import WhenExists",
    "app": "app = cdk.App(builtin_cloud_formation_validation=False)",
    "stack": 'stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="eu-west-1"))',
    "self": "self = stack",
    "scope": "scope = stack",
    "identity": 'identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))',
    "policy": 'policy = SendingPolicy(stack, "Policy", identity=identity); policy.allow_account("222222222222")',
}


@dataclass(frozen=True)
class Block:
    """A Python block of a page.

    :param code: its lines.
    :param line: how many lines of the page come before it.
    :param page: the page's file.
    :param name: what stands behind `python` at its fence, which no reader sees; empty where nothing does.
    """

    code: str
    line: int
    page: Path
    name: str

    def run(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Run it where the `given` names are there, and the usual ones; return all names that there are then."""
        namespace = {"__name__": "__main__", **given}
        exec(compile(_prelude(self.code, given), "<the usual names>", "exec"), namespace)  # noqa: S102 - our own pages
        # The page's own lines stand in a traceback.
        exec(compile("\n" * self.line + self.code, str(self.page), "exec"), namespace)  # noqa: S102 - the same
        return namespace


def python_blocks(page: Path) -> Iterator[Block]:
    """Yield the Python blocks of a page, from its beginning."""
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^( *)```python *([^\n]*)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield Block(textwrap.dedent(found[3]), text.count("\n", 0, found.start(3)), page, found[2])


def step(page: str, name: str) -> Block:
    """Return the block of this name on a page of docs/howto."""
    [block] = [each for each in python_blocks(ROOT / "docs" / "howto" / f"{page}.md") if each.name == name]
    return block


def synthesized(folder: Path, stacks: Mapping[str, Sequence[Block]]) -> Path:
    """Write the assembly of an app into `folder` that has `stacks` of these blocks, and return `folder`.

    Each has something else as well: CloudFormation takes no stack without a resource.
    """
    literals = {"@aws-cdk/core:enablePartitionLiterals": True}
    app = cdk.App(outdir=str(folder), context=literals, builtin_cloud_formation_validation=False)
    for name, blocks in stacks.items():
        stack = cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=REGION))
        cdk.CfnWaitConditionHandle(stack, "Else")
        names: dict[str, Any] = {"app": app, "stack": stack}
        for block in blocks:
            names = block.run(names)
    app.synth()
    return folder


def declared(assembly: Path, stack: str) -> dict[str, dict[str, Any]]:
    """Return the sending policies of a stack's template by their logical ids, each as its template has it."""
    resources = json.loads((assembly / f"{stack}.template.json").read_text(encoding="utf-8"))["Resources"]
    return {name: each for name, each in resources.items() if each["Type"] == "Custom::SendingPolicy"}


def _missing(code: str) -> set[str]:
    """Return the names that `code` uses and does not make."""
    names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            made |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
    return {node.id for node in names} - made - set(dir(builtins))


def _prelude(code: str, given: Collection[str]) -> str:
    """Return what goes before `code`, so that the usual names are there which are not `given`."""
    lines: list[str] = []
    wanted = _missing(code) - set(given)
    for name, line in reversed(USUAL.items()):
        if name in wanted:
            wanted |= _missing(line) - set(given)
            lines.insert(0, line)
    return "\n".join(lines)
