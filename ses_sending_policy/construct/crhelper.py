"""Finds the four files of crhelper, the Lambda's framework, and checks that they are as its authors published them.

They come from the Python environment of the synth, and run in an account with the right to change who may send mail. A
version number does not prove what a file contains, so each file's hash is checked.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from ses_sending_policy.rules.errors import SendingPolicyError

RELEASE: Final = "2.0.12"

FILES: Final[Mapping[str, str]] = {
    "__init__.py": "552bc753630a80ff7a0c74835d1d4e6319db0bc8fbc9fb95859b9b04b53b3e7b",
    "log_helper.py": "d7c9f858a9468315cbfe28983ea13c756bfd4d6e2c3d973801ede9c7975b1e66",
    "resource_helper.py": "44f57c03a2b1665ef47b2f0d2360584b79dcefc33d3d0881906a22f0d1a8f724",
    "utils.py": "bf8e833bf1fed51be85b40691e686606214710a9d9acb305d7940d885d5ef338",
}
"""The sha256 of each of crhelper's files, the same in the wheel and in the sdist on PyPI."""

# "You must give any other recipients of the Work [...] a copy of this License", and "a readable copy of the attribution
# notices contained within such NOTICE file": http://www.apache.org/licenses/LICENSE-2.0, section 4.
_NOTICES: Final[Mapping[str, str]] = {
    "LICENSE": "09e8a9bcec8067104652c168685ab0931e7868f9c8284b66f5ae6edae5f1130b",
    "NOTICE": "803aeed268ddac692b0897e71d355ba0a31d4bb53ce476bc6d5fcf41309c91f3",
}

_REPAIR: Final = f"install it anew with `pip install --force-reinstall --no-deps crhelper=={RELEASE}`"


class InstallationError(SendingPolicyError):
    """The installed crhelper is missing or not as published: the environment has to be repaired."""


def _installed() -> Distribution:
    # crhelper is found without being imported, since the synth does not need its code to run.
    try:
        return distribution("crhelper")
    except PackageNotFoundError:
        raise InstallationError(f"crhelper is not installed: {_REPAIR}") from None


def directory() -> Path:
    """Return the directory of the installed crhelper, or raise `InstallationError` if there is none."""
    return Path(str(_installed().locate_file("crhelper")))


def notices() -> Iterator[tuple[str, str]]:
    """Yield crhelper's license and notice by name; raise `InstallationError` if one is not as published."""
    for name, digest in _NOTICES.items():
        # Beside the metadata, or in a folder of them: https://peps.python.org/pep-0639/
        text = _installed().read_text(name) or _installed().read_text(f"licenses/{name}")
        if text is None:
            raise InstallationError(f"crhelper's {name} is missing, and goes with every copy of it: {_REPAIR}")
        _check(f"crhelper's {name}", text.replace("\r\n", "\n").encode(), digest)
        yield name, text


def published(source: Path) -> bytes:
    """Return the content of a file of crhelper with the line ends of Unix.

    Raises `InstallationError` if the content is not as published.
    """
    try:
        content = source.read_bytes().replace(b"\r\n", b"\n")
    except OSError as fault:
        raise InstallationError(
            f"crhelper's file {str(source)!r} cannot be read: {fault.strerror}: {_REPAIR}"
        ) from None
    _check(f"crhelper's file {str(source)!r}", content, FILES[source.name])
    return content


def _check(what: str, content: bytes, digest: str) -> None:
    found = sha256(content).hexdigest()
    if found != digest:
        raise InstallationError(
            f"{what} is not that of release {RELEASE}: its sha256 is {found}, published was {digest}: {_REPAIR}"
        )
