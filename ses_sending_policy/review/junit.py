"""Writes a check as JUnit XML, which most build servers show as test results."""

from xml.etree import ElementTree as ET

from ses_sending_policy.analysis.findings.catalogue import UNREAD
from ses_sending_policy.review.check import Checked, CheckResult, UnreadAt
from ses_sending_policy.review.text_output import shown


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


def written(suite: ET.Element, *, failures: int, errors: int, skipped: int) -> str:
    """Return the XML file with one test suite and its counts."""
    counts = {"tests": len(suite), "failures": failures, "errors": errors, "skipped": skipped}
    for name, count in counts.items():
        suite.set(name, str(count))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


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


def element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    """Return a new element of `parent`; characters that XML does not allow in its attributes become escapes."""
    return ET.SubElement(parent, tag, {name: shown(value) for name, value in attributes.items()})
