"""The output of a probe, for a person and for those it is sent to."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from emulator import Quota, StrictSes
from probe.catalogue import QUESTIONS
from probe.formats import Report, probe_json, probe_text
from probe.probe_run import Probe
from ses_sending_policy.review.text_output import TextOutput
from tests.probe.conftest import HERE, NAMES, SCHEMA, SIZES, Ask
from tests.review.test_schemas import unnamed_by

GOLDEN = Path(__file__).parent


def report(found: Probe) -> Report:
    return Report(found, date(2026, 11, 25), "RELEASE", "BOTO3")


@pytest.fixture
def usual(ses: StrictSes, ask: Ask) -> Probe:
    """Return what the strict SES answers with one call a second over all operations, except the sizes."""
    ses.change(quota=Quota())
    found = ask()
    return replace(found, readings=tuple(each for each in found.readings if each.subject.name not in SIZES))


@pytest.fixture
def found(ses: StrictSes, ask: Ask) -> Probe:
    """Return all that the strict SES answers."""
    ses.change(quota=Quota())
    return ask(*QUESTIONS)


@pytest.mark.parametrize("form", ["text", "json"])
def test_it_writes(usual: Probe, tmp_path: Path, form: str) -> None:
    written = tmp_path / f"probe.{form}"
    told = probe_text(report(usual), TextOutput()) if form == "text" else probe_json(report(usual))
    written.write_text(told, encoding="utf-8")
    golden = GOLDEN / written.name
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), (
        f"where that is meant: cp {written} {golden}"
    )


def test_text_fits_into_eighty_columns(found: Probe) -> None:
    assert [line for line in probe_text(report(found), TextOutput()).splitlines() if len(line) > 80] == []


def test_json_is_as_its_schema_says(found: Probe) -> None:
    assert unnamed_by(SCHEMA, json.loads(probe_json(report(found)))) == []


def test_json_names_nobody(found: Probe) -> None:
    told = probe_json(report(found))
    assert [word for word in (HERE.account, NAMES.token, "arn:") if word in told] == []


def test_what_ended_early_says_so(ask: Ask) -> None:
    early = report(ask("delete-missing", is_interrupted=lambda: True))
    assert probe_text(early, TextOutput()).startswith(
        "SES in eu-west-1, 2026-11-25: 0 calls, and not all that was asked for\n"
    )
    assert json.loads(probe_json(early))["complete"] is False
