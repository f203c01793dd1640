"""Reads `survivors.md`: the changes that no test notices, and why none should."""

from collections import Counter
from pathlib import Path
from typing import Final

_LIST: Final = Path(__file__).with_name("survivors.md")


def explained(begin: str) -> Counter[str]:
    """Return the changes in `survivors.md` that begin with `begin`, each with how often it is there.

    A function may have several equal changes.
    """
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return Counter(line.removeprefix("    ") for line in lines if line.startswith(f"    {begin}"))
