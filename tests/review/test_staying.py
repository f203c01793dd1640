"""What leaves the template but stays at SES: its grants stay, and `diff` says so."""

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
    one,
    policy,
    put,
    stacks,
    told,
)

KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
FALSE = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
TRUE = {"Conditions": {"Never": {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}}}
STAYS = {"unchanged", "changed"}
ARN = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"


MAPPED = {"Mappings": {"Ends": {"mail": {"end": "DELETE"}}}}
OF_ROLE = PARTNER | {"Principal": {"AWS": {"Fn::GetAtt": ["Role", "RoleId"]}}}


def role(name: str) -> dict[str, Any]:
    """Return a role; another name makes it another role."""
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name}}


def both(of_old: Any, of_new: Any = None) -> tuple[Any, Any]:
    """Return two templates; the second is empty if it gets nothing."""
    return one(P=of_old), one(P=of_new) if of_new else one()


# Each is before, after, the verdicts that are right, and why a policy stays; empty if none does.
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
    "a mapping says that it is deleted": (
        MAPPED | one(P=policy(OnDelete={"Fn::FindInMap": ["Ends", "mail", "end"]})),
        one(),
        {"narrowed"},
        "",
    ),
    "a role in it is another one, and its name a parameter": (
        one(P=policy(OF_ROLE, name={"Ref": "Name"}, OnDelete="RELEASE"), Role=role("first")),
        one(P=policy(OF_ROLE, name={"Ref": "Name"}, OnDelete="RELEASE"), Role=role("second")),
        {"broadened", "changed"},
        "",
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
    "the stack is deployed to another region than its policies tell": (
        stacks(ANYWHERE, prod=one(P=policy(PARTNER | {"Resource": ARN}))),
        stacks("aws://111111111111/us-east-1", prod=one()),
        STAYS,
        "its stack is not in NEW",
    ),
    "the stack is deployed to another account than its policies tell": (
        stacks(ANYWHERE, prod=one(P=policy(PARTNER | {"Resource": ARN}))),
        stacks(THERE, prod=one()),
        STAYS,
        "its stack is not in NEW",
    ),
    "the stack is deployed to another region than what its call writes tells": (
        stacks(ANYWHERE, prod=one(P=called(Create=put(PARTNER | {"Resource": ARN}), Delete=delete()))),
        stacks("aws://111111111111/us-east-1", prod=one()),
        STAYS,
        "its stack is not in NEW",
    ),
    "the stack is deployed to where its policies tell": (
        stacks(ANYWHERE, prod=one(P=policy(PARTNER | {"Resource": ARN}))),
        stacks(HERE, prod=one()),
        {"narrowed"},
        "",
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
