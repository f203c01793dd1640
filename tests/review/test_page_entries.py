"""The review page's identities and findings."""

import json

import pytest

from ses_sending_policy.review.html.page_json import AcknowledgementJson
from tests.support.outline import Element, entries, outline, section
from tests.support.reviewed import (
    DIFFERENCE,
    EXPLAINED,
    FINDINGS,
    PARTNER,
    explained,
    finding,
    findings,
    grant,
    page_of,
    policy,
)

FULL = page_of(EXPLAINED, FINDINGS, DIFFERENCE)


def test_under_each_identity_are_those_who_may_send_and_those_who_may_not() -> None:
    found = {
        tuple(part.text for part in entry.all() if part.name in ("h3", "h4")): [
            [line.text for line in group.children if isinstance(line, Element)]
            for group in entry.all("ul")
            if group.attributes.get("class") == "grants"
        ]
        for entry in entries(FULL, "who")
    }
    assert list(found) == [
        ("example.com", "Allowed", "Denied"),
        ("example.com", "Allowed"),
        ("example.org", "Allowed"),
        ("relay.example.net", "Allowed"),
    ]
    assert [len(group) for group in found["example.com", "Allowed", "Denied"]] == [2, 1]
    assert found["relay.example.net", "Allowed"] == [
        ["everybody may send as any address of relay.example.net policy relay"]
    ]


def test_an_effect_that_only_the_deploy_knows_is_neither() -> None:
    told = grant("only the deploy knows who may send as example.com", "${...}", effect="${...}")
    entry = section(page_of(explained(policy("example.com", "P", told))), "who")
    assert [heading.text for heading in entry.all("h4")] == ["Known to the deploy alone"]


def test_the_same_identity_elsewhere_is_another() -> None:
    policies = [policy("example.com", name) | {"account": name * 12} for name in ("1", "2")]
    headings = [entry.one("div", class_="margin").text for entry in entries(page_of(explained(*policies)), "who")]
    assert headings == ["example.com 111111111111 · eu-west-1", "example.com 222222222222 · eu-west-1"]


def test_a_policy_without_statements_lets_nobody_in() -> None:
    written = page_of(explained(policy("example.com", "P")))
    assert "Nobody: its policies have no statements." in section(written, "who").text


def test_each_condition_has_a_line_of_its_own_and_a_quoted_comma_is_none() -> None:
    told = grant('x may send as y, only to "a, \\"b, c" or d, before 2027', "*")
    who = section(page_of(explained(policy("example.com", "P", told))), "who")
    assert who.one("p", class_="clause").text == "x may send as y"
    assert who.one("b").text == "x"
    assert [line.text for line in who.one("ul", class_="conditions").all("li")] == [
        'only to "a, \\"b, c" or d',
        "before 2027",
    ]


def test_the_exact_grants_are_behind_a_disclosure() -> None:
    (details,) = [
        each for each in section(FULL, "who").all("details") if each.one("summary").text == "Policy partner, 1 grant"
    ]
    (told,) = PARTNER["grants"]
    assert json.loads(details.one("pre").text) == {
        name: value for name, value in told.items() if name not in ("sentence", "hidden_for")
    }


def test_findings_stand_by_severity_and_those_that_somebody_stands_for_come_last() -> None:
    found = section(FULL, "findings")
    badges = [each.text for each in found.all("span")]
    rules = [each.text for each in found.all("code")]
    assert list(zip(badges, rules, strict=True)) == [("Error", "SES001"), ("Warning", "SES103"), ("Warning", "SES102")]
    *_, last = entries(FULL, "findings")
    assert "Reason: only the load test runs there, agreed in SEC-12" in last.text
    assert "Fix: add a condition on ses:FromAddress" in last.text
    assert FULL.index("SES103") < FULL.index(">Acknowledged</h3>") < FULL.index("SES102")


def test_a_finding_leads_to_its_policy() -> None:
    found = section(FULL, "findings")
    link = next(found.all("a"))
    target = outline(FULL).one("details", id=link.attributes["href"].removeprefix("#"))
    assert link.text in target.text


@pytest.mark.parametrize(
    ("acknowledged", "reason"),
    [
        ({"reason": "agreed", "at": "Dev/Mail"}, "agreed, said on Dev/Mail"),
        ({"reason": "", "at": "Dev"}, "none given, said on Dev"),
        ({"reason": "agreed", "at": ""}, "agreed, said on the app"),
    ],
)
def test_who_stands_for_a_finding_is_told_with_the_reason(acknowledged: AcknowledgementJson, reason: str) -> None:
    found = finding(PARTNER, "SES102", "m", "f") | {"acknowledged": acknowledged}
    (entry,) = entries(page_of(EXPLAINED, findings(found)), "findings")
    assert f"Reason: {reason} Fix:" in " ".join(part.text for part in entry.all("p"))


def test_a_finding_has_the_line_to_look_at() -> None:
    written = page_of(EXPLAINED, findings(finding(PARTNER, "SES102", "m", "f")))
    assert "stacks/mail.py:46" in section(written, "findings").text


def test_an_identity_of_an_unknown_place_has_its_stack() -> None:
    policies = [policy("example.com", "P", stack=stack) | {"region": None} for stack in ("Dev", "Prod")]
    found = entries(page_of(explained(*policies)), "who")
    assert [entry.one("div", class_="margin").text for entry in found] == [
        "example.com 111111111111 · stack Dev",
        "example.com 111111111111 · stack Prod",
    ]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("IsProd", "only where IsProd is true"),
        ("IsProd and not IsTest", "only where IsProd and not IsTest are true"),
        (None, ""),
    ],
)
def test_a_policy_that_may_not_come_to_be_says_so(condition: str | None, told: str) -> None:
    conditional = policy("example.com", "P", *PARTNER["grants"]) | {
        "conditional": condition is not None,
        "condition": condition,
    }
    who = section(page_of(explained(conditional)), "who")
    assert told in who.text
    assert ("only where" in who.text) is bool(told)


def test_a_policy_says_which_defaults_it_is_read_with() -> None:
    read = policy("example.com", "P", *PARTNER["grants"]) | {"defaults": {"Partner": "222222222222"}}
    assert "with the default 222222222222 of parameter Partner" in section(page_of(explained(read)), "who").text
