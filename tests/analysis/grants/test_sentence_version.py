"""A policy variable is plain text under an older Version: if they differ in meaning, the sentences differ."""

from typing import Any, Final

import pytest

from ses_sending_policy.analysis.grants.grant import grants_of
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.rules.document import Json
from tests.analysis.findings.declare import statement
from tests.analysis.grants.test_sentence import ACCOUNT, BOTH

NOW: Final = {"Version": "2012-10-17"}
OLD: Final = {"Version": "2008-10-17"}
USER: Final = "${aws:username}@example.com"
DOMAIN: Final = {"Fn::Join": ["", ["${aws:username}@", {"Ref": "Domain"}]]}


def read(value: Json, version: dict[str, Any], operator: str = "StringEquals", **elements: Any) -> str:
    """Return the sentence of a statement with one From address in a document of one Version."""
    condition = {operator: {"ses:FromAddress": value}}
    whole = statement(**({"Principal": ACCOUNT, "Action": BOTH, "Condition": condition} | elements))
    [grant] = grants_of(version | {"Statement": [whole]}, "example.com")
    return sentence(grant)


@pytest.mark.parametrize(
    ("value", "version", "words"),
    [
        (USER, NOW, f"as {USER}"),
        (USER, OLD, f'as the text "{USER}"'),
        (USER, {}, f'as the text "{USER}"'),
        (USER, {"Version": {"Ref": "V"}}, f"as {USER}, with variables as by the Version ${{V}}"),
        (USER, {"Version": "2031-01-01"}, f"as {USER}, with variables as by the Version 2031-01-01"),
        ([USER, "a@example.com"], OLD, f'as the text "{USER}" or a@example.com'),
        (DOMAIN, NOW, "as exactly ${aws:username}@${Domain}"),
        (DOMAIN, OLD, 'as the text "${aws:username}@${Domain}"'),
        # A reference and a text that looks like one.
        ({"Ref": "Name"}, NOW, "as exactly ${Name}"),
        ("${Name}", NOW, "as ${!Name}"),
        ("${Name}", OLD, 'as the text "${!Name}"'),
        ("${!Name}", NOW, "as ${!!Name}"),
        ({"Fn::Join": ["", ["${Name}@", {"Ref": "Domain"}]]}, NOW, "as exactly ${!Name}@${Domain}"),
        ("${*}@example.com", NOW, "as ${*}@example.com"),
        # Without a variable the Version does not matter.
        ("a@example.com", NOW, "as a@example.com"),
        ("a@example.com", OLD, "as a@example.com"),
        ({"Ref": "Name"}, OLD, "as exactly ${Name}"),
        ({"Ref": "Name"}, {"Version": {"Ref": "V"}}, "as exactly ${Name}"),
    ],
    ids=str,
)
def test_a_variable_by_its_version(value: Json, version: dict[str, Any], words: str) -> None:
    operator = "StringLike" if "*" in str(value) else "StringEquals"
    assert read(value, version, operator) == f"account 222222222222 may send {words}"


def test_the_owner_s_organization_is_one_where_a_variable_is_one() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}
    may = "may send as any address of example.com"
    assert read("", NOW, Principal="*", Condition=condition) == f"everybody of the owner's organization {may}"
    text = 'everybody of organization the text "${aws:ResourceOrgID}"'
    assert read("", OLD, Principal="*", Condition=condition) == f"{text} {may}"


def test_a_principal_and_an_action_that_look_like_references() -> None:
    assert read("a", NOW, Principal={"AWS": "${Name}"}) == "principal ${!Name} may send as a"
    assert read("a", NOW, Principal={"AWS": {"Ref": "Name"}}) == "principal ${Name} may send as a"
    assert read("a", NOW, Action="${Name}") == "account 222222222222 may call ${!Name} as a"


OF_IDENTITY: Final = "arn:aws:ses:eu-west-1:111111111111:identity"


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (f"{OF_IDENTITY}/example.com", ""),
        (f"{OF_IDENTITY}/EXAMPLE.com", ""),
        ({"Fn::GetAtt": "Identity.Arn"}, ""),
        ({"Fn::Sub": "arn:${AWS::Partition}:ses:eu-west-1:111111111111:identity/${Domain}"}, ""),
        (f"{OF_IDENTITY}/other.com", f", on resource {OF_IDENTITY}/other.com"),
        (
            {"Fn::Join": ["", ["arn:aws:ses:", {"Ref": "AWS::Region"}, ":1:identity/other.com"]]},
            ", on resource arn:aws:ses:${AWS::Region}:1:identity/other.com",
        ),
        ([f"{OF_IDENTITY}/example.com", "*"], f", on resource * or {OF_IDENTITY}/example.com"),
        (f"{OF_IDENTITY}/${{aws:username}}", f", on resource {OF_IDENTITY}/${{aws:username}}"),
    ],
    ids=str,
)
def test_a_resource_is_told_where_it_is_another_one(resource: Json, words: str) -> None:
    assert read("a", NOW, Resource=resource) == f"account 222222222222 may send as a{words}"


def test_a_resource_is_not_told_of_an_identity_that_only_the_deploy_knows() -> None:
    [grant] = grants_of(NOW | {"Statement": [statement(Principal=ACCOUNT, Action=BOTH)]}, "${Identity}")
    assert sentence(grant) == "account 222222222222 may send as ${Identity}"


def test_a_resource_is_the_identity_s_own_however_that_is_written() -> None:
    [grant] = grants_of(NOW | {"Statement": [statement(Principal=ACCOUNT, Action=BOTH)]}, "EXAMPLE.com")
    assert sentence(grant) == "account 222222222222 may send as any address of EXAMPLE.com"


def test_a_variable_in_a_resource_has_a_version_as_well() -> None:
    resource = f"{OF_IDENTITY}/${{aws:username}}"
    assert read("a", OLD, Resource=resource) == f'account 222222222222 may send as a, on resource the text "{resource}"'
