"""Audits the packages that this project is built and tested with: pins, licences, hashes and known vulnerabilities.

Most checks need no network. A check that needs one and does not get an answer is reported as not done, since silence
would read as success: pip-audit says "no known vulnerabilities" even when its service knows none of the packages.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from emulator import terminal
from ses_sending_policy.construct import crhelper
from ses_sending_policy.rules.errors import SendingPolicyError

_REQUIREMENTS: Final = Path(__file__).parent.parent / "requirements.txt"
_PIP_AUDIT: Final = "pip-audit==2.10.1"
_SECONDS: Final = 600

# Licences of development tools that need no review. None of these tools is in what we ship.
_FREE: Final = re.compile(r"\b(Apache|MIT|BSD|Mozilla|MPL|PSF|Python Software Foundation)", re.IGNORECASE)

# Packages that are not looked at: our own, and those that come with a virtual environment.
_OWN: Final = frozenset({"pip", "setuptools", "ses-sending-policy"})


class NotLookedAtError(Exception):
    """A check could not be done on this machine, as without a network."""


def _lines() -> list[str]:
    text = (line.partition("#")[0].strip() for line in _REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    return [line for line in text if line and not line.startswith("-e ")]


def _name(text: str) -> str:
    # "All comparisons of distribution names MUST be case insensitive, and MUST consider hyphens and underscores to be
    # equivalent." https://packaging.python.org/en/latest/specifications/name-normalization/
    return re.sub(r"[-_.]+", "-", text).lower()


def _installed() -> dict[str, Distribution]:
    return {name: each for each in distributions() if (name := _name(each.name)) not in _OWN}


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - pip and pip-audit
        command, check=False, capture_output=True, encoding="utf-8", errors="backslashreplace", timeout=_SECONDS
    )


def unpinned() -> Iterator[str]:
    """Yield each requirement without an exact version, and each package that is not installed exactly as pinned."""
    pins = {}
    for line in _lines():
        pin = re.fullmatch(r"([\w.-]+)==([\w.!+]+)", line)
        if not pin:
            yield f"{line!r} in requirements.txt is no exact version"
            continue
        pins[_name(pin[1])] = pin[2]
    there = {name: each.version for name, each in _installed().items()}
    for name in sorted(there.keys() | pins.keys()):
        if there.get(name) != pins.get(name):
            yield f"{name} is installed as {there.get(name)} and pinned as {pins.get(name)}"


def at_odds() -> Iterator[str]:
    """Yield each package that requires a package which is missing or has another version."""
    done = _run(sys.executable, "-m", "pip", "check")
    if done.returncode:
        yield from done.stdout.splitlines()


def licences() -> Iterator[str]:
    """Yield each package whose licence needs a review."""
    for name, each in sorted(_installed().items()):
        told = each.metadata
        said = [told[key] for key in ("License-Expression", "License") if key in told]
        said += [value for value in told.get_all("Classifier", []) if value.startswith("License")]
        if not any(_FREE.search(text) for text in said):
            yield f"{name} has the licence {'; '.join(said)[:60]!r}"


def unpublished() -> Iterator[str]:
    """Yield each file of crhelper that is not as it was published."""
    for name in crhelper.FILES:
        try:
            crhelper.published(crhelper.directory() / name)
        except SendingPolicyError as fault:
            yield str(fault)


def yanked() -> Iterator[str]:
    """Yield each pinned version that its authors have yanked from PyPI."""
    asked = ("--dry-run", "--ignore-installed", "--no-deps", "--requirement", "/dev/stdin")
    done = subprocess.run(  # noqa: S603 - pip
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *asked],
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        timeout=_SECONDS,
        input="\n".join(_lines()),
    )
    if done.returncode:
        raise NotLookedAtError(f"PyPI could not be asked: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    yield from re.findall(r"yanked version: (.*)", done.stderr)


def vulnerable() -> Iterator[str]:
    """Yield each known vulnerability of a pinned version."""
    program = shutil.which("pip-audit")
    if program is None:
        raise NotLookedAtError(
            f"pip-audit is not installed: with the internet at hand, run `pipx install {_PIP_AUDIT}`, then this again"
        )
    done = _run(program, "--disable-pip", "--no-deps", "--format=json", f"--requirement={_pins_alone()}")
    try:
        answered = json.loads(done.stdout)["dependencies"]
    except ValueError:
        raise NotLookedAtError(f"pip-audit got no answer: {(done.stderr.strip().splitlines() or ['?'])[-1]}") from None
    for each in answered:
        for found in each.get("vulns", []):
            yield f"{each['name']} {each['version']} has {found['id']}, mended in {found['fix_versions']}"
    skipped = [each["name"] for each in answered if "skip_reason" in each]
    if skipped:
        raise NotLookedAtError(f"pip-audit's service knows nothing of {len(skipped)} packages, as {skipped[0]}")


def _pins_alone() -> Path:
    path = Path(sys.prefix) / "pins.txt"
    path.write_text("\n".join(_lines()), encoding="utf-8")
    return path


LOOKS: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "each requirement is one exact version, and nothing else is installed": unpinned,
    "the packages fit together": at_odds,
    "each has a licence that lets us use it": licences,
    "what goes into the Lambda is what was published": unpublished,
    "no version was taken back by its authors": yanked,
    "no version has a known vulnerability": vulnerable,
}
"""The checks: what should be true, and the function that yields each violation."""


def main() -> int:
    """Run every check, print the results, and return the exit code: 1 if a check finds something."""
    terminal.show_all()
    fails = False
    for claim, look in LOOKS.items():
        try:
            found = list(look())
        except NotLookedAtError as reason:
            sys.stdout.write(f"NOT LOOKED AT  {claim}\n               {reason}\n")
            continue
        fails |= bool(found)
        sys.stdout.write(f"{'NOT SO' if found else 'ok':<15}{claim}\n")
        sys.stdout.writelines(f"               {each}\n" for each in found)
    return int(fails)


if __name__ == "__main__":
    sys.exit(main())
