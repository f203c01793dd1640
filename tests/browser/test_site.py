"""The documentation's site in a browser, opened as a folder of files."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.support.browser import Browser, Tab
from tests.support.website import built

pytestmark = pytest.mark.xdist_group("site")

PHONE, DESKTOP = 375, 1280
PAGES = (
    "index.html",
    "docs/start.html",
    "docs/howto/authorize-a-partner.html",
    "docs/reference/construct.html",
    "docs/comparison.html",
    "docs/lifecycle.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site, built now."""
    return built(tmp_path_factory.mktemp("site"))


@pytest.fixture
def start(browser: Browser, site: Path) -> Iterator[Tab]:
    """Give the site's first page at the width of a desktop."""
    with browser.tab((site / "index.html").as_uri(), DESKTOP) as tab:
        yield tab


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_sticks_out_and_nothing_is_loaded_from_elsewhere(
    browser: Browser, site: Path, page: str, width: int
) -> None:
    with browser.tab((site / page).as_uri(), width) as tab:
        assert tab.ask("document.documentElement.scrollWidth <= innerWidth")
        assert [each for each in tab.requests if not each.startswith((site.as_uri(), "data:"))] == []
        assert tab.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_light_or_dark_as_the_reader_likes_it(browser: Browser, site: Path, scheme: str) -> None:
    with browser.tab((site / "docs/architecture.html").as_uri(), DESKTOP, scheme=scheme) as tab:
        red = tab.ask("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
        assert (red > 127) == (scheme == "light")
        # And so does the picture, which takes its colour scheme from the page.
        assert tab.ask("getComputedStyle(document.querySelector('article img')).colorScheme") == scheme


def test_it_is_searched_without_a_server(start: Tab) -> None:
    start.ask("document.querySelector('.md-search__button').click()")
    found = (
        "[...document.querySelectorAll('*')].filter(each => each.shadowRoot)"
        ".flatMap(each => [...each.shadowRoot.querySelectorAll('a')].map(link => link.href))"
    )
    typed, until = False, monotonic() + 30
    while not start.ask(found) and monotonic() < until:
        if not typed and start.ask("document.activeElement.shadowRoot !== null"):
            start.call("Input.insertText", text="rollback failed")
            typed = True
        sleep(0.1)
    assert any(
        link.endswith("lifecycle.html?h=rollback+failed#when-the-rollback-fails-as-well") for link in start.ask(found)
    )
