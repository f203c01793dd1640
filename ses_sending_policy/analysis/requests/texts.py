"""Patterns of texts, and a search for a text that some of them match and others do not."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import Final


class TooHardError(Exception):
    """A question takes more steps than anybody wants to wait for."""


@dataclass(slots=True)
class Budget:
    """How many steps a question may take: a number of them, so that one input has one answer on every machine.

    :param steps: that are left.
    """

    steps: int

    def take(self, steps: int = 1) -> None:
        """Take some steps, or raise `TooHardError` where none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise TooHardError


@dataclass(frozen=True, slots=True)
class Piece:
    """One place of a pattern.

    :param characters: what may stand there.
    :param is_all_but: whether it is every other character that may. Default: - it is these.
    :param is_many: whether any number of them may stand there, also none. Default: - exactly one.
    """

    characters: frozenset[str]
    is_all_but: bool = False
    is_many: bool = False


class Pattern(tuple[Piece, ...]):  # noqa: SLOT001 - a tuple has no room for more slots
    """Some texts: those that have its pieces, one after the other. It is looked up often, and so knows its hash."""

    def __add__(self, other: object) -> "Pattern":
        return Pattern((*self, *other)) if isinstance(other, Pattern) else NotImplemented

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def head(self) -> str:
        """What all of its texts begin with."""
        return "".join(_only(piece) for piece in takewhile(_only, self))

    @cached_property
    def tail(self) -> str:
        """What all of its texts end with."""
        return "".join(_only(piece) for piece in takewhile(_only, self[::-1]))[::-1]

    @property
    def shortest(self) -> str:
        """The shortest of its texts, in letters where they may be any."""
        named = frozenset[str]().union(*(piece.characters for piece in self))
        other = next((each for each in _PLAIN if each not in named), None) or _unused(named)
        return "".join(other if piece.is_all_but else min(piece.characters) for piece in self if not piece.is_many)

    @property
    def is_text(self) -> bool:
        """Whether there is one text alone."""
        return len(self.head) == len(self)

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile("".join(map(_class, self)), re.DOTALL)

    def matches(self, text: str) -> bool:
        """Return whether `text` is one of its texts."""
        return self._expression.fullmatch(text) is not None

    def may_meet(self, other: "Pattern") -> bool:
        """Return whether they may have a text in common, by their heads and tails."""
        heads = self.head.startswith(other.head) or other.head.startswith(self.head)
        return heads and (self.tail.endswith(other.tail) or other.tail.endswith(self.tail))


def _only(piece: Piece) -> str:
    """Return the one character that stands in a place; nothing where there may be another, or more."""
    is_one = len(piece.characters) == 1 and not piece.is_all_but and not piece.is_many
    return next(iter(piece.characters)) if is_one else ""


def _class(piece: Piece) -> str:
    characters = "".join(map(re.escape, sorted(piece.characters)))
    one = f"[{'^' * piece.is_all_but}{characters}]" if characters else "."
    return f"{one}*" if piece.is_many else one


_MANY: Final = Piece(frozenset(), is_all_but=True, is_many=True)
_COLON: Final = frozenset(":")
_COMPONENTS: Final = 6
# Behind all characters that any pattern names.
_OTHER: Final = ""
_PLAIN: Final = "xyzabcdefghijklmnopqrstuvw0123456789-_.XYZABCDEFGHIJKLMNOPQRSTUVW"

ANY_TEXT: Final = Pattern((_MANY,))


def one_of(characters: str, *, times: int = 1) -> Pattern:
    """Return the pattern of so many of some characters."""
    return Pattern((Piece(frozenset(characters)),) * times)


def some_of(characters: str) -> Pattern:
    """Return the pattern of one character or more of some."""
    some = frozenset(characters)
    return Pattern((Piece(some), Piece(some, is_many=True)))


def some_but(characters: str) -> Pattern:
    """Return the pattern of one character or more, but not of these."""
    but = frozenset(characters)
    return Pattern((Piece(but, is_all_but=True), Piece(but, is_all_but=True, is_many=True)))


