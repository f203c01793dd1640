"""The properties that CloudFormation passes on: written by the construct, read by the function."""

import re
from typing import Any

import pytest

from ses_sending_policy.rules.document import Document
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Target
from ses_sending_policy.rules.wire import (
    LEAST_FUNCTION_SECONDS,
    LEAST_TAKE_OVER_SECONDS,
    RESOURCE_TYPE,
    STACK_VARIABLE,
    Declaration,
    OnDelete,
    WhenExists,
    default_on_delete,
    read_acknowledged,
    read_on_delete,
    read_target,
    read_unknown,
    write,
    write_unknown,
)
from tests.support.events import document, statement


def properties(**changes: Any) -> dict[str, Any]:
    """Return what the construct writes, with `changes`; None removes a property."""
    written = write(
        email_identity="example.com",
        policy_name="partner",
        policy=document(),
        when_exists=WhenExists.ADOPT,
        on_delete=OnDelete.DELETE,
    )
    return {name: value for name, value in (written | changes).items() if value is not None}


def test_the_wire() -> None:
    """Deployed stacks have these names and words already: the reader must never forget one."""
    assert (RESOURCE_TYPE, LEAST_FUNCTION_SECONDS, LEAST_TAKE_OVER_SECONDS) == ("Custom::SendingPolicy", 30, 62)
    assert [each.value for each in WhenExists] == ["FAIL", "ADOPT", "OVERWRITE"]
    assert [each.value for each in OnDelete] == ["DELETE", "RELEASE"]
    assert properties() == {
        "EmailIdentity": "example.com",
        "PolicyName": "partner",
        "Policy": document(),
        "WhenExists": "ADOPT",
        "OnDelete": "DELETE",
        "Wire": "1",
    }


def test_what_is_written_is_read() -> None:
    assert Declaration.read(properties()) == Declaration(
        Target(Identity("example.com"), "partner"), Document(document()), WhenExists.ADOPT, OnDelete.DELETE
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"EmailIdentity": "dummy-value-for-mail.domain"},
        {"PolicyName": "dummy-value-for-name"},
        {
            "Policy": document(
                statement(Condition={"StringLike": {"ses:Recipients": ["*@a.example", "*@dummy-value-for-/a"]}})
            )
        },
        {"Policy": document(statement("arn:aws:iam::123456789012:role/DUMMY_ARN"))},
    ],
    ids=["identity", "name", "addresses", "role"],
)
def test_what_the_cdk_never_looked_up_is_no_value(changes: dict[str, Any]) -> None:
    """With a placeholder for an address, a grant would allow nothing, and a Deny would deny nothing."""
    with pytest.raises(DeclarationError) as caught:
        Declaration.read(properties(**changes))
    assert "is a placeholder for a value that the CDK did not look up: deploy the output of" in str(caught.value)
    assert read_on_delete(properties(**changes)) is OnDelete.DELETE


def test_what_cloudformation_adds_is_ignored() -> None:
    assert Declaration.read(properties(ServiceToken="arn", ServiceTimeout="1200"))


@pytest.mark.parametrize(
    ("when_exists", "on_delete"),
    [(WhenExists.FAIL, OnDelete.DELETE), (WhenExists.ADOPT, OnDelete.RELEASE), (WhenExists.OVERWRITE, OnDelete.DELETE)],
)
def test_what_teardown_does_unless_it_is_told(when_exists: WhenExists, on_delete: OnDelete) -> None:
    assert default_on_delete(when_exists) is on_delete
    bare = properties(OnDelete=None, WhenExists=when_exists.value)
    assert Declaration.read(bare).on_delete is on_delete
    assert read_on_delete(bare) is on_delete


def test_a_declaration_without_choices_fails_where_the_name_is_taken() -> None:
    bare = properties(OnDelete=None, WhenExists=None)
    read = Declaration.read(bare)
    assert (read.when_exists, read.on_delete) == (WhenExists.FAIL, OnDelete.DELETE)
    assert read_on_delete(bare) is OnDelete.DELETE


