"""Fingerprints of what only the deploy knows: they change if the value may be another one, and only then."""

import re
from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.identities import condition_identity, identities, told_beside
from ses_sending_policy.analysis.reading.resolver import Evaluation
from tests.analysis.reading.fingerprints import (
    ARN,
    BY_PATH,
    HASHES,
    IN_PART,
    REF,
    STRING,
    asset,
    by_default,
    chosen,
    equals,
    exported,
    handed,
    mapped,
    of_asset,
    output,
    parameter,
    prints,
    resource,
    scope_of,
    stored,
    storing,
)

OPEN: Final = {"Ref": "Open"}
ALIKE: Final = ({"Fn::Sub": "${Open}-id"}, {"Fn::Sub": "a${Open}-id"})
A, B = equals(OPEN, "a"), equals(OPEN, "b")

OTHER: Final[dict[str, tuple[dict[str, str], dict[str, str]]]] = {
    "a parameter that may have other values": (
        parameter(AllowedValues=["a", "b"]),
        parameter(AllowedValues=["a", "c"]),
    ),
    "a parameter that is none": (parameter(), prints(REF)),
    "a role of another path": (resource(Path="/a/"), resource(Path="/b/")),
    "what a property depends on": (resource("Custom::A", Key=OPEN), resource("Custom::A", Key={"Ref": "Who"})),
    "a resource that has no properties": (
        prints(ARN, Resources={"Who": {"Type": "Custom::A"}}),
        prints(ARN, Resources={"Who": {"Type": "Custom::B", "Properties": "text"}}),
    ),
    "a resource of an odd type": (resource(["Custom::A"], Key=1), resource(["Custom::A"], Key=2)),
    "a resource whose code has a hash": (resource("Custom::A", Key="x"), resource("Custom::A", Key=f"x{HASHES[0]}")),
    "an odd parameter": (prints(REF, Parameters={"Who": "a"}), prints(REF, Parameters={"Who": "b"})),
    "a reference to a resource of another type": (
        prints(REF, Resources={"Who": {"Type": "Custom::A"}}),
        prints(REF, Resources={"Who": {"Type": "Custom::B"}}),
    ),
    "a resource of another type": (resource("Custom::A"), resource("Custom::B")),
    "a table": (mapped("M", {"M": {"a": {"id": "1"}, "b": {}}}), mapped("M", {"M": {"a": {"id": "2"}, "b": {}}})),
    "the key of a table": (mapped("M", {"M": {"a": {}, "b": {}}}), mapped("M", {"M": {"a": {}, "b": {}}}, Is="x")),
    "a table of several": (
        mapped(REF, {"M": {"a": {}}, "N": {"b": {}}}),
        mapped(REF, {"M": {"a": {}}, "N": {"c": {}}}),
    ),
    "a table that a macro makes": (
        mapped("M", {"Fn::Transform": {"Name": "A"}}),
        mapped("M", {"Fn::Transform": {"Name": "B"}}),
    ),
    "a condition by its name": (chosen("Is", Is=A), chosen("Is", Is=B)),
    "a condition by the name of another one": (
        chosen("Is", Is={"Condition": "Or"}, Or=A),
        chosen("Is", Is={"Condition": "Or"}, Or=B),
    ),
    "a condition that joins others": (
        chosen("Is", Is={"Fn::And": [{"Condition": "Of"}, B]}, Of=A),
        chosen("Is", Is={"Fn::And": [{"Condition": "Of"}, B]}, Of=B),
    ),
    "a condition that is negated": (chosen("Is", Is={"Fn::Not": [A]}), chosen("Is", Is=A)),
    "a part of a condition": (chosen("Is", Is={"Fn::And": [A, B]}), chosen("Is", Is={"Fn::And": [A, A]})),
    "how parts are joined": (chosen("Is", Is={"Fn::And": [A, B]}), chosen("Is", Is={"Fn::Or": [A, B]})),
    "what a condition depends on": (chosen("Is", Is=A), chosen("Is", Is=A, Open={"AllowedValues": ["a"]})),
    "a condition that nobody has": (chosen("Is"), chosen("Was")),
    "an odd condition that says another thing": (
        chosen("Is", Is={"a": OPEN, "b": 1}),
        chosen("Is", Is={"a": OPEN, "b": 2}),
    ),
    "what an odd condition depends on": (
        chosen("Is", Is={"a": OPEN, "b": 1}),
        chosen("Is", Is={"a": OPEN, "b": 1}, Open={"Is": "x"}),
    ),
    "an odd condition": (chosen("Is", Is={"Fn::Odd": OPEN}), chosen("Is", Is={"Fn::Odd": REF})),
    "an odd part of a condition": (chosen("Is", Is={"Fn::And": OPEN}), chosen("Is", Is={"Fn::And": REF})),
    "what a parent hands down": (handed({"Ref": "A"}, A=STRING, B=STRING), handed({"Ref": "B"}, A=STRING, B=STRING)),
    "the text that a parent hands down": (
        handed({"Fn::Sub": "a-${A}"}, A=STRING),
        handed({"Fn::Sub": "b-${A}"}, A=STRING),
    ),
    "the path that a parent hands down": (
        handed({"Ref": "A"}, storing("1"), definition=BY_PATH, A=STRING),
        handed({"Ref": "A"}, storing("2"), definition=BY_PATH, A=STRING),
    ),
    "the name for a path that a parent hands down": (
        handed("/a", definition=BY_PATH, name="Who"),
        handed("/a", definition=BY_PATH, name="Other"),
    ),
    "what a parent's parameter may be": (handed({"Ref": "A"}, A=STRING), handed({"Ref": "A"}, A={"Type": "Number"})),
    "what a parent does not hand down": (handed(None), handed({"Ref": "A"}, A=STRING)),
    "an output of a nested template": (
        output({"Ref": "A"}, A=STRING, B=STRING),
        output({"Ref": "B"}, A=STRING, B=STRING),
    ),
    "what an output depends on": (output({"Ref": "A"}, A=STRING), output({"Ref": "A"}, A={"Type": "Number"})),
    "an attribute that is no output": (output("a", "Who"), output("a", "Outputs.Who2")),
    "an export's value": (exported("1"), exported("2")),
    "an export's name": (
        exported("1", names=({"Fn::Sub": "${Open}-id"},)),
        exported("1", names=({"Fn::Sub": "a-${Open}"},)),
    ),
    "one of several exports": (exported("1", "2"), exported("1", "3")),
    "one export more": (exported("1"), exported("1", "2")),
    "which export has which value": (exported("1", "2"), exported("2", "1")),
    "the condition of several exports": (exported("1", "2", condition=A), exported("1", "2", condition=B)),
    "what is stored where a parameter may point": (stored("1"), stored("2")),
    "what is stored at a path that is known in part": (stored("1", STRING, IN_PART), stored("2", STRING, IN_PART)),
    "a part of a path": (stored("1", STRING, IN_PART), stored("1", STRING | {"Is": "x"}, IN_PART)),
    "what is stored at a default path": (by_default(), by_default(stored="2")),
    "a parameter with a default path": (by_default(), by_default(AllowedValues=["/who"])),
    "a parameter of another name with a default path": (by_default(), by_default("Other")),
    "a parameter with a hash in its name": (by_default("Who"), by_default(f"Who{HASHES[0]}")),
    "several exports of another stack": (exported("1", "2"), exported("1", "2", stack="Other")),
    "several exports at another place": (exported("1", "2", keys="AB"), exported("1", "2", keys="AC")),
}

