"""Reads and writes the modules of a staged asset, which are all in one file."""

from collections.abc import Mapping
from pathlib import Path

_FILE = "modules.txt"
_BREAK = "\f"


def modules(asset: Path) -> dict[str, str]:
    """Return the texts of an asset's modules by their paths, for instance `provider/handler.py`."""
    text = (asset / _FILE).read_text(encoding="utf-8")
    return dict(part.split("\n", 1) for part in text.split(_BREAK)[1:])


def write_modules(asset: Path, texts: Mapping[str, str]) -> None:
    """Write the modules of an asset again."""
    parts = [f"{_BREAK}{place}\n{text}" for place, text in texts.items()]
    (asset / _FILE).write_text("".join(parts), encoding="utf-8")
