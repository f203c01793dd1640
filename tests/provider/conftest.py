"""A fake AWS for each test, in this process."""

import pytest

from tests.support.inside import Inside


@pytest.fixture
def aws() -> Inside:
    """Return SES, a stack and a clock, and the lifecycle between them, new for each test."""
    return Inside()
