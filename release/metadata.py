"""What a package page shows and pyproject.toml cannot know: who and where, and a README that reads right there.

Hatchling calls it at each build, by its path and with nothing installed but itself.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from hatchling.metadata.plugin.interface import MetadataHookInterface

PLACEHOLDERS: Final = "release/placeholders.toml"

_NAMES: Final = ("repository", "project", "maintainer")

_REPOSITORY: Final = re.compile(r"https://github\.com/[\w-]+/[\w.-]*[\w-](?<!\.git)")

# The path of a picture or of a link, where it is neither an address nor a place on the same page.
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
    """Return what the file of placeholders says, by name: empty where nobody has said it yet.

    Raises ValueError, with a sentence, where it says something else.
    """
    try:
        said = tomllib.loads((root / PLACEHOLDERS).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(f"{PLACEHOLDERS} is no TOML: {fault}") from None
    for name, value in said.items():
        if name not in _NAMES:
            raise ValueError(f"{PLACEHOLDERS} has {name!r}: use {', '.join(_NAMES)}")
        if not isinstance(value, str):
            raise ValueError(f"{PLACEHOLDERS} has {value!r} as {name}: write it in quotes")  # noqa: TRY004 - one kind for all that is said wrong
    return {name: said.get(name, "").strip() for name in _NAMES}


def faults(said: dict[str, str], name: str) -> list[str]:
    """Return what keeps a package from being published under `name`, a sentence each."""
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
    """Return the tag of a release."""
    return f"v{version}"


def absolute(text: str, repository: str, version: str) -> str:
    """Return Markdown of the repository's root with each link and picture as an address: a package page has no base."""

    def led(link: re.Match[str]) -> str:
        kind = "raw" if link["picture"] else "blob"
        return f"{link['picture'] or ''}]({repository}/{kind}/{tag(version)}/{link['path']}"

    return _LINK.sub(led, text)


class MetadataHook(MetadataHookInterface):
    """Fills in what pyproject.toml calls dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the README, and what the file of placeholders says; without a repository, links stay as they are."""
        root = Path(self.root)
        said = placeholders(root)
        repository, version = said["repository"], metadata["version"]
        readme = (root / "README.md").read_text(encoding="utf-8")
        text = absolute(readme, repository, version) if repository else readme
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        pages = _PAGES if repository else {}
        metadata["urls"] = {name: repository + path.format(tag=tag(version)) for name, path in pages.items()}
        metadata["maintainers"] = [{"name": said["maintainer"]}] if said["maintainer"] else []
