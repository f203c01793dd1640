"""A place where everything is as it was in the beginning."""

import pytest

from tests.support.inside import Inside


@pytest.fixture
def aws() -> Inside:
    """Give SES, a stack and a clock, and the lifecycle between them."""
    return Inside()
