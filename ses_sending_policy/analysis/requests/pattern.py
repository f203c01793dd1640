"""Patterns of texts with wildcards: which texts a pattern matches, and whether it matches all texts of another."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

PLAIN: Final = "xyzabcdefghijklmnopqrstuvw0123456789-_.XYZABCDEFGHIJKLMNOPQRSTUVW"
"""Characters for places where any character may stand. The first one is taken that no pattern names."""

# Stands for any character that no pattern names: this code point is no character, and never will be.
_ANY: Final = "\uffff"


@dataclass(frozen=True, slots=True)
class Piece:
    """One place of a pattern, with the characters that may stand there.

    :param characters: the characters that may stand in the place.
    :param is_all_but: whether all characters may stand there except `characters`. Default: - only `characters` may.
    :param is_many: whether any number of these characters may stand there, even none. Default: - exactly one.
    """

    characters: frozenset[str]
    is_all_but: bool = False
    is_many: bool = False
    only: str = field(init=False)
    """The one character that stands in the place; empty if others, or more or fewer, may stand there."""

    def __post_init__(self) -> None:
        is_one = len(self.characters) == 1 and not self.is_all_but and not self.is_many
        object.__setattr__(self, "only", next(iter(self.characters)) if is_one else "")

    @property
    def is_anything(self) -> bool:
        """Whether any text, even an empty one, may stand in the place."""
        return self.is_many and self.is_all_but and not self.characters


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a pattern as sets of bits: place number n is the bit `1 << n`.

    :param many: the places in which any number of characters may stand.
    :param others: the places in which characters may stand that the pattern does not name.
    :param named: by character that the pattern names: the places whose `characters` include it, those without
        `is_all_but` first, then those with it.
    """

    many: int
    others: int
    named: Mapping[str, tuple[int, int]]


class Pattern(tuple[Piece, ...]):  # noqa: SLOT001 - a tuple has no room for more slots
    """A set of texts: those that consist of the pieces, one after the other.

    The hash is kept, because patterns are often looked up.
    """

    def __add__(self, other: object) -> "Pattern":
        return Pattern((*self, *other)) if isinstance(other, Pattern) else NotImplemented

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """The fixed texts in all texts of the pattern: before, between and after the places with other characters."""
        runs = [""]
        for piece in self:
            if piece.only:
                runs[-1] += piece.only
            else:
                runs.append("")
        return tuple(runs)

    @property
    def head(self) -> str:
        """The fixed text with which all texts of the pattern begin."""
        return self.runs[0]

    @property
    def tail(self) -> str:
        """The fixed text with which all texts of the pattern end."""
        return self.runs[-1]

    @property
    def is_text(self) -> bool:
        """Whether the pattern matches one text only, which is `head`."""
        return len(self.runs) == 1

    @cached_property
    def named(self) -> frozenset[str]:
        """All characters that the pattern names in any of its places."""
        return frozenset[str]().union(*(piece.characters for piece in self))

    @cached_property
    def has_stars_alone(self) -> bool:
        """Whether any text may stand in each place that is not one fixed character."""
        return all(piece.only or piece.is_anything for piece in self) and _ANY not in self.named

    @cached_property
    def _may_have_any(self) -> bool:
        """Whether each place that is not one fixed character may have a character that the pattern does not name."""
        return all(piece.only or piece.is_all_but for piece in self)

    @cached_property
    def _sample(self) -> str:
        """A text with a character that no pattern names in each place that is not one fixed character."""
        return _ANY.join(self.runs)

    @cached_property
    def shortest(self) -> str:
        """The shortest text of the pattern, with plain letters where any character may stand."""
        other = unnamed(self.named)
        return "".join(other if piece.is_all_but else min(piece.characters) for piece in self if not piece.is_many)

    @cached_property
    def least_length(self) -> int:
        """The length of the shortest text of the pattern."""
        return sum(not piece.is_many for piece in self)

    @cached_property
    def places(self) -> Places:
        """The places of the pattern, as sets of bits."""
        many = others = 0
        named: dict[str, tuple[int, int]] = {}
        for number, piece in enumerate(self):
            many |= piece.is_many << number
            others |= piece.is_all_but << number
            for each in piece.characters:
                own, but = named.get(each, (0, 0))
                named[each] = own | (not piece.is_all_but) << number, but | piece.is_all_but << number
        return Places(many, others, named)

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile("".join(map(_class, self)), re.DOTALL)

    def matches(self, text: str) -> bool:
        """Return whether the pattern matches `text`."""
        head, tail = self.runs[0], self.runs[-1]
        if len(self.runs) == 1:
            return text == head
        if not (text.startswith(head) and text.endswith(tail)):
            return False
        if not self.has_stars_alone:
            return self._expression.fullmatch(text) is not None
        place, end = len(head), len(text) - len(tail)
        for run in self.runs[1:-1]:
            found = text.find(run, place, end)
            if found < 0:
                return False
            place = found + len(run)
        return place <= end

    def may_meet(self, other: "Pattern") -> bool:
        """Return whether both patterns may match one text, by what their texts begin and end with."""
        mine, others = self.runs, other.runs
        heads = mine[0].startswith(others[0]) or others[0].startswith(mine[0])
        return heads and (mine[-1].endswith(others[-1]) or others[-1].endswith(mine[-1]))

    def is_within(self, other: "Pattern") -> bool | None:
        """Return whether `other` matches all texts of this pattern; None if only a search can tell."""
        mine, others = self.runs, other.runs
        if not (mine[0].startswith(others[0]) and mine[-1].endswith(others[-1])):
            return False
        if len(mine) == 1:
            return other.matches(mine[0])
        if other.has_stars_alone:
            # A character that no pattern names can only be matched by a star of `other`, which then matches any text
            # there.
            if other.matches(self._sample):
                return True
            if self._may_have_any:
                return False
        return None if other.matches(self.shortest) else False


