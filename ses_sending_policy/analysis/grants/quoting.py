"""Quotes values in a sentence, so that it is clear where each of them ends."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Final

NOTHING: Final = "nothing"
"""Stands for an empty list."""


def quoted(value: str) -> str:
    """Return `value` between quotes."""
    return json.dumps(value, ensure_ascii=False)


def shown(value: str) -> str:
    """Return `value`, between quotes if it could be misread without them."""
    return value if re.fullmatch(r'[^\s,"]+', value) and value != NOTHING else quoted(value)


def listed(values: Iterable[str], word: str = "or", *, show: Callable[[str], str] = shown) -> str:
    """Return `values` in one order, with `word` between them."""
    return f" {word} ".join(dict.fromkeys(map(show, sorted(values)))) or NOTHING
