"""What somebody may have meant who wrote a word that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of the `known` words that looks most like `word`, whatever its case; None where none does.

    >>> closest("from_adresses", ["from_addresses", "recipients"])
    'from_addresses'
    """
    by_lower_case = {each.lower(): each for each in known}
    return next((by_lower_case[each] for each in get_close_matches(word.lower(), by_lower_case, n=1)), None)
