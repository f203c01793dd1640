"""The site has every page, and each page is the same as its Markdown in the repository.

The site is built in its own environment: if that is not set up, the tests that need it are skipped with a message.
"""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from docs.website import NAVIGATION, faults, navigation, pages
from tests.conftest import ROOT
from tests.support.website import built

pytestmark = pytest.mark.xdist_group("site")

PAGES = pages()
_READER = MarkdownIt("commonmark").enable("table")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site, built now."""
    return built(tmp_path_factory.mktemp("site"))


def test_every_page_is_in_the_navigation_once() -> None:
    listed = Counter(page for _, each in navigation(PAGES) for page in each)
    in_no_section = "put it into a section of NAVIGATION in docs/website.py, or into the folder of one"
    assert [page for page in PAGES if page not in listed] == [], in_no_section
    assert [page for page, times in listed.items() if times > 1] == []


def test_every_page_that_the_navigation_names_is_there() -> None:
    assert [page for section in NAVIGATION for page in section.first if page not in PAGES] == []


def test_a_page_that_nobody_placed_comes_behind_those_of_its_folder() -> None:
    found = dict(navigation([*PAGES, "docs/howto/a-new-one.md"]))["How to"]
    assert found.index("docs/howto/a-new-one.md") >= len(next(s for s in NAVIGATION if s.title == "How to").first)


def test_what_is_broken_in_a_site_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<h1 id="here">x</h1><a href="#here">a</a><a href="#there">b</a><a href="gone.html">c</a>'
        '<a href="https://example.com/">d</a><a href="folder/">e</a><img src="gone.png"><script src="https://a.example/b">',
        encoding="utf-8",
    )
    (tmp_path / "folder").mkdir()
    assert faults(tmp_path) == [
        "index.html loads https://a.example/b from elsewhere",
        "index.html links to #there, which is not there",
        "index.html links to gone.html, which is not there",
        "index.html links to folder/, which is not there",
        "index.html links to gone.png, which is not there",
    ]


_BLOCKS = ("h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "tr", "pre", "blockquote", "img")


class _Outline(HTMLParser):
    """The blocks of a page in order; of its article alone if it has one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        article = re.search(r"<article.*?</article>", text, re.DOTALL)
        self.blocks: list[str] = []
        self.feed(article[0] if article else text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a block."""
        del attrs
        if tag in _BLOCKS:
            self.blocks.append(tag)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_site_has_the_blocks_that_its_markdown_has(site: Path, page: str) -> None:
    """A list that needs another indentation there, or a fence that is not recognised, would become a paragraph."""
    name = "index.html" if page == "README.md" else page.removesuffix("README.md") + "index.html"
    built = site / (name if page.endswith("README.md") else page.removesuffix(".md") + ".html")
    there = _Outline(built.read_text(encoding="utf-8")).blocks
    assert _Outline(_READER.render((ROOT / page).read_text(encoding="utf-8"))).blocks == there, (
        "in a list, write code as a fence that is four spaces in"
    )
