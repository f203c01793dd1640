"""A pattern as SES compares texts with it, and whether all that it matches another one matches as well."""

from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile
from typing import Final


class Wildcard(Enum):
    """What stands for characters that a pattern does not name.

    "a multi-character match wildcard (*) and a single-character match wildcard (?)":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """

    MANY = "*"
    ONE = "?"


Piece = frozenset[str] | Wildcard
"""What may stand in one place of a text: one of some characters, or what the wildcard says."""

# Stands for all characters that a pattern does not name.
_OTHER: Final = ""

# Some pairs of patterns are as hard to compare as one likes; a pair of real ones takes a step or two a character.
_STEPS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Pattern:
    """Some texts: those that have its pieces, one after the other.

    :param head: the characters that each text begins with.
    :param tail: those that each ends with, the last one first.
    :param pieces: never two `Wildcard.MANY` side by side: they would say no more than one.
    """

    pieces: tuple[Piece, ...]
    head: str = field(init=False, compare=False, repr=False)
    tail: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name, pieces in (("head", self.pieces), ("tail", self.pieces[::-1])):
            texts = takewhile(bool, map(_only, pieces))
            object.__setattr__(self, name, "".join(texts))

    @classmethod
    def like(cls, text: str) -> "Pattern":
        """Return the texts that are like `text`, in which `*` and `?` are wildcards."""
        wildcards: dict[str, Piece] = {each.value: each for each in Wildcard}
        pieces: list[Piece] = []
        for character in text:
            piece = wildcards.get(character, frozenset(character))
            if piece is not Wildcard.MANY or pieces[-1:] != [piece]:
                pieces.append(piece)
        return cls(tuple(pieces))

    @classmethod
    def exactly(cls, text: str) -> "Pattern":
        """Return `text` alone."""
        return cls(tuple(map(frozenset, text)))

    @classmethod
    def in_any_case(cls, text: str) -> "Pattern":
        """Return `text` in upper and lower case. It must be ASCII: nobody says which cases others have at AWS."""
        return cls(tuple(frozenset((character.lower(), character.upper())) for character in text))

    @property
    def only_text(self) -> str | None:
        """The text that this pattern alone is, or None where there are others like it."""
        choices = ["" if isinstance(piece, Wildcard) else "".join(piece) for piece in self.pieces]
        return "".join(choices) if all(len(choice) == 1 for choice in choices) else None

    def within(self, other: "Pattern") -> bool:
        """Return whether every text of this pattern is known to be one of `other`'s.

        A text is followed through both at once: through this one to a position, through `other` to all that it may
        have come to. What takes too many steps so is not known.
        """
        if self == other:
            return True
        # What `other` begins or ends with, every text of it does.
        if not (self.head.startswith(other.head) and self.tail.startswith(other.tail)):
            return False
        there = _Positions(other)
        waiting = [(0, there.start)]
        seen = set(waiting)
        while waiting and len(seen) < _STEPS:
            here, reached = waiting.pop()
            is_end = here == len(self.pieces)
            # Every beginning has an end.
            if not reached or (is_end and not there.is_end(reached)):
                return False
            if is_end:
                continue
            piece = self.pieces[here]
            after = here if piece is Wildcard.MANY else here + 1
            symbols = there.symbols if isinstance(piece, Wildcard) else piece
            found = dict.fromkeys((after, there.after(reached, symbol)) for symbol in symbols)
            if piece is Wildcard.MANY:
                # Looked at first: if there is a text that `other` misses, it often is a short one.
                found[here + 1, reached] = None
            waiting += [each for each in found if each not in seen]
            seen.update(found)
        return not waiting


def _only(piece: Piece) -> str:
    """Return the one character that stands in a place; nothing where there may be others."""
    return next(iter(piece)) if isinstance(piece, frozenset) and len(piece) == 1 else ""


class _Positions:
    """Where in a pattern the beginning of a text may have come to: a bit for each position.

    `symbols` are the characters that the pattern names, and one for all others.
    """

    def __init__(self, pattern: Pattern) -> None:
        self._end = len(pattern.pieces)
        self._many = self._one = 0
        self._named: dict[str, int] = {}
        for number, piece in enumerate(pattern.pieces):
            if piece is Wildcard.MANY:
                self._many |= 1 << number
            elif piece is Wildcard.ONE:
                self._one |= 1 << number
            else:
                self._named.update((symbol, self._named.get(symbol, 0) | 1 << number) for symbol in piece)
        self.symbols = frozenset({_OTHER, *self._named})
        self.start = self._onwards(1)

    def is_end(self, reached: int) -> bool:
        """Return whether a text that has come so far may end there."""
        return bool(reached >> self._end)

    def after(self, reached: int, symbol: str) -> int:
        """Return how far a text comes with one more character."""
        taking = self._one | self._named.get(symbol, 0)
        return self._onwards((reached & taking) << 1 | reached & self._many)

    def _onwards(self, reached: int) -> int:
        # Any number may be none.
        return reached | (reached & self._many) << 1
