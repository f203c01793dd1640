"""Writes the result of a probe as text, and as JSON without account data that can be sent to anybody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from probe.probe_run import Probe
from probe.reading import UNANSWERED, ProbeReading
from ses_sending_policy.review.text_output import TextOutput


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a probe, with the date and the versions of the software.

    :param probe: the result.
    :param day: the date.
    :param release: the version of this package.
    :param boto3: the version of boto3.
    """

    probe: Probe
    day: date
    release: str
    boto3: str


def probe_text(report: Report, paper: TextOutput) -> str:
    """Return each answer as text, with the error messages of SES."""
    probe = report.probe
    end = "" if probe.is_complete else ", and not all that was asked for"
    title = f"SES in {probe.region}, {report.day:%Y-%m-%d}: {probe.calls} calls{end}"
    return "\n\n".join([paper.lines(title, style="bold"), *(_text(each, paper) for each in probe.readings)]) + "\n"


def _text(reading: ProbeReading, paper: TextOutput) -> str:
    subject = reading.subject
    style = "dim" if reading.answer == UNANSWERED else "bold"
    lines = [
        f"{subject.name:<27}{paper.styled(reading.answer, style)}",
        paper.lines(f"{subject.asks}: {subject.meaning(reading.answer)}", indent=2),
    ]
    lines += [paper.lines(words, indent=2, style="dim") for words in _words(reading)]
    return "\n".join(lines)


def _words(reading: ProbeReading) -> Iterator[str]:
    """Yield the note of a reading, then each different error message of SES once."""
    if reading.note:
        yield reading.note
    yield from dict.fromkeys(f"{said.code}: {said.message}" for said in reading.said if said.code)


def probe_json(report: Report) -> str:
    """Return the answers as `probe.schema.json` describes them."""
    probe = report.probe
    found = {
        "version": 1,
        "release": report.release,
        "boto3": report.boto3,
        "region": probe.region,
        "date": f"{report.day:%Y-%m-%d}",
        "calls": probe.calls,
        "complete": probe.is_complete,
        "readings": [_json(each) for each in probe.readings],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _json(reading: ProbeReading) -> dict[str, Any]:
    return {
        "name": reading.subject.name,
        "asks": reading.subject.asks,
        "answer": reading.answer,
        "meaning": reading.subject.meaning(reading.answer),
        "note": reading.note,
        "said": [{"operation": each.operation, "code": each.code, "message": each.message} for each in reading.said],
        "sent": reading.sent or None,
        "kept": reading.kept or None,
    }
