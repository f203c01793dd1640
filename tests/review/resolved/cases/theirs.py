"""Other people's calls and resources that may carry a sending policy: read by their shape, or reported as unread."""

import json
from typing import Any, Final

from tests.review.resolved.required import (
    Case,
    Must,
    check,
    either,
    exits,
    finds,
    finds_any,
    finds_none,
    is_unread,
)
from tests.review.resolved.words import (
    EVERYBODY,
    OPEN,
    PARTNER,
    Json,
    beside,
    call,
    custom,
    document,
    policy,
    whole,
)

TEXT: Final = json.dumps(document(EVERYBODY))
SEEN: Final[tuple[Must, ...]] = (either(finds("SES001"), is_unread("A")),)
QUIET: Final[tuple[Must, ...]] = (finds_none(), exits(0))


def theirs(kind: str = "Custom::IdentityPolicy", **properties: Any) -> Json:
    """Return a template with somebody else's custom resource."""
    return beside(custom(kind, Identity="example.com", Name="theirs", **properties))


def for_action(action: Any) -> Json:
    """Return a template with somebody else's custom resource and a statement of an action."""
    return theirs(PolicyDocument=document(EVERYBODY | {"Action": action}))


CASES: Final[tuple[Case, ...]] = (
    check(
        "a call of the newer service under a type of its own",
        beside(call(TEXT, "createEmailIdentityPolicy", service="SESv2", kind="Custom::Partner")),
        *SEEN,
        why="AwsCustomResource takes any resource_type",
    ),
    check(
        "a call with the names of the SDK's third version",
        beside(call(TEXT, "PutIdentityPolicyCommand", service="@aws-sdk/client-ses", kind="Custom::Partner")),
        *SEEN,
        why="AwsCustomResource takes these names as well",
    ),
    check(
        "a call whose service nobody knows",
        beside(
            {
                "Type": "Custom::AWS",
                "Properties": {"Create": {"Fn::Sub": '{"service":"${Open}","action":"putIdentityPolicy"}'}},
            },
            **OPEN,
        ),
        is_unread("A"),
        why="it may be SES",
    ),
    check(
        "a call of which nobody knows anything",
        beside({"Type": "Custom::AWS", "Properties": {"Create": {"Ref": "Open"}}}, **OPEN),
        is_unread("A"),
        why="it may be a call of SES",
    ),
    check(
        "a call whose document is no policy",
        beside(call("everybody, please")),
        either(finds_any, is_unread("A")),
        why="nobody knows what SES makes of it",
    ),
    check(
        "a call of another service",
        beside(call(TEXT, "putBucketPolicy", service="S3")),
        *QUIET,
        why="it is no policy of SES",
        control=True,
    ),
    check(
        "a call of SES that writes no policy",
        beside(call(TEXT, "verifyDomainIdentity")),
        *QUIET,
        why="it is no policy of SES",
        control=True,
    ),
    check(
        "a document of ours that is a text",
        {"Resources": {"A": policy(Policy=TEXT)}},
        *SEEN,
        why="a text may be a document",
    ),
    check(
        "a document of ours that nobody knows",
        OPEN | {"Resources": {"A": policy(Policy={"Ref": "Open"})}},
        is_unread("A"),
        why="a document that nobody can read is not looked at",
    ),
    check(
        "a resource of theirs with a document",
        theirs(PolicyDocument=document(EVERYBODY)),
        *SEEN,
        why="it has a statement that lets everybody send",
    ),
    check("a resource of theirs with a text", theirs(Policy=TEXT), *SEEN, why="a text may be a document"),
    check(
        "a resource of theirs with a statement deep in it",
        theirs(Options={"Policies": [{"Body": document(EVERYBODY)}]}),
        *SEEN,
        why="it has a statement that lets everybody send",
    ),
    check("a resource of theirs for all actions", for_action("*"), *SEEN, why="all actions are those of SES as well"),
    check(
        "a resource of theirs for a pattern of actions",
        for_action("s?s:Send*"),
        *SEEN,
        why="the pattern has SES's in it",
    ),
    check(
        "a resource of theirs for actions that nobody knows",
        whole(PARTNER, sections=OPEN, A=for_action({"Ref": "Open"})["Resources"]["A"]),
        either(finds("SES001"), is_unread("A")),
        why="they may be SES's",
    ),
    check(
        "a resource of theirs for a bucket", for_action("s3:*"), *QUIET, why="it is of another service", control=True
    ),
    check(
        "a resource of theirs for a search",
        for_action(["es:*", "sesame:*"]),
        *QUIET,
        why="it is of other services",
        control=True,
    ),
    check(
        "a resource of theirs under the type that the CDK takes",
        beside(
            {
                "Type": "AWS::CloudFormation::CustomResource",
                "Properties": {"ServiceToken": "x", "Policy": document(EVERYBODY)},
            }
        ),
        *SEEN,
        why="it is a custom resource by its other name",
    ),
    check(
        "a module with a document",
        theirs("Acme::Mail::Partner::MODULE", Policy=document(EVERYBODY)),
        *SEEN,
        why="a module makes resources",
    ),
    check(
        "a type of a registry with a document",
        theirs("Acme::Mail::IdentityPolicy", Policy=document(EVERYBODY)),
        *SEEN,
        why="a type may write policies",
    ),
    check(
        "a role's own rights",
        beside(
            {
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    "PolicyName": "x",
                    "PolicyDocument": document({"Effect": "Allow", "Action": "ses:*", "Resource": "*"}),
                    "Users": ["x"],
                },
            }
        ),
        *QUIET,
        why="IAM's policies let nobody else send",
        control=True,
    ),
    check(
        "a resource of theirs without a document",
        theirs(Bucket="x"),
        *QUIET,
        why="nothing in it is a statement",
        control=True,
    ),
)
