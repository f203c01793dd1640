"""Fill the pages that show a change with what the commands say of it.

A section of theirs that has two blocks of Python has the lines of before and those of after; one that has a single
block has an app. A block that begins with `$` is what that command prints when they were synthesized.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = (ROOT / "docs" / "howto" / "review-a-pull-request.md", ROOT / "docs" / "start.md")

_APP: Final = """
import sys
import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from ses_sending_policy import SendingPolicy

# As the CDK CLI gives it to an app, and the cdk.json of the start.
context = {{"aws:cdk:enable-path-metadata": True, "@aws-cdk/core:enablePartitionLiterals": True}}
app = cdk.App(outdir=sys.argv[1], context=context, builtin_cloud_formation_validation=False)
stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="eu-west-1"))
identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
{}
app.synth()
"""
_CDK_DIFF: Final = ["diff", "--no-notices", "--app=after", "--template=before/Mail.template.json"]


def filled(text: str) -> str:
    """Return the page with the output of each of its commands."""
    first, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return "".join([first, *map(_filled_section, sections)])


def _filled_section(section: str) -> str:
    lines = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    if not lines or "```console" not in section:
        return section
    with TemporaryDirectory() as folder:
        if len(lines) == 1:
            _said([sys.executable, "-c", lines[0]], folder)
        else:
            for name, code in zip(("before", "after"), lines, strict=True):
                # A finding fails the synth, and leaves the assembly.
                _said([sys.executable, "-c", _APP.format(code), name], folder)
        return re.sub(
            r"```console\n\$ ([^\n]*)\n.*?```",
            lambda block: f"```console\n$ {block[1]}\n{_output(block[1], folder)}\n```",
            section,
            flags=re.DOTALL,
        )


def _output(command: str, folder: str) -> str:
    words = command.split()
    if words[:3] == ["npx", "cdk", "diff"]:
        said, _ = _said([str(ROOT / "node_modules" / ".bin" / "cdk"), *_CDK_DIFF], folder)
        return re.sub(r"\n{2,}", "\n\n", said)
    said, code = _said([str(Path(sys.executable).with_name(words[0])), *words[1:]], folder)
    return f"{said}\n(exit code {code})"


def _said(command: list[str], folder: str) -> tuple[str, int]:
    done = subprocess.run(  # noqa: S603 - the commands of our own page
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=240,
        cwd=folder,
        env=os.environ
        | {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_OUTDIR": f"{folder}/cdk.out", "PYTHONPATH": str(ROOT)},
    )
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).strip(), done.returncode


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
