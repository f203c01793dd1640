"""Tests of the same group run in one worker, and set up what they share only once."""

import pytest

pytestmark = pytest.mark.xdist_group("together")


def test_a_group_is_kept_together(request: pytest.FixtureRequest) -> None:
    """pytest-xdist reads the end of a test's id, and a release of pytest may put the id elsewhere."""
    is_grouped = request.config.getoption("loadgroup", default=False)
    assert request.node.nodeid.endswith("@together") is is_grouped
