"""The documentation is true: drawings match the code, and links lead somewhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from docs.website import pages
from provider.failures import Reason
from tests.conftest import ROOT

PAGES = [ROOT / page for page in pages()]


@cache
def tokens(page: Path) -> list[Token]:
    """Return the tokens of a page, as a Markdown parser reads it."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def links(page: Path) -> Iterator[str]:
    """Yield where a page's links and pictures lead within this checkout."""
    for token in tokens(page):
        for each in token.children or []:
            address = str(each.attrs.get("href") or each.attrs.get("src") or "")
            if address and not re.match(r"[a-z]+:", address):
                yield address


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found: list[str] = []
    for before, token in zip(tokens(page), tokens(page)[1:], strict=False):
        if before.type == "heading_open":
            text = "".join(each.content for each in token.children or [])
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            times = sum(re.fullmatch(rf"{slug}(-\d+)?", each) is not None for each in found)
            found.append(f"{slug}-{times}" if times else slug)
    return set(found)


def test_the_lifecycle_is_drawn_from_the_code() -> None:
    page = ROOT / "docs" / "lifecycle.md"
    before = page.read_text(encoding="utf-8")
    draw = "import runpy, sys; print(runpy.run_path('docs/lifecycle.py')['drawn'](sys.stdin.read()), end='')"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", draw],
        input=before,
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
        timeout=60,
    )
    assert before == done.stdout, "run: make drawings"


def test_every_reason_has_a_heading() -> None:
    page = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert set(headings) == {reason.value for reason in Reason}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_no_link_is_passed_by() -> None:
    """The patterns above match what is on the pages."""
    found = {link for page in PAGES for link in links(page)}
    assert {
        "docs/start.md",
        "images/architecture.svg",
        "docs/images/review-desktop.png",
        "../lifecycle.md#policyexists",
        "#narrowing",
    } <= found


def test_each_change_names_files_that_are_there() -> None:
    """A contributor finds where a change goes, in five files at most."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = page.partition("### Where to change what\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!change|---)(.+?) \| (.+) \|$", table, re.MULTILINE)
    assert len(rows) == 6
    for change, cells in rows:
        files = re.findall(r"`([\w/]+\.py)`", cells)
        assert 1 <= len(files) <= 5, change
        assert [name for name in files if not (ROOT / name).is_file()] == [], change
