"""Fill the pages that show a change with what the commands say of it.

An app of theirs is a block of Python, and what changes it a block of a diff. A block that begins with `$` is what that
command prints: of the app and of the changed one, or of the example app where its section has neither. Before
`cdk diff` the app is deployed to the local AWS: of a stack that is deployed it shows something else than of a template
in a file.
"""

import json
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

# As the CDK CLI gives it to an app, and the cdk.json of the start.
_CONTEXT: Final = {"aws:cdk:enable-path-metadata": True, "@aws-cdk/core:enablePartitionLiterals": True}
# Of an option that begins and ends with a quote, the CLI takes both away.
_EXAMPLE: Final = f"{shlex.quote(sys.executable)} app.py"


def filled(text: str, shell: Mapping[str, str]) -> str:
    """Return the page with the output of each of its commands.

    :param shell: the environment of a shell on a local AWS that is bootstrapped.
    """
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    app, parts = "", []
    for section in sections:
        app = next(iter(_blocks(section, "python")), app)
        parts.append(_filled_section(section, app, shell))
    return "".join(parts)


def changed(app: str, diff: str) -> str:
    """Return the lines of an app as a diff changes them, or raise `ValueError` where its lines are not there once.

    :param diff: its lines; `@@` alone stands between those of two places.
    """
    for place in re.split(r"^@@\n", diff, flags=re.MULTILINE):
        lines = place.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))
        if app.count(old) != 1:
            raise ValueError(f"{old!r} is {app.count(old)} times in the app and has to be there once")
        app = app.replace(old, new)
    return app


def _blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


def _filled_section(section: str, app: str, shell: Mapping[str, str]) -> str:
    if "```console" not in section:
        return section
    with TemporaryDirectory() as folder:
        written = {}
        if diffs := _blocks(section, "diff"):
            written = {"before": app, "after": changed(app, diffs[0])}
        elif _blocks(section, "python"):
            written = {"cdk.out": app}
        for name, code in written.items():
            # A finding fails the synth, and leaves the assembly.
            _said([sys.executable, "-c", code], folder, shell, output=name)
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


def _said(
    command: list[str], folder: str, shell: Mapping[str, str], *, is_checked: bool = False, output: str = "cdk.out"
) -> tuple[str, int]:
    ours = {
        "CDK_CONTEXT_JSON": json.dumps(_CONTEXT),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_OUTDIR": f"{folder}/{output}",
        "CDK_VALIDATION": "false",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(  # noqa: S603 - the commands of our own page
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=240,
        cwd=folder,
        env={**shell, **ours},
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
