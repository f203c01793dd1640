"""Take the pictures of docs/images in the browser of this machine: the review page, and the site as it is built.

`python docs/pictures.py` writes them into docs/images, the review page of the change that its tests are about.
"""

import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from tests.support.browser import Browser, installed
from tests.support.reviewed import DIFFERENCE, EXPLAINED, FINDINGS, page_of

ROOT: Final = Path(__file__).resolve().parents[1]
IMAGES: Final = ROOT / "docs" / "images"
_SITE: Final = ROOT / "dist" / "site"
_TITLE: Final = "Let the shop's agency send offers"


class _View(NamedTuple):
    """A picture.

    :param name: its own.
    :param page: a page of the site; empty for the review page.
    :param width: of the window.
    :param height: of the window, and of the picture.
    :param scheme: of the colours.
    """

    name: str
    page: str
    width: int
    height: int
    scheme: str


_VIEWS: Final = (
    _View("review-desktop", "", 1280, 960, "light"),
    _View("review-phone", "", 375, 812, "dark"),
    _View("site-start-desktop", "start", 1280, 960, "light"),
    _View("site-start-phone", "start", 375, 812, "dark"),
    _View("site-howto-phone", "howto/authorize-a-partner", 375, 812, "light"),
    _View("site-construct-desktop", "reference/construct", 1280, 960, "dark"),
    _View("site-comparison-desktop", "comparison", 1280, 960, "light"),
    _View("site-architecture-phone", "architecture", 375, 812, "light"),
)


def take(program: str) -> None:
    """Write the pictures, as a browser shows the pages."""
    IMAGES.mkdir(exist_ok=True)
    # What the browser leaves behind may still write a moment longer.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Browser(program, Path(folder)) as browser,
    ):
        file = Path(folder) / "review.html"
        file.write_text(page_of(EXPLAINED, FINDINGS, DIFFERENCE, title=_TITLE), encoding="utf-8")
        pages = {"": file} | {name: _SITE / "docs" / f"{name}.html" for name in {view.page for view in _VIEWS} - {""}}
        for view in _VIEWS:
            with browser.tab(pages[view.page].as_uri(), view.width, scheme=view.scheme) as tab:
                (IMAGES / f"{view.name}.png").write_bytes(tab.picture(view.height))


if __name__ == "__main__":
    found = installed()
    if found is None:
        sys.exit("no browser on this machine: run `make browser`")
    take(found)
