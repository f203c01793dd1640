"""What a Ref, a GetAtt and an import stand for: what is known of the resource, else a name that people know."""

from typing import Any, Final

from tests.review.resolved.required import Case, check, diff, differ, explain, finds, says
from tests.review.resolved.words import MORE, PARTNER, PLACE, Json, allow, custom, policy, role, stacks, whole

ARN: Final = {"Fn::GetAtt": ["Sender", "Arn"]}
IDENTITY: Final = {"Ref": "Domain"}


def by_role(name: str = "Sender", **properties: Any) -> Json:
    """Return an assembly in which a role of the stack may send."""
    named = {"Sender": role(**properties)} if name == "Sender" else {name: role(**properties)}
    return stacks(Mail=whole(allow({"Fn::GetAtt": [name, "Arn"]}), **named))


def on(domain: str) -> Json:
    """Return a template with a policy on an identity that the template itself creates."""
    made = {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": domain}}
    statement = {key: value for key, value in PARTNER.items() if key != "Resource"}
    return {"Resources": {"P": policy(statement, EmailIdentity=IDENTITY), "Domain": made}}


def looked_up(attribute: str = "Account", **properties: Any) -> Json:
    """Return a template whose account comes from a custom resource."""
    return whole(allow({"Fn::GetAtt": ["Lookup", attribute]}), Lookup=custom("Custom::Lookup", **properties))


def imported(account: str) -> Json:
    """Return an assembly in which one stack exports the account that another one imports."""
    exports = {"Outputs": {"Who": {"Value": account, "Export": {"Name": "partner"}}}}
    topic = {"Type": "AWS::SNS::Topic"}
    return stacks(Accounts=exports | {"Resources": {"Topic": topic}}, Mail=whole(allow({"Fn::ImportValue": "partner"})))


def of_a_user(name: str) -> Json:
    """Return an assembly in which a user of the stack may send."""
    return stacks(Mail=whole(allow(ARN), Sender={"Type": "AWS::IAM::User", "Properties": {"UserName": name}}))


CASES: Final[tuple[Case, ...]] = (
    diff(
        "a role has another name",
        by_role(RoleName="Sender"),
        by_role(RoleName="Other"),
        *MORE,
        why="it is replaced by another role",
    ),
    diff(
        "a role without a name has another path",
        by_role(Path="/mail/"),
        by_role(Path="/other/"),
        *MORE,
        why="a change of Path replaces the role",
    ),
    diff(
        "a role has another tag",
        by_role(RoleName="Sender", Tags=[{"Key": "team", "Value": "a"}]),
        by_role(RoleName="Sender", Tags=[{"Key": "team", "Value": "b"}]),
        "unchanged",
        why="it stays the same role",
        control=True,
    ),
    diff(
        "a role without a name has another tag",
        by_role(Tags=[{"Key": "team", "Value": "a"}]),
        by_role(Tags=[{"Key": "team", "Value": "b"}]),
        "unchanged",
        why="it stays the same role",
        control=True,
    ),
    diff(
        "a role by its name and by its resource",
        stacks(Mail=whole(allow("arn:aws:iam::111111111111:role/Sender"))),
        by_role(RoleName="Sender"),
        "unchanged",
        why="the account is known, and with it the ARN",
    ),
    diff("a user has another name", of_a_user("Jane"), of_a_user("Joan"), *MORE, why="it is another user"),
    diff(
        "an identity is another",
        on("example.com"),
        on("example.org"),
        *MORE,
        why="it can be sent as another domain",
        control=True,
    ),
    check(
        "an identity that the resource is not of",
        {"Resources": on("example.org")["Resources"] | {"P": policy(PARTNER, EmailIdentity=IDENTITY)}},
        finds("SES002"),
        why="Ref gives the identity, which is known",
        control=True,
    ),
    explain(
        "an identity is told by its name",
        on("example.com"),
        on("example.org"),
        must=(differ, says(r'"identity": "example\.(com|org)"')),
        why="Ref gives the identity, which is known",
        control=True,
    ),
    explain(
        "a role is told by its name",
        by_role(RoleName="Sender"),
        must=(says("role Sender of account 111111111111"),),
        why="the ARN is known where the account is",
    ),
    explain(
        "two roles without names",
        by_role("First"),
        by_role("Second"),
        must=(differ, says("First|Second")),
        why="they are two principals",
        control=True,
    ),
    explain(
        "two attributes of a custom resource",
        looked_up("Account"),
        looked_up("Other"),
        must=(differ, says("Lookup")),
        why="they are two values",
        control=True,
    ),
    diff(
        "a custom resource asks for another",
        looked_up(Team="a"),
        looked_up(Team="b"),
        *MORE,
        why="what it gives may be another account",
    ),
    diff(
        "a custom resource gets other tags",
        looked_up(Tags={"partner": "a"}),
        looked_up(Tags={"partner": "b"}),
        *MORE,
        why="its function gets them as any other property",
    ),
    diff(
        "a custom resource asks for the same in another order",
        looked_up(Query={"team": "a", "stage": "b"}),
        looked_up(Query={"stage": "b", "team": "a"}),
        "unchanged",
        why="the order of keys means nothing",
    ),
    diff(
        "a custom resource has another function",
        looked_up(Team="a", ServiceToken="arn:aws:lambda:eu-west-1:111111111111:function:one"),
        looked_up(Team="a", ServiceToken="arn:aws:lambda:eu-west-1:111111111111:function:other"),
        "unchanged",
        why="it asks for the same",
        control=True,
    ),
    diff(
        "an export is another account",
        imported("222222222222"),
        imported("333333333333"),
        *MORE,
        why="the export stands in the assembly",
    ),
    check("an export is everybody", imported("*"), finds("SES001"), why="the export stands in the assembly"),
    explain(
        "two imports",
        whole(allow({"Fn::ImportValue": "one-partner"})),
        whole(allow({"Fn::ImportValue": "other-partner"})),
        must=(differ, says("one-partner|other-partner")),
        why="the name of the export is what is known",
        control=True,
    ),
    explain(
        "two imports whose names are put together",
        stacks(Mail=whole(allow({"Fn::ImportValue": {"Fn::Sub": "${AWS::Region}-one"}}))),
        stacks(Mail=whole(allow({"Fn::ImportValue": {"Fn::Sub": "${AWS::Region}-other"}}))),
        must=(differ, says("eu-west-1-one|eu-west-1-other")),
        why="the name of the export is what is known",
        control=True,
    ),
    diff(
        "a pseudo parameter and what it is",
        stacks(Mail=whole(PARTNER)),
        stacks(
            PLACE,
            Mail=whole(
                PARTNER
                | {
                    "Resource": {
                        "Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com"
                    }
                }
            ),
        ),
        "unchanged",
        why="the place of the stack is known",
        control=True,
    ),
    diff(
        "the own account is one that is known",
        stacks(Mail=whole(allow("111111111111"))),
        stacks(Mail=whole(allow({"Ref": "AWS::AccountId"}))),
        "unchanged",
        why="the place of the stack is known",
        control=True,
    ),
    check(
        "the own account of a text",
        stacks(Mail=whole(allow({"Fn::Join": [":", ["arn:aws:iam:", {"Ref": "AWS::AccountId"}, "root"]]}, None))),
        finds("SES102"),
        why="the place of the stack is known",
        control=True,
    ),
)
