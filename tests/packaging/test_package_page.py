"""The page that PyPI shows. A relative link is broken there, so each is absolute, to a file at the release's tag."""

import email
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from readme_renderer import markdown

from release.metadata import PLACEHOLDERS, absolute, faults, placeholders
from tests.conftest import ROOT
from tests.docs.test_pages import anchors, links
from tests.packaging.conftest import build

pytestmark = pytest.mark.xdist_group("packaging")

# Nobody can have this address: GitHub allows no name that begins with a hyphen.
SAID = {
    "repository": "https://github.com/-owner/name",
    "project": "ses-sending-policy",
    "maintainer": "Somebody",
}


FORM = "https://github.com/OWNER/NAME"


class Rendered(HTMLParser):
    """The links, pictures and anchors of a page as PyPI shows it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.led: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag's links and its anchor."""
        del tag
        given = {name: value for name, value in attrs if value}
        self.led += [given[name] for name in ("href", "src") if name in given]
        self.anchors |= {given["id"]} if "id" in given else set()


def filled(folder: Path, said: dict[str, str]) -> None:
    """Fill in the placeholders of a checkout, as its publisher does."""
    path = folder / PLACEHOLDERS
    text = path.read_text(encoding="utf-8")
    for name, value in said.items():
        text, times = re.subn(rf'^{name} = ".*"$', f"{name} = {json.dumps(value)}", text, flags=re.MULTILINE)
        assert times == 1
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def published(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> email.message.Message:
    """Give the wheel's metadata, built with the placeholders filled in."""
    (unpacked / "PKG-INFO").unlink()
    filled(unpacked, SAID)
    wheel, _ = build(unpacked, tmp_path_factory.mktemp("published"))
    archive = zipfile.ZipFile(wheel)
    [name] = [name for name in archive.namelist() if name.endswith("/METADATA")]
    return email.message_from_bytes(archive.read(name))


def lost(addresses: list[str], base: str) -> Iterator[str]:
    """Yield each address of the repository that leads to nothing in this checkout, and each that is incomplete."""
    for address in addresses:
        parts = urlsplit(address)
        if not parts.scheme:
            yield address
            continue
        led = re.fullmatch(rf"{re.escape(base)}/(?:blob|raw)/v[\d.]+/(.+)", parts._replace(fragment="").geturl())
        if led is None:
            continue
        there = ROOT / unquote(led[1])
        if not there.exists() or (parts.fragment and parts.fragment not in anchors(there)):
            yield address


def test_each_link_of_the_page_leads_to_what_the_release_has(published: email.message.Message) -> None:
    page = Rendered(markdown.render(str(published.get_payload())) or "")
    base = SAID["repository"]
    here = [address for address in page.led if not address.startswith("#")]
    assert list(lost(here, base)) == []
    assert {address.removeprefix("#") for address in page.led if address.startswith("#")} <= page.anchors
    # No link of the README was missed.
    relative = [link for link in links(ROOT / "README.md") if not link.startswith("#")]
    assert len([address for address in here if address.startswith(f"{base}/")]) == len(relative) > 30
    [picture] = [address for address in here if address.endswith(".png")]
    assert picture.startswith(f"{base}/raw/v{published['Version']}/docs/images/")


def test_it_says_who_and_where(published: email.message.Message) -> None:
    assert published["Maintainer"] == SAID["maintainer"]
    urls = dict(url.split(", ", 1) for url in published.get_all("Project-URL") or [])
    assert urls["Source"] == SAID["repository"]
    assert list(lost(list(urls.values()), SAID["repository"])) == []
    assert {name for name, url in urls.items() if not url.startswith(SAID["repository"])} == set()


@pytest.mark.parametrize("address", ["docs/gone.md", "https://github.com/o/n/blob/v1/docs/gone.md"])
def test_a_dead_link_is_seen(address: str) -> None:
    assert list(lost([address, "https://example.com/"], "https://github.com/o/n")) == [address]


def test_a_lost_anchor_is_seen() -> None:
    here, gone = (f"https://github.com/o/n/blob/v1/docs/lifecycle.md#{name}" for name in ("policyexists", "gone"))
    assert list(lost([here, gone], "https://github.com/o/n")) == [gone]


def test_what_is_no_link_of_ours_stays() -> None:
    text = "[a](https://a.example/b) [c](#d) [e](mailto:f) `g(h)` [![i](j.png)](k.md#l) ![m n](o.svg)"
    assert absolute(text, "R", "1.2") == (
        "[a](https://a.example/b) [c](#d) [e](mailto:f) `g(h)` "
        "[![i](R/raw/v1.2/j.png)](R/blob/v1.2/k.md#l) ![m n](R/raw/v1.2/o.svg)"
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SAID, []),
        (
            SAID | {"repository": "", "maintainer": ""},
            [f"{PLACEHOLDERS} does not say repository, maintainer: fill in what only you know"],
        ),
        (
            SAID | {"repository": "https://github.com/owner/name.git"},
            [f"{PLACEHOLDERS} has the repository 'https://github.com/owner/name.git': write it as {FORM}"],
        ),
        (
            SAID | {"repository": "https://github.com/owner/name/"},
            [f"{PLACEHOLDERS} has the repository 'https://github.com/owner/name/': write it as {FORM}"],
        ),
        (
            SAID | {"project": "other"},
            [f"{PLACEHOLDERS} has the project 'other' and pyproject.toml the name 'ses-sending-policy': make them one"],
        ),
    ],
    ids=["filled in", "unset", "what is cloned", "no address of a repository", "another project"],
)
def test_what_keeps_it_from_being_published(said: dict[str, str], told: list[str]) -> None:
    assert faults(said, "ses-sending-policy") == told


def test_the_placeholders_are_these() -> None:
    assert placeholders(ROOT).keys() == SAID.keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("repository = ", "is no TOML: "),
        ("project = 1", "has 1 as project: write it in quotes"),
        ('owner = "me"', "has 'owner': use repository, project, maintainer"),
    ],
)
def test_what_the_file_cannot_say_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / PLACEHOLDERS).parent.mkdir()
    (tmp_path / PLACEHOLDERS).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^{PLACEHOLDERS} {told}"):
        placeholders(tmp_path)


def test_what_is_left_out_or_blank_is_unset(tmp_path: Path) -> None:
    (tmp_path / PLACEHOLDERS).parent.mkdir()
    (tmp_path / PLACEHOLDERS).write_text('maintainer = " "', encoding="utf-8")
    assert placeholders(tmp_path) == dict.fromkeys(SAID, "")


def test_a_build_for_tests_needs_none_of_them(unpacked: Path, tmp_path: Path) -> None:
    """Whether or not they are filled in now: a contributor must be able to build."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "dist")]
    subprocess.run(command, check=True, capture_output=True, cwd=unpacked, timeout=120)
