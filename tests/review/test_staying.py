"""What leaves the template and not SES: its grants stay, and `diff` says so."""

from pathlib import Path
from typing import Any

import pytest

from tests.review.diffed import (
    ANYWHERE,
    DENIAL,
    HERE,
    LESS,
    PARTNER,
    THERE,
    called,
    delete,
    diff,
    one,
    policy,
    put,
    stacks,
    told,
)
from tests.review.test_places import nested, with_nested

KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
FALSE = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
TRUE = {"Conditions": {"Never": {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}}}
STAYS = {"unchanged", "changed"}


def both(of_old: Any, of_new: Any = None) -> tuple[Any, Any]:
    """Return two templates, of which the one of after may have nothing."""
    return one(P=of_old), one(P=of_new) if of_new else one()


# Each is before, after, what may be said of it, and why a policy stays; nothing where none does.
GONE: dict[str, tuple[Any, Any, set[str], str]] = {
    "it is deleted": (*both(policy()), {"narrowed"}, ""),
    "its DeletionPolicy is Delete": (*both(policy(DeletionPolicy="Delete")), {"narrowed"}, ""),
    "it is retained": (*both(policy(DeletionPolicy="Retain")), STAYS, "its DeletionPolicy is Retain"),
    "it is retained but on create": (
        *both(policy(DeletionPolicy="RetainExceptOnCreate")),
        STAYS,
        "its DeletionPolicy is RetainExceptOnCreate",
    ),
    "only the deploy knows whether it is retained": (
        *both(policy(DeletionPolicy={"Ref": "Policy"})),
        STAYS,
        "only the deploy knows its DeletionPolicy",
    ),
    "it is released": (*both(policy(OnDelete="RELEASE")), STAYS, "its OnDelete is RELEASE"),
    "only the deploy knows whether it is released": (
        *both(policy(OnDelete={"Ref": "What"})),
        STAYS,
        "only the deploy knows its OnDelete",
    ),
    "its UpdateReplacePolicy alone is Retain": (*both(policy(UpdateReplacePolicy="Retain")), {"narrowed"}, ""),
    "it is renamed": (*both(policy(), policy(LESS, name="second")), {"narrowed"}, ""),
    "it is renamed and retained": (
        *both(policy(**KEPT), policy(LESS, name="second", **KEPT)),
        STAYS,
        "its UpdateReplacePolicy is Retain",
    ),
    "it is renamed, and retained from now on": (
        *both(policy(), policy(LESS, name="second", **KEPT)),
        STAYS,
        "its UpdateReplacePolicy is Retain",
    ),
    "it is renamed, and its DeletionPolicy alone is Retain": (
        *both(policy(DeletionPolicy="Retain"), policy(LESS, name="second", DeletionPolicy="Retain")),
        {"narrowed"},
        "",
    ),
    "it goes to another identity and is retained": (
        *both(policy(**KEPT), policy(identity="b.example", **KEPT)),
        {"broadened"},
        "its UpdateReplacePolicy is Retain",
    ),
    "it is renamed and released": (
        *both(policy(OnDelete="RELEASE"), policy(LESS, name="second")),
        STAYS,
        "its OnDelete is RELEASE",
    ),
    "it is written anew": (*both(policy(**KEPT), policy(LESS, **KEPT)), {"narrowed"}, ""),
    "another resource takes its place": (
        one(P=policy(**KEPT)),
        one(Q=policy(LESS, WhenExists="OVERWRITE")),
        {"narrowed"},
        "",
    ),
    "another resource may take its place": (
        one(P=policy(**KEPT)),
        one(Q=policy(LESS, Condition="Perhaps")),
        STAYS,
        "its DeletionPolicy is Retain",
    ),
    "its condition is false from now on": (
        one(P=policy()),
        one(P=policy(Condition="Never")) | FALSE,
        {"narrowed"},
        "",
    ),
    "its condition is true from now on": (one(P=policy()), one(P=policy(Condition="Never")) | TRUE, {"unchanged"}, ""),
    "its condition is false from now on, and it is retained": (
        one(P=policy(**KEPT)),
        one(P=policy(Condition="Never", **KEPT)) | FALSE,
        STAYS,
        "its DeletionPolicy is Retain",
    ),
    "its condition was always false": (
        one(P=policy(Condition="Never", **KEPT)) | FALSE,
        one(),
        {"unchanged"},
        "",
    ),
    "a retained denial": (
        one(P=policy(), D=policy(DENIAL, name="denial", **KEPT)),
        one(P=policy()),
        {"unchanged"},
        "its DeletionPolicy is Retain",
    ),
    "a denial that is perhaps released": (
        one(P=policy(), D=policy(DENIAL, name="denial", OnDelete="RELEASE")),
        one(P=policy()),
        {"broadened", "changed"},
        "its OnDelete is RELEASE",
    ),
    "a retained policy, and more of another": (
        one(P=policy(LESS, **KEPT)),
        one(Q=policy(name="second")),
        {"broadened"},
        "its DeletionPolicy is Retain",
    ),
    "an address that is retained": (
        one(P=policy(identity="a@example.com", **KEPT), Q=policy(PARTNER | {"Principal": "*"}, name="second")),
        one(Q=policy(PARTNER | {"Principal": "*"}, name="second")),
        {"unchanged"},
        "its DeletionPolicy is Retain",
    ),
    "an address that is perhaps released": (
        one(P=policy(identity="a@example.com", OnDelete="RELEASE"), Q=policy(PARTNER | {"Principal": "*"}, name="q")),
        one(Q=policy(PARTNER | {"Principal": "*"}, name="q")),
        {"broadened", "changed"},
        "its OnDelete is RELEASE",
    ),
    # Calls
    "no call deletes it": (*both(called(Create=put())), STAYS, "no call deletes it"),
    "a call deletes it": (*both(called(Create=put(), Delete=delete())), {"narrowed"}, ""),
    "a call of SESv2 deletes it": (
        *both(called(Create=put(), Delete=delete(action="DeleteEmailIdentityPolicyCommand") | {"service": "SESv2"})),
        {"narrowed"},
        "",
    ),
    "a call deletes another name": (
        *both(called(Create=put(), Delete=delete(name="other"))),
        STAYS,
        "its Delete call deletes something else",
    ),
    "a call deletes another identity's": (
        *both(called(Create=put(), Delete=delete(identity="b.example"))),
        STAYS,
        "its Delete call deletes something else",
    ),
    "a call does something else": (
        *both(called(Create=put(), Delete=delete(action="getIdentityPolicies"))),
        STAYS,
        "its Delete call deletes something else",
    ),
    "a call deletes the identity": (
        *both(called(Create=put(), Delete={"service": "SES", "action": "deleteIdentity", "parameters": {}})),
        STAYS,
        "its Delete call deletes something else",
    ),
    "a call that is retained": (
        *both(called(Create=put(), Delete=delete(), DeletionPolicy="Retain")),
        STAYS,
        "its DeletionPolicy is Retain",
    ),
    "a call renames it under one physical id": (
        *both(
            called(Create=put(), Update=put(), Delete=delete()),
            called(Create=put(name="b"), Update=put(name="b"), Delete=delete(name="b")),
        ),
        STAYS,
        "no Delete call comes for the old name",
    ),
    "a call renames it under another physical id": (
        *both(
            called(Create=put(), Update=put(), Delete=delete()),
            called(Create=put(LESS, name="b", of="two"), Update=put(LESS, name="b", of="two"), Delete=delete(name="b")),
        ),
        {"narrowed"},
        "",
    ),
    "nothing is called for an update": (
        *both(called(Create=put(), Delete=delete()), called(Create=put(LESS), Delete=delete())),
        STAYS,
        "no Update call writes it",
    ),
    "a denial moves to where nothing is called for an update": (
        one(P=policy(), D=policy(DENIAL, name="denial"), Q=called(Create=put(name="q"))),
        one(P=policy(), Q=called(Create=put(PARTNER, DENIAL, name="q"))),
        {"changed"},
        "no Update call writes it",
    ),
    "a call for an update": (
        *both(called(Create=put(), Delete=delete()), called(Create=put(LESS), Update=put(LESS), Delete=delete())),
        {"narrowed"},
        "",
    ),
    "a call that another resource takes the place of": (
        one(P=called(Create=put())),
        one(Q=called(Create=put(LESS))),
        {"narrowed"},
        "",
    ),
    # Stacks
    "the whole stack": (
        stacks(dev=one(P=policy()), prod=one(P=policy())),
        stacks(dev=one(P=policy())),
        STAYS,
        "its stack is not in NEW",
    ),
    "the whole stack, known where": (
        {"assembly": {"dev": (HERE, one(P=policy())), "prod": (THERE, one(P=policy()))}},
        {"assembly": {"dev": (HERE, one(P=policy()))}},
        STAYS,
        "its stack is not in NEW",
    ),
    "the stack's template declares nothing any more": (
        stacks(prod=one(P=policy())),
        stacks(prod=one()),
        {"narrowed"},
        "",
    ),
    "a stack with a denial": (
        {"assembly": {"guard": (HERE, one(D=policy(DENIAL, name="denial"))), "prod": (HERE, one(P=policy()))}},
        {"assembly": {"prod": (HERE, one(P=policy()))}},
        {"changed", "broadened"},
        "its stack is not in NEW",
    ),
    "the stack is deployed to another account": (
        stacks(HERE, prod=one(P=policy())),
        stacks(THERE, prod=one()),
        STAYS,
        "its stack is not in NEW",
    ),
    "the stack is renamed": (
        stacks(HERE, prod=one(P=policy())),
        stacks(HERE, mail=one(P=policy(LESS, name="second"))),
        STAYS,
        "its stack is not in NEW",
    ),
    "the stack is renamed, and writes over it": (
        stacks(HERE, prod=one(P=policy())),
        stacks(HERE, mail=one(P=policy(LESS, WhenExists="OVERWRITE"))),
        {"narrowed"},
        "",
    ),
    "the stack is renamed, and perhaps writes over it": (
        stacks(ANYWHERE, prod=one(P=policy())),
        stacks(ANYWHERE, mail=one(P=policy(LESS, WhenExists="OVERWRITE"))),
        STAYS,
        "its stack is not in NEW",
    ),
}


@pytest.mark.parametrize("name", GONE)
def test_what_is_said_of_what_leaves_the_template(tmp_path: Path, name: str) -> None:
    before, after, verdicts, reason = GONE[name]
    found = told(tmp_path, before, after)
    assert found["verdict"] in verdicts
    assert [reason in each["reason"] for each in found["stays"]] == ([True] if reason else [])


NESTED: dict[str, tuple[Any, Any, set[str], str]] = {
    "removed with its nested stack": (nested(one(P=policy())), one(), {"narrowed"}, ""),
    "removed from its nested stack": (nested(one(P=policy())), nested(one()), {"narrowed"}, ""),
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
        (stacks(dev=one()), stacks(dev=one()), "is no stack of OLD: there is dev"),
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
SENTENCE = "account 333333333333 may send as any address of example.com"


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
    assert "- **stays**: policy `partner`, `Mail/P`, for its DeletionPolicy is Retain" in said
    assert "  - account 333333333333 may send as any address of `example.com`" in said


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


def test_the_page_says_what_stays(tmp_path: Path) -> None:
    said = diff(tmp_path, RETAINED, EMPTY, "--format=html").stdout
    assert "its DeletionPolicy is Retain" in said
    assert ">333333333333</" in said or "333333333333" in said
