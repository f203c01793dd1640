"""Make a site of the documentation, without the network: `make docs` writes it to dist/site.

The site is this checkout's own Markdown, laid out as it lies here: a link leads to the same page on a host of
repositories and in the site. What is linked and is no page, as a schema, comes along as a file.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote, urlsplit

ROOT: Final = Path(__file__).resolve().parents[1]
_THEME: Final = ROOT / "docs" / "theme"


@dataclass(frozen=True)
class Section:
    """A part of the navigation.

    :param title: what stands above it; empty for pages that stand alone.
    :param first: its first pages, in the order of reading.
    :param folder: the folder whose other pages follow, by their names. Default: - none follow.
    """

    title: str
    first: Sequence[str]
    folder: str | None = None


NAVIGATION: Final = (
    Section("", ["README.md", "docs/start.md"]),
    Section(
        "How to",
        [
            "docs/howto/before-and-after.md",
            "docs/howto/authorize-a-partner.md",
            "docs/howto/authorize-cognito.md",
            "docs/howto/authorize-an-organization.md",
            "docs/howto/send-from-another-account.md",
            "docs/howto/review-a-pull-request.md",
            "docs/howto/plan-a-deploy.md",
            "docs/howto/adopt-a-policy.md",
            "docs/howto/many-policies.md",
            "docs/howto/find-drift.md",
            "docs/howto/watch-for-drift.md",
            "docs/howto/rename-a-construct.md",
            "docs/howto/move-a-policy.md",
            "docs/howto/hand-over-a-policy.md",
            "docs/howto/allow-or-grant.md",
            "docs/howto/choose-a-provider.md",
            "docs/howto/global-endpoints.md",
        ],
        "docs/howto",
    ),
    Section(
        "Reference",
        [
            "docs/reference/construct.md",
            "docs/reference/command-line.md",
            "docs/reference/findings.md",
            "docs/reference/intrinsic-functions.md",
            "docs/reference/review-page.md",
            "docs/reference/log.md",
            "docs/reference/limits.md",
            "docs/reference/wire.md",
            "docs/reference/scanners.md",
            "docs/reference/cdk-commands.md",
            "docs/reference/cdk-settings.md",
        ],
        "docs/reference",
    ),
    Section(
        "Explanation",
        [
            "docs/architecture.md",
            "docs/lifecycle.md",
            "docs/ownership.md",
            "docs/pace.md",
            "docs/why-not-aws-custom-resource.md",
            "docs/security.md",
            "docs/comparison.md",
            "docs/glossary.md",
        ],
        "docs",
    ),
    Section("Decisions", ["docs/decisions/README.md"], "docs/decisions"),
    Section(
        "The project",
        ["docs/compatibility.md", "CONTRIBUTING.md", "docs/local-aws.md", "docs/release.md", "CHANGELOG.md"],
        ".",
    ),
)
"""Every page has a place here: where it is named, or behind the pages of its folder."""


def pages(root: Path = ROOT) -> list[str]:
    """Return the paths of all pages, those of the root first."""
    return [
        path.relative_to(root).as_posix() for path in (*sorted(root.glob("*.md")), *sorted(root.glob("docs/**/*.md")))
    ]


def navigation(found: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the title and the pages of each section."""
    named = {page for section in NAVIGATION for page in section.first}
    return [
        (
            section.title,
            [*section.first, *(page for page in found if page not in named and _is_in(page, section.folder))],
        )
        for section in NAVIGATION
    ]


def _is_in(page: str, folder: str | None) -> bool:
    return folder is not None and PurePosixPath(page).parent == PurePosixPath(folder)


def _configuration(found: Sequence[str]) -> str:
    """Return the theme's configuration with the navigation in it: strings and lists are in TOML as in JSON."""
    parts = []
    for title, each in navigation(found):
        parts += [f"{{ {json.dumps(title)} = {json.dumps(each)} }}"] if title else [json.dumps(page) for page in each]
    text = (_THEME / "zensical.toml").read_text(encoding="utf-8")
    return text.replace("nav = []", f"nav = [{', '.join(parts)}]", 1)


