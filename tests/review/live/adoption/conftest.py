"""An emulated AWS with the staged function in it, started already."""

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
    """Give the emulated AWS as it was at first; its function is started already."""
    _world.reset()
    return _world
