"""Intrinsic functions whose values depend on their arguments alone, and where these do not tell the value."""

from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.functions import EXTENDED, PLAIN
from ses_sending_policy.analysis.reading.texts import STAYS

REF: Final = {"Ref": "Who"}
ACCOUNT: Final = {"Ref": "AWS::AccountId"}
FUNCTIONS: Final = {**PLAIN, **EXTENDED}
NETWORK: Final = "10.0.0.0/16"


def joined(*parts: Any) -> dict[str, Any]:
    return {"Fn::Join": ["", [*parts]]}


def divided(delimiter: str, text: Any) -> dict[str, Any]:
    return {"Fn::Split": [delimiter, text]}


KNOWN: Final[list[tuple[str, Any, Any]]] = [
    ("Fn::Join", ["-", ["a", 1, REF, "b"]], joined("a-1-", REF, "-b")),
    ("Fn::Join", ["-", []], ""),
    ("Fn::Select", ["0", ["a", divided(",", REF)]], "a"),
    ("Fn::Select", [1, ["a", REF]], REF),
    ("Fn::Select", [0, ["a"]], "a"),
    ("Fn::Select", ["10", list("abcdefghijk")], "k"),
    ("Fn::Select", ["0001", ["a", "b"]], "b"),
    ("Fn::Select", ["00", ["a", "b"]], "a"),
    ("Fn::Split", [",", "a,b"], ["a", "b"]),
    ("Fn::Split", ["ab", "1ab2"], ["1", "2"]),
    ("Fn::Split", [",", joined("a,", REF)], ["a", divided(",", REF)]),
    ("Fn::Split", ["x", joined("axb", REF)], ["a", divided("x", joined("b", REF))]),
    # An account has no colon, but may have any digit.
    ("Fn::Split", [":", ACCOUNT], [ACCOUNT]),
    ("Fn::Split", [":", {"Ref": "AWS::Partition"}], [{"Ref": "AWS::Partition"}]),
    ("Fn::Split", [":", {"Ref": "AWS::Region"}], [{"Ref": "AWS::Region"}]),
    ("Fn::Split", [":", joined("a:", ACCOUNT, "b:", REF)], ["a", joined(ACCOUNT, "b"), divided(":", REF)]),
    ("Fn::Split", ["1", joined(ACCOUNT, "1a")], [divided("1", ACCOUNT), "a"]),
    ("Fn::Base64", "a", "YQ=="),
    ("Fn::Base64", "\ud800", "7aCA"),
    ("Fn::Cidr", [NETWORK, "2"], ["10.0.0.0/24", "10.0.1.0/24"]),
    ("Fn::Cidr", [NETWORK, 2, 4], ["10.0.0.0/28", "10.0.0.16/28"]),
    ("Fn::Cidr", [NETWORK, "256", "8"], [f"10.0.{number}.0/24" for number in range(256)]),
    ("Fn::Cidr", ["2001:db8::/32", "1", "64"], ["2001:db8::/64"]),
    ("Fn::Length", ["a", REF], "2"),
    ("Fn::ToJsonString", {"a": [1, True]}, '{"a":[1,true]}'),
    ("Fn::ToJsonString", ["a", REF], joined('["a","', REF, '"]')),
]

UNKNOWN: Final[list[tuple[str, Any]]] = [
    ("Fn::Join", ["", REF]),
    ("Fn::Join", [1, ["a"]]),
    ("Fn::Join", "a"),
    ("Fn::Select", ["1", ["a"]]),
    ("Fn::Select", ["-1", ["a"]]),
    ("Fn::Select", ["x", ["a"]]),
    ("Fn::Select", ["", ["a"]]),
    ("Fn::Select", ["9" * 5000, ["a"]]),
    ("Fn::Select", ["0", [divided(",", REF)]]),
    ("Fn::Select", ["1", [divided(",", REF), "a"]]),
    ("Fn::Select", ["2", ["a", divided(",", REF), "b"]]),
    ("Fn::Select", ["0", REF]),
    ("Fn::Split", ["", "a"]),
    ("Fn::Split", [",", ["a"]]),
    ("Fn::Split", [",", 5]),
    ("Fn::Split", [",", {"a": ","}]),
    ("Fn::Split", [",", None]),
    ("Fn::Split", [",", joined("a,", REF) | {"More": 1}]),
    ("Fn::Split", ["ab", joined(REF, "ab")]),
    ("Fn::Split", [",", joined(["a"], ",b")]),
    ("Fn::Split", [",", REF]),
    ("Fn::Base64", REF),
    ("Fn::Cidr", "a"),
    ("Fn::Cidr", ["10.0.0.0/8", "257", "8"]),
    ("Fn::Cidr", [NETWORK, "0"]),
    ("Fn::Cidr", [NETWORK, "+2"]),
    ("Fn::Cidr", [NETWORK, "x"]),
    ("Fn::Cidr", [NETWORK, "1", "33"]),
    ("Fn::Cidr", ["10.0.0.0/24", "2", "8"]),
    ("Fn::Cidr", ["10.0.0.1/24", "1", "8"]),
    ("Fn::Length", ["a", divided(",", REF)]),
    ("Fn::Length", REF),
    ("Fn::ToJsonString", REF),
    ("Fn::ToJsonString", "a"),
]


@pytest.mark.parametrize(("name", "argument", "value"), KNOWN, ids=repr)
def test_a_value(name: str, argument: Any, value: Any) -> None:
    assert FUNCTIONS[name](argument) == value


@pytest.mark.parametrize(("name", "argument"), UNKNOWN, ids=repr)
def test_none(name: str, argument: Any) -> None:
    assert FUNCTIONS[name](argument) is STAYS
