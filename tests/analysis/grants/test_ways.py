"""A policy with several forms, one for each answer to open questions: what all forms say depends on no answer."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

import pytest

from ses_sending_policy.analysis.grants.permission import permissions_of
from ses_sending_policy.analysis.reading.declared import Declared
from tests.analysis.findings.declare import policy, resource, statement, template

[PLAIN] = policy()


def way(answers: str) -> Declared:
    """Return the policy's form for some answers, for instance `A b`: a small letter stands for no."""
    told = tuple((each.upper(), each.isupper(), f"Is{each.upper()}") for each in answers.split())
    return replace(PLAIN, answers=told, condition=f"said of {answers}")


def ways_of(names: str) -> list[str]:
    """Return all combinations of answers to these questions."""
    return [" ".join(each) for each in product(*((name, name.lower()) for name in names))]


def conditions(ways: Iterable[str]) -> list[str]:
    """Return the conditions under which the policy says what it says in each of `ways`."""
    return [each.policy.condition for each in permissions_of(map(way, ways))]


ONE_OF_SIX = [f"{name} z" for name in "ABCDEF"]
WAYS: dict[str, tuple[list[str], list[str]]] = {
    "one way, in its own words": (["A b"], ["said of A b"]),
    "whatever the answer is": (["A", "a"], [""]),
    "whatever the second answer is": (["A B", "A b"], ["IsA"]),
    "whatever the first answer is": (["A b", "a b"], ["not IsB"]),
    "whatever the third answer is": (["A B C", "A B c"], ["IsA and IsB"]),
    "one of two": (["A B", "A b", "a B"], ["IsA", "IsB"]),
    "not both": (["a b", "A b", "a B"], ["not IsA", "not IsB"]),
    "both the same": (["A B", "a b"], ["said of a b", "said of A B"]),
    "one, or one with more": (["A", "A B"], ["said of A"]),
    "one with more, or one": (["A B", "A"], ["IsA"]),
    "one, and two of two": (["A", "a B C", "a b C"], ["not IsA and IsC", "said of A"]),
    "all of eight": (ways_of("ABC"), [""]),
    "all of eight but one": (ways_of("ABC")[:-1], ["IsA", "IsB", "IsC"]),
    "six, in an order of their own": (ONE_OF_SIX[::-1], [f"said of {each}" for each in ONE_OF_SIX]),
}


@pytest.mark.parametrize("name", WAYS)
def test_when_it_says_so(name: str) -> None:
    ways, expected = WAYS[name]
    assert conditions(ways) == expected


def test_only_the_ways_of_one_resource_are_put_together() -> None:
    other = replace(way("a"), logical_id="Other")
    assert [each.policy.condition for each in permissions_of([way("A"), other])] == ["said of A", "said of a"]


def test_what_depends_on_nothing_is_the_same_in_each_stack_of_the_place() -> None:
    always = permissions_of([way("A"), way("a")])
    assert list(always) == list(permissions_of([replace(PLAIN, stack="Other")]))


def test_a_template_with_two_branches() -> None:
    both, jane = statement(), statement(Principal={"AWS": "arn:aws:iam::222222222222:user/Jane"})
    found = template(P=resource({"Fn::If": ["A", both, jane]}, {"Fn::If": ["B", both, jane]}))
    assert sorted((each.principal.name[-6:], each.policy.condition) for each in permissions_of(found)) == [
        ("r/Jane", "not A"),
        ("r/Jane", "not B"),
        ("sender", "A"),
        ("sender", "B"),
    ]
