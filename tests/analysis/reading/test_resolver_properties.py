"""Properties of the resolver: it ends, it gives the same result twice, and it finds a literal behind any functions."""

import re
from collections.abc import Mapping
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope
from tests.analysis.reading.declared_policies import HERE
from tests.analysis.reading.evaluated import TEMPLATE

NAMES: Final = st.sampled_from([*TEMPLATE["Parameters"], *TEMPLATE["Resources"], "AWS::Region", "AWS::NoValue", "x.y"])
TEXTS: Final = st.one_of(st.sampled_from(["", ",", "0", "M", "prod", "id", "Yes", "IsOpen", "${Who}", "${"]), st.text())
FUNCTIONS: Final = st.sampled_from(
    [
        "Ref", "Condition", "Fn::Base64", "Fn::Cidr", "Fn::FindInMap", "Fn::GetAtt", "Fn::GetAZs", "Fn::If",
        "Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString",
        "Fn::Transform", "Fn::GetStackOutput", "Fn::Equals",
    ]
)  # fmt: skip
JSON: Final = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS, NAMES.map(lambda n: {"Ref": n})
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXTS, inner, max_size=3),
        st.builds(lambda name, value: {name: value}, FUNCTIONS, st.one_of(inner, st.lists(inner, max_size=4))),
    ),
    max_leaves=20,
)


@given(JSON)
def test_twice_is_once(value: Any) -> None:
    resolver = Evaluation(takes_defaults=True).of(Scope(TEMPLATE, "Mail", HERE))
    once = resolver.resolved(value)
    assert resolver.resolved(once) == once
    assert isinstance(text_of(once), str)


@given(st.dictionaries(st.sampled_from(list(TEMPLATE)), JSON), JSON, st.sampled_from(list(TEMPLATE["Resources"])))
def test_nothing_is_too_odd(sections: Any, value: Any, name: str) -> None:
    template = {**TEMPLATE, **sections, "Resources": {name: {"Type": "AWS::IAM::Role", "Properties": value}}}
    for each in (template, sections, value):
        Evaluation().of(Scope(each)).resolved([value, {"Ref": name}, {"Fn::GetAtt": [name, "Arn"]}])


WAYS: Final = ("plain", "join", "sub", "map", "select", "if", "variable", "nested")


def written(text: str, random: Random, mappings: dict[str, Any], levels: int = 3) -> Any:
    """Return `text` written with intrinsic functions, and add what they need to `mappings`."""
    way = random.choice(WAYS)
    if way == "plain" or not text or not levels:
        return text
    place = random.randrange(len(text))
    first, rest = (written(each, random, mappings, levels - 1) for each in (text[:place], text[place:]))
    key = f"K{len(mappings)}"
    mappings[key] = {"a": {"b": text}}
    return {
        "join": {"Fn::Join": ["", [first, rest]]},
        "sub": {"Fn::Sub": ["${One}${Two}", {"One": first, "Two": rest}]},
        "map": {"Fn::FindInMap": [key, "a", {"Fn::Join": ["", ["b", ""]]}]},
        "select": {"Fn::Select": [1, ["x", written(text, random, mappings, levels - 1)]]},
        "if": {"Fn::If": random.choice([["Yes", text, first], ["No", rest, text]])},
        "variable": {"Fn::Sub": re.sub(r"\$\{(?=[^{}]*\})", "${!", text)},
        "nested": {"Fn::Select": ["0", {"Fn::Split": ["\x00", {"Fn::Join": ["\x00", [text, rest]]}]}]},
    }[way]


@pytest.mark.parametrize("seed", range(200))
def test_a_literal_by_another_route_is_the_literal(seed: int) -> None:
    random = Random(seed)
    mappings: dict[str, Any] = {}
    document = {"Statement": [{"Sid": "".join(random.choices("a:/${}é,*", k=8)), "Principal": {"AWS": "222222222222"}}]}
    value = _each_text(document, lambda text: written(text, random, mappings))
    template = {"Mappings": mappings, "Conditions": TEMPLATE["Conditions"]}
    assert Evaluation().of(Scope(template, "Mail", HERE)).resolved(value) == document


def _each_text(value: Any, make: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _each_text(item, make) for key, item in value.items()}
    return [_each_text(item, make) for item in value] if isinstance(value, list) else make(value)
