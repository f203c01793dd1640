"""Search for a text that some patterns match and others do not."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.requests.pattern import ANY_TEXT, Pattern, unnamed

# Far more steps than patterns from real policies need: a pair of them takes a step or two for each character.
_STEPS: Final = 20_000


class TooHardError(Exception):
    """The search would take more steps than `Budget` allows."""


@dataclass(slots=True)
class Budget:
    """How many steps a search may take.

    Steps are counted instead of time, so that the same input has the same result on every machine.

    :param steps: how many steps are left.
    """

    steps: int

    def take(self, steps: int = 1) -> None:
        """Count `steps` as taken, or raise `TooHardError` if fewer are left."""
        self.steps -= steps
        if self.steps < 0:
            raise TooHardError


def is_within(one: Pattern, other: Pattern) -> bool:
    """Return whether the pattern `other` is known to match all texts of the pattern `one`.

    Some pairs of patterns are very hard to compare. If a pair takes too many steps, the result is False.
    """
    told = one.is_within(other)
    if told is not None:
        return told
    try:
        return one == other or find_text([[one]], [other], Budget(_STEPS)) is None
    except TooHardError:
        return False


def find_text(all_of: Sequence[Iterable[Pattern]], none_of: Iterable[Pattern], budget: Budget) -> str | None:
    """Return a shortest text that a pattern of each of `all_of` matches, and none of `none_of`; None if none exists.

    Raises `TooHardError` if the search would take more steps than `budget` has left.
    """
    groups, others = [list(each) for each in all_of], list(none_of)
    least = min(groups, key=len, default=[ANY_TEXT])
    if all(each.is_text for each in least):
        texts = sorted((each.head for each in least), key=lambda text: (len(text), text))
        return next((text for text in texts if _fits(text, groups, others)), None)
    groups = [each if each is least else _meeting(each, least) for each in groups]
    if not others:
        if [len(each) for each in groups] == [1]:
            return groups[0][0].shortest
        text = _first(groups)
        return _searched(groups, (), budget) if text is None else text
    # A quick try first: a text that is found without `none_of` often matches none of these patterns anyway.
    plain = find_text(groups, (), budget)
    around = [] if plain is None else [each for each in others if each.matches(plain)]
    if not around:
        return plain
    if all(any(each.is_within(other) for other in around) for each in least):
        return None
    return _searched(groups, _meeting(others, least), budget)


def _first(groups: Sequence[Sequence[Pattern]]) -> str | None:
    """Return the text that a search would find, if that is the shortest text of a pattern; None if it may not be."""
    lengths = [sorted(each.least_length for each in group)[:2] for group in groups]
    most = max((each[0] for each in lengths if each), default=0)
    for number, group in enumerate(groups):
        # If two patterns have equally short texts, only a search knows which of the texts comes first.
        if lengths[number][:1] == [most] and lengths[number][1:] != [most]:
            other = unnamed(frozenset[str]().union(*(each.named for some in groups for each in some)))
            pattern = next(each for each in group if each.least_length == most)
            pieces = (piece for piece in pattern if not piece.is_many)
            text = "".join(other if each.is_all_but else min(each.characters, key=_order) for each in pieces)
            if _fits(text, groups, ()):
                return text
    return None


def _order(character: str) -> tuple[bool, bool, str]:
    """Return a sort key: after a character that no pattern names, lower case is tried, then upper case and digits."""
    return not character.islower(), not character.isalnum(), character


def _searched(groups: Sequence[Sequence[Pattern]], others: Sequence[Pattern], budget: Budget) -> str | None:
    machine = _Machine(groups, others)
    came: dict[int, tuple[int, str] | None] = {machine.start: None}
    waiting = deque([machine.start]) if machine.is_open(machine.start) else deque()
    while waiting:
        state = waiting.popleft()
        if machine.is_end(state):
            return _path(came, state)
        budget.take(machine.breadth)
        for symbol, after in machine.steps(state):
            if after not in came and machine.is_open(after):
                came[after] = (state, symbol)
                waiting.append(after)
    return None


def _meeting(patterns: Sequence[Pattern], least: Sequence[Pattern]) -> list[Pattern]:
    """Return those of `patterns` that may match a text of one of `least`, by what texts begin and end with."""
    return [each for each in patterns if any(map(each.may_meet, least))]


def _fits(text: str, groups: Sequence[Sequence[Pattern]], others: Sequence[Pattern]) -> bool:
    is_one = all(any(each.matches(text) for each in group) for group in groups)
    return is_one and not any(each.matches(text) for each in others)


def _path(came: dict[int, tuple[int, str] | None], state: int) -> str:
    symbols = []
    while step := came[state]:
        state, symbol = step
        symbols.append(symbol)
    return "".join(reversed(symbols))


class _Machine:
    """Runs all patterns of a search at once.

    A state is a set of bits: the places in the patterns that the text so far may have reached.
    """

    def __init__(self, all_of: Sequence[Sequence[Pattern]], none_of: Sequence[Pattern]) -> None:
        # By character that patterns name, the places where it may stand, and those where others may but it may not.
        self._named: dict[str, tuple[int, int]] = {}
        self._others = self._skip = self._first = self._offset = 0
        self._groups = [self._add_all(patterns) for patterns in all_of]
        self._none, _ = self._add_all(none_of)
        self.start = self._onwards(self._first)
        self._symbols = self._distinct()

    def _add_all(self, patterns: Sequence[Pattern]) -> tuple[int, int]:
        """Add patterns to the machine. Return the bits of their ends, and the bits of all their places."""
        ends, begin = 0, self._offset
        for pattern in patterns:
            offset, places = self._offset, pattern.places
            self._first |= 1 << offset
            self._skip |= places.many << offset
            self._others |= places.others << offset
            for each, (own, but) in places.named.items():
                there = self._named.get(each, (0, 0))
                self._named[each] = there[0] | own << offset, there[1] | but << offset
            self._offset += len(pattern) + 1
            ends |= 1 << (self._offset - 1)
        return ends, (1 << self._offset) - (1 << begin)

    def _distinct(self) -> list[tuple[str, int]]:
        """Return a character of each group that patterns do not tell apart, with the places where it may stand."""
        found = {self._others: unnamed(self._named)}
        for each in sorted(self._named, key=_order):
            own, but = self._named[each]
            found.setdefault(self._others & ~but | own, each)
        return [(symbol, places) for places, symbol in found.items()]

    @property
    def breadth(self) -> int:
        """How many groups of characters the patterns tell apart."""
        return len(self._symbols)

    def is_end(self, state: int) -> bool:
        return all(state & ends for ends, _ in self._groups) and not state & self._none

    def is_open(self, state: int) -> bool:
        """Return whether a longer text may still match, from this state on."""
        return all(state & places for _, places in self._groups)

    def steps(self, state: int) -> Iterator[tuple[str, int]]:
        """Yield characters to add, with the state that each leads to; of those with the same state, only the first."""
        seen = set()
        for symbol, places in self._symbols:
            taking = state & places
            if taking not in seen:
                seen.add(taking)
                yield symbol, self._onwards(taking << 1 | taking & self._skip)

    def _onwards(self, state: int) -> int:
        # Skip the places in which any number of characters may stand: none may stand there, too.
        while (more := state | (state & self._skip) << 1) != state:
            state = more
        return state