SAME: Final[dict[str, tuple[dict[str, str], dict[str, str]]]] = {
    "a parameter with other words": (parameter(), parameter(Description="who")),
    "an asset with another hash": (asset(0), asset(1)),
    "a resource with other code": (resource("Custom::A", Key=HASHES[0]), resource("Custom::A", Key=HASHES[1])),
    "a role with another policy": (resource(Path="/a/"), resource(Path="/a/", Policies=[1])),
    "another table": (mapped("M", {"M": {"a": {}}, "N": {}}), mapped("M", {"M": {"a": {}}, "O": {}})),
    "a condition with another name": (
        {"": condition_identity("Is", scope_of(Conditions={"Is": A}))},
        {"": condition_identity({"Condition": "Was"}, scope_of(Conditions={"Was": A}))},
    ),
    "a condition the other way round": (chosen("Is", Is=A), chosen("Is", Is=equals("a", OPEN))),
    "the same that a parent hands down": (handed({"Ref": "A"}, A=STRING), handed({"Ref": "A"}, A=STRING, B=STRING)),
    "another output beside it": (output({"Ref": "A"}, A=STRING), output({"Ref": "A"}, A=STRING, B=STRING)),
    "an export at another place": (exported("1", keys="A"), exported("1", keys="B")),
    "exports in another order": (exported("1", "2", names=ALIKE), exported("1", "2", names=ALIKE, turned=True)),
    "what is stored where no parameter points": (stored("1", STRING), stored("2", STRING)),
    "what is stored elsewhere than at a default path": (
        stored("1", BY_PATH | {"Default": "/a"}),
        stored("2", BY_PATH | {"Default": "/a"}),
    ),
    "what is stored elsewhere than a parent tells": (
        handed("/a", storing("1"), definition=BY_PATH),
        handed("/a", storing("2"), definition=BY_PATH),
    ),
    "a path of a parameter beside it": (by_default(), by_default(beside="b")),
    "an output in another spelling": (
        output({"Fn::Sub": "a-${A}"}, A=STRING),
        output({"Fn::Join": ["-", ["a", {"Ref": "A"}]]}, A=STRING),
    ),
    "an attribute that is no output": (output("1", "Who"), output("2", "Who")),
    "a table beside a macro": (
        mapped("M", {"M": {"a": {}}, "Fn::Transform": {"Name": "A"}}),
        mapped("M", {"M": {"a": {}}, "Fn::Transform": {"Name": "B"}}),
    ),
    "properties in another order": (
        resource("Custom::A", Key={"a": 1, "b": 2}),
        resource("Custom::A", Key={"b": 2, "a": 1}),
    ),
    "code of an asset by its parameters": (of_asset(0), of_asset(1)),
}


