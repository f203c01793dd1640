"""A browser for all of these tests, where this machine has one."""

from collections.abc import Iterator

import pytest

from tests.support.browser import Browser, installed


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser; without one, say how to get it."""
    program = installed()
    if program is None:
        pytest.skip("no browser on this machine: run `make browser`")
    with Browser(program, tmp_path_factory.mktemp("profile")) as started:
        yield started
