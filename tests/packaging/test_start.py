"""The first day: an empty environment, `pip install`, `cdk init`, the README's example, `cdk synth`."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.xdist_group("packaging")

_CDK = ROOT / "node_modules" / ".bin" / "cdk"


def example() -> str:
    """Return the first Python block in the README."""
    found = re.search(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found
    return found[1]


def test_the_example_of_the_readme_is_a_project_s_first_app(python: Path, tmp_path: Path) -> None:
    project = tmp_path / "mail"
    project.mkdir()
    # As in an activated environment: the `python3` named in cdk.json is the one with the wheel.
    environment = os.environ | {
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }
    environment.pop("PYTHONPATH", None)

    def cdk(*words: str) -> str:
        done = subprocess.run(
            [_CDK, *words],
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=240,
            env=environment,
            cwd=project,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    cdk("init", "app", "--language=python", "--generate-only")
    assert json.loads((project / "cdk.json").read_text(encoding="utf-8"))["app"] == "python3 app.py"
    (project / "app.py").write_text(example(), encoding="utf-8")
    template = json.loads(cdk("synth", "--json", "--no-notices"))
    assert [*template["Metadata"].values()] == ["account 222222222222 may send as *@news.example.com"]
    [manifest] = (project / "cdk.out").glob("*.assets.json")
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"].values()
    [asset] = [file["source"]["path"] for file in files if file["source"]["packaging"] == "zip"]
    assert (project / "cdk.out" / asset / "modules.txt").is_file()
