"""Policies that leave a template or move, with their place."""

import json
from typing import Any, Final

from tests.review.resolved.required import Case, diff
from tests.review.resolved.words import (
    MORE,
    NOWHERE,
    OPEN,
    PARTNER,
    Json,
    allow,
    call,
    document,
    here,
    policy,
    stacks,
    whole,
)

TOPIC: Final = {"Type": "AWS::SNS::Topic"}
NOTHING: Final = {"Resources": {"T": TOPIC}}
OTHER: Final = allow("333333333333")
STAYS: Final = ("unchanged", "changed")
WIDE: Final = allow("222222222222", "*@example.com")
TEXT: Final = json.dumps(document(PARTNER))


def left(name: str, resource: Json, *verdicts: str, why: str, control: bool = False, **sections: Any) -> Case:
    """Return a case in which a resource leaves its template."""
    return diff(
        name, sections | {"Resources": {"P": resource}}, sections | NOTHING, *verdicts, why=why, control=control
    )


def both(environment: str, **statements: Json) -> Json:
    """Return an assembly with a policy in each stack, on an identity in the stack's account and region."""
    return stacks(environment, **{name: whole(here(each)) for name, each in statements.items()})


CASES: Final[tuple[Case, ...]] = (
    left("a policy leaves", policy(PARTNER), "narrowed", why="CloudFormation deletes it", control=True),
    left("a released policy leaves", policy(PARTNER, OnDelete="RELEASE"), *STAYS, why="the function leaves it at SES"),
    left(
        "a policy leaves that is released by a parameter",
        policy(PARTNER, OnDelete={"Ref": "How"}),
        *STAYS,
        why="nobody knows that it is deleted",
        Parameters={"How": {"Type": "String", "AllowedValues": ["DELETE", "RELEASE"]}},
    ),
    left(
        "a policy leaves that is kept but where it was just made",
        policy(PARTNER) | {"DeletionPolicy": "RetainExceptOnCreate"},
        *STAYS,
        why="RetainExceptOnCreate is Retain for what is there already",
    ),
    left(
        "a retained denial leaves",
        policy({**PARTNER, "Effect": "Deny"}, retained=True),
        *STAYS,
        why="the denial stays as well",
    ),
    left("a call without Delete leaves", call(TEXT), *STAYS, why="nobody deletes what it wrote"),
    left(
        "a call leaves whose Delete is of another policy",
        call(TEXT, deletes="other"),
        *STAYS,
        why="the one that it wrote stays",
    ),
    left(
        "a call with Delete leaves",
        call(TEXT, deletes="partner"),
        "narrowed",
        why="its Delete takes away what it wrote",
        control=True,
    ),
    left(
        "a retained call with Delete leaves",
        call(TEXT, deletes="partner") | {"DeletionPolicy": "Retain"},
        *STAYS,
        why="CloudFormation asks for no Delete",
    ),
    diff(
        "a retained policy whose condition is no longer so",
        {
            "Conditions": {"C": {"Fn::Equals": ["a", "a"]}},
            "Resources": {"P": policy(PARTNER, retained=True, condition="C")},
        },
        {
            "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
            "Resources": {"P": policy(PARTNER, retained=True, condition="C")},
        },
        *STAYS,
        why="for CloudFormation it leaves the template, and the access stays",
        control=True,
    ),
    diff(
        "a retained policy gets another name and says less",
        {"Resources": {"P": policy(WIDE, retained=True)}},
        {"Resources": {"P": policy(PARTNER, retained=True, PolicyName="other")}},
        *STAYS,
        why="UpdateReplacePolicy keeps the one of the old name",
    ),
    diff(
        "a policy gets another name and says less",
        {"Resources": {"P": policy(WIDE)}},
        {"Resources": {"P": policy(PARTNER, PolicyName="other")}},
        "narrowed",
        why="the one of the old name is deleted",
        control=True,
    ),
    diff(
        "a released policy gets another name and says less",
        {"Resources": {"P": policy(WIDE, OnDelete="RELEASE")}},
        {"Resources": {"P": policy(PARTNER, OnDelete="RELEASE", PolicyName="other")}},
        *STAYS,
        why="the one of the old name stays at SES",
    ),
    diff(
        "a call without Delete says something else",
        {"Resources": {"P": call(TEXT)}},
        {"Resources": {"P": call(TEXT.replace("Allow", "Deny"))}},
        "narrowed",
        "changed",
        why="the same name is written over",
        control=True,
    ),
    diff(
        "a whole stack is gone",
        stacks(Mail=whole(PARTNER), Other=NOTHING),
        stacks(Other=NOTHING),
        *STAYS,
        why="the CDK destroys no stack that an app no longer has",
    ),
    diff(
        "a whole stack is gone, and nobody knows its place",
        stacks(NOWHERE, Mail=whole(here(PARTNER)), Other=NOTHING),
        stacks(NOWHERE, Other=NOTHING),
        *STAYS,
        why="the CDK destroys no stack that an app no longer has",
    ),
    diff(
        "a policy leaves a stack that stays",
        stacks(Mail=whole(PARTNER)),
        stacks(Mail=NOTHING),
        "narrowed",
        why="CloudFormation deletes it",
        control=True,
    ),
    diff(
        "a policy leaves where nobody knows what is left at SES",
        OPEN | {"Resources": {"P": policy(PARTNER) | {"DeletionPolicy": {"Fn::If": ["IsOpen", "Retain", "Delete"]}}}},
        OPEN | NOTHING,
        *STAYS,
        why="in one branch it is kept",
    ),
    diff(
        "the only stack without a place gets another name",
        both(NOWHERE, MailOld=PARTNER),
        both(NOWHERE, MailNew=PARTNER),
        *MORE,
        why="the new one may be in another account",
    ),
    diff(
        "a stack whose place is known gets another name",
        both("aws://111111111111/eu-west-1", MailOld=PARTNER),
        both("aws://111111111111/eu-west-1", MailNew=PARTNER),
        "unchanged",
        why="it is the same policy of the same identity",
        control=True,
    ),
    diff(
        "two stacks without a place exchange their policies",
        both(NOWHERE, Dev=PARTNER, Prod=OTHER),
        both(NOWHERE, Dev=OTHER, Prod=PARTNER),
        *MORE,
        why="each may send where it could not",
    ),
    diff(
        "two stacks without a place stay as they are",
        both(NOWHERE, Dev=PARTNER, Prod=OTHER),
        both(NOWHERE, Dev=PARTNER, Prod=OTHER),
        "unchanged",
        why="a stack of the same name is the same",
        control=True,
    ),
    diff(
        "production gets what development has, in regions that nobody knows",
        both("aws://111111111111/unknown-region", Dev=PARTNER, Prod=OTHER),
        both("aws://111111111111/unknown-region", Dev=PARTNER, Prod=PARTNER),
        *MORE,
        why="they may be in different regions",
    ),
    diff(
        "production gets what development has beside its own",
        both(NOWHERE, Dev=PARTNER, Prod=OTHER),
        stacks(NOWHERE, Dev=whole(here(PARTNER)), Prod=whole(here(OTHER), here(PARTNER))),
        *MORE,
        why="what development allows is new in production",
    ),
    diff(
        "the stages of two pull requests",
        both(NOWHERE, Pr12=PARTNER),
        both(NOWHERE, Pr13=PARTNER),
        "unchanged",
        options=("--pair", "Pr12=Pr13"),
        why="whoever asks says that they are one place",
    ),
    diff(
        "the stages of two pull requests by a pattern",
        both(NOWHERE, **{"Pr12-Mail": PARTNER, "Pr12-News": OTHER}),
        both(NOWHERE, **{"Pr13-Mail": PARTNER, "Pr13-News": OTHER}),
        "unchanged",
        options=("--pair", "Pr12-*=Pr13-*"),
        why="each is compared with its own",
    ),
    diff(
        "a template's files of two names",
        {"Resources": {"P": policy(Policy=document(WIDE))}},
        {"Resources": {"P": policy(Policy=document(PARTNER))}},
        "narrowed",
        why="OLD and NEW are one pair, whatever they are called",
        control=True,
    ),
)