@lru_cache(maxsize=65_536)
def exactly(text: str) -> Pattern:
    """Return the pattern of `text` alone."""
    return Pattern(Piece(frozenset(each)) for each in text)


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
    """Return the pattern of what `ArnLike` matches; None for nothing: an ARN has six components.

    "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
    match wildcards (*) or single-character match wildcards (?)":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    components = text.split(":", _COMPONENTS - 1)
    if len(components) < _COMPONENTS:
        return None
    pieces: list[Piece] = []
    for component in components[:-1]:
        pieces += [*_pieces(component, _COLON), Piece(_COLON)]
    return Pattern((*pieces, *_pieces(components[-1], frozenset())))


def _pieces(text: str, but: frozenset[str]) -> Iterator[Piece]:
    last = ""
    for each in text:
        if each == "*" and last != "*":
            yield Piece(but, is_all_but=True, is_many=True)
        elif each == "?":
            yield Piece(but, is_all_but=True)
        elif each != "*":
            yield Piece(frozenset(each))
        last = each


def find_text(all_of: Sequence[Iterable[Pattern]], none_of: Iterable[Pattern], budget: Budget) -> str | None:
    """Return a shortest text that one pattern of each of `all_of` matches and none of `none_of`; None if there is none.

    Raises `TooHardError` where the budget ends before the search does.
    """
    groups, others = _meeting([list(each) for each in all_of], list(none_of))
    least = min(groups, key=len, default=[ANY_TEXT])
    if all(each.is_text for each in least):
        texts = sorted((each.head for each in least), key=lambda text: (len(text), text))
        return next((text for text in texts if _fits(text, groups, others)), None)
    if not others and [len(each) for each in groups] == [1]:
        return groups[0][0].shortest
    if others:
        # What hardly anything keeps out is often found without a look at that.
        plain = find_text(groups, (), budget)
        if plain is None or not any(each.matches(plain) for each in others):
            return plain
    machine = _Machine(groups, others)
    came: dict[int, tuple[int, str] | None] = {machine.start: None}
    waiting = deque([machine.start]) if machine.is_open(machine.start) else deque()
    while waiting:
        state = waiting.popleft()
        if machine.is_end(state):
            return _path(came, state)
        for symbol, after in machine.steps(state):
            budget.take()
            if after not in came and machine.is_open(after):
                came[after] = (state, symbol)
                waiting.append(after)
    return None


def _fits(text: str, groups: Sequence[Sequence[Pattern]], others: Sequence[Pattern]) -> bool:
    is_one = all(any(each.matches(text) for each in group) for group in groups)
    return is_one and not any(each.matches(text) for each in others)


def _meeting(
    groups: Sequence[Sequence[Pattern]], others: Sequence[Pattern]
) -> tuple[list[list[Pattern]], list[Pattern]]:
    """Return the patterns without those that have no text in common with any of the smallest group."""
    least = min(groups, key=len, default=[ANY_TEXT])
    found = [[each for each in group if group is least or any(map(each.may_meet, least))] for group in groups]
    return found, [each for each in others if any(map(each.may_meet, least))]


def _path(came: dict[int, tuple[int, str] | None], state: int) -> str:
    symbols = []
    while step := came[state]:
        state, symbol = step
        symbols.append(symbol)
    return "".join(reversed(symbols))


class _Machine:
    """All patterns of a search side by side: a state has a bit for each place that a text may have come to."""

    def __init__(self, all_of: Sequence[Sequence[Pattern]], none_of: Sequence[Pattern]) -> None:
        self._named: dict[str, list[int]] = {}
        self._others = [0, 0]
        self._skip = self._first = self._offset = 0
        self._groups = [self._add_all(patterns) for patterns in all_of]
        self._none, _ = self._add_all(none_of)
        self.start = self._onwards(self._first)
        self._symbols = self._distinct()

    def _add_all(self, patterns: Sequence[Pattern]) -> tuple[int, int]:
        """Return the ends of some patterns, and all their places."""
        ends, begin = 0, self._offset
        for pattern in patterns:
            self._first |= 1 << self._offset
            for number, piece in enumerate(pattern, self._offset):
                self._add(piece, 1 << number)
            self._offset += len(pattern) + 1
            ends |= 1 << (self._offset - 1)
        return ends, (1 << self._offset) - (1 << begin)

    def _add(self, piece: Piece, bit: int) -> None:
        if piece.is_many:
            self._skip |= bit
        if piece.is_all_but:
            self._others[piece.is_many] |= bit
        for each in piece.characters:
            # Of pieces that are of one character, and of many; and what the others do not count for.
            masks = self._named.setdefault(each, [0, 0, 0])
            masks[2 if piece.is_all_but else piece.is_many] |= bit

    def _distinct(self) -> list[tuple[str, int, int]]:
        """Return the characters that patterns tell apart, each with the places that it is for: one and many."""
        other = next((each for each in _PLAIN if each not in self._named), _unused(self._named))
        found: dict[tuple[int, int], str] = {(self._others[0], self._others[1]): other}
        for each in sorted(self._named, key=lambda each: (not each.islower(), not each.isalnum(), each)):
            one, many, but = self._named[each]
            found.setdefault((self._others[0] & ~but | one, self._others[1] & ~but | many), each)
        return [(symbol, one, many) for (one, many), symbol in found.items()]

    def is_end(self, state: int) -> bool:
        return all(state & ends for ends, _ in self._groups) and not state & self._none

    def is_open(self, state: int) -> bool:
        """Whether something may still be found from here."""
        return all(state & places for _, places in self._groups)

    def steps(self, state: int) -> Iterator[tuple[str, int]]:
        for symbol, one, many in self._symbols:
            yield symbol, self._onwards((state & one) << 1 | state & many)

    def _onwards(self, state: int) -> int:
        # Any number may be none.
        while (more := state | (state & self._skip) << 1) != state:
            state = more
        return state


def _unused(named: Iterable[str]) -> str:
    used = set(named)
    return next(chr(code) for code in range(0xE0, 0x10000) if chr(code) not in used)
