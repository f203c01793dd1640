"""A machine that GitHub starts for one job and throws away: its own folders, a shell for each step, a runner."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.conftest import ROOT

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax, of `shell`.
_SHELLS: Final = {None: ["bash", "-e"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}
# GitHub has announced its end since 2022, and still understands it: https://github.blog/changelog/2022-10-11.
_SET_OUTPUT: Final = re.compile(r"^\s*::set-output name=([\w-]+)::(.*)$", re.MULTILINE)
_COMMANDS: Final = ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY")

_GH: Final = '#!/bin/sh\nexec "{python}" -I "{program}" "$@"\n'
# The one use of jq in the workflow: one filter on one file.
_JQ: Final = """#!/bin/sh
exec "{python}" -I -c '
import jq, json, pathlib, sys
for each in jq.compile(sys.argv[1]).input_text(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")):
    print(json.dumps(each))
' "$@"
"""
# What `npm ci` does for an app of the CDK: it installs `cdk`, and runs the scripts of the lock file's packages.
_NPM: Final = """#!/bin/sh
mkdir -p node_modules/.bin
printf '#!/bin/sh\\nexec node "{root}/node_modules/aws-cdk/bin/cdk" "$@"\\n' > node_modules/.bin/cdk
chmod +x node_modules/.bin/cdk
if test -f postinstall.sh; then sh postinstall.sh; fi
"""
_PIP: Final = '#!/bin/sh\nexec "{python}" -m pip --python "{folder}/bin/python" "$@"\n'


@dataclass
class Machine:
    """A job's machine, with what its steps leave for later ones.

    :param folder: where it is: the same folder for each machine, because GitHub's machines all look alike.
    :param shared: what all machines share: `wheels`, the registry, and `environment`, a Python with the app's packages.
    :param memory: what a process of the same user can read from the runner's memory, and write there.
    """

    folder: Path
    shared: Path
    home: Path = field(init=False)
    workspace: Path = field(init=False)
    temporary: Path = field(init=False)
    tools: Path = field(init=False)
    memory: Path = field(init=False)
    environment: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.home, self.tools, self.memory = (self.folder / name for name in ("home", "tools", "memory"))
        self.workspace, self.temporary = self.folder / "work" / "mail" / "mail", self.folder / "work" / "_temp"
        for made in (self.home, self.workspace, self.temporary, self.tools, self.memory):
            made.mkdir(parents=True)
        self.tool("gh", _GH.format(python=sys.executable, program=Path(__file__).with_name("gh.py")))
        self.tool("jq", _JQ.format(python=sys.executable))
        self.tool("npm", _NPM.format(root=ROOT))
        (self.tools / "python3").symlink_to(Path(sys.executable).resolve())
        own = str(Path(sys.executable).parent)
        around = [each for each in os.environ["PATH"].split(":") if each != own]
        self.environment |= {
            "PATH": ":".join([str(self.tools), *around]),
            "HOME": str(self.home),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.shared / "wheels"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20,22",
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(self.shared / "jsii"),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            # npm asks no registry whether there is a newer npm.
            "npm_config_update_notifier": "false",
            "npm_config_offline": "true",
        }

    def tool(self, name: str, script: str) -> None:
        """Add a program that is found before all others."""
        (self.tools / name).write_text(script, encoding="utf-8")
        (self.tools / name).chmod(0o755)

    def set_up_python(self) -> None:
        """Do what `actions/setup-python` does; what `pip install --requirement` asks for is already installed."""
        folder = self.folder / "python"
        shutil.copytree(self.shared / "environment", folder, symlinks=True)
        pip = folder / "bin" / "pip"
        pip.write_text(_PIP.format(python=sys.executable, folder=folder), encoding="utf-8")
        pip.chmod(0o755)
        self.environment["PATH"] = f"{folder / 'bin'}:{self.environment['PATH']}"

    def run(self, script: str, shell: str | None, around: Mapping[str, str]) -> tuple[bool, dict[str, Any]]:
        """Run a step as the runner does; return whether it succeeded, and its outputs."""
        files = {name: self.temporary / "_runner_file_commands" / name for name in _COMMANDS}
        for file in files.values():
            file.parent.mkdir(exist_ok=True)
            file.write_text("", encoding="utf-8")
        process = subprocess.Popen(
            [*_SHELLS[shell], "-c", script],
            cwd=self.workspace,
            env={**self.environment, **around} | {f"GITHUB_{name}": str(file) for name, file in files.items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            written = process.communicate(timeout=300)[0].decode("utf-8", "replace")
        finally:
            # A step that hangs ends with its machine.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.log += written
        told = {name: file.read_text(encoding="utf-8", errors="replace") for name, file in files.items()}
        self.summary += told["STEP_SUMMARY"]
        self.environment |= _pairs(told["ENV"])
        for folder in told["PATH"].splitlines():
            self.environment["PATH"] = f"{folder}:{self.environment['PATH']}"
        return process.returncode == 0, dict(_SET_OUTPUT.findall(written)) | _pairs(told["OUTPUT"])


def _pairs(text: str) -> dict[str, str]:
    """Return what a file of commands sets: `name=value`, or `name<<END`, some lines and `END`."""
    pairs = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, sign, value = line.partition("=")
        if "<<" in name:
            name, _, end = line.partition("<<")
            pairs[name] = "\n".join(iter(lambda end=end: next(lines, end), end))  # type: ignore[misc]
        elif sign:
            pairs[name] = value
    return pairs
