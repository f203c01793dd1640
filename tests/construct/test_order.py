"""Lanes: whatever a stack's resources wait for, the policies never wait for each other in a circle."""

from collections import Counter
from graphlib import TopologicalSorter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.construct.order import predecessors, references


@st.composite
def stacks(draw: st.DrawFn) -> tuple[list[str], dict[str, set[str]]]:
    """Draw the policies of a stack, and for each resource which earlier ones it waits for."""
    names = draw(st.permutations([f"R{number}" for number in range(draw(st.integers(1, 40)))]))
    needs = {
        name: draw(st.sets(st.sampled_from(names[:place]), max_size=3)) for place, name in enumerate(names) if place
    }
    return draw(st.lists(st.sampled_from(names), min_size=1, unique=True)), {names[0]: set(), **needs}


def roots(policies: list[str], waits: dict[str, str]) -> int:
    return len([policy for policy in policies if policy not in waits])


@given(stacks(), st.integers(1, 12))
def test_no_order_of_a_stack_becomes_a_circle(drawn: tuple[list[str], dict[str, set[str]]], most: int) -> None:
    policies, needs = drawn
    waits = predecessors(policies, needs, most)
    together = {name: needs[name] | ({waits[name]} if name in waits else set()) for name in needs}
    assert list(TopologicalSorter(together).static_order())


@given(stacks(), st.integers(1, 12))
def test_no_more_are_worked_on_than_there_are_lanes(drawn: tuple[list[str], dict[str, set[str]]], most: int) -> None:
    """Each lane has one policy that waits for none, and every other policy of it waits for one."""
    policies, needs = drawn
    waits = predecessors(policies, needs, most)
    if len(policies) <= most:
        assert waits == {}
        return
    assert roots(policies, waits) <= most
    assert set(Counter(waits.values()).values()) <= {1}
    assert waits.keys() | set(waits.values()) <= set(policies)


@given(st.sets(st.text("ABC", min_size=1, max_size=9), min_size=13, max_size=60), st.data())
def test_one_that_comes_or_goes_changes_one_other_at_the_most(policies: set[str], data: st.DataObject) -> None:
    needs: dict[str, set[str]] = {name: set() for name in policies}
    gone = data.draw(st.sampled_from(sorted(policies)))
    before, after = predecessors(policies, needs, 11), predecessors(policies - {gone}, needs, 11)
    others = policies - {gone}
    assert len([name for name in others if before.get(name) != after.get(name)]) <= 1


def test_what_waits_long_lets_the_others_pass() -> None:
    needs = {"Cdn": {"Bucket"}, "Bucket": set(), "A": {"Cdn"}, "B": set(), "C": {"Bucket"}}
    assert predecessors(["A", "B", "C"], needs, 1) == {"C": "B", "A": "C"}


def test_a_circle_of_the_stack_s_own_is_left_to_cloudformation() -> None:
    assert predecessors(["A", "B"], {"A": {"X"}, "X": {"A"}, "B": set()}, 1) == {}


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"Ref": "A"}, ["A"]),
        ({"Fn::GetAtt": ["A", "Arn"]}, ["A"]),
        ({"Fn::GetAtt": "A.Outputs.Name"}, ["A"]),
        ({"Fn::Sub": "${A}/${B.Arn}/${!C}/$D"}, ["A", "B"]),
        ({"Fn::Sub": ["${A}-${V}", {"V": {"Ref": "B"}}]}, ["A", "V", "B"]),
        ({"Fn::If": ["Condition", [{"Ref": "A"}], "Ref"]}, ["A"]),
        ([{"x": {"Fn::Join": ["", ["A", {"Ref": "B"}]]}}, 1, None, True], ["B"]),
        ("${A}", []),
    ],
)
def test_what_a_value_refers_to(value: Any, names: list[str]) -> None:
    assert list(references(value)) == names
