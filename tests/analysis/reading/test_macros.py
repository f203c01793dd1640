"""Macros: which of them may change what a policy says, and what a reader is told of them."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.macros import is_made, macros, over_all
from ses_sending_policy.analysis.reading.scope import Scope

INCLUDE = {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/a.json"}}
ANY, THERE = "it may make any resource", "what a policy takes from there is not known before the deploy"


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ({"Transform": "Mine"}, ("the transform Mine", ANY, {"Transform": "Mine"})),
        (
            {"Transform": ["AWS::LanguageExtensions", "Mine", INCLUDE]},
            ("the transform Mine, AWS::Include", ANY, {"Transform": ["AWS::LanguageExtensions", "Mine", INCLUDE]}),
        ),
        ({"Fn::Transform": INCLUDE}, ("the transform AWS::Include", ANY, {"Fn::Transform": INCLUDE})),
        (
            {"Fn::Transform": {"Name": {"Ref": "Macro"}}, "Metadata": {"a": 1}, "Resources": {}},
            ("the transform ${Macro}", ANY, {"Fn::Transform": {"Name": {"Ref": "Macro"}}, "Resources": {}}),
        ),
        (
            {"Mappings": {"M": {"Fn::Transform": INCLUDE}}, "Resources": {}},
            ("the macro AWS::Include in Mappings", THERE, {"Mappings": {"M": {"Fn::Transform": INCLUDE}}}),
        ),
        (
            {
                "Conditions": {"Fn::Transform": INCLUDE},
                "Parameters": [{"Fn::Transform": {"Name": "A"}}, {"Transform": {"Name": "B"}}],
                "Rules": {"a": 1},
            },
            (
                "the macro AWS::Include in Conditions and the macro A, the macro B in Parameters",
                THERE,
                {
                    "Conditions": {"Fn::Transform": INCLUDE},
                    "Parameters": [{"Fn::Transform": {"Name": "A"}}, {"Transform": {"Name": "B"}}],
                },
            ),
        ),
        (
            {"Rules": {"Fn::Transform": INCLUDE}},
            ("the macro AWS::Include in Rules", THERE, {"Rules": {"Fn::Transform": INCLUDE}}),
        ),
        # A loop is told of where it stands.
        ({"Conditions": {"Fn::ForEach::L": []}}, None),
        # A resource with a macro is told of as such.
        ({"Resources": {"P": {"Fn::Transform": INCLUDE}}}, None),
        ({"Mappings": {"M": {"Transform": {"a": "b"}}}}, None),
        ({"Transform": None}, None),
        ({}, None),
    ],
)
def test_what_it_may_change(template: Any, found: Any) -> None:
    assert over_all(template) == found


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("AWS::CodeDeployBlueGreen", True),
        ("AWS::LanguageExtensions", True),
        ("AWS::ServiceCatalog", True),
        ("AWS::SecretsManager-2020-07-23", True),
        ("AWS::SecretsManager-", False),
        ("AWS::Serverless-2016-10-31", True),
        ("AWS::Serverless-", False),
        ("AWS::Include", False),
        ("AWS::LanguageExtensionsOfMine", False),
    ],
)
def test_those_of_awss_that_make_no_policy(name: str, *, is_known: bool) -> None:
    assert (over_all({"Transform": [name]}) is None) is is_known


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"a": [{"Fn::Transform": INCLUDE}]}, {"Fn::ForEach::L": []}], ["the macro AWS::Include", "a loop"]),
        ({"Transform": {"Name": "Mine"}, "Fn::Transform": {}}, ["the macro Mine", "the macro ${}"]),
        ({"Transform": "AWS::Include"}, []),
        ({"Name": {"Name": "a"}}, []),
        ("Fn::Transform", []),
    ],
)
def test_those_in_a_part_of_a_template(value: Any, words: list[str]) -> None:
    assert list(macros(value)) == words


def test_a_section_that_a_macro_or_a_loop_adds_to() -> None:
    for key in ("Fn::Transform", "Fn::ForEach::L"):
        scope = Scope({"Mappings": {key: {}}, "Conditions": {"C": {}}})
        for _ in range(2):
            assert (is_made(scope, "Mappings"), is_made(scope, "Conditions")) == (True, False)
