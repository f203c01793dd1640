"""Mappings, and the functions that pick a text or build one."""

from typing import Final

from tests.review.resolved.required import Case, check, diff, finds
from tests.review.resolved.words import (
    EVERYBODY,
    EXTENDED,
    MORE,
    PARTNER,
    Json,
    allow,
    call,
    document,
    given,
    parameter,
    picked,
    policy,
    stacks,
    whole,
)

WHO: Final = {"Ref": "Who"}


def mapped(who: object, place: str = "eu-west-1", other: str = "222222222222") -> Json:
    """Return an assembly whose principal is looked up in a mapping by the stack's region."""
    found = {"Fn::FindInMap": ["Who", {"Ref": "AWS::Region"}, "id"]}
    sections = {"Mappings": {"Who": {"us-east-1": {"id": other}, place: {"id": who}}}}
    return stacks(Mail=whole(allow(found), sections=sections))


def named(account: str, *default: Json) -> Json:
    """Return a template whose principal is in a mapping that a parameter names."""
    sections = parameter(None) | EXTENDED | {"Mappings": {"Some": {"prod": {"id": account}}}}
    return whole(allow({"Fn::FindInMap": [WHO, "prod", "id", *default]}), sections=sections)


CASES: Final[tuple[Case, ...]] = (
    diff(
        "a mapping's value of the stack's region",
        mapped("222222222222"),
        mapped("333333333333"),
        "broadened",
        why="the region is known, and with it the value",
    ),
    diff(
        "a mapping's value of another region",
        mapped("222222222222", other="222222222222"),
        mapped("222222222222", other="*"),
        "unchanged",
        why="the stack is not in that region",
        control=True,
    ),
    diff(
        "a mapping's value of some region",
        {**mapped("222222222222")["assembly"]["Mail"]["template"]},
        {**mapped("*")["assembly"]["Mail"]["template"]},
        *MORE,
        why="nobody knows that the stack is not in that region",
    ),
    check(
        "everybody in a list of a mapping",
        whole(
            allow({"Fn::FindInMap": ["Who", "prod", "ids"]}),
            sections={"Mappings": {"Who": {"prod": {"ids": ["222222222222", "*"]}}}},
        ),
        finds("SES001"),
        why="a mapping may have lists",
    ),
    check(
        "everybody in a mapping by a default",
        parameter("prod")
        | whole(
            allow({"Fn::FindInMap": ["Map", WHO, "id"]}),
            sections={"Mappings": {"Map": {"prod": {"id": "*"}, "dev": {"id": "222222222222"}}}},
        ),
        finds("SES001"),
        why="by default it is that one",
    ),
    check(
        "everybody by a default of a mapping",
        EXTENDED
        | whole(
            allow({"Fn::FindInMap": ["Map", "prod", "id", {"DefaultValue": "*"}]}),
            sections={"Mappings": {"Map": {"dev": {"id": "222222222222"}}}},
        ),
        finds("SES001"),
        why="the key is not there, and the default is taken",
    ),
    check(
        "everybody is picked from a list",
        picked({"Fn::Select": ["1", ["222222222222", "*"]]}),
        finds("SES001"),
        why="an index may be a text",
    ),
    diff(
        "another place of a list",
        picked({"Fn::Select": [0, ["222222222222", "333333333333"]]}),
        picked({"Fn::Select": [1, ["222222222222", "333333333333"]]}),
        "broadened",
        why="it is another account",
    ),
    diff(
        "another place of a text",
        picked({"Fn::Select": [0, {"Fn::Split": ["/", "222222222222/333333333333"]}]}),
        picked({"Fn::Select": [1, {"Fn::Split": ["/", "222222222222/333333333333"]}]}),
        "broadened",
        why="it is another account",
    ),
    check(
        "everybody in a map of a text",
        picked({"Fn::Sub": ["${Whom}", {"Whom": "*"}]}),
        finds("SES001"),
        why="a variable of the map is known",
    ),
    diff(
        "another value in a map of a text",
        picked({"Fn::Sub": ["arn:aws:iam::${Whom}:root", {"Whom": "222222222222"}]}),
        picked({"Fn::Sub": ["arn:aws:iam::${Whom}:root", {"Whom": "333333333333"}]}),
        "broadened",
        why="a variable of the map is known",
    ),
    diff(
        "a map's variable hides a parameter",
        given("*", {"Fn::Sub": ["${Who}", {"Who": "222222222222"}]}),
        given("*", {"Fn::Sub": ["${Who}", {"Who": "333333333333"}]}),
        "broadened",
        why="the map comes first",
    ),
    diff(
        "a policy variable is written in two ways",
        whole(allow("222222222222", "${aws:PrincipalTag/mail}@example.com")),
        whole(
            allow(
                "222222222222",
                sender=None,
                Condition={"StringLike": {"ses:FromAddress": {"Fn::Sub": "${!aws:PrincipalTag/mail}@example.com"}}},
            )
        ),
        "unchanged",
        why="${!Literal} is ${Literal} after Fn::Sub",
    ),
    check(
        "everybody in a call that is made from an object",
        EXTENDED
        | whole(
            PARTNER,
            A={
                "Type": "Custom::AWS",
                "Properties": {
                    "Create": {
                        "Fn::ToJsonString": {
                            "service": "SES",
                            "action": "putIdentityPolicy",
                            "parameters": {
                                "Identity": "example.com",
                                "PolicyName": "other",
                                "Policy": {"Fn::ToJsonString": document(EVERYBODY)},
                            },
                        }
                    }
                },
            },
        ),
        finds("SES001"),
        why="Fn::ToJsonString gives the text of the object",
    ),
    check(
        "everybody in a call that is a text with a variable",
        whole(
            PARTNER,
            A=call("")
            | {
                "Properties": {
                    "Create": {
                        "Fn::Sub": call(
                            '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail"}}'
                        )["Properties"]["Create"].replace("partner", "of-${AWS::AccountId}")
                    }
                }
            },
        ),
        finds("SES001"),
        why="the document is known, whatever the name is",
        control=True,
    ),
    check(
        "everybody in a value that a function of the CDK gives",
        whole(
            PARTNER,
            sections={},
            J={"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": '{"ses:FromAddress": "*@example.com"}'}},
            Q=policy(
                allow("*", sender=None, Condition={"StringLike": {"Fn::GetAtt": ["J", "Value"]}}), PolicyName="other"
            ),
        ),
        finds("SES001"),
        why="the value of a CfnJson stands in the template",
    ),
    check(
        "everybody in a text that a function of the CDK gives",
        whole(
            allow({"Fn::GetAtt": ["J", "Value"]}),
            J={"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": '"*"'}},
        ),
        finds("SES001"),
        why="the value of a CfnJson stands in the template, and may be a text",
    ),
    diff(
        "another account in a mapping that nobody knows the name of",
        named("222222222222"),
        named("333333333333"),
        "broadened",
        why="the name may be this mapping's",
    ),
    check(
        "everybody in a mapping that nobody knows the name of, beside a default",
        named("*", {"DefaultValue": "222222222222"}),
        finds("SES001"),
        why="the default is taken for a name that is not there alone",
    ),
)
