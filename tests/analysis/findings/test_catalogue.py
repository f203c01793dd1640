"""Each finding is reported once."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.findings.catalogue import PLUGIN, UNCHECKED, UNREAD, distinct
from ses_sending_policy.analysis.findings.finding import Finding, Severity
from tests.analysis.findings.declare import one, policy
from tests.analysis.findings.test_findings import BY_ID, NOW

[POLICY] = policy()
ONE = Finding("SES001", Severity.ERROR, "everybody may send", "name them", "Properties/Policy", POLICY)
ABOUT = replace(ONE, about="AWS *")


@pytest.mark.parametrize(
    ("other", "is_told"),
    [
        (ONE, False),
        (replace(ONE, fix="name somebody"), False),
        (replace(ONE, message="anybody may send"), True),
        (replace(ONE, rule="SES002"), True),
        (replace(ONE, location="Properties/PolicyName"), True),
        (replace(ONE, policy=replace(POLICY, logical_id="Q")), True),
    ],
)
def test_what_is_found_twice_is_told_once(other: Finding, *, is_told: bool) -> None:
    assert list(distinct([ONE, other])) == [ONE, other][: 1 + is_told]
    assert list(distinct([ONE, other, ONE, other])) == [ONE, other][: 1 + is_told]


def test_what_is_about_one_thing_is_told_once_whatever_its_words() -> None:
    assert list(distinct([ABOUT, replace(ABOUT, message="anybody may send")])) == [ABOUT]
    assert list(distinct([ABOUT, other := replace(ABOUT, about="AWS 2")])) == [ABOUT, other]


@pytest.mark.parametrize(("principal", "about"), [("*", "AWS *"), ({"*": "*"}, "* *")])
def test_what_a_principal_may_is_about_the_principal(principal: Any, about: str) -> None:
    assert [each.about for each in BY_ID["SES001"].findings(one(Principal=principal), NOW)] == [about]


def test_what_people_acknowledge_findings_by() -> None:
    assert (PLUGIN, UNCHECKED, UNREAD) == ("ses-sending-policy", "SES000", "SES100")
