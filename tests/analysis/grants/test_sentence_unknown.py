"""What a reviewer reads about unknown parts: they go by their names, and it is clear where a name ends."""

from typing import Any

import pytest

from tests.analysis.findings.declare import statement
from tests.analysis.grants.test_sentence import BOTH, sentences


def test_what_only_the_deploy_knows_is_said_as_well() -> None:
    secret = {"Ref": "Secret"}
    assert sentences(secret, statement()) == [
        "only the deploy knows who may send as example.com: ${Secret}",
        "user sender of account 222222222222 may send with ses:SendEmail as any address of example.com",
    ]
    assert sentences(Policy=secret) == ["only the deploy knows who may send as example.com: ${Secret}"]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([{"Ref": name} for name in "EDCBA"], ': "${A} and ${B} and ${C} and ${D} and ${E}"'),
        ([{"Ref": "A"}, "no statement"], ': "${A} and no statement"'),
        ([{"Ref": "A"}, None], ": ${A}"),
        ([None], ""),
    ],
)
def test_what_stands_for_statements_is_named(statements: list[Any], words: str) -> None:
    assert sentences(*statements) == [f"only the deploy knows who may send as example.com{words}"]


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ({"Ref": "Partner"}, "whoever ${Partner} is"),
        ({"Fn::Select": [0, {"Ref": "Partners"}]}, "whoever \"${Fn::Select '0' Partners}\" is"),
        ({"AWS": {"Fn::Select": [0, {"Ref": "Partners"}]}}, "principal \"${Fn::Select '0' Partners}\""),
    ],
)
def test_whom_only_the_deploy_knows(principal: Any, who: str) -> None:
    assert sentences(statement(Principal=principal, Action=BOTH)) == [f"{who} may send as any address of example.com"]
