# ruff: noqa: INP001 - a script beside the pages that its pictures are on
"""Take the pictures of the review page, of the change that its tests are about, in the browser of this machine.

`python docs/pictures.py` writes them into docs/images.
"""

import sys
import tempfile
from pathlib import Path
from typing import Final

from ses_sending_policy.review.page import page
from tests.support.browser import Browser, installed
from tests.support.reviewed import DIFFERENCE, EXPLAINED, FINDINGS

IMAGES = Path(__file__).parent / "images"
_TITLE: Final = "Let the shop's agency send offers"
# The name of each, the width and height of the window, and the scheme of colours.
_VIEWS: Final = (("desk", 1280, 960, "light"), ("phone", 375, 812, "dark"))


def take(program: str) -> None:
    """Write the pictures, as a browser shows the page."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Browser(program, Path(folder)) as browser:
        file = Path(folder) / "review.html"
        file.write_text(page(EXPLAINED, FINDINGS, DIFFERENCE, title=_TITLE), encoding="utf-8")
        for name, width, height, scheme in _VIEWS:
            with browser.tab(file.as_uri(), width, scheme=scheme) as tab:
                (IMAGES / f"review-{name}.png").write_bytes(tab.picture(height))


if __name__ == "__main__":
    found = installed()
    if found is None:
        sys.exit("no browser on this machine: run `make browser`")
    take(found)
