"""What is declared next to a policy and may change what it does: if that changes, it is never called unchanged."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.review.diffed import LESS, PARTNER, diff, one, policy, told
from tests.review.hidden_cases import MACRO
from tests.review.hidden_cases import policy as foreign
from tests.review.templates import STATEMENT, resource
from tests.review.unread_cases import OWN

A, B = "a" * 64, "b" * 64
DOCUMENT: Final = {"Version": "2012-10-17", "Statement": [PARTNER]}
NARROWED: Final = {"Version": "2012-10-17", "Statement": [LESS]}
ROLE: Final = {"Type": "String", "Default": "arn:aws:iam::111111111111:role/a"}


def by_parameter(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a template with a policy of somebody else's, and a parameter next to it."""
    return {"Parameters": {"Role": definition}} | one(P=foreign(DOCUMENT, RoleArn={"Ref": "Role"}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (one(P=foreign(DOCUMENT, Region="eu-west-1")), one(P=foreign(DOCUMENT, Region="us-east-1"))),
        (one(P=foreign(DOCUMENT, Enabled="false")), one(P=foreign(DOCUMENT, Enabled="true"))),
        (one(P=foreign(DOCUMENT)), one(P=foreign(DOCUMENT, ExtraPrincipals=["*"]))),
        (one(P=foreign(DOCUMENT, Enabled="false")), one(P=foreign(NARROWED, Enabled="true"))),
        (one(P=foreign(DOCUMENT, More={"Of": "1"})), one(P=foreign(DOCUMENT, More={"Of": "2"}))),
        (one(P=foreign(DOCUMENT, RoleArn={"Ref": "A"})), one(P=foreign(DOCUMENT, RoleArn={"Ref": "B"}))),
        (by_parameter({"Type": "String"}), by_parameter({"Type": "String", "AllowedValues": ["x", "y"]})),
        (by_parameter(ROLE), by_parameter(ROLE | {"Default": "arn:aws:iam::111111111111:role/b"})),
        (one(P=policy()), one(P=foreign(DOCUMENT, Region="us-east-1"))),
        (one(P=policy(), Q=foreign(DOCUMENT, On="no")), one(P=policy(), Q=foreign(DOCUMENT, On="yes"))),
    ],
    ids=[
        "a region",
        "a switch",
        "principals that were not there",
        "a switch, and less",
        "farther in",
        "another parameter",
        "another definition",
        "another default",
        "from ours to others",
        "beside ours",
    ],
)
def test_what_stands_beside_a_policy_of_others_counts(tmp_path: Path, before: Any, after: Any) -> None:
    assert told(tmp_path, before, after)["verdict"] in ("changed", "broadened")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ({"Region": "eu-west-1"}, {"Region": "eu-west-1"}, "unchanged"),
        ({"ServiceToken": "a", "ServiceTimeout": "5"}, {"ServiceToken": "b", "ServiceTimeout": "6"}, "unchanged"),
        ({"Code": f"asset.{A}"}, {"Code": f"asset.{B}"}, "unchanged"),
        ({"Enabled": True}, {"Enabled": "true"}, "unchanged"),
        ({"Role": {"Ref": "A"}}, {"Role": {"Ref": "A"}}, "unchanged"),
        ({"Region": "eu-west-1", "Policy": DOCUMENT}, {"Region": "eu-west-1", "Policy": NARROWED}, "narrowed"),
    ],
    ids=["the same", "another function", "another asset", "a word", "one reference", "less"],
)
def test_what_is_equal_beside_it_does_not(tmp_path: Path, before: Any, after: Any, verdict: str) -> None:
    old, new = (one(P=foreign(DOCUMENT, **side)) for side in (before, after))
    assert told(tmp_path, old, new)["verdict"] == verdict


def test_a_policy_of_others_without_more_is_compared_with_ours(tmp_path: Path) -> None:
    ours = policy(name=OWN["PolicyName"])
    assert told(tmp_path, one(P=ours), one(P=foreign(DOCUMENT), Q=ours))["verdict"] == "unchanged"


@pytest.mark.parametrize(("more", "reasons"), [({}, 0), ({"Region": "us-east-1"}, 1)], ids=["here", "perhaps not here"])
def test_a_policy_of_others_is_written_over_where_it_is_told_nothing_else(
    tmp_path: Path, more: Any, reasons: int
) -> None:
    ours = policy(LESS, name=OWN["PolicyName"])
    answer = told(tmp_path, one(P=foreign(DOCUMENT, **more), Q=ours), one(Q=ours))
    assert (answer["verdict"], len(answer["stays"])) == ("unchanged" if reasons else "narrowed", reasons)


SECTIONS: Final[dict[str, Any]] = {
    "Mappings": {"Who": {"prod": {"id": "222222222222"}}},
    "Conditions": {"Open": {"Fn::Equals": ["a", "a"]}},
    "Parameters": {"Who": {"Type": "String"}},
    "Rules": {"Sure": {"Assertions": []}},
}


@pytest.mark.parametrize("section", SECTIONS)
def test_another_macro_beside_what_a_policy_takes_is_told(tmp_path: Path, section: str) -> None:
    statement = STATEMENT | {"Principal": {"AWS": {"Fn::FindInMap": ["Who", "prod", "id"]}}}

    def side(of: str) -> Any:
        macro = {"Fn::Transform": MACRO["Fn::Transform"] | {"Parameters": {"Of": of}}}
        return SECTIONS | {section: SECTIONS[section] | macro} | one(P=resource(statement))

    done = diff(tmp_path, side("1"), side("1") | {"Description": "another"})
    assert done.returncode == 2
    assert "unchanged: the same is allowed as before" in done.stdout
    done = diff(tmp_path, side("1"), side("2"))
    assert done.returncode == 2
    assert f"the macro Ours in {section} may carry a sending policy" in done.stderr
    assert "changed: " in done.stdout
    assert "unchanged: " not in done.stdout


def test_a_policy_without_properties_is_told_as_that(tmp_path: Path) -> None:
    done = diff(tmp_path, one(), one(P={"Type": "Custom::SendingPolicy"}))
    assert done.returncode == 2
    assert "was not read: it has no properties;" in done.stderr
