"""Fixtures: the staged asset in a process of its own, with a fake AWS."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws, fake_aws
from tests.support.fault_table import seen


@pytest.fixture(scope="session")
def _world(asset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeAws]:
    with fake_aws(asset, tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def aws(_world: FakeAws, request: pytest.FixtureRequest) -> Iterator[FakeAws]:
    """Yield a fake AWS that is reset before each test; the function in it stays warm."""
    _world.reset()
    yield _world
    request.node.user_properties.append(("seen", seen(_world)))


@pytest.fixture
def invoker(aws: FakeAws) -> AsyncInvoker:
    """Return an invoker of a warm function on a hurried clock, on which waiting takes no time."""
    return AsyncInvoker(aws, aws.hurried)
