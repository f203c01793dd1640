"""Whether the shown address is the only new one or one of several; and what only the deploy knows."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.review.diffed import DENIAL, LESS, PARTNER, diff, one, policy


def sender(*addresses: str) -> Any:
    return PARTNER | {"Condition": {"StringLike": {"ses:FromAddress": list(addresses)}}}


BOTH: Final = sender("news@example.com", "help@example.com")

# What there is before and after, and the words before the request.
CASES: Final[dict[str, tuple[list[Any], list[Any], str]]] = {
    "one address": ([], [LESS], "so"),
    "a pattern": ([], [sender("news-*@example.com")], "for example"),
    "any address": ([], [PARTNER], "for example"),
    "two addresses": ([], [BOTH], "for example"),
    "one more address": ([LESS], [BOTH], "so"),
    "another address": ([LESS], [sender("help@example.com")], "so"),
    "a denial of one goes": ([PARTNER, DENIAL | {"Condition": LESS["Condition"]}], [PARTNER], "so"),
    "a denial of all goes": ([PARTNER, DENIAL], [PARTNER], "for example"),
}


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize(("before", "after", "words"), CASES.values(), ids=CASES)
def test_an_address_of_many_is_an_example(
    tmp_path: Path, form: str, before: list[Any], after: list[Any], words: str
) -> None:
    old, new = (one(Own=policy(*each)) if each else one() for each in (before, after))
    [line] = [each for each in diff(tmp_path, old, new, "--format", form).stdout.splitlines() if "may now" in each]
    assert line.strip(" -").startswith(f"{words} account 333333333333 may now send as")


def test_the_address_that_a_policy_hangs_on_is_all_there_is(tmp_path: Path) -> None:
    told = diff(tmp_path, one(), one(Own=policy(PARTNER, identity="ceo@example.com"))).stdout
    assert "so account 333333333333 may now send as ceo@example.com" in told


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_only_the_deploy_knows_is_told_once(tmp_path: Path, form: str) -> None:
    partner = PARTNER | {"Principal": {"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "Partner"}, ":root"]]}}}
    own = {f"Own{number}": policy(partner, name=f"p{number}", identity=f"{number}.example.com") for number in range(3)}
    # Nothing is said about what does not change.
    same = {"Same": policy(PARTNER | {"Principal": {"AWS": {"Ref": "Other"}}}, name="same", identity="same.example")}
    told = diff(tmp_path, one(**same), one(**same, **own), "--format", form).stdout
    assert told.splitlines().count("known only at the deploy: Partner") == 1


def test_a_policy_variable_is_nothing_that_the_deploy_knows(tmp_path: Path) -> None:
    told = diff(tmp_path, one(), one(Own=policy(sender("${aws:username}@example.com")))).stdout
    assert "${aws:username}" in told
    assert "known only at the deploy" not in told
