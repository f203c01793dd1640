"""Outputs made by a loop or taken from an included file: what another stack reads from them."""

import json
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.comparison import Comparison
from tests.review.apps import app, nested
from tests.review.looked_up import EXTENDED
from tests.review.resolving import OTHER, PARTNER, REF, mail, parameter

FOURTH = "444444444444"
ROLE = {"Type": "AWS::IAM::Role"}
IMPORTING = mail({"Fn::ImportValue": "A-partner"})


def looped(value: Any, over: Any = ("A", "B")) -> dict[str, Any]:
    """Return a template whose outputs a loop makes."""
    output = {"Value": value, "Export": {"Name": {"Fn::Sub": "${S}-partner"}}}
    loop = ["S", over if isinstance(over, dict) else [*over], {"Other": output} if over == ["A"] else {"${S}": output}]
    names = {"Names": {"Type": "CommaDelimitedList"}}
    return mail(REF, Parameters=parameter() | names, Outputs={"Fn::ForEach::All": loop}, **EXTENDED)


def included(place: str, *names: str) -> dict[str, Any]:
    """Return a template whose outputs, or one of them, are in an included file."""
    outputs: Any = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": place}}}
    for name in names:
        outputs = {name: outputs}
    return mail(REF, Parameters=parameter(), Outputs=outputs)


UNKNOWN = {"Ref": "Names"}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (looped(PARTNER), looped(FOURTH), "broadened"),
        (looped(PARTNER), looped(PARTNER), "unchanged"),
        (looped(PARTNER, UNKNOWN), looped(FOURTH, UNKNOWN), "broadened"),
        (looped(PARTNER, UNKNOWN), looped(PARTNER, UNKNOWN), "unchanged"),
        (included("a.json"), included("b.json"), "broadened"),
        (included("a.json"), included("a.json"), "unchanged"),
        (included("a.json", "Other"), included("b.json", "Other"), "broadened"),
    ],
)
def test_an_export_of_a_loop(before: Any, after: Any, verdict: str, tmp_path: Path) -> None:
    one, other = (
        reviewed([app(tmp_path / name, Shared=shared, Mail=IMPORTING)])
        for name, shared in (("before", before), ("after", after))
    )
    assert Comparison.of(one, other).verdict == verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (looped(PARTNER, ["A"]), looped(FOURTH, ["A"]), "broadened"),
        (looped(PARTNER, ["A"]), looped(PARTNER, ["A"]), "unchanged"),
        (looped(PARTNER, UNKNOWN), looped(FOURTH, UNKNOWN), "broadened"),
        (looped(PARTNER, UNKNOWN), looped(PARTNER, UNKNOWN), "unchanged"),
        (included("a.json"), included("b.json"), "broadened"),
        (included("a.json"), included("a.json"), "unchanged"),
        (included("a.json", "Other"), included("b.json", "Other"), "broadened"),
    ],
)
def test_an_output_of_a_loop_in_a_nested_stack(before: Any, after: Any, verdict: str, tmp_path: Path) -> None:
    one, other = (
        reviewed([nested(tmp_path / name, inner, OTHER)]) for name, inner in (("before", before), ("after", after))
    )
    assert Comparison.of(one, other).verdict == verdict


@pytest.mark.parametrize(("truth", "there"), [("a", ["PA"]), ("b", [])])
def test_a_name_that_a_loop_puts_together(truth: str, there: list[str], tmp_path: Path) -> None:
    policy = mail(PARTNER)["Resources"]["P"] | {"Condition": {"Fn::Sub": "Is${S}"}}
    template = {
        "Resources": {"Fn::ForEach::All": ["S", ["A"], {"P${S}": policy}]},
        "Conditions": {"Fn::ForEach::Each": ["S", ["A"], {"Is${S}": {"Fn::Equals": ["a", truth]}}]},
    }
    found = reviewed([app(tmp_path, Mail=template | EXTENDED)]).policies
    assert [(each.logical_id, each.condition) for each in found] == [(name, "") for name in there]


def test_a_nested_stack_that_a_macro_gives_values_is_named(tmp_path: Path) -> None:
    """The nested template is read, but what a macro passes to it besides the parameters is not known."""
    macro = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://parts/a.json"}}}
    properties = {"TemplateURL": "https://bucket.example/abc.json", "Parameters": {"Who": PARTNER} | macro}
    outer = {"Resources": {"Child": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}}
    out = app(tmp_path, Mail=outer)
    (out / "Inner.json").write_text(json.dumps({"Resources": {}}), encoding="utf-8")
    assets = {"files": {"abc": {"source": {"path": "Inner.json"}}}}
    (out / "Mail.assets.json").write_text(json.dumps(assets), encoding="utf-8")
    assert [each.part.owner for each in reviewed([out]).unread] == ["Mail/Child"]
