"""A policy whose resource leaves the template counts as deleted only if that is proven."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.removal import Removal, Stay, kept, released, removal, uncalled, unreached

OPEN = {"Ref": "Open"}


@pytest.mark.parametrize("attribute", ["DeletionPolicy", "UpdateReplacePolicy"])
@pytest.mark.parametrize(
    ("value", "stay"),
    [
        ("Delete", None),
        ("Retain", Stay("is Retain", is_sure=True)),
        ("RetainExceptOnCreate", Stay("is RetainExceptOnCreate", is_sure=True)),
        ("Snapshot", Stay("is Snapshot")),
        (OPEN, Stay("")),
        ("${Open}", Stay("")),
        (None, Stay("")),
    ],
)
def test_what_cloudformation_keeps(attribute: str, value: Any, stay: Stay | None) -> None:
    words = f"its {attribute} {stay.reason}" if stay and stay.reason else f"only the deploy knows its {attribute}"
    assert kept({attribute: value}, attribute) == (stay and Stay(words, stay.is_sure))
    assert kept({}, attribute) is None


def test_what_keeps_the_resource_comes_before_what_keeps_the_policy() -> None:
    last, retained = Stay("no call deletes it"), "is Retain"
    resource = {"DeletionPolicy": "Retain"}
    assert removal({}, None) == Removal(None, None)
    assert removal(resource, last) == Removal(Stay(f"its DeletionPolicy {retained}", is_sure=True), last)
    resource = {"UpdateReplacePolicy": "Retain"}
    assert removal(resource, last) == Removal(last, Stay(f"its UpdateReplacePolicy {retained}", is_sure=True))
    assert Removal() == Removal(Stay("nothing says what becomes of it"), Stay("nothing says what becomes of it"))


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"OnDelete": "DELETE"}, None),
        ({"OnDelete": "DELETE", "WhenExists": OPEN}, None),
        ({}, None),
        ({"WhenExists": "ADOPT"}, "its OnDelete is RELEASE, which leaves what was there before"),
        ({"WhenExists": OPEN}, "only the deploy knows its OnDelete"),
        ({"OnDelete": OPEN}, "only the deploy knows its OnDelete"),
        ({"OnDelete": "delete"}, "only the deploy knows its OnDelete"),
    ],
)
def test_what_the_lambda_leaves(properties: Any, reason: str | None) -> None:
    assert released(properties) == (reason and Stay(reason))


NAMES = {"Identity": "example.com", "PolicyName": "partner"}
UNKNOWN = Stay("only the deploy knows what its Delete call deletes")
ELSE = Stay("its Delete call deletes something else", is_sure=True)
NO_SUCH = Stay("its Delete call is of a service that has no such action", is_sure=True)
DELETE = ("ses", "deleteidentitypolicy")


@pytest.mark.parametrize(
    ("call", "parameters", "stay"),
    [
        (DELETE, NAMES, None),
        (DELETE, NAMES | {"Identity": "Example.COM"}, None),
        (("sesv2", "deleteemailidentitypolicy"), {"EmailIdentity": "example.com", "PolicyName": "partner"}, None),
        (("ses", ""), NAMES, Stay("no call deletes it", is_sure=True)),
        (("${Open}", "deleteidentitypolicy"), NAMES, UNKNOWN),
        (("ses", "${Open}"), NAMES, UNKNOWN),
        (("sesv2", "deleteidentitypolicy"), NAMES, NO_SUCH),
        (("ses", "deleteemailidentitypolicy"), NAMES, NO_SUCH),
        (("ses", "putidentitypolicy"), NAMES, ELSE),
        (DELETE, NAMES | {"Identity": "example.org"}, ELSE),
        (DELETE, NAMES | {"PolicyName": "Partner"}, ELSE),
        (DELETE, NAMES | {"PolicyName": OPEN}, UNKNOWN),
        (DELETE, NAMES | {"Identity": OPEN}, UNKNOWN),
        (("ses", "putidentitypolicy"), NAMES | {"Identity": OPEN}, ELSE),
        (DELETE, OPEN, UNKNOWN),
        (DELETE, None, UNKNOWN),
    ],
)
def test_what_another_call_deletes(call: tuple[str, str], parameters: Any, stay: Stay | None) -> None:
    assert uncalled(*call, parameters, "example.com", "partner") == stay


ODD = {"Fn::Join": ["", ["a", None]]}


@pytest.mark.parametrize(
    ("written", "deleted", "stay"),
    [
        (OPEN, OPEN, None),
        (OPEN, {"Ref": "Other"}, UNKNOWN),
        (OPEN, "example.com", UNKNOWN),
        ("Example.com", "example.com", None),
        # What has no name is not the same as another that has none.
        (None, None, UNKNOWN),
        (ODD, ODD, UNKNOWN),
    ],
)
def test_what_only_the_deploy_knows_is_deleted_by_the_same_words(written: Any, deleted: Any, stay: Stay | None) -> None:
    assert uncalled(*DELETE, NAMES | {"Identity": deleted}, written, "partner") == stay
    if deleted != "example.com":
        assert uncalled(*DELETE, NAMES | {"PolicyName": deleted}, "example.com", written) == stay


HERE = {"account": "111111111111", "region": "eu-west-1"}
ELSEWHERE = Stay("its Delete call goes to another account or region", is_sure=True)
UNTOLD = Stay("only the deploy knows whether its Delete call goes to the same account and region")


@pytest.mark.parametrize(
    ("deleted", "stay"),
    [
        (HERE, None),
        (HERE | {"region": "us-east-1"}, ELSEWHERE),
        (HERE | {"account": "222222222222"}, ELSEWHERE),
        (HERE | {"region": "${Open}"}, UNTOLD),
        ({"account": "${Open}", "region": "us-east-1"}, ELSEWHERE),
        ({"account": "${Open}", "region": "${Open}"}, UNTOLD),
    ],
)
def test_where_the_deleting_call_goes(deleted: dict[str, str], stay: Stay | None) -> None:
    assert unreached(HERE, deleted) == stay
