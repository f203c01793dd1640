"""A metadata hook of Hatchling: the maintainer, the URLs and a README with absolute links, for the package page.

Hatchling calls it at each build, by its path, and in an environment with Hatchling alone.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from hatchling.metadata.plugin.interface import MetadataHookInterface

PLACEHOLDERS: Final = "release/placeholders.toml"

_NAMES: Final = ("repository", "project", "maintainer")

_REPOSITORY: Final = re.compile(r"https://github\.com/[\w-]+/[\w.-]*[\w-](?<!\.git)")

# A picture or a link with a relative path, which is neither a URL nor an anchor on the same page.
_LINK: Final = re.compile(r"(?P<picture>!\[[^\]]*)?\]\((?![a-z]+:|#)(?P<path>[^)\s]+)")

_PAGES: Final = {
    "Source": "",
    "Documentation": "/blob/{tag}/README.md",
    "Changelog": "/blob/{tag}/CHANGELOG.md",
    "Compatibility": "/blob/{tag}/docs/compatibility.md",
    "Issues": "/issues",
    "Security": "/security/policy",
}


def placeholders(root: Path) -> dict[str, str]:
    """Return the values in the file of placeholders, by name; a value that is not filled in is empty.

    Raises ValueError, with a sentence, if the file has anything else.
    """
    try:
        said = tomllib.loads((root / PLACEHOLDERS).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(f"{PLACEHOLDERS} is no TOML: {fault}") from None
    for name, value in said.items():
        if name not in _NAMES:
            raise ValueError(f"{PLACEHOLDERS} has {name!r}: use {', '.join(_NAMES)}")
        if not isinstance(value, str):
            raise ValueError(f"{PLACEHOLDERS} has {value!r} as {name}: write it in quotes")  # noqa: TRY004 - one type of error for everything that is wrong in the file
    return {name: said.get(name, "").strip() for name in _NAMES}


def faults(said: dict[str, str], name: str) -> list[str]:
    """Return a sentence for each fault that keeps the package from being published under `name`."""
    unset = [key for key, value in said.items() if not value]
    found = [f"{PLACEHOLDERS} does not say {', '.join(unset)}: fill in what only you know"] if unset else []
    if said["repository"] and not _REPOSITORY.fullmatch(said["repository"]):
        found.append(
            f"{PLACEHOLDERS} has the repository {said['repository']!r}: write it as https://github.com/OWNER/NAME"
        )
    if said["project"] and said["project"] != name:
        found.append(
            f"{PLACEHOLDERS} has the project {said['project']!r} and pyproject.toml the name {name!r}: make them one"
        )
    return found


def tag(version: str) -> str:
    """Return the git tag of the release `version`."""
    return f"v{version}"


def absolute(text: str, repository: str, version: str) -> str:
    """Return Markdown of the repository's root with absolute URLs: a package page does not resolve relative ones."""

    def led(link: re.Match[str]) -> str:
        kind = "raw" if link["picture"] else "blob"
        return f"{link['picture'] or ''}]({repository}/{kind}/{tag(version)}/{link['path']}"

    return _LINK.sub(led, text)


class MetadataHook(MetadataHookInterface):
    """Fills in the fields that pyproject.toml lists as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the README, the URLs and the maintainer; without a repository, links in the README stay relative."""
        root = Path(self.root)
        said = placeholders(root)
        repository, version = said["repository"], metadata["version"]
        readme = (root / "README.md").read_text(encoding="utf-8")
        text = absolute(readme, repository, version) if repository else readme
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        pages = _PAGES if repository else {}
        metadata["urls"] = {name: repository + path.format(tag=tag(version)) for name, path in pages.items()}
        metadata["maintainers"] = [{"name": said["maintainer"]}] if said["maintainer"] else []
