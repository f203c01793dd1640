"""The forms at GitHub: they have what GitHub asks of a form, and send secrets elsewhere."""

import re
from pathlib import Path

import pytest

from ses_sending_policy.cli import parser
from tests.conftest import ROOT
from tests.workflows.workflows import read

FORMS = sorted(ROOT.glob(".github/ISSUE_TEMPLATE/*.yml"))
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_github_takes_it(form: Path) -> None:
    """As in GitHub's schema of issue forms: a name, a description, and a question with an id."""
    said = read(form)
    assert said.keys() == {"name", "description", "labels", "body"}
    asked = [element for element in said["body"] if element["type"] != "markdown"]
    assert {element["type"] for element in asked} == {"textarea"}
    for key in ("id", "label"):
        values = [element.get(key) or element["attributes"].get(key) for element in asked]
        assert len(set(values)) == len(values) > 1
    assert asked[0]["validations"]["required"] is True


def test_whoever_found_a_hole_is_sent_to_where_nobody_reads_it() -> None:
    said = (ROOT / ".github" / "ISSUE_TEMPLATE" / "bug.yml").read_text(encoding="utf-8")
    way = "*Security*, *Report a vulnerability*"
    assert way in said
    assert way in SECURITY


def test_the_versions_are_told_by_commands_that_are_there() -> None:
    [form] = [read(form) for form in FORMS if form.name == "bug.yml"]
    [asked] = [element["attributes"] for element in form["body"] if element.get("id") == "versions"]
    ours, *others = asked["placeholder"].split("\n")
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(ours.split()[1:])
    assert ended.value.code == 0
    assert [each for each in others if each and not re.search(r"--version$|^pip show ", each)] == []


def test_a_pull_request_is_asked_for_what_makes_it_ready() -> None:
    asked = (ROOT / ".github" / "pull_request_template.md").read_text(encoding="utf-8")
    assert asked.count("- [ ] ") == 3
    assert "`make test-all`" in asked
    assert "CHANGELOG.md" in asked
