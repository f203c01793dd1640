"""Fill the pages that show a change with what the commands say of it.

A section of theirs that has two blocks of Python has the lines of before and those of after; one that has a single
block has an app, and one without any is about the example app. A block that begins with `$` is what that command prints
when they were synthesized. Before `cdk diff` the lines of before are deployed to the local AWS: of a stack that is
deployed it shows something else than of a template in a file.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = ("README.md", "docs/howto/review-a-pull-request.md", "docs/start.md")

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
# Of an option that begins and ends with a quote, the CLI takes both away.
_EXAMPLE: Final = f"{shlex.quote(sys.executable)} app.py"


def filled(text: str, shell: Mapping[str, str]) -> str:
    """Return the page with the output of each of its commands.

    :param shell: the environment of a shell on a local AWS that is bootstrapped.
    """
    first, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return "".join([first, *(_filled_section(each, shell) for each in sections)])


def _filled_section(section: str, shell: Mapping[str, str]) -> str:
    lines = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    if "```console" not in section:
        return section
    with TemporaryDirectory() as folder:
        if len(lines) == 1:
            _said([sys.executable, "-c", lines[0]], folder, shell)
        for name, code in zip(("before", "after"), lines, strict=False) if len(lines) > 1 else ():
            # A finding fails the synth, and leaves the assembly.
            _said([sys.executable, "-c", _APP.format(code), name], folder, shell)
        return re.sub(
            r"```console\n\$ ([^\n]*)\n.*?```",
            lambda block: f"```console\n$ {block[1]}\n{_output(shlex.split(block[1]), folder, shell)}\n```",
            section,
            flags=re.DOTALL,
        )


def _output(words: Sequence[str], folder: str, shell: Mapping[str, str]) -> str:
    if words[:3] == ["npx", "cdk", "diff"]:
        if Path(folder, "after").exists():
            before, after, home = "before", "after", folder
        else:
            before, after, home = _EXAMPLE, _EXAMPLE, str(ROOT)
        cdk = [str(ROOT / "node_modules" / ".bin" / "cdk"), "--no-notices", f"--output={folder}/cdk.out"]
        _said([*cdk, "deploy", f"--app={before}", "--require-approval=never"], home, shell, is_checked=True)
        said, _ = _said([*cdk, *words[2:], f"--app={after}"], home, shell, is_checked=True)
        # What comes before tells of findings, and of the template that it hands to CloudFormation.
        return re.sub(r"\n{2,}", "\n\n", re.split(r"^(?=Stack )", said, maxsplit=1, flags=re.MULTILINE)[1])
    said, code = _said([str(Path(sys.executable).with_name(words[0])), *words[1:]], folder, shell)
    return f"{said}\n(exit code {code})"


def _said(command: list[str], folder: str, shell: Mapping[str, str], *, is_checked: bool = False) -> tuple[str, int]:
    done = subprocess.run(  # noqa: S603 - the commands of our own page
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=240,
        cwd=folder,
        env={**shell, "CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_OUTDIR": f"{folder}/cdk.out", "PYTHONPATH": str(ROOT)},
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).strip()
    if is_checked and done.returncode:
        raise SystemExit(f"{shlex.join(command)} ended with {done.returncode}:\n{said}")
    return said, done.returncode


def _fill() -> None:
    from emulator import Emulator  # noqa: PLC0415 - who fills a page brings one

    with Emulator() as aws:
        _said([str(ROOT / "node_modules" / ".bin" / "cdk"), "bootstrap"], str(ROOT), aws.shell(), is_checked=True)
        for name in PAGES:
            page = ROOT / name
            page.write_text(filled(page.read_text(encoding="utf-8"), aws.shell()), encoding="utf-8")


if __name__ == "__main__":
    _fill()
