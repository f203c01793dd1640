"""What somebody may have meant who wrote a word that nobody knows."""

from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of the `known` words that looks most like `word`, whatever its case; None where none does.

    >>> closest("from_adresses", ["from_addresses", "recipients"])
    'from_addresses'
    """
    from difflib import get_close_matches  # noqa: PLC0415 - few need it, and each command would take longer to begin

    by_lower_case = {each.lower(): each for each in known}
    near = get_close_matches(word.lower(), by_lower_case, n=1, cutoff=0.8)
    return by_lower_case[near[0]] if near else None