@pytest.mark.parametrize(("before", "after"), OTHER.values(), ids=OTHER)
def test_another_value(before: dict[str, str], after: dict[str, str]) -> None:
    assert before != after


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_the_same_value(before: dict[str, str], after: dict[str, str]) -> None:
    assert before == after


def test_what_a_name_tells_has_no_fingerprint() -> None:
    for value in ("text", REF, {"Fn::ImportValue": "a"}, {"Fn::GetAZs": REF}):
        assert prints(value) == {}


def test_a_condition_of_itself_has_one() -> None:
    assert chosen("Is", Is={"Fn::Not": [{"Condition": "Is"}]}) != {"": ""}


def test_two_parameters_of_one_name_with_one_path() -> None:
    path = BY_PATH | {"Default": "/who"}
    inner, outer = scope_of("Mail/Inner", Parameters={"Who": BY_PATH}), scope_of(Parameters={"Who": path})
    outer.elements["Resources"] = {"Inner": {"Properties": {"Parameters": {"Who": "/who"}}}}
    inner.parent, outer.children = (outer, "Inner"), {"Inner": inner}
    found = []
    for scopes in ((inner, outer), (outer, inner)):
        evaluation = Evaluation(takes_defaults=True)
        values = [evaluation.of(scope).resolved(REF) for scope in scopes]
        found.append(identities(values, inner, evaluation))
    assert found[0] == found[1] != identities([{"Ref": "ssm:/who"}], inner, Evaluation())


def test_a_fingerprint_is_short() -> None:
    [told] = parameter(Description="\ud800").values()
    assert re.fullmatch(r"[0-9a-f]{16}", told)


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({}, ""),
        ({"ServiceToken": "arn", "ServiceTimeout": 5}, ""),
        ({"B": 1, "A": [f"{HASHES[0]}.zip"], "ServiceToken": "arn"}, '{"A": ["-.zip"], "B": "1"}'),
    ],
)
def test_what_stands_beside_a_policy(properties: dict[str, Any], told: str) -> None:
    assert told_beside(properties) == told
