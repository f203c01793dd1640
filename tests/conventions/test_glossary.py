"""Each word has one meaning: docs/glossary.md is true, and no two classes or type aliases have the same name."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import ses_sending_policy
from tests.conftest import ROOT

PAGE: Final = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
FOLDERS: Final = ("provider", "ses_sending_policy", "emulator", "probe", "stacks")
SOURCES: Final = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
WORKSHOP: Final = [path for folder in ("benchmarks", "release") for path in sorted((ROOT / folder).rglob("*.py"))]
# Except the page that says why they are gone.
PAGES: Final = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")} - {*ROOT.glob("docs/decisions/0038-*.md")})

# Classes and type aliases that share a name, and why; five at most.
SHARED: Final[dict[str, str]] = {}


def rows(heading: str) -> Iterator[list[str]]:
    """Yield the cells of each row in the table under a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def headings() -> list[str]:
    return re.findall(r"^## (.+)$", PAGE, re.MULTILINE)


def words(heading: str) -> list[str]:
    """Return the words in a table, without their links."""
    _, *found = (re.sub(r"\[(.+?)\]\(.+?\)", r"\1", cells[0]) for cells in rows(heading))
    return found


GONE: Final = words("Words that are gone")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def classes() -> dict[str, list[str]]:
    """Return the files of each class and type alias in the product, the emulator and the probe, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in SOURCES:
        for node in parsed(path).body:
            match node:
                case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]) if not name.isupper():
                    found[name].append(path.relative_to(ROOT).as_posix())
    return found


def identifiers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for name in ("id", "name", "attr", "arg", "module", "asname"):
            value = getattr(node, name, None)
            if isinstance(value, str):
                yield value


def parts(name: str) -> set[str]:
    """Return the words of an identifier or a path."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def is_gone(found: set[str]) -> set[str]:
    return {word for word in GONE if not found.isdisjoint({word, f"{word}s"})}


def test_a_class_has_its_name_for_itself() -> None:
    twice = {name: places for name, places in classes().items() if len(places) > 1 and not name.startswith("_")}
    assert twice.keys() == SHARED.keys()
    assert len(SHARED) <= 5


def test_each_word_is_explained_once() -> None:
    found = [word for heading in headings() for word in words(heading)]
    assert len(found) > 60
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize("heading", headings()[:-2])
def test_the_classes_of_the_glossary_are_there(heading: str) -> None:
    _, *cells = rows(heading)
    named = {name for *_, last in cells for name in re.findall(r"`(\w+)`", last)}
    assert named - classes().keys() == set()


def test_all_that_the_package_exports_is_explained() -> None:
    exported = {f"`{name}`" for name in ses_sending_policy.__all__ if not name.startswith("_")}
    assert {*words("What the package exports")} == exported


@pytest.mark.parametrize("path", [*SOURCES, *WORKSHOP], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_word_that_is_gone_names_nothing(path: Path) -> None:
    tree = parsed(path)
    assert is_gone(parts(path.relative_to(ROOT).as_posix())) == set()
    assert {name for name in identifiers(tree) if is_gone(parts(name))} == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_word_that_is_gone_is_on_no_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8").partition("\n## Words that are gone\n")[0]
    assert is_gone(parts(text)) == set()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Journal", {"journal"}),
        ("_to_journal", {"journal"}),
        ("JSONKeepers", {"keeper"}),
        ("bookkeepers", set()),
        ("emulator/warden.py", {"warden"}),
        ("news_desk", {"desk"}),
        ("desktop", set()),
    ],
)
def test_a_word_is_found_within_a_name(name: str, found: set[str]) -> None:
    assert is_gone(parts(name)) == found
