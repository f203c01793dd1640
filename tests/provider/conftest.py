"""The staged asset in a process of its own, in a world of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.courier import Courier
from tests.support.fault_table import seen
from tests.support.world import World, world


@pytest.fixture(scope="session")
def _world(asset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(asset, tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def aws(_world: World, request: pytest.FixtureRequest) -> Iterator[World]:
    """Give the world as it was in the beginning; the function in it is warm."""
    _world.reset()
    yield _world
    request.node.user_properties.append(("seen", seen(_world)))


@pytest.fixture
def courier(aws: World) -> Courier:
    """Give what brings events to a warm function on which waiting takes no time."""
    return Courier(aws, aws.hurried)
