"""What the page says of a deploy: that it fails, what it does, and what stays as it is."""

from typing import Any

from ses_sending_policy.review.page import page
from tests.support.outline import outline
from tests.support.reviewed import DIFFERENCE, EMPTY

STEP: Any = {
    "action": "create",
    "stack": "Mail",
    "logical_id": "New",
    "path": None,
    "identity": "example.com",
    "policy_name": "new",
    "sentences": [],
}


def of(**more: Any) -> Any:
    difference: Any = {**DIFFERENCE, "steps": [STEP], **more}
    return outline(page(EMPTY, None, difference))


def word(**more: Any) -> str:
    [told] = [each.text for each in of(**more).all("p") if each.attributes.get("class") == "word"]
    return str(told)


def test_that_the_deploy_fails_comes_first() -> None:
    assert "The deploy fails; if it did not: " in word(refused=True)
    assert "fails" not in word(refused=False)


def test_what_stays_as_it_is_has_its_name() -> None:
    unchanged = [{"identity": "example.com", "policy_name": f"p{number}"} for number in range(7)]
    told = of(unchanged=unchanged).one("main").text
    assert "7 policies stay as they are" in told
    assert all(f"policy p{number} on example.com" in told for number in range(7))
