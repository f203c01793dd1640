"""Writes a check as text, Markdown, JSON, GitHub annotations, JUnit XML and SARIF."""

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

import ses_sending_policy
from ses_sending_policy.analysis.findings.catalogue import RULES, UNREAD
from ses_sending_policy.analysis.findings.finding import Rule
from ses_sending_policy.analysis.reading.files import on_disk
from ses_sending_policy.review.check import Checked, CheckResult, UnreadAt
from ses_sending_policy.review.constructs import Acknowledgement
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.junit import element, written
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
    """Return how to fix a finding, or for an acknowledged one the reason that the app gave."""
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
    return json_text(check_data(check))


def check_data(check: CheckResult) -> dict[str, Json]:
    """Return the findings as the object that the JSON of `check_json` is written from."""
    return {"version": 1, "findings": [_finding(each) for each in check.findings]} | unread_json(_parts(check))


def _finding(checked: Checked) -> Json:
    finding, policy, acknowledgement = checked.finding, checked.policy, checked.acknowledgement
    return {
        "rule": finding.rule,
        "severity": finding.severity,
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


def check_junit(check: CheckResult) -> str:
    """Return a test for each finding, and one that passes for each policy without findings.

    A finding that fails the check is a failure, an acknowledged one is skipped, and any other passes with its text as
    output. An unread part is an error.
    """
    found = {(each.policy.template, each.policy.logical_id) for each in check.findings}
    failures = sum(map(check.fails_for, check.findings))
    skipped = sum(bool(each.acknowledgement) for each in check.findings)
    skipped += sum(bool(each.unread.acknowledgement) for each in check.unread)
    suite = ET.Element("testsuite", name="sending-policy check")
    for each in check.findings:
        _add_case(suite, each, fails=check.fails_for(each))
    for policy in check.policies:
        if (policy.template, policy.logical_id) not in found:
            element(suite, "testcase", classname=policy.owner, name="nothing found")
    for found_unread in check.unread:
        _add_unread(suite, found_unread)
    errors = len(suite.findall("testcase/error"))
    return written(suite, failures=failures, errors=errors, skipped=skipped)


def _add_case(suite: ET.Element, checked: Checked, *, fails: bool) -> None:
    finding = checked.finding
    case = element(suite, "testcase", classname=checked.policy.owner, name=f"{finding.rule} {checked.location}")
    message = f"{finding.message}; {finding.fix}"
    if checked.acknowledgement:
        element(case, "skipped", message=checked.acknowledgement.reason)
    elif fails:
        failure = element(case, "failure", type=finding.rule, message=message)
        failure.text = shown(str(checked.place))
    else:
        element(case, "system-out").text = shown(f"{finding.severity.value}: {message}")


def _add_unread(suite: ET.Element, found: UnreadAt) -> None:
    unread = found.unread
    case = element(suite, "testcase", classname=unread.part.owner, name=UNREAD)
    if unread.acknowledgement:
        element(case, "skipped", message=unread.acknowledgement.reason)
    else:
        error = element(case, "error", type=UNREAD, message=f"{unread.message}; {unread.advice}")
        error.text = shown(str(found.place))


# https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
def check_sarif(check: CheckResult) -> str:
    """Return the findings as one run of SARIF 2.1.0, which code scanning shows in the files of a pull request."""
    found = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "columnKind": "unicodeCodePoints",
                "results": [*map(_sarif_result, check.findings), *map(_sarif_unread, check.unread)],
            }
        ],
    }
    return json_text(found)


_SARIF_UNREAD: Final = {
    "id": UNREAD,
    "shortDescription": {"text": "what may carry a sending policy was not read"},
    "fullDescription": {"text": "A policy in there was not checked."},
    "help": {"text": f"look at it, and then acknowledge {UNREAD} on it"},
    "defaultConfiguration": {"level": "warning"},
}


def _driver() -> Json:
    return {
        "name": "sending-policy",
        "semanticVersion": ses_sending_policy.__version__,
        "rules": [*map(_rule, RULES), _SARIF_UNREAD],
    }


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.reason},
        "help": {"text": rule.fix},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _sarif_result(checked: Checked) -> Json:
    finding = checked.finding
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": [rule.id for rule in RULES].index(finding.rule),
        "level": finding.severity.value,
        "message": {"text": shown(f"{finding.message}; {finding.fix}")},
        "locations": [_location(checked.place, f"{checked.origin}/{checked.location}")],
        # The fingerprint leaves out the line: a finding stays the same if lines or statements are added before it.
        "partialFingerprints": {"sendingPolicyFinding/v1": _digest((finding.rule, checked.origin, finding.message))},
    }
    return result | _suppressed(checked.acknowledgement)


def _sarif_unread(found: UnreadAt) -> Json:
    unread = found.unread
    result: dict[str, Json] = {
        "ruleId": UNREAD,
        "ruleIndex": len(RULES),
        "level": "warning",
        "message": {"text": shown(f"{unread.message}; {unread.advice}")},
        "locations": [_location(found.place, unread.origin)],
        "partialFingerprints": {"sendingPolicyFinding/v1": _digest((UNREAD, unread.part.owner, unread.part.what))},
    }
    return result | _suppressed(unread.acknowledgement)


def _location(place: SourceLocation, name: str) -> Json:
    return {
        "physicalLocation": {"artifactLocation": _artifact(place.file), "region": {"startLine": place.line}},
        "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
    }


def _suppressed(acknowledgement: Acknowledgement | None) -> dict[str, Json]:
    if acknowledgement is None:
        return {}
    justification = shown(acknowledgement.reason)
    return {"suppressions": [{"kind": "inSource", "status": "accepted", "justification": justification}]}


def _artifact(file: str) -> Json:
    path = on_disk(file)
    # Code scanning takes a relative path as a file of the repository, and refuses URIs of other schemes than `file:`.
    return {"uri": path.as_uri()} if path.is_absolute() else {"uri": quote(os.fsencode(path)), "uriBaseId": "%SRCROOT%"}


def _digest(parts: Sequence[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
