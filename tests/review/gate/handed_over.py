"""What a job that runs a pull request's code may hand over instead of an assembly, or claim to have handed over."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from tests.review.gate.github import zipped

# Empty, with the version that the CDK writes: compared with it, nobody may send any more.
_EMPTY: Final = b'{"version": "55.0.0", "artifacts": {}}'


def _entries(**modes: tuple[int, str]) -> bytes:
    """Return a zip of entries, each with a mode, for instance of a link, and a content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, (mode, content) in modes.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, mode << 16
            archive.writestr(entry, content)
    return made.getvalue()


def _outside(wide: Mapping[str, bytes]) -> bytes:
    names = ["../before/Mail.template.json", "../tool/bin/sending-policy", "../change.json", "..\\change.json"]
    return zipped({**wide, **dict.fromkeys(names, _EMPTY)} | {"/../../../before/manifest.json": _EMPTY})


def _commands(wide: Mapping[str, bytes]) -> bytes:
    return zipped(
        {**wide} | dict.fromkeys(["::set-output name=approval::no.json", "$(touch pwned).json", "-rf"], b"{}")
    )


def _of_the_other_side(wide: Mapping[str, bytes]) -> bytes:
    manifest = wide["manifest.json"].replace(b'"Mail.template.json"', b'"../before/Mail.template.json"')
    return zipped({**wide, "manifest.json": manifest})


ARCHIVES: Final[dict[str, Callable[[Mapping[str, bytes]], bytes]]] = {
    "a manifest that names the other side's template": _of_the_other_side,
    "links": lambda _: _entries(**{"manifest.json": (0o120777, "../before/manifest.json")}),
    "links to what has no end": lambda _: _entries(**{"manifest.json": (0o120777, "/dev/zero")}),
    "a device": lambda _: _entries(**{"manifest.json": (0o020666, "")}),
    "no JSON": lambda _: zipped({"manifest.json": b"\0\xff\n::set-output name=approval::no\n"}),
    "no zip": lambda _: b"approval=no",
    "nothing": lambda _: zipped({}),
    "what is large when it is unpacked": lambda _: zipped({"manifest.json": bytes(120_000_000)}),
    "what is too large": lambda _: bytes(50_000_001),
}
"""What is not an assembly, each made from the assembly of a pull request that widens a grant."""

ODD_NAMES: Final = {"paths that lead out": _outside, "names that are commands": _commands}
"""An assembly with more files than it should have."""

SAID: Final = (" ", "0", "999999", "101 102", "101/../101", "101\napproval=no", "$(touch pwned)", "../../pulls/7")
"""What a job may output that is not the number of an artifact of this run."""
