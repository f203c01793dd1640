"""Calls of an `AwsCustomResource` that leave a policy at SES, or delete one too many."""

from pathlib import Path
from typing import Any

import pytest

from tests.review.diffed import (
    DENIAL,
    LESS,
    PARTNER,
    called,
    delete,
    one,
    policy,
    put,
    told,
)
from tests.review.test_staying import KEPT, STAYS, both

# Each is before, after, the verdicts that are right, and why a policy stays; empty if none does.
CALLS: dict[str, tuple[Any, Any, set[str], str]] = {
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
    "a call that its service does not have": (
        *both(called(Create=put(), Delete=delete(action="deleteEmailIdentityPolicy"))),
        STAYS,
        "its Delete call is of a service that has no such action",
    ),
    "a call that the newer service does not have": (
        *both(called(Create=put(), Delete=delete(service="SESV2"))),
        STAYS,
        "its Delete call is of a service that has no such action",
    ),
    "a call of another service": (
        *both(called(Create=put(), Delete=delete(service="S3"))),
        STAYS,
        "its Delete call is of a service that has no such action",
    ),
    "a call of a service that only the deploy knows": (
        *both(called(Create=put(), Delete=delete(service="${Service}"))),
        STAYS,
        "only the deploy knows what its Delete call deletes",
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
    "another call deletes what takes its place": (
        one(P=called(Create=put(DENIAL), Delete=delete()), Q=policy(name="second")),
        one(M=policy(DENIAL, WhenExists="ADOPT"), Q=policy(name="second")),
        {"changed"},
        "the Delete call of",
    ),
    "a call under another physical id deletes what it writes": (
        *both(
            called(Create=put(DENIAL), Update=put(DENIAL), Delete=delete()),
            called(Create=put(DENIAL, of="two"), Update=put(DENIAL, of="two"), Delete=delete()),
        ),
        {"changed"},
        "the Delete call of",
    ),
    "a call that is retained takes nothing along": (
        one(P=called(Create=put(DENIAL), Delete=delete(), **KEPT)),
        one(M=policy(DENIAL, WhenExists="ADOPT")),
        {"unchanged"},
        "",
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
}


@pytest.mark.parametrize("name", CALLS)
def test_what_is_said_of_calls(tmp_path: Path, name: str) -> None:
    before, after, verdicts, reason = CALLS[name]
    found = told(tmp_path, before, after)
    assert found["verdict"] in verdicts
    assert [reason in each["reason"] for each in found["stays"]] == ([True] if reason else [])
