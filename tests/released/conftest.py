"""An emulated AWS, and the function as it is now and as each release left it in accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.account_region import AccountRegion
from tests.released.app import ELSEWHERE, IDENTITY
from tests.released.release import releases
from tests.support.events import ACCOUNT, REGION
from tests.support.fake_aws import FakeAws, fake_aws


@pytest.fixture(scope="session")
def assets(asset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the folders of the function's code, by the release's version; `now` is that of the checkout."""
    old = {each.version: each.asset(tmp_path_factory.mktemp("asset")) for each in releases()}
    return old | {"now": asset}


@pytest.fixture(scope="session")
def _world(asset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeAws]:
    with fake_aws(asset, tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def aws(_world: FakeAws) -> FakeAws:
    """Give the emulated AWS as it was at first."""
    _world.reset()
    for region in (REGION, ELSEWHERE):
        _world.ses.add_identity(IDENTITY, AccountRegion(ACCOUNT, region))
    return _world
