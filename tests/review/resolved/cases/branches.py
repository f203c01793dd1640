"""Conditions: a known condition decides, and if it is unknown, both branches count."""

from typing import Any, Final

from tests.review.resolved.required import Case, check, diff, differ, exits, explain, finds, finds_none, says
from tests.review.resolved.words import (
    EVERYBODY,
    EXTENDED,
    MORE,
    NO_VALUE,
    OPEN,
    PARTNER,
    Json,
    allow,
    document,
    policy,
    stacks,
    whole,
)

SAME: Final = {"Conditions": {"IsOpen": {"Fn::Equals": ["a", "a"]}}}
OTHER: Final = {"Conditions": {"IsOpen": {"Fn::Equals": ["a", "b"]}}}


def branch(yes: Any, no: Any) -> Json:
    """Return an `Fn::If`."""
    return {"Fn::If": ["IsOpen", yes, no]}


def principal(yes: str, no: str, sections: Json) -> Json:
    """Return a template with a branch in its principal."""
    return whole(allow(branch(yes, no)), sections=sections)


def staged(stage: str) -> Json:
    """Return a template whose condition is true in one stage."""
    sections = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "Stage"}, stage]}},
    }
    return principal("333333333333", "222222222222", sections)


def by_region(region: str) -> Json:
    """Return an assembly in which everybody may send if the region is this one."""
    sections = {"Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "AWS::Region"}, region]}}}
    return stacks(Mail=sections | {"Resources": {"P": policy(EVERYBODY, condition="IsOpen")}})


def looped(other: str) -> Json:
    """Return a template whose policy depends on a condition that a loop makes."""
    loop = ["S", ["Prod", "Dev"], {"Is${S}": {"Fn::Equals": ["a", other]}}]
    sections = {"Conditions": {"Fn::ForEach::All": loop}}
    return EXTENDED | sections | {"Resources": {"P": policy(PARTNER, condition="IsProd")}}


CASES: Final[tuple[Case, ...]] = (
    check(
        "everybody in a document of a branch",
        OPEN | {"Resources": {"P": policy(Policy=branch(document(EVERYBODY), document(PARTNER)))}},
        finds("SES001"),
        why="nobody knows which document is taken",
    ),
    check(
        "everybody in the statements of a branch",
        OPEN
        | {"Resources": {"P": policy(Policy={"Version": "2012-10-17", "Statement": branch([EVERYBODY], [PARTNER])})}},
        finds("SES001"),
        why="nobody knows which list is taken",
    ),
    check(
        "everybody in a branch of a branch",
        OPEN | {"Resources": {"P": policy(branch(branch(EVERYBODY, PARTNER), NO_VALUE))}},
        finds("SES001"),
        why="both ask the same, and then it is so",
    ),
    check(
        "nobody in a branch that cannot be taken",
        OPEN | {"Resources": {"P": policy(branch(branch(PARTNER, EVERYBODY), NO_VALUE))}},
        finds_none("SES001"),
        why="both ask the same, and it is not both so and not so",
        control=True,
    ),
    check(
        "a whole account without the condition of a branch",
        whole(
            allow(
                "222222222222", None, Condition=branch({"StringLike": {"ses:FromAddress": "a@example.com"}}, NO_VALUE)
            ),
            sections=OPEN,
        ),
        finds("SES102"),
        why="in the other branch there is no condition",
    ),
    check(
        "a whole account with an address of a branch",
        whole(allow("222222222222", branch("a@example.com", "*")), sections=OPEN),
        finds("SES102"),
        why="in the other branch any address passes",
    ),
    check(
        "an action of a branch",
        whole(PARTNER | {"Action": branch("ses:DeleteEmailIdentity", "ses:SendEmail")}, sections=OPEN),
        finds("SES003"),
        why="in one branch the identity can be deleted",
    ),
    check(
        "an effect of a branch",
        whole(EVERYBODY | {"Effect": branch("Allow", "Deny")}, sections=OPEN),
        finds("SES001"),
        why="in one branch everybody may send",
    ),
    check(
        "an identity of a branch",
        OPEN | {"Resources": {"P": policy(PARTNER, EmailIdentity=branch("example.org", "example.com"))}},
        finds("SES002"),
        why="in one branch the policy hangs on another identity than its resource says",
    ),
    check(
        "everybody by the branch that is not the default",
        {
            "Parameters": {"Open": {"Type": "String", "Default": "no"}},
            "Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "Open"}, "yes"]}},
        }
        | whole(allow(branch("*", "222222222222"))),
        finds("SES001"),
        why="a default is one possible value, so the condition is not known",
    ),
    check(
        "everybody where it is never deployed",
        OTHER | {"Resources": {"P": policy(EVERYBODY, condition="IsOpen")}},
        finds_none(),
        why="the condition is not so, and there is no such policy",
    ),
    check(
        "everybody in another region",
        by_region("us-east-1"),
        finds_none(),
        why="the stack is not in that region",
    ),
    check(
        "everybody in this region",
        by_region("eu-west-1"),
        finds("SES001"),
        why="the stack is in that region",
        control=True,
    ),
    check(
        "everybody by what is not both so",
        whole(
            allow(branch("*", "222222222222")),
            sections={
                "Conditions": {
                    "Yes": {"Fn::Equals": ["a", "a"]},
                    "No": {"Fn::Not": [{"Condition": "Yes"}]},
                    "IsOpen": {
                        "Fn::Or": [{"Condition": "No"}, {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]}]
                    },
                }
            },
        ),
        finds_none("SES001"),
        exits(0),
        why="all that the condition is made of is known",
        control=True,
    ),
    check(
        "everybody by what decides alone",
        whole(
            allow(branch("*", "222222222222")),
            sections={
                "Parameters": OPEN["Parameters"],
                "Conditions": {
                    "IsOpen": {"Fn::Or": [{"Fn::Equals": ["a", "a"]}, {"Fn::Equals": [{"Ref": "Open"}, "yes"]}]}
                },
            },
        ),
        finds("SES001"),
        why="one of an Or is so, whatever the other is",
    ),
    diff(
        "the branch that is taken changes",
        principal("222222222222", "*", SAME),
        principal("333333333333", "*", SAME),
        "broadened",
        why="the condition is known",
    ),
    diff(
        "the branch that is never taken changes",
        principal("222222222222", "333333333333", SAME),
        principal("222222222222", "*", SAME),
        "unchanged",
        why="the condition is known",
    ),
    diff(
        "a known condition turns",
        principal("222222222222", "333333333333", SAME),
        principal("222222222222", "333333333333", OTHER),
        "broadened",
        why="another branch is taken",
    ),
    diff(
        "one of two branches becomes everybody",
        principal("222222222222", "333333333333", OPEN),
        principal("222222222222", "*", OPEN),
        *MORE,
        why="nobody knows that it is not taken",
        control=True,
    ),
    diff(
        "a condition asks for another stage",
        staged("prod"),
        staged("dev"),
        *MORE,
        why="in dev another account may send from now on",
    ),
    diff(
        "a condition that is so is left out",
        SAME | {"Resources": {"P": policy(PARTNER, condition="IsOpen")}},
        whole(PARTNER),
        "unchanged",
        why="there was such a policy, and is",
    ),
    diff(
        "a policy whose condition asks for another stage",
        OPEN | {"Resources": {"P": policy(PARTNER, condition="IsOpen")}},
        OPEN
        | {"Conditions": {"IsOpen": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Open"}, "yes"]}]}}}
        | {"Resources": {"P": policy(PARTNER, condition="IsOpen")}},
        *MORE,
        why="it is there where it was not",
    ),
    diff(
        "a branch in place of the two that it has",
        whole(allow({"AWS": ["222222222222", "333333333333"]})),
        principal("222222222222", "333333333333", OPEN),
        "narrowed",
        why="whichever is taken was allowed before",
    ),
    explain(
        "two branches are told with their condition",
        principal("222222222222", "333333333333", OPEN),
        principal("333333333333", "222222222222", OPEN),
        must=(differ, says("Open"), says("222222222222"), says("333333333333")),
        why="who may send depends on the condition",
    ),
    explain(
        "a statement of a branch is told with its condition",
        whole(branch(PARTNER, NO_VALUE), sections=OPEN),
        whole(PARTNER, sections=OPEN),
        must=(differ, says("222222222222")),
        why="it may not be there",
    ),
    diff(
        "a condition of a loop becomes true",
        looped("b"),
        looped("a"),
        "broadened",
        why="a loop over texts that stand there makes conditions as well as resources",
    ),
)
