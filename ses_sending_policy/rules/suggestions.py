"""Suggests the known word that an unknown word may be a misspelling of."""

from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of the `known` words that is most similar to `word`, in any case; None if none is similar.

    >>> closest("from_adresses", ["from_addresses", "recipients"])
    'from_addresses'
    """
    from difflib import get_close_matches  # noqa: PLC0415 - seldom needed, and would make each command start slower

    by_lower_case = {each.lower(): each for each in known}
    near = get_close_matches(word.lower(), by_lower_case, cutoff=0.8)
    return by_lower_case[near[0]] if near else None
