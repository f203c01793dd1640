"""How the output says what stays, with nested stacks and with stacks that are destroyed."""

from pathlib import Path
from typing import Any

import pytest

from tests.review.diffed import (
    DENIAL,
    HERE,
    diff,
    one,
    policy,
    stacks,
    told,
)
from tests.review.test_places import nested, with_nested
from tests.review.test_staying import FALSE, KEPT, STAYS


def when(side: dict[str, Any], conditions: dict[str, Any]) -> dict[str, Any]:
    """Return a template whose nested stack depends on the condition `Never`."""
    inner = side["Resources"]["Inner"] | {"Condition": "Never"}
    return side | conditions | {"Resources": side["Resources"] | {"Inner": inner}}


NESTED: dict[str, tuple[Any, Any, set[str], str]] = {
    "removed with its nested stack": (nested(one(P=policy())), one(), {"narrowed"}, ""),
    "removed from its nested stack": (nested(one(P=policy())), nested(one()), {"narrowed"}, ""),
    "its nested stack's condition is false from now on": (
        nested(one(D=policy(DENIAL)), P=policy(name="second")),
        when(nested(one(D=policy(DENIAL)), P=policy(name="second")), FALSE),
        {"broadened"},
        "",
    ),
    "its nested stack is there only sometimes from now on": (
        nested(one(D=policy(DENIAL)), P=policy(name="second")),
        when(nested(one(D=policy(DENIAL)), P=policy(name="second")), {"Conditions": {}}),
        {"broadened", "changed"},
        "",
    ),
    "its nested stack is there only sometimes, as before": (
        when(nested(one(D=policy(DENIAL, **KEPT))), {"Conditions": {}}),
        when(nested(one(D=policy(DENIAL, **KEPT))), {"Conditions": {}}),
        {"unchanged"},
        "",
    ),
    "its nested stack's condition means something else from now on": (
        when(nested(one(D=policy(DENIAL, **KEPT))), {"Conditions": {"Never": {"Ref": "One"}}}),
        when(nested(one(D=policy(DENIAL, **KEPT))), {"Conditions": {"Never": {"Ref": "Other"}}}),
        {"narrowed"},
        "its DeletionPolicy is Retain",
    ),
    "retained in it": (nested(one(P=policy(**KEPT))), one(), STAYS, "its DeletionPolicy is Retain"),
}


@pytest.mark.parametrize("name", NESTED)
def test_what_is_in_a_nested_stack(tmp_path: Path, name: str) -> None:
    before, after, verdicts, reason = NESTED[name]
    found = told(
        tmp_path,
        with_nested(tmp_path / "before", stacks(Mail=dict(before))),
        with_nested(tmp_path / "after", stacks(Mail=dict(after))),
    )
    assert found["verdict"] in verdicts
    assert [reason in each["reason"] for each in found["stays"]] == ([True] if reason else [])


def test_a_nested_stack_may_be_retained_as_a_whole(tmp_path: Path) -> None:
    before = nested(one(P=policy()))
    before["Resources"]["Inner"]["DeletionPolicy"] = "Retain"
    old = with_nested(tmp_path / "before", stacks(Mail=before))
    found = told(tmp_path, old, stacks(Mail=one()))
    assert found["verdict"] in STAYS
    assert [each["reason"] for each in found["stays"]] == ["its nested stack's DeletionPolicy is Retain"]


# --destroyed

TWO = stacks(dev=one(P=policy()), prod=one(P=policy()))


def test_a_stack_that_is_destroyed_takes_its_policies_along(tmp_path: Path) -> None:
    found = told(tmp_path, TWO, stacks(dev=one(P=policy())), "--destroyed=prod")
    assert (found["verdict"], found["stays"]) == ("narrowed", [])


def test_what_is_retained_outlives_its_stack(tmp_path: Path) -> None:
    before = stacks(dev=one(P=policy()), prod=one(P=policy(**KEPT)))
    found = told(tmp_path, before, stacks(dev=one(P=policy())), "--destroyed=prod")
    assert found["verdict"] in STAYS
    assert [each["reason"] for each in found["stays"]] == ["its DeletionPolicy is Retain"]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (TWO, TWO, "is a stack of NEW as well"),
        (stacks(dev=one()), stacks(dev=one()), "names no stack of OLD, which has dev"),
        (one(), one(), "a template's file has no stack's name"),
    ],
)
def test_what_cannot_be_destroyed_gets_one_sentence(tmp_path: Path, before: Any, after: Any, says: str) -> None:
    done = diff(tmp_path, before, after, "--destroyed=prod")
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert "'prod'" in line
    assert says in line


# What is said

RETAINED = stacks(HERE, Mail=one(P=policy(**KEPT)))
EMPTY = stacks(HERE, Mail=one())
SENTENCE = "account 333333333333 may send as any address of example.com, on resource *"


def test_text_says_what_stays(tmp_path: Path) -> None:
    done = diff(tmp_path, RETAINED, EMPTY)
    assert done.returncode == 0
    assert done.stdout == (
        "example.com in account 111111111111, eu-west-1\n"
        "  stays: policy no longer declared\n"
        "    policy partner, Mail/P, for its DeletionPolicy is Retain\n"
        f"    = {SENTENCE}\n"
        "\n"
        "unchanged: the same is allowed as before (1 policy stays)\n"
    )


def test_markdown_says_what_stays(tmp_path: Path) -> None:
    said = diff(tmp_path, RETAINED, EMPTY, "--format=markdown").stdout
    assert "unchanged: the same is allowed as before (1 policy stays)" in said.replace("\n", " ")
    assert "- **stays**: policy no longer declared, `partner`, `Mail/P`, for its DeletionPolicy is Retain" in said
    assert "  - account 333333333333 may send as any address of `example.com`, on resource " in said


def test_json_says_what_stays(tmp_path: Path) -> None:
    [found] = told(tmp_path, RETAINED, EMPTY)["stays"]
    assert found["reason"] == "its DeletionPolicy is Retain"
    assert found["sure"] is True
    assert (found["account"], found["region"], found["identity"]) == ("111111111111", "eu-west-1", "example.com")
    assert (found["policy"]["stack"], found["policy"]["logical_id"]) == ("Mail", "P")
    assert [each["sentence"] for each in found["grants"]] == [SENTENCE]
    assert found["sentence"] == f"policy partner stays, for its DeletionPolicy is Retain: {SENTENCE}"


def test_what_nobody_knows_is_said_to_be_so(tmp_path: Path) -> None:
    [found] = told(tmp_path, stacks(HERE, Mail=one(P=policy(OnDelete="RELEASE"))), EMPTY)["stays"]
    assert found["sure"] is False
    assert found["sentence"].startswith("policy partner may stay, for its OnDelete is RELEASE")


def test_a_denial_that_may_stay_is_said_to_be_so(tmp_path: Path) -> None:
    before = stacks(HERE, Mail=one(P=policy(), D=policy(DENIAL, name="denial", OnDelete="RELEASE")))
    said = diff(tmp_path, before, stacks(HERE, Mail=one(P=policy()))).stdout
    assert "  changed: denial removed, or still there\n    policy denial, Mail/D\n" in said


def test_the_page_says_what_stays(tmp_path: Path) -> None:
    said = diff(tmp_path, RETAINED, EMPTY, "--format=html").stdout
    assert "its DeletionPolicy is Retain" in said
    assert "333333333333" in said
