"""Templates that are elsewhere, and macros that change templates: reported as unread."""

from typing import Final

from tests.review.resolved.required import (
    Case,
    Must,
    check,
    either,
    exits,
    explain,
    finds,
    finds_none,
    is_unread,
    lists,
    says,
    verdict_is,
)
from tests.review.resolved.words import EVERYBODY, PARTNER, Json, beside, policy, stacks, whole

QUIET: Final[tuple[Must, ...]] = (finds_none(), exits(0))


def nested(url: str = "https://bucket.s3.amazonaws.com/theirs.template") -> Json:
    """Return a nested stack whose template is elsewhere."""
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}


INCLUDE: Final = {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/theirs.json"}}
APART: Final = stacks(Mail=beside(nested()))

CASES: Final[tuple[Case, ...]] = (
    check("a nested stack that is elsewhere", beside(nested()), is_unread("A"), why="its template is not here"),
    check(
        "a set of stacks",
        beside(
            {
                "Type": "AWS::CloudFormation::StackSet",
                "Properties": {
                    "TemplateURL": "https://bucket.s3.amazonaws.com/theirs.template",
                    "StackSetName": "x",
                    "PermissionModel": "SERVICE_MANAGED",
                },
            }
        ),
        is_unread("A"),
        why="its template is not here",
    ),
    check(
        "an include among the resources",
        {"Resources": {"P": policy(PARTNER), "Fn::Transform": INCLUDE}},
        is_unread(),
        why="it may bring resources",
    ),
    check(
        "an include for a whole template",
        {"Transform": [INCLUDE]} | whole(PARTNER),
        is_unread(),
        why="it may bring resources",
    ),
    check(
        "a macro that nobody knows",
        {"Transform": "TheirMacro"} | whole(PARTNER),
        is_unread(),
        why="it may make other resources",
    ),
    check(
        "a macro in a document",
        {"Resources": {"A": policy(Policy={"Fn::Transform": {"Name": "TheirMacro", "Parameters": {}}})}},
        is_unread("A"),
        why="it may make another document",
    ),
    check(
        "a macro of AWS that makes no policy",
        {"Transform": "AWS::Serverless-2016-10-31"} | whole(PARTNER),
        *QUIET,
        why="it makes resources of AWS's own types",
        control=True,
    ),
    check(
        "a loop over what nobody knows",
        {
            "Transform": "AWS::LanguageExtensions",
            "Parameters": {"Names": {"Type": "CommaDelimitedList"}},
            "Resources": {
                "Fn::ForEach::Each": [
                    "Name",
                    {"Ref": "Names"},
                    {"P${Name}": policy(EVERYBODY, PolicyName={"Ref": "Name"})},
                ]
            },
        },
        either(finds("SES001"), is_unread()),
        why="there may be some",
    ),
    check(
        "a loop in a loop",
        {
            "Transform": "AWS::LanguageExtensions",
            "Resources": {
                "Fn::ForEach::Outer": [
                    "O",
                    ["1"],
                    {
                        "Fn::ForEach::Inner": [
                            "I",
                            ["1", "2"],
                            {"P${O}${I}": policy(EVERYBODY, PolicyName={"Fn::Sub": "p-${O}-${I}"})},
                        ]
                    },
                ]
            },
        },
        either(finds("SES001"), is_unread()),
        why="there are two",
    ),
    check(
        "what is not looked at hides no finding",
        whole(EVERYBODY, A=nested()),
        is_unread("A"),
        lambda told: None if "SES001" in told[0].output else "SES001 is not told",
        why="all the rest is written",
    ),
    check(
        "nothing hides what is not looked at",
        APART,
        is_unread("A"),
        options=("--fail-on=never",),
        why="exit 0 would mean that all was looked at",
    ),
    check(
        "what is not looked at is accepted",
        APART,
        finds_none(),
        exits(0),
        lists("A"),
        options=("--accept-unread", "Mail/A"),
        why="somebody stands for it, and it is listed",
    ),
    check(
        "what is accepted is another",
        APART,
        is_unread("A"),
        options=("--accept-unread", "Mail/B"),
        why="nobody stands for this one",
    ),
    explain(
        "an explanation tells what is not looked at",
        beside(nested()),
        must=(is_unread("A"), says("222222222222")),
        why="all the rest is written",
    ),
    Case(
        "what is not looked at is the same on both sides",
        "it sets whether all was looked at, and not the verdict",
        "diff",
        (beside(nested()), beside(nested())),
        (is_unread("A"), verdict_is("unchanged")),
    ),
)
