"""The page of the findings has every rule."""

import re

from ses_sending_policy.analysis.findings.catalogue import RULES
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reference" / "findings.md"


def test_every_rule_has_its_section_and_its_row() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == [rule.id for rule in RULES]
    assert re.findall(r"^\| \[(\w+)\]\(#\w+\) \| (\w+) \|", page, re.MULTILINE) == [
        (rule.id, rule.severity.value) for rule in RULES
    ]
