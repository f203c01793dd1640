"""One browser for all of these tests, if this machine has one."""

from collections.abc import Iterator

import pytest

from tests.support.browser import Browser, installed


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser; if there is none, say how to install it."""
    program = installed()
    if program is None:
        pytest.skip("no browser on this machine: run `make browser`")
    with Browser(program, tmp_path_factory.mktemp("profile")) as started:
        yield started
