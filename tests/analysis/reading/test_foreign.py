"""Third-party resources: which properties are a policy, and which may hold one that nobody can read."""

import base64
import json
from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.foreign import (
    foreign_policies,
    is_unknown,
    is_word,
    may_carry,
    may_send,
    shaped,
    why_unread,
)
from ses_sending_policy.analysis.reading.template import Template

REF: Final = {"Ref": "Document"}
STATEMENT: Final = {"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail"}
DOCUMENT: Final = {"Statement": [STATEMENT]}
ROLE: Final = {"Statement": [{"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}]}
HIDDEN: Final = base64.b64encode(json.dumps(DOCUMENT).encode()).decode()
OWN: Final = {"Identity": "example.com", "Name": "Partner"}
SES, UNKNOWN, NONE = (
    "it has a statement about actions of SES's",
    "its policy is not known as JSON before the deploy",
    "",
)


@pytest.mark.parametrize(
    "identity", ["EmailIdentity", "Identity", "IdentityName", "IdentityArn", "Domain", "DomainName", "EmailAddress"]
)
@pytest.mark.parametrize("name", ["PolicyName", "name"])
@pytest.mark.parametrize("key", ["Policy", "PolicyDocument", "Document", "policyText"])
def test_a_policy_by_the_usual_names(identity: str, name: str, key: str) -> None:
    properties = {identity: "example.com", name: "Partner", key: json.dumps(DOCUMENT), "More": 1}
    assert shaped(properties) == (key, ("example.com", "Partner", DOCUMENT), {"More": 1})


@pytest.mark.parametrize(
    "changes",
    [
        {"Policy": None},
        {"Policy": ROLE},
        {"Policy": {"Statement": [STATEMENT | {"Action": "s3:GetObject"}]}},
        {"Policy": {"Statement": REF}},
        {"Policy": {"Statement": [STATEMENT, REF]}},
        {"Policy": "text"},
        {"Document": DOCUMENT},
        {"Domain": "example.org"},
        {"Identity": "not an identity"},
        {"More": DOCUMENT},
        {"Create": '{"service": "SES", "action": "putIdentityPolicy"}'},
        {"Update": {"Fn::If": ["Is", {"service": "S3", "action": "putObject"}, {"Ref": "AWS::NoValue"}]}},
    ],
)
def test_no_policy(changes: dict[str, Any]) -> None:
    given = OWN | {"Policy": DOCUMENT}
    assert shaped(given) is not None
    assert shaped(given | changes) is None


@pytest.mark.parametrize("properties", [None, [], "text", {}, OWN])
def test_properties_without_a_policy(properties: Any) -> None:
    assert shaped(properties) is None


def test_what_looks_like_no_call_is_no_call() -> None:
    assert shaped(OWN | {"Policy": DOCUMENT, "Create": "now"}) is not None


def test_a_number_in_a_document_is_a_text() -> None:
    found = shaped(OWN | {"Policy": json.dumps(DOCUMENT | {"Version": 1})})
    assert found is not None
    assert found[1][2] == DOCUMENT | {"Version": "1"}


def test_an_unknown_identity_may_be_one() -> None:
    properties = {"Identity": REF, "Name": REF, "Policy": DOCUMENT}
    assert shaped(properties) == ("Policy", (REF, REF, DOCUMENT), {})


@pytest.mark.parametrize(
    ("name", "may"), [("Create", True), ("create", False), ("POLICY", True), ("PolicyText", True), ("Name", False)]
)
def test_a_property_that_may_hold_a_policy(name: str, *, may: bool) -> None:
    assert may_carry(name) is may


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (DOCUMENT, SES),
        ([{"a": json.dumps(DOCUMENT)}], SES),
        (OWN | {"Policy": REF}, UNKNOWN),
        (OWN | {"Policy": HIDDEN}, UNKNOWN),
        ([OWN | {"Policy": HIDDEN}], UNKNOWN),
        ({"a": {"b": OWN | {"Policy": HIDDEN}}}, UNKNOWN),
        (json.dumps(OWN | {"Policy": HIDDEN}), UNKNOWN),
        ({"Fn::Sub": json.dumps(OWN | {"Policy": HIDDEN})}, UNKNOWN),
        (OWN | {"Policy": [HIDDEN[:30], HIDDEN[30:]]}, UNKNOWN),
        (OWN | {"Policy": ["short", [HIDDEN]]}, UNKNOWN),
        (OWN | {"Policy": {"a": HIDDEN}}, UNKNOWN),
        (OWN | {"Policy": ["a" * 15, "b" * 15]}, UNKNOWN),
        (OWN | {"Policy": [json.dumps({"a": "b" * 25})]}, NONE),
        (OWN | {"Policy": {"Statement": [STATEMENT | {"Action": "s3:GetObject"}], "Id": HIDDEN}}, NONE),
        (OWN | {"Policy": {"Statement": [REF]}}, SES),
        (OWN | {"Policy": {"Statement": [HIDDEN]}}, UNKNOWN),
        (OWN | {"Policy": json.dumps([HIDDEN])}, UNKNOWN),
        # Too short for a policy, in any encoding.
        (OWN | {"Policy": "short"}, NONE),
        (OWN | {"Policy": ["a", "b"]}, NONE),
        (OWN | {"Policy": {"a": "b"}}, NONE),
        (OWN | {"Policy": 5}, NONE),
        # Without an identity, a name and a document it is no sending policy.
        ({"Name": "Partner", "Policy": HIDDEN}, NONE),
        ({"Identity": "example.com", "Policy": HIDDEN}, NONE),
        ({"Identity": "not an identity", "Name": "Partner", "Policy": HIDDEN}, NONE),
        (OWN, NONE),
        # A statement that is read is about no action of SES's.
        (OWN | {"Policy": {"Statement": [STATEMENT | {"Action": "s3:GetObject", "Sid": HIDDEN}]}}, NONE),
        (OWN | {"Policy": STATEMENT | {"Action": "s3:GetObject", "Sid": HIDDEN}}, NONE),
        (HIDDEN, NONE),
        (None, NONE),
    ],
    ids=lambda value: str(value)[:60],
)
def test_why_it_is_not_read(value: Any, why: str) -> None:
    assert why_unread(value) == why


def test_a_word_is_too_short_for_a_policy() -> None:
    """The names of the elements of a statement take 29 characters."""
    assert is_word("a" * 28) is True
    assert is_word("a" * 29) is False


TEMPLATE: Final = {
    "Parameters": {"Who": {"Type": "String", "Default": "example.com"}, "Open": {"Type": "String"}},
    "Conditions": {"Is": {"Fn::Equals": [{"Ref": "Open"}, "a"]}},
}


def policies(properties: Any, kind: str = "Custom::Policy", *, takes_defaults: bool = True) -> list[Declared]:
    """Return the policies of a template with one such resource."""
    template = Template(
        "", "Mail", KnownEnvironment(), TEMPLATE | {"Resources": {"P": {"Type": kind, "Properties": properties}}}
    )
    return list(foreign_policies(template, takes_defaults=takes_defaults))


def test_a_policy_of_a_template() -> None:
    name, more = {"Ref": "Open"}, {"Ref": "More"}
    [policy] = policies({"Domain": {"Ref": "Who"}, "Name": name, "Policy": DOCUMENT, "More": [1, more]})
    assert (policy.identity, policy.policy_name, policy.document) == ("example.com", name, DOCUMENT)
    assert (policy.call, policy.beside, policy.owner) == ("Policy", '{"More": ["1", {"Ref": "More"}]}', "Mail/P")
    assert policy.defaults == {"Who": "example.com"}
    assert policy.unknowns.keys() == {"Open"}
    [other] = policies(OWN | {"Policy": DOCUMENT, "More": name}, takes_defaults=False)
    assert other.unknowns.keys() == {"Open"}
    [unassumed] = policies(OWN | {"Identity": {"Ref": "Who"}, "Policy": DOCUMENT}, takes_defaults=False)
    assert (unassumed.identity, unassumed.defaults) == ({"Ref": "Who"}, {})


@pytest.mark.parametrize(
    ("properties", "kind", "number"),
    [
        (OWN | {"Policy": DOCUMENT}, "Custom::Policy", 1),
        (OWN | {"Policy": DOCUMENT}, "AWS::IAM::Policy", 0),
        (OWN | {"Policy": ROLE}, "Custom::Policy", 0),
        (OWN | {"Policy": {"Fn::If": ["Is", DOCUMENT, ROLE]}}, "Custom::Policy", 1),
        (OWN | {"Policy": {"Fn::If": ["Is", DOCUMENT, {"Statement": STATEMENT}]}}, "Custom::Policy", 2),
        ([], "Custom::Policy", 0),
    ],
)
def test_how_many_a_resource_has(properties: Any, kind: str, number: int) -> None:
    assert len(policies(properties, kind)) == number


def test_one_with_too_many_variants_is_not_read() -> None:
    conditions = {f"C{number}": {"Fn::Equals": [{"Ref": f"Open{number}"}, "a"]} for number in range(9)}
    many = [{"Fn::If": [name, STATEMENT, STATEMENT | {"Sid": name}]} for name in conditions]
    elements = TEMPLATE | {"Conditions": conditions}
    resource = {"Type": "Custom::Policy", "Properties": OWN | {"Policy": {"Statement": many}}}
    template = Template("", "Mail", KnownEnvironment(), elements | {"Resources": {"P": resource}})
    assert list(foreign_policies(template, takes_defaults=True)) == []


def text_of_statement(effect: str = '"Allow"', action: str = '"ses:SendEmail"', key: str = "Action") -> str:
    """Return a statement in a text that is no JSON."""
    return f'first line\n"Effect" : {effect}, "{key}": {action}, Principal: all'


@pytest.mark.parametrize(
    ("value", "may"),
    [
        (STATEMENT, True),
        ([[STATEMENT]], True),
        (STATEMENT | {"Effect": "allow"}, True),
        (STATEMENT | {"Effect": "Deny"}, True),
        (STATEMENT | {"Effect": "NoSchedule"}, False),
        (STATEMENT | {"Effect": {"Fn::If": ["Is", "NoSchedule", "Allow"]}}, True),
        (STATEMENT | {"Effect": REF}, True),
        ({"Action": "ses:SendEmail"}, False),
        ({"effect": "Allow", "actions": ["s3:Get", ["SES:Send"]]}, True),
        ({"effect": "Allow", "actions": {"Fn::If": ["Is", ["s3:Get"], ["ses:Send"]]}}, True),
        (STATEMENT | {"Action": "s*"}, True),
        (STATEMENT | {"Action": "se?:SendEmail"}, True),
        (STATEMENT | {"Action": "*"}, True),
        (STATEMENT | {"Action": "s3:*"}, False),
        (STATEMENT | {"Action": "sesame:*"}, False),
        (STATEMENT | {"Action": "s"}, False),
        (STATEMENT | {"Action": REF}, True),
        (STATEMENT | {"Action": {"Fn::Sub": "${Service}:SendEmail"}}, True),
        (STATEMENT | {"Action": {"Fn::Sub": "s3:${Name}"}}, False),
        (STATEMENT | {"Action": "${"}, True),
        ({"Effect": "Allow", "NotAction": "s3:*"}, True),
        ({"Effect": "Allow", "NotActions": ["s3:*"]}, True),
        ({"Effect": "Allow", "NotAction": REF}, True),
        ({"Effect": "Allow", "NotAction": "SES:*"}, False),
        ({"Effect": "Allow", "NotAction": ["a", "*"]}, False),
        ({"Effect": "Allow"}, False),
        ({"Statement": REF}, True),
        ({"statements": [REF]}, True),
        ({"Statement": {"Fn::Sub": "a ${Name}"}}, False),
        ({"Statement": "text"}, False),
        ({"a": {"b": STATEMENT}}, True),
        ({"Fn::Sub": json.dumps(DOCUMENT)}, True),
        ({"Fn::Join": ["", [json.dumps(DOCUMENT)[:-1], "}"]]}, True),
        ({"Fn::Join": ["", [text_of_statement(), REF]]}, True),
        ({"Fn::Join": ["", ['{"Effect": "Allow", "Act', 'ion": "ses:Send"}']]}, True),
        ({"Fn::Join": ["", [text_of_statement()[:30], text_of_statement()[30:]]]}, True),
        ({"Fn::Join": ["", ['{"Statement": "', REF, '"}']]}, True),
        ({"Fn::Join": ["", ['{"Statement": ', REF, "}"]]}, True),
        ({"Fn::Sub": '{"Statement":${Document}}'}, True),
        ({"Fn::Sub": '{\\"statements\\" : [ ${A}, ${B} ]}'}, True),
        ({"Fn::Sub": '{"Statement": [], "Id": ${Document}}'}, False),
        ({"Fn::Sub": '{"MyStatement": ${Document}}'}, False),
        ({"Fn::If": ["Is", STATEMENT, "a"]}, True),
        (REF, False),
        (json.dumps(DOCUMENT), True),
        (json.dumps({"Statement": REF}), False),
        (json.dumps(json.dumps(DOCUMENT)), True),
        (json.dumps(STATEMENT | {"Action": "s3:Get", "Sid": "a *"}), False),
        ('"effect": "allow", "action": "ses:Send"', True),
        ('"action": "ses:Send", "effect": "allow"', True),
        ('ses:Send "action" "effect": "allow"', True),
        ('"effect":"NoSchedule", "action": "ses:Send"', False),
        ('"effect":1, "action": "ses:Send"', True),
        (text_of_statement(action='"*"'), True),
        (text_of_statement(), True),
        (text_of_statement(effect='"deny"'), True),
        (text_of_statement(effect='"NoSchedule"'), False),
        (text_of_statement(effect='"${Effect}"'), True),
        (text_of_statement(effect='\\"Allow\\"'), True),
        (text_of_statement(action='"s3:Get"'), False),
        (text_of_statement(action='"s*"'), True),
        (text_of_statement(action='"s3:*"'), False),
        (text_of_statement(action='"${Action}"'), True),
        (text_of_statement(action='"\\u0073es:"'), True),
        (text_of_statement(action='"s3:Get"', key="NotAction"), True),
        (text_of_statement(key="actions"), True),
        (text_of_statement(key="Inaction"), False),
        ('"Effect": 1', False),
        ('"Effect": "Allow", ses:SendEmail', False),
        (5, False),
    ],
    ids=lambda value: str(value)[:70],
)
def test_what_may_be_about_an_action_of_sess(value: Any, *, may: bool) -> None:
    assert may_send(value) is may


@pytest.mark.parametrize(
    ("value", "unknown"),
    [
        (REF, True),
        ({"Fn::GetAtt": ["Document", "Value"]}, True),
        ({"Fn::Sub": "a ${Name}"}, False),
        ({"Fn::Sub": json.dumps(DOCUMENT)}, False),
        ({"Fn::ToJsonString": DOCUMENT}, False),
        ("${Name}", False),
        ({"a": 1}, False),
    ],
)
def test_an_object_that_only_the_deploy_knows(value: Any, *, unknown: bool) -> None:
    assert is_unknown(value) is unknown
