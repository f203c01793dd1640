"""Each rule reports what it must, at the right place, and nothing else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.analysis.findings.catalogue import RULES
from ses_sending_policy.analysis.findings.finding import Finding, Severity
from tests.analysis.findings.declare import HERE, policy, template
from tests.analysis.findings.examples import MANAGING, SENDING, here
from tests.analysis.findings.row import Row
from tests.analysis.findings.table import ROWS
from tests.analysis.reading.declared_policies import declared_policies

MESSAGES = Path(__file__).with_name("messages.txt")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BY_ID = {rule.id: rule for rule in RULES}
ERRORS = [f"SES{number:03}" for number in range(1, 18)]
WARNINGS = [f"SES{number}" for number in range(101, 123)]


def everything(policies: Any) -> list[Finding]:
    return [finding for rule in RULES for finding in rule.findings(policies, NOW)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rule} {row.name}")
def test_a_row(row: Row) -> None:
    rule = BY_ID[row.rule]
    found = list(rule.findings(row.policies, NOW))
    assert row.places == tuple(f"{each.policy.logical_id} {each.location}" for each in found)
    assert {each.severity.value for each in found} <= {row.severity or rule.severity.value}


def messages() -> Iterator[str]:
    """Yield each rule, and each message that its rows make it report."""
    for rule in RULES:
        yield f"{rule.id} {rule.severity.value}: {rule.title}"
        yield from (f"    {text}" for text in (rule.reason, rule.fix, rule.source))
        for row in ROWS:
            if row.rule == rule.id:
                for finding in rule.findings(row.policies, NOW):
                    yield f"  {row.name}: {finding.message}" + (f"; {finding.fix}" if finding.fix != rule.fix else "")
        yield ""


def test_what_people_read(tmp_path: Path) -> None:
    written = tmp_path / MESSAGES.name
    written.write_text("\n".join(messages()), encoding="utf-8")
    assert written.read_text(encoding="utf-8") == MESSAGES.read_text(encoding="utf-8"), (
        f"where that is meant: cp {written} {MESSAGES}"
    )


def test_there_is_every_rule_of_the_design() -> None:
    assert [rule.id for rule in RULES] == ERRORS + WARNINGS
    assert [rule.severity for rule in RULES] == [Severity.ERROR] * len(ERRORS) + [Severity.WARNING] * len(WARNINGS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_rows_of_both_kinds_and_says_why(rule: Any) -> None:
    assert {bool(row.places) for row in ROWS if row.rule == rule.id} == {True, False}
    assert rule.source.startswith("https://docs.aws.amazon.com/")
    assert rule.title
    assert rule.reason
    assert rule.fix


def test_a_message_is_one_clear_sentence() -> None:
    for row in ROWS:
        for finding in everything(row.policies):
            for text in (finding.message, finding.fix):
                assert re.fullmatch(r"(Not[A-Z]|[a-z]).*[^.]", text), text
            assert finding.location.startswith("Properties/")


@pytest.mark.parametrize("name", SENDING)
def test_an_example_of_aws_that_sends_gives_no_error(name: str) -> None:
    identity = "sender@example.com" if name == "two statements" else "example.com"
    found = everything(policy(EmailIdentity=identity, Policy=SENDING[name]))
    assert [each for each in found if each.severity is Severity.ERROR] == []


def test_what_the_examples_of_aws_are_warned_of() -> None:
    """The window of time was in 2021."""
    found = {
        (name, each.rule)
        for name, document in SENDING.items()
        for each in everything(policy(Policy=here(document)))
        if each.severity is Severity.WARNING
    }
    # The example is about an address; on a domain its pattern matches every address.
    assert found == {("a window of time", "SES105"), ("two statements", "SES102")}


@pytest.mark.parametrize("name", MANAGING)
def test_an_example_of_aws_that_manages_gives_ses003(name: str) -> None:
    document, count = MANAGING[name]
    errors = [each.rule for each in everything(policy(Policy=document)) if each.severity is Severity.ERROR]
    assert errors == ["SES003"] * count


@pytest.mark.parametrize("properties", [None, "text", {}, {"Policy": None}, {"Fn::If": ["A", {}, {}]}], ids=repr)
def test_what_is_no_declaration_gives_no_error(properties: Any) -> None:
    found = everything(template(P={"Type": "Custom::SendingPolicy", "Properties": properties}))
    assert found == []


@pytest.mark.parametrize("elements", [None, [], {"Resources": []}, {"Resources": {"P": None}}], ids=repr)
def test_what_is_no_template_declares_nothing(elements: Any) -> None:
    assert list(declared_policies(elements, stack="Mail", environment=HERE)) == []
