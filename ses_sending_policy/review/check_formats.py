"""Writes a check as text, Markdown, JSON and GitHub annotations."""

from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.findings.catalogue import UNREAD
from ses_sending_policy.review.check import Checked, CheckResult, UnreadAt
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.markdown import code, comment, prose
from ses_sending_policy.review.source_location import SourceLocation
from ses_sending_policy.review.text_output import TextOutput, shown
from ses_sending_policy.review.unread import Unread
from ses_sending_policy.review.unread_formats import counted_unread, unread_json, unread_markdown, unread_text
from ses_sending_policy.rules.document import Json


def summary(check: CheckResult) -> str:
    """Return how many findings there are of each kind, in how many policies."""
    counts = [f"{count} {_plural(kind, count)}" for kind, count in check.counts() if count]
    looked = len(check.policies)
    found = f"{', '.join(counts) or 'nothing found'} in {looked} {'policy' if looked == 1 else 'policies'}"
    return ", ".join(filter(None, (found, counted_unread(_parts(check)))))


def _parts(check: CheckResult) -> list[Unread]:
    return [each.unread for each in check.unread]


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 or kind == "acknowledged" else f"{kind}s"


def check_text(check: CheckResult, output: TextOutput) -> str:
    """Return each finding with how to fix it, and how many there are."""
    found = [_text(each, output) for each in check.findings]
    return "\n\n".join([*found, *unread_text(_parts(check), output), summary(check)]) + "\n"


def _text(checked: Checked, output: TextOutput) -> str:
    finding = checked.finding
    title = output.styled(f"{checked.kind} {finding.rule}", checked.kind)
    lines = [
        f"{title} {shown(checked.origin)}",
        output.lines(finding.message, indent=2),
        output.lines(f"{checked.place}, {checked.location}", indent=2, bullet="at ", style="dim"),
        output.lines(_answer(checked), indent=2),
    ]
    return "\n".join(lines)


def _answer(checked: Checked) -> str:
    """Return how to fix a finding, or the reason of its acknowledgement."""
    acknowledgement = checked.acknowledgement
    if not acknowledgement:
        return f"fix: {checked.finding.fix}"
    return f"accepted on {acknowledgement.at or 'the app'}: {acknowledgement.reason}"


def check_markdown(check: CheckResult) -> str:
    """Return each finding with how to fix it, as a comment on a pull request."""
    return comment("check", _markdown(check))


def _markdown(check: CheckResult) -> Iterator[str]:
    yield f"### Sending policies: {summary(check)}"
    for checked in check.findings:
        finding = checked.finding
        yield ""
        yield f"- **{checked.kind} {finding.rule}** {code(checked.origin)}, {code(str(checked.place))}<br>"
        yield f"  {prose(finding.message)}<br>"
        yield f"  {prose(_answer(checked))}"
    yield from unread_markdown(_parts(check))


def check_json(check: CheckResult) -> str:
    """Return the findings as `schemas/check.schema.json` describes them."""
    return json_text(
        {"version": 1, "findings": [_finding(each) for each in check.findings]} | unread_json(_parts(check))
    )


def _finding(checked: Checked) -> Json:
    finding, policy, acknowledgement = checked.finding, checked.policy, checked.acknowledgement
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "fix": finding.fix,
        "stack": policy.stack,
        "logical_id": policy.logical_id,
        "path": checked.path or None,
        "location": checked.location,
        "file": checked.place.file,
        "line": checked.place.line,
        "acknowledged": {"reason": acknowledgement.reason, "at": acknowledgement.at} if acknowledgement else None,
    }


_LEVELS: Final = {"error": "error", "warning": "warning", "acknowledged": "notice"}


def check_github(check: CheckResult) -> str:
    """Return each finding as a workflow command, which GitHub Actions shows beside the line."""
    found = [*map(_annotation, check.findings), *map(_unread_annotation, check.unread)]
    return "".join(f"{each}\n" for each in found)


# Workflow commands need "%" as "%25", and in a property ":" as "%3A" and "," as "%2C". `shown` has escaped line ends.
# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
def _annotation(checked: Checked) -> str:
    title = f"{checked.finding.rule} {checked.origin}"
    return _command(_LEVELS[checked.kind], checked.place, title, f"{checked.finding.message}; {_answer(checked)}")


def _unread_annotation(found: UnreadAt) -> str:
    unread = found.unread
    level = _LEVELS["acknowledged" if unread.acknowledgement else "error"]
    return _command(level, found.place, f"{UNREAD} {unread.origin}", f"{unread.message}; {unread.advice}")


def _command(level: str, place: SourceLocation, title: str, message: str) -> str:
    properties = f"file={_property(place.file)},line={place.line},title={_property(title)}"
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return shown(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
