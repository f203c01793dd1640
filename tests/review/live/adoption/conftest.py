"""A world with the staged asset in it, warm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fake_aws import FakeAws, fake_aws


@pytest.fixture(scope="session")
def _world(asset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeAws]:
    with fake_aws(asset, tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def aws(_world: FakeAws) -> FakeAws:
    """Give the world as it was in the beginning; the function in it is warm."""
    _world.reset()
    return _world
