"""What the page says of a deploy: that it fails, what it does, and what it leaves unchanged."""

import pytest

from ses_sending_policy.review.html.page_json import PlanJson
from tests.support.outline import outline
from tests.support.planned import PLAN, unchanged
from tests.support.reviewed import page_of


def word(plan: PlanJson) -> str:
    return outline(page_of(changed=plan)).one("p", class_="word").text


def test_that_the_deploy_fails_comes_first() -> None:
    assert "The deploy fails; if it did not: " in word(PLAN | {"refused": True})
    assert "fails" not in word(PLAN)


def test_what_stays_as_it_is_has_its_name() -> None:
    plan = PLAN | {"unchanged": [unchanged(f"p{number}") for number in range(7)]}
    told = outline(page_of(changed=plan)).one("main").text
    assert "7 policies stay as they are" in told
    assert all(f"policy p{number} on example.com" in told for number in range(7))


@pytest.mark.parametrize(
    ("plan", "has"),
    [
        (PLAN, True),
        (PLAN | {"parameters": []}, True),
        (PLAN | {"steps": []}, True),
        (PLAN | {"steps": [], "parameters": []}, False),
    ],
    ids=["both", "a step", "a parameter", "neither"],
)
def test_a_deploy_with_nothing_to_tell_has_no_section(plan: PlanJson, has: bool) -> None:
    assert ('id="steps"' in page_of(changed=plan)) is has
