"""The page of the findings is as the rules are."""

import re
import subprocess
import sys

from ses_sending_policy.rules.findings.catalogue import RULES
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reference" / "findings.md"


def test_it_is_written_from_the_rules() -> None:
    write = "import runpy; print(runpy.run_path('docs/findings.py')['written'](), end='')"
    done = subprocess.run(
        [sys.executable, "-c", write], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert PAGE.read_text(encoding="utf-8") == done.stdout, "run: PYTHONPATH=. .venv/bin/python docs/findings.py"


def test_every_rule_has_its_section_and_its_row() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == [rule.id for rule in RULES]
    assert re.findall(r"^\| \[(\w+)\]\(#\w+\) \| (\w+) \|", page, re.MULTILINE) == [
        (rule.id, rule.severity.value) for rule in RULES
    ]