def unnamed(named: Collection[str]) -> str:
    """Return a character that is not in `named`, and that is easy to read if possible."""
    return next((each for each in PLAIN if each not in named), "") or next(
        chr(code) for code in range(0xE0, 0x10000) if chr(code) not in named
    )


def _class(piece: Piece) -> str:
    characters = "".join(map(re.escape, sorted(piece.characters)))
    one = f"[{'^' * piece.is_all_but}{characters}]" if characters else "."
    return f"{one}*" if piece.is_many else one


@lru_cache(maxsize=65_536)
def _letter(character: str) -> Piece:
    return Piece(frozenset(character))


_COLON: Final = frozenset(":")
_COMPONENTS: Final = 6

ANY_TEXT: Final = Pattern((Piece(frozenset(), is_all_but=True, is_many=True),))


def one_of(characters: str, *, times: int = 1) -> Pattern:
    """Return the pattern of texts of `times` characters, all of them from `characters`."""
    return Pattern((Piece(frozenset(characters)),) * times)


def some_of(characters: str) -> Pattern:
    """Return the pattern of texts of one or more characters, all of them from `characters`."""
    some = frozenset(characters)
    return Pattern((Piece(some), Piece(some, is_many=True)))


def some_but(characters: str) -> Pattern:
    """Return the pattern of texts of one or more characters, none of them from `characters`."""
    but = frozenset(characters)
    return Pattern((Piece(but, is_all_but=True), Piece(but, is_all_but=True, is_many=True)))


@lru_cache(maxsize=65_536)
def exactly(text: str) -> Pattern:
    """Return the pattern that matches only `text`."""
    return Pattern(map(_letter, text))


@lru_cache(maxsize=1024)
def in_any_case(text: str) -> Pattern:
    """Return the pattern that matches `text` with each letter in upper or lower case."""
    return Pattern(Piece(frozenset((each.lower(), each.upper()))) for each in text)


@lru_cache(maxsize=65_536)
def like(text: str) -> Pattern:
    """Return the pattern that matches as `StringLike` does: `*` is any number of characters, `?` is one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    return Pattern(_pieces(text, frozenset()))


@lru_cache(maxsize=1024)
def arn_like(text: str) -> Pattern | None:
    """Return the pattern that matches as `ArnLike` does; None if `text` has not the six components of an ARN.

    "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
    match wildcards (*) or single-character match wildcards (?)":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    components = text.split(":", _COMPONENTS - 1)
    if len(components) < _COMPONENTS:
        return None
    pieces: list[Piece] = []
    for component in components[:-1]:
        pieces += [*_pieces(component, _COLON), _letter(":")]
    return Pattern((*pieces, *_pieces(components[-1], frozenset())))


def _pieces(text: str, but: frozenset[str]) -> Iterator[Piece]:
    last = ""
    for each in text:
        if each == "*" and last != "*":
            yield Piece(but, is_all_but=True, is_many=True)
        elif each == "?":
            yield Piece(but, is_all_but=True)
        elif each != "*":
            yield _letter(each)
        last = each
