"""The changes that no test notices, and why none should: `survivors.md`, read."""

from collections import Counter
from pathlib import Path
from typing import Final

_LIST: Final = Path(__file__).with_name("survivors.md")


def explained(begin: str) -> Counter[str]:
    """Return each change with a reason there that begins so, and how often: a function may have several of a kind."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return Counter(line.removeprefix("    ") for line in lines if line.startswith(f"    {begin}"))
