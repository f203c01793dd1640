"""Patterns of texts with wildcards: which texts a pattern matches, and whether another one matches all of them."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

PLAIN: Final = "xyzabcdefghijklmnopqrstuvw0123456789-_.XYZABCDEFGHIJKLMNOPQRSTUVW"
"""The characters for places where any may stand: the first of these that no pattern names is taken."""

# Stands for a character that no pattern names: this code point is no character, and never will be.
_ANY: Final = "\uffff"


@dataclass(frozen=True, slots=True)
class Piece:
    """One place of a pattern.

    :param characters: what may stand there.
    :param is_all_but: whether every other character may stand there instead. Default: - only these may.
    :param is_many: whether any number of them may stand there, also none. Default: - exactly one.
    """

    characters: frozenset[str]
    is_all_but: bool = False
    is_many: bool = False
    only: str = field(init=False)
    """The one character that stands there; empty if there may be another one, or more."""

    def __post_init__(self) -> None:
        is_one = len(self.characters) == 1 and not self.is_all_but and not self.is_many
        object.__setattr__(self, "only", next(iter(self.characters)) if is_one else "")

    @property
    def is_anything(self) -> bool:
        """Whether any text may stand there."""
        return self.is_many and self.is_all_but and not self.characters


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a pattern, a bit for each.

    :param many: those where any number of characters may stand.
    :param others: those where characters may stand that the pattern does not name.
    :param named: by character that the pattern names, the places where only named ones may stand and it is one of them,
        and the places where all may stand except named ones and it is one of those.
    """

    many: int
    others: int
    named: Mapping[str, tuple[int, int]]


class Pattern(tuple[Piece, ...]):  # noqa: SLOT001 - a tuple has no room for more slots
    """A set of texts: those that have its pieces, one after the other. It keeps its hash, for it is looked up often."""

    def __add__(self, other: object) -> "Pattern":
        return Pattern((*self, *other)) if isinstance(other, Pattern) else NotImplemented

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """The characters that stand side by side in all of its texts, around the places where others may stand."""
        runs = [""]
        for piece in self:
            if piece.only:
                runs[-1] += piece.only
            else:
                runs.append("")
        return tuple(runs)

    @property
    def head(self) -> str:
        """What all of its texts begin with."""
        return self.runs[0]

    @property
    def tail(self) -> str:
        """What all of its texts end with."""
        return self.runs[-1]

    @property
    def is_text(self) -> bool:
        """Whether it matches one text only: its head."""
        return len(self.runs) == 1

    @cached_property
    def named(self) -> frozenset[str]:
        """The characters that it tells from others."""
        return frozenset[str]().union(*(piece.characters for piece in self))

    @cached_property
    def has_stars_alone(self) -> bool:
        """Whether each place that is not one fixed character may have any text."""
        return all(piece.only or piece.is_anything for piece in self) and _ANY not in self.named

    @cached_property
    def _may_have_any(self) -> bool:
        """Whether each place that is not one fixed character may have one that no pattern names."""
        return all(piece.only or piece.is_all_but for piece in self)

    @cached_property
    def _sample(self) -> str:
        """A text with such a character in each of those places."""
        return _ANY.join(self.runs)

    @cached_property
    def shortest(self) -> str:
        """The shortest of its texts, with plain letters where any character may stand."""
        other = unnamed(self.named)
        return "".join(other if piece.is_all_but else min(piece.characters) for piece in self if not piece.is_many)

    @cached_property
    def least_length(self) -> int:
        """How long the shortest of its texts is."""
        return sum(not piece.is_many for piece in self)

    @cached_property
    def places(self) -> Places:
        """Its places, as numbers with a bit for each place."""
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
        """Return whether `text` is one of its texts."""
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
        """Return whether the two may have a text in common, by their heads and tails."""
        mine, others = self.runs, other.runs
        heads = mine[0].startswith(others[0]) or others[0].startswith(mine[0])
        return heads and (mine[-1].endswith(others[-1]) or others[-1].endswith(mine[-1]))

    def is_within(self, other: "Pattern") -> bool | None:
        """Return whether `other` matches all of its texts; None if that takes a search."""
        mine, others = self.runs, other.runs
        if not (mine[0].startswith(others[0]) and mine[-1].endswith(others[-1])):
            return False
        if len(mine) == 1:
            return other.matches(mine[0])
        if other.has_stars_alone:
            # In `other`, only a star matches a character that no pattern names, and a star matches any text.
            if other.matches(self._sample):
                return True
            if self._may_have_any:
                return False
        return None if other.matches(self.shortest) else False


def unnamed(named: Collection[str]) -> str:
    """Return a character that is not in `named`, if possible one that is easy to read."""
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
    """Return the pattern of a number of characters, each one of `characters`."""
    return Pattern((Piece(frozenset(characters)),) * times)


def some_of(characters: str) -> Pattern:
    """Return the pattern of one or more characters, each one of `characters`."""
    some = frozenset(characters)
    return Pattern((Piece(some), Piece(some, is_many=True)))


def some_but(characters: str) -> Pattern:
    """Return the pattern of one or more characters, none of them one of `characters`."""
    but = frozenset(characters)
    return Pattern((Piece(but, is_all_but=True), Piece(but, is_all_but=True, is_many=True)))


@lru_cache(maxsize=65_536)
def exactly(text: str) -> Pattern:
    """Return the pattern of `text` alone."""
    return Pattern(map(_letter, text))


@lru_cache(maxsize=1024)
def in_any_case(text: str) -> Pattern:
    """Return the pattern of `text` in upper and lower case."""
    return Pattern(Piece(frozenset((each.lower(), each.upper()))) for each in text)


@lru_cache(maxsize=65_536)
def like(text: str) -> Pattern:
    """Return the pattern of what `StringLike` matches: `*` is any number of characters, `?` is one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    return Pattern(_pieces(text, frozenset()))


@lru_cache(maxsize=1024)
def arn_like(text: str) -> Pattern | None:
    """Return the pattern of what `ArnLike` matches; None if it matches nothing, because an ARN has six components.

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
