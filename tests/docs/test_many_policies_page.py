"""What the page of many policies promises is what the pacer and the lanes do, on a clock of its own."""

import json
import subprocess
import sys

from tests.conftest import ROOT

WRITE = """
import json, runpy, sys
script = runpy.run_path('docs/many_policies.py')
print(json.dumps([script['filled'](sys.stdin.read()), script['picture']()]), end='')
"""


def test_its_table_and_its_picture_are_as_the_code_is() -> None:
    """It is not written if a policy of a plan does not get deployed."""
    page = (ROOT / "docs" / "howto" / "many-policies.md").read_text(encoding="utf-8")
    picture = (ROOT / "docs" / "images" / "burst.svg").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", WRITE],
        input=page,
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
        timeout=300,
    )
    assert done.stdout == json.dumps([page, picture]), "run: make drawings"
