"""Finds the obstacles to a release, a sentence each: `make dist` builds nothing while there is one.

To only try the build, run `.venv/bin/python -m hatchling build`, which does not check any of this.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from release import metadata

_ROOT: Final = Path(__file__).parent.parent


def _git(root: Path, *words: str) -> list[str]:
    done = subprocess.run(  # noqa: S603 - git
        ["git", *words],  # noqa: S607 - found on PATH, as a user's shell finds it
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=root,
    )
    return done.stdout.splitlines()


def obstacles(root: Path) -> Iterator[str]:
    """Yield each obstacle to releasing the checkout at `root`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    try:
        yield from metadata.faults(metadata.placeholders(root), project["name"])
    except ValueError as fault:
        yield str(fault)
    if not (root / ".git").exists():
        yield "this is no clone of the repository, which tells what is tagged: clone it"
        return
    if _git(root, "status", "--porcelain"):
        yield "there are changes that are not committed, which would be in the sdist: commit them"
    [heading] = re.findall(r"^## (.*)$", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[:1]
    if not re.fullmatch(rf"{re.escape(version)}, \d{{4}}-\d\d-\d\d", heading):
        yield f"CHANGELOG.md begins with {heading!r}: write '{version}, ' and the date, as 2031-01-05"
    tag = metadata.tag(version)
    if tag not in (tags := _git(root, "tag", "--points-at", "HEAD")):
        yield f"what is checked out has {', '.join(tags) or 'no tag'}, and is to be {version}: git tag --annotate {tag}"


def main() -> int:
    """Print the obstacles, and return the exit code: 1 if there is one."""
    found = list(obstacles(_ROOT))
    sys.stderr.writelines(f"make: {each}\n" for each in found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
