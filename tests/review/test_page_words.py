"""Each word that the product uses for a change, a finding or a step is on the review page, with its badge.

The tables below have no default: the test fails for a new word until the page has it.
"""

from typing import Final

import pytest

from ses_sending_policy.analysis.findings.finding import Severity
from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.live.forecast import Action
from tests.support.outline import Element, entries, outline
from tests.support.planned import PLAN, step
from tests.support.reviewed import EXPLAINED, PARTNER, change, difference, finding, findings, page_of

VERDICTS: Final = {
    Verdict.BROADENED: ("▲ Broadened", "more", "Somebody may do what was not allowed before."),
    Verdict.CHANGED: (
        "◆ Changed",
        "open",
        "Whether somebody may do what was not allowed before cannot be told: treat it as broadened.",
    ),
    Verdict.NARROWED: (
        "▼ Narrowed",
        "less",
        "Nobody may do what was not allowed before, and somebody may no longer do what was.",
    ),
    Verdict.UNCHANGED: ("= Unchanged", "same", "The same is allowed as before."),
}
KINDS: Final = {
    Kind.ADDED: "added",
    Kind.REMOVED: "removed",
    Kind.WIDENED: "widened",
    Kind.NARROWED: "narrowed",
    Kind.CHANGED: "changed",
}
SEVERITIES: Final = {
    Severity.ERROR: ("Error", "more", "Errors", "1 error, 0 warnings"),
    Severity.WARNING: ("Warning", "unsure", "Warnings", "0 errors, 1 warning"),
}
ACTIONS: Final = {
    Action.CREATE: ("◆ Create", "open"),
    Action.REPLACE: ("◆ Replace", "open"),
    Action.UPDATE: ("◆ Update", "open"),
    Action.KEEP: ("= Keep", "same"),
    Action.ADOPT: ("◆ Adopt", "open"),
    Action.OVERWRITE: ("▲ Overwrite", "more"),
    Action.DELETE: ("▼ Delete", "less"),
    Action.RELEASE: ("▼ Release", "less"),
    Action.LEAVE: ("= Leave", "same"),
    Action.ABSENT: ("= Absent", "same"),
    Action.REFUSE: ("▲ Refuse", "more"),
    Action.UNDECIDED: ("◆ Undecided", "unsure"),
    Action.NOTHING: ("= Nothing", "same"),
}


def badge(entry: Element) -> tuple[str, str]:
    """Return the text of an entry's badge, and its CSS class."""
    found = next(each for each in entry.all("span") if each.attributes.get("class", "").startswith("badge "))
    return found.text, found.attributes["class"].removeprefix("badge ")


def links(written: str) -> list[str]:
    return [each.text for each in outline(written).one("nav").all("a")]


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_has_its_word_and_says_what_it_means(verdict: Verdict) -> None:
    word, tone, meaning = VERDICTS[verdict]
    header = outline(page_of(changed=difference(verdict))).one("header")
    box = header.one("div", class_=f"verdict {tone}")
    assert box.one("p", class_="word").text == word
    assert meaning in box.text


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_of_a_change_has_its_badge(verdict: Verdict) -> None:
    word, tone, _ = VERDICTS[verdict]
    told = change(Kind.ADDED, PARTNER, "s", [], PARTNER["grants"], verdict=verdict)
    (entry,) = entries(page_of(changed=difference(verdict, told)), "changes")
    assert badge(entry) == (f"{word[0]} Grant added", tone)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_a_change_has_its_word_and_is_counted(kind: Kind) -> None:
    written = page_of(changed=difference(Verdict.CHANGED, change(kind, PARTNER, "s", [], PARTNER["grants"])))
    (entry,) = entries(written, "changes")
    assert badge(entry) == (f"◆ Grant {KINDS[kind]}", "open")
    assert links(written)[0] == f"1 {KINDS[kind]}"


@pytest.mark.parametrize("severity", Severity)
def test_each_severity_has_its_badge_and_decides_the_verdict(severity: Severity) -> None:
    word, tone, verdict, count = SEVERITIES[severity]
    written = page_of(EXPLAINED, findings(finding(PARTNER, "SES102", "m", "f") | {"severity": severity}))
    (entry,) = entries(written, "findings")
    assert badge(entry) == (word, tone)
    assert outline(written).one("p", class_="word").text == verdict
    assert links(written)[0] == count


@pytest.mark.parametrize("action", Action)
def test_each_action_has_its_badge_and_is_counted(action: Action) -> None:
    written = page_of(changed=PLAN | {"steps": [step(action)], "unchanged": []})
    (entry,) = entries(written, "steps")
    assert badge(entry) == ACTIONS[action]
    assert f"1 {action}" in links(written)