@pytest.mark.parametrize("on_delete", OnDelete)
def test_what_teardown_is_told_to_do(on_delete: OnDelete) -> None:
    assert read_on_delete(properties(OnDelete=on_delete.value)) is on_delete


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"Policy": None}, "Policy is missing"),
        ({"PolicyName": None}, "PolicyName is missing"),
        ({"PolicyName": ""}, "PolicyName is '': it must be a string"),
        ({"PolicyName": 12}, "PolicyName is 12: it must be a string"),
        ({"EmailIdentity": ["example.com"]}, "EmailIdentity is ['example.com']: it must be a string"),
        ({"WhenExists": "fail", "OnDelete": None}, "WhenExists is 'fail': allowed are FAIL, ADOPT, OVERWRITE"),
        (
            {"Wire": "2"},
            "Wire is '2', newer than the '1' that this function reads: deploy the function as well",
        ),
    ],
)
def test_a_fault_is_told_with_its_value(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        Declaration.read(properties(**changes))
    assert str(refusal.value) == fault


@pytest.mark.parametrize("wire", [None, "1", 1])
def test_the_first_wire_is_read_however_it_comes(wire: object) -> None:
    assert Declaration.read(properties(Wire=wire))


def test_an_id_of_the_users_own_gives_its_place_up() -> None:
    assert Declaration.read(properties(Policy={"Id": "mine", **document()})).document == Document(document())


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DeclarationError) as refusal:
        Declaration.read({"PolicyName": "a b", "EmailIdentity": "x.com", "Policy": {}, "OnDelete": "KEEP", "Wire": "9"})
    assert str(refusal.value).split("; ") == [
        "Wire is '9', newer than the '1' that this function reads: deploy the function as well",
        "policy name 'a b' is not allowed: use 1 to 64 letters, digits, '-' or '_'",
        "Policy: policy document has no statement: it needs at least one",
        "OnDelete is 'KEEP': allowed are DELETE, RELEASE",
    ]


def test_a_target_is_read_alone() -> None:
    assert read_target(properties(Policy=None)) == Target(Identity("example.com"), "partner")
    with pytest.raises(DeclarationError, match="PolicyName is missing"):
        read_target({"EmailIdentity": "example.com"})


@pytest.mark.parametrize("name", ["WhenExists", "OnDelete", "Wire", "EmailIdentity", "PolicyName"])
def test_a_fault_is_told_however_deep_the_value_is(name: str) -> None:
    value: Any = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(DeclarationError, match=rf"^{name} is \[+\.\.\.\]+[:,]"):
        Declaration.read(properties(**{name: value}))


def test_the_function_is_told_its_stack_by_a_name_that_lambda_takes() -> None:
    """Its "Key Pattern": https://docs.aws.amazon.com/lambda/latest/dg/API_Environment.html."""
    assert re.fullmatch(r"[a-zA-Z]([a-zA-Z0-9_])+", STACK_VARIABLE)


@pytest.mark.parametrize(
    ("places", "acknowledged", "written"),
    [
        (
            ["b", "a", "b"],
            ["SES102", "SES001", "SES102"],
            {"Unknown": ["a", "b"], "Acknowledged": ["SES001", "SES102"]},
        ),
        (["a"], [], {"Unknown": ["a"]}),
        ([], ["SES001"], {}),
        ([], [], {}),
    ],
)
def test_what_synth_did_not_know_is_written_and_read(
    places: list[str], acknowledged: list[str], written: dict[str, list[str]]
) -> None:
    assert write_unknown(iter(places), iter(acknowledged)) == written
    assert read_unknown(written) == written.get("Unknown", [])
    assert read_acknowledged(written) == written.get("Acknowledged", [])
    assert read_unknown({"Unknown": "a"}) == []
    assert read_unknown({"Unknown": ["a", 1]}) == ["a"]


def test_a_policy_that_is_too_deep_is_a_fault() -> None:
    value: Any = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(DeclarationError):
        Declaration.read(properties(Policy=value))
