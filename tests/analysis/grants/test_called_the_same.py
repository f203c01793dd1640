"""The same name means the same thing within one template, but not in another one, or after it was changed."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.grants.permission import Permission, permissions
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.home import Home
from tests.analysis.findings.declare import HERE, REF, document, policy, resource, statement, template

ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
FROM = "ses:FromAddress"


def where(value: Any) -> dict[str, Any]:
    return {"Condition": {"StringLike": {FROM: value}}}


def between(before: Declared, after: Declared) -> str:
    return str(difference([before], [after]).verdict)


def in_stack(stack: str, elements: dict[str, Any], **more: Any) -> Declared:
    [found] = template(stack, HERE, P=resource(statement(**elements)) | more)
    return found


# Each stands in a statement of two stacks in the same account and region, and means something else in each stack.
OWN: dict[str, dict[str, Any]] = {
    "principal": {"Principal": {"AWS": ROLE}},
    "effect": {"Effect": REF},
    "action": {"Action": REF},
    "one of two actions": {"Action": ["ses:SendEmail", REF]},
    "value of a condition": where(REF),
    "one of two values": where(["a@example.com", REF]),
    "a part of a value": where({"Fn::Sub": "${Name}@example.com"}),
    "value of a name that no reference has": where({"Ref": "my::Name"}),
    "conditions": {"Condition": REF},
    "conditions of one of two": {"Condition": {"Fn::Transform": {"Name": "Who", "Parameters": {"Of": REF}}}},
    "resource": {"Resource": ROLE},
}

# Each means the same in all stacks of an account and region, or in every request.
COMMON: dict[str, dict[str, Any]] = {
    "nothing unknown": {},
    "partition": {"Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::222222222222:user/sender"}}},
    "account": where({"Fn::Sub": "${AWS::AccountId}@example.com"}),
    "region": where({"Fn::Sub": "${AWS::Region}@example.com"}),
    "URL suffix": where({"Fn::Sub": "a@${AWS::URLSuffix}"}),
    "import": {"Principal": {"AWS": {"Fn::ImportValue": "Partner"}}},
    "policy variable": where("${aws:username}@example.com"),
    "policy variable of a tag": where("${aws:PrincipalTag/team}@example.com"),
    "policy variable of a short name": where("${x:y}@example.com"),
    "another resource": {"Resource": "example.com"},
}


@pytest.mark.parametrize("name", OWN)
def test_it_is_another_one_in_another_stack_of_the_place(name: str) -> None:
    assert between(in_stack("Dev", OWN[name]), in_stack("Prod", OWN[name])) != "unchanged"
    assert between(in_stack("Dev", OWN[name]), in_stack("Dev", OWN[name])) == "unchanged"


@pytest.mark.parametrize("name", COMMON)
def test_it_is_the_same_in_each_stack_of_the_place(name: str) -> None:
    assert between(in_stack("Dev", COMMON[name]), in_stack("Prod", COMMON[name])) == "unchanged"


def test_a_condition_of_the_template_is_another_one_in_another_stack() -> None:
    assert between(in_stack("Dev", {}, Condition="Is"), in_stack("Prod", {}, Condition="Is")) != "unchanged"
    assert between(in_stack("Dev", {}, Condition="Is"), in_stack("Dev", {}, Condition="Is")) == "unchanged"


VARIABLE = statement(**where("${aws:username}@example.com"))
OTHER = {"Ref": "Other"}
PLAIN, ODD, CURRENT = "2008-10-17", "2020-01-01", "2012-10-17"


@pytest.mark.parametrize(
    ("one", "other"), [(REF, OTHER), (PLAIN, REF), (CURRENT, REF), (PLAIN, ODD), (CURRENT, ODD), (REF, ODD)]
)
def test_nobody_knows_what_a_variable_is_where_the_version_is_unknown(one: Any, other: Any) -> None:
    [before], [after] = (document(VARIABLE, Version=each) for each in (one, other))
    assert {between(before, after), between(after, before)} <= {"changed", "broadened"}
    assert between(before, before) == between(after, after) == "unchanged"


def test_a_version_is_another_one_when_something_else_stands_behind_the_name() -> None:
    [policy] = document(VARIABLE, Version=REF)
    before, after = (replace(policy, unknowns={"Parameter": each}) for each in ("1a", "2b"))
    assert (between(before, after), between(before, before)) == ("changed", "unchanged")


SENDER = in_stack("Mail", {"Principal": {"AWS": ROLE}})


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (Home("Dev", "mail"), Home("Prod", "mail"), "unchanged"),
        (Home("Mail", "dev"), Home("Mail", "prod"), "broadened"),
        (Home("Dev"), Home("Prod"), "broadened"),
        (Home("Mail", "mail", "Inner"), Home("Mail", "mail", "Other"), "broadened"),
        (Home("Mail", "mail", "Inner"), Home("Mail", "mailInner"), "broadened"),
    ],
)
def test_a_role_is_another_one_by_the_stack_that_is_deployed(one: Home, other: Home, verdict: str) -> None:
    assert between(replace(SENDER, home=one), replace(SENDER, home=other)) == verdict


def known_by(elements: dict[str, Any], **unknowns: str) -> Permission:
    """Return the permission of a statement, with the digests that tell what its unknown names stand for."""
    [found] = permissions(replace(policy(statement(**elements))[0], unknowns=unknowns))
    return found


@pytest.mark.parametrize("name", ["effect", "principal", "action", "value of a condition", "resource", "conditions"])
def test_it_is_another_one_when_something_else_stands_behind_the_name(name: str) -> None:
    elements = OWN[name]
    before, after = (known_by(elements, **{"Parameter": each, "Role.Arn": each}) for each in ("1a", "2b"))
    assert before == known_by(elements, **{"Parameter": "1a", "Role.Arn": "1a"})
    assert before not in (after, known_by(elements), known_by(elements, Other="1a"))
    assert not before.covers(after)
    assert known_by(elements) == known_by(elements, Other="1a")


def test_what_makes_it_the_same_stands_beside_its_name() -> None:
    elements = {"Effect": REF, "Principal": {"AWS": REF}, "Action": REF} | where(REF)
    found = known_by(elements, Parameter="1a")
    [condition] = found.conditions
    assert {found.effect, found.principal.name, found.action, *condition.values} == {"${Parameter#1a}"}
    assert not known_by({"Action": "*"}).covers(known_by({"Action": REF}, Parameter="1a"))


def test_what_stands_in_a_function_that_nobody_can_read_is_told_apart_one_by_one() -> None:
    elements = {"Condition": [{"Ref": "A"}, {"Ref": "B"}, {"Ref": "C"}]}
    one, other = known_by(elements, A="1", B="2"), known_by(elements, A="2", B="1")
    assert one == known_by(elements, B="2", A="1")
    assert one not in (other, known_by(elements, A="12"), known_by(elements, A="1", B="2", C="3"))
    assert one.unread.endswith("]}A#1B#2")
