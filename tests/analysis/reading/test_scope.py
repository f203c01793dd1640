"""The sections of a template, whatever stands in their places."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.scope import Scope


@pytest.mark.parametrize(
    ("elements", "found"),
    [
        ({"Resources": {"A": {"Type": "T"}, "B": {}}, "Outputs": {"C": {}}}, [("A", {"Type": "T"}), ("B", {})]),
        ({"Resources": {"A": [], "B": "text", "C": None, "D": {}}}, [("D", {})]),
        ({"Resources": []}, []),
        ({}, []),
        (None, []),
    ],
)
def test_the_objects_of_a_section(elements: Any, found: list[Any]) -> None:
    assert list(Scope(elements).section("Resources")) == found
