"""Parameters: their defaults, and what is unknown of them."""

from typing import Final

from tests.review.resolved.required import Case, check, diff, differ, explain, finds, finds_none, says
from tests.review.resolved.words import (
    MORE,
    NOWHERE,
    PARTNER,
    Json,
    allow,
    given,
    here,
    parameter,
    picked,
    policy,
    stacks,
    whole,
)

WHO: Final = {"Ref": "Who"}


def ssm(path: str) -> Json:
    """Return a template whose principal is in the Parameter Store."""
    return given(path, Type="AWS::SSM::Parameter::Value<String>")


def third(place: int) -> Json:
    """Return a template whose principal is one of an unknown list."""
    function = {"Fn::Select": [place, {"Fn::Split": [",", WHO]}]}
    return given(None, function)


def somewhere(account: str) -> Json:
    """Return stacks without an environment, one of which imports an account under a name with its parameter in it."""
    statement = here(allow({"Fn::ImportValue": {"Fn::Sub": "${Who}-partner"}}))
    exports = {"Outputs": {"Partner": {"Value": account, "Export": {"Name": "prod-partner"}}}, "Resources": {}}
    other = whole(here(allow("333333333333")))
    return stacks(NOWHERE, Shared=exports, Mail=whole(statement, sections=parameter("prod")), Dev=other)


CASES: Final[tuple[Case, ...]] = (
    diff(
        "an account comes by a default that another stack has had",
        somewhere("222222222222"),
        somewhere("333333333333"),
        *MORE,
        why="nobody knows that the stacks are in one place",
    ),
    diff(
        "a default becomes everybody",
        given("222222222222"),
        given("*"),
        *MORE,
        why="a first deploy lets everybody send",
    ),
    diff(
        "a default becomes a user of the account",
        given("222222222222"),
        given("arn:aws:iam::222222222222:user/x"),
        *MORE,
        why="a deployed stack keeps its value, and nobody knows which that is",
    ),
    diff(
        "a parameter may be one more account",
        given("222222222222", AllowedValues=["222222222222"]),
        given("222222222222", AllowedValues=["222222222222", "333333333333"]),
        *MORE,
        why="a parameter is equal to itself only where its definition is",
    ),
    diff(
        "the same parameter",
        given("222222222222"),
        given("222222222222"),
        "unchanged",
        why="its definition is equal, and a deployed stack keeps its value",
        control=True,
    ),
    diff(
        "an account becomes a parameter with that default",
        whole(PARTNER),
        given("222222222222"),
        *MORE,
        why="a default is one possible value, which proves nothing",
        control=True,
    ),
    diff(
        "a path in the Parameter Store",
        ssm("/mail/one"),
        ssm("/mail/other"),
        *MORE,
        why="another path is another value",
    ),
    check(
        "everybody in a list of a default",
        whole(allow(WHO), sections=parameter("222222222222, *", Type="CommaDelimitedList")),
        finds("SES001"),
        why="Ref of a list gives the list, without the spaces around its items",
    ),
    check(
        "everybody in an item of a default",
        given("222222222222,*", {"Fn::Select": [1, WHO]}, Type="CommaDelimitedList"),
        finds("SES001"),
        why="the item is known where the default is taken",
    ),
    check(
        "a whole account of a default in a text",
        given("222222222222", {"Fn::Sub": "arn:aws:iam::${Who}:root"}, None),
        finds("SES102"),
        why="Fn::Sub takes the default as Ref does",
        control=True,
    ),
    check(
        "an identity of a default that the resource is not of",
        whole(PARTNER, sections=parameter("example.org")) | {"Resources": {"P": policy(PARTNER, EmailIdentity=WHO)}},
        finds("SES002"),
        why="by default the policy hangs on another identity than its resource says",
    ),
    check(
        "an account that has no default",
        given(None),
        finds_none("SES001"),
        why="what nobody knows is held against no policy",
        control=True,
    ),
    check(
        "a path is no principal",
        ssm("*"),
        finds_none("SES001"),
        why="the default of such a parameter is the path, and not the value",
        control=True,
    ),
    explain(
        "a default is told with its parameter",
        given("222222222222"),
        given("333333333333"),
        must=(differ, says("Who"), says("222222222222|333333333333")),
        why="a reviewer wants to know the account, and that it may be another",
    ),
    explain(
        "a path is told",
        ssm("/mail/one"),
        ssm("/mail/other"),
        must=(differ, says("/mail/one|/mail/other")),
        why="people know the path, and not the CDK's logical id",
    ),
    explain(
        "a reference to the Parameter Store is told",
        picked("{{resolve:ssm:/mail/one}}"),
        picked("{{resolve:ssm:/mail/other}}"),
        must=(differ, says("/mail/one|/mail/other")),
        why="it is as good as a path of a parameter",
        control=True,
    ),
    explain(
        "two items of a list that nobody knows",
        third(0),
        third(1),
        must=(differ, says("Who")),
        why="they are two accounts",
    ),
    explain(
        "two policies whose names nobody knows",
        parameter(None)
        | {"Resources": {"P": policy(PARTNER, PolicyName={"Fn::Select": [0, {"Fn::Split": [",", WHO]}]})}},
        parameter(None)
        | {"Resources": {"P": policy(PARTNER, PolicyName={"Fn::Select": [1, {"Fn::Split": [",", WHO]}]})}},
        must=(differ,),
        why="a policy has a name that a person can tell from another",
    ),
    explain(
        "a zone is no account",
        picked({"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        picked({"Fn::Select": [1, {"Fn::GetAZs": ""}]}),
        must=(differ,),
        why="what no function of ours evaluates has a name all the same",
    ),
    explain(
        "two texts that are encoded",
        given(None, {"Fn::Base64": WHO}),
        given(None, {"Fn::Base64": {"Fn::Sub": "x${Who}"}}),
        must=(differ, says("Who")),
        why="what is unknown is told by what it is made of",
    ),
    diff(
        "another item of a list that nobody knows", third(0), third(1), *MORE, why="it is another account", control=True
    ),
)