# A picture or a link with a path of its own, and no address.
_LINK: Final = re.compile(r"\]\((?![a-z]+:)([^)#\s]+)")


def _files(found: Sequence[str]) -> Iterator[str]:
    """Yield what the site is made of: the pages, and what they link to in this checkout."""
    yield from found
    for page in found:
        for link in _LINK.findall((ROOT / page).read_text(encoding="utf-8")):
            path = (ROOT / page).parent.joinpath(unquote(link)).resolve()
            if path.is_file():
                yield path.relative_to(ROOT).as_posix()


def _as_read_here(text: str) -> str:
    """Return a page without the two things that this generator reads otherwise than everybody else."""
    # What stands behind a fence's language names the block for tests. Here it would be no fence at all.
    text = re.sub(r"^( *```\w+) .*$", r"\1", text, flags=re.MULTILINE)
    # In a table, a bar within code ends no cell here, and a backslash before it would be seen.
    return re.sub(r"^\|.*$", lambda row: re.sub(r"`[^`]*`", _bars, row[0]), text, flags=re.MULTILINE)


def _bars(code: re.Match[str]) -> str:
    return code[0].replace("\\|", "|")


def _lay_out(folder: Path) -> list[str]:
    """Copy all that the site is made of to where it is built, and return its pages."""
    found = pages()
    for file in {*_files(found)}:
        copy = folder / "pages" / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, copy)
        if file in found:
            copy.write_text(_as_read_here(copy.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copytree(_THEME, folder / "pages" / "theme", ignore=shutil.ignore_patterns("*.toml"))
    (folder / "zensical.toml").write_text(_configuration(found), encoding="utf-8")
    return found


@dataclass
class _Seen(HTMLParser):
    """What a page of the site has of places and of links.

    :param ids: its anchors.
    :param links: where a click leads.
    :param loads: what a browser fetches to show it.
    """

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag has of them."""
        given = {name: value for name, value in attrs if value}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        self.loads += [given["src"]] if "src" in given else []
        if "href" in given:
            (self.links if tag == "a" else self.loads).append(given["href"])


def _seen(file: Path) -> _Seen:
    seen = _Seen()
    seen.feed(file.read_text(encoding="utf-8"))
    return seen


def faults(site: Path) -> list[str]:
    """Return each link within `site` that leads nowhere, and each file that it would load from elsewhere."""
    found = {file.resolve(): _seen(file) for file in sorted(site.rglob("*.html"))}
    told = []
    for file, seen in found.items():
        name = file.relative_to(site.resolve()).as_posix()
        told += [f"{name} loads {load} from elsewhere" for load in seen.loads if urlsplit(load).netloc]
        told += [
            f"{name} links to {link}, which is not there"
            for link in (*seen.links, *seen.loads)
            if not _is_there(link, file, found)
        ]
    return told


def _is_there(link: str, file: Path, found: Mapping[Path, _Seen]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or file.name == "404.html":
        return True  # an address of elsewhere; and the page of a wrong address is shown at any
    target = file.parent.joinpath(unquote(parts.path)).resolve() if parts.path else file
    if not target.is_file():
        return False
    return not parts.fragment or target not in found or unquote(parts.fragment) in found[target].ids


def _complaints(said: str) -> list[str]:
    """Return what the generator found, a line each, or all that it said where it is nothing known."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", said)
    found = re.findall(r"^Warning: (.+)\n\s*\S+\[ (\S+) \]", plain, re.MULTILINE)
    return [f"{place}: {what}" for what, place in found] or [plain]


def build(site: Path) -> int:
    """Write the site into a folder; return 1 where a page or a link is wrong, and say which."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        found = _lay_out(folder)
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict"],
            cwd=folder,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="backslashreplace",
        )
        told = faults(folder / "site") if done.returncode == 0 else _complaints(done.stdout)
        if told:
            sys.stderr.write("\n".join([*told, ""]))
            return 1
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(folder / "site", site)
    sys.stdout.write(f"{len(found)} pages, and no broken link: open {site}/index.html\n")
    return 0


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1])))
