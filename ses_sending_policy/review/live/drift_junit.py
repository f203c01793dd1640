"""Writes the result of `drift` as JUnit XML."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from ses_sending_policy.review.comparison_formats import so
from ses_sending_policy.review.junit import element, written
from ses_sending_policy.review.live.drift import Drifted, DriftResult
from ses_sending_policy.review.live.drift_formats import notes
from ses_sending_policy.review.text_output import shown
from ses_sending_policy.rules.drift import State


def drift_junit(drift: DriftResult) -> str:
    """Return a test for each policy, and one with an error for each identity that was not read.

    A policy that makes `drift` fail is a failure. Any other passes; if it is not in sync, its state is the output.
    """
    suite = ET.Element("testsuite", name=f"sending-policy drift {drift.account} {drift.region}")
    for each in drift.policies:
        _add_case(suite, each, fails=drift.fails_for(each))
    for identity, reason in drift.unread.items():
        case = element(suite, "testcase", classname=identity, name="policies")
        element(case, "error", type="unread", message=reason)
    failures = sum(map(drift.fails_for, drift.policies))
    return written(suite, failures=failures, errors=len(drift.unread), skipped=0)


def _add_case(suite: ET.Element, drifted: Drifted, *, fails: bool) -> None:
    case = element(suite, "testcase", classname=drifted.identity, name=f"policy {drifted.policy_name}")
    told = "; ".join(_told(drifted))
    if fails:
        failure = element(case, "failure", type=drifted.state, message=told)
        failure.text = shown(drifted.declaration.origin) if drifted.declaration else ""
    elif drifted.state is not State.IN_SYNC or drifted.lacks_marker:
        element(case, "system-out").text = shown(told)


def _told(drifted: Drifted) -> Iterator[str]:
    yield drifted.state
    yield from notes(drifted)
    for change in drifted.changes:
        yield change.sentence
        yield from [f"{so(change)}{change.witness.possible}"] if change.witness else []
