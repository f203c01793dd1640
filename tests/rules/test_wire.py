"""What CloudFormation carries: written by the construct, read by the function."""

from typing import Any

import pytest

from ses_sending_policy.rules.document import Document
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Target
from ses_sending_policy.rules.wire import Declaration, OnDelete, WhenExists, default_on_delete, read_target, write
from tests.support.events import document

PROPERTIES = write(
    email_identity="example.com",
    policy_name="partner",
    policy=document(),
    when_exists=WhenExists.ADOPT,
    on_delete=OnDelete.DELETE,
)


def test_what_is_written_is_read() -> None:
    assert Declaration.read(PROPERTIES) == Declaration(
        Target(Identity("example.com"), "partner"), Document(document()), WhenExists.ADOPT, OnDelete.DELETE
    )


def test_what_cloudformation_adds_is_ignored() -> None:
    assert Declaration.read(PROPERTIES | {"ServiceToken": "arn", "ServiceTimeout": "1200"})


@pytest.mark.parametrize(
    ("when_exists", "on_delete"),
    [(WhenExists.FAIL, OnDelete.DELETE), (WhenExists.ADOPT, OnDelete.RELEASE), (WhenExists.OVERWRITE, OnDelete.DELETE)],
)
def test_what_teardown_does_unless_it_is_told(when_exists: WhenExists, on_delete: OnDelete) -> None:
    assert default_on_delete(when_exists) is on_delete
    bare: dict[str, Any] = {key: value for key, value in PROPERTIES.items() if key != "OnDelete"}
    assert Declaration.read(bare | {"WhenExists": when_exists.value}).on_delete is on_delete


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
    assert read_target(PROPERTIES | {"Policy": None}) == Target(Identity("example.com"), "partner")
    with pytest.raises(DeclarationError, match="PolicyName is missing"):
        read_target({"EmailIdentity": "example.com"})


@pytest.mark.parametrize("name", ["WhenExists", "OnDelete", "Wire", "EmailIdentity", "PolicyName"])
def test_a_fault_is_told_however_deep_the_value_is(name: str) -> None:
    value: Any = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(DeclarationError, match=rf"^{name} is \[+\.\.\.\]+[:,]"):
        Declaration.read(PROPERTIES | {name: value})
