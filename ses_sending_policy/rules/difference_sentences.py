"""Tells in sentences how two policies differ, by elements and values; a `Sid` is not compared."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json, as_list, is_intrinsic

ComparedElements = dict[str, Json]
"""The elements of a statement or a document that are compared, with every list and every object as a set."""

_Leaves = dict[tuple[str, ...], set[Json]]

_MOST_VALUES: Final = 3
_MOST_CHARACTERS: Final = 100

# The weight of each element when the most similar live and declared statements are paired; any other weighs 1.
_WEIGHTS: Final = {"Principal": 16, "NotPrincipal": 16, "Action": 8, "NotAction": 8, "Effect": 4}
_NAMING: Final = _WEIGHTS.keys() - {"Effect"}


def written(meaning: Json) -> str:
    """Return a compared value as text. Equal sets give the same text, in whatever order Python iterates over them."""
    if isinstance(meaning, frozenset | tuple):
        parts = [written(each) for each in meaning]
        return f"{{{','.join(sorted(parts))}}}" if isinstance(meaning, frozenset) else f"[{','.join(parts)}]"
    return json.dumps(meaning)


def _leaves(parts: Mapping[str, Json], path: tuple[str, ...] = ()) -> _Leaves:
    """Return the values in `parts` by their path, such as `("Condition", "StringEquals", "ses:FromAddress")`."""
    found: _Leaves = {}
    for key, value in parts.items():
        place = (*path, key)
        items = value if isinstance(value, frozenset) else [value]
        inner = _leaves(dict(each for each in items if isinstance(each, tuple)), place)
        found |= inner or {place: set(items)}
    return found


class _Words:
    """Puts values and statements into words.

    :param partition: the partition whose accounts are named by their ids alone, without an ARN.
    :param spellings: how the policies write each action, by its name in lower case.
    """

    def __init__(self, partition: str, spellings: Mapping[str, str]) -> None:
        self._partition = partition
        self._spellings = spellings

    def values(self, place: tuple[str, ...], values: Collection[Json]) -> str:
        told = sorted(self._value(place, each) for each in values)
        more = len(told) - _MOST_VALUES
        *first, last = [*told[:_MOST_VALUES], *([f"{more} more"] if more > 0 else [])] or ["nothing"]
        return f"{', '.join(first)} and {last}" if first else last

    def _value(self, place: tuple[str, ...], value: Json) -> str:
        if isinstance(value, frozenset) and is_intrinsic({each[0]: each for each in value if isinstance(each, tuple)}):
            return "what only the deploy knows"
        if not isinstance(value, str):
            return _cut(written(value))
        if place[0] in ("Action", "NotAction"):
            return _cut(repr(self._spellings.get(value, value)))
        if place[1:] == ("AWS",):
            arn = Arn.parse(value)
            if arn and arn.partition == self._partition and arn.whole_account:
                return f"account {arn.account}"
            return "everybody" if value == "*" else _cut(repr(value))
        return f"service {_cut(repr(value))}" if place[1:] == ("Service",) else _cut(repr(value))

    def statement(self, leaves: _Leaves) -> str:
        """Return a name for a statement: its effect and its principals."""
        denies = "Deny " if leaves.get(("Effect",)) == {"Deny"} else ""
        for element, who in (("Principal", "for"), ("NotPrincipal", "for all but")):
            told = [self.values(place, values) for place, values in sorted(leaves.items()) if place[0] == element]
            if told:
                return f"{denies}statement {who} {' and '.join(told)}"
        return f"{denies}statement without a Principal"

    def different(self, live: _Leaves, declared: _Leaves) -> Iterator[str]:
        """Yield a sentence for each place whose live and declared values differ."""
        for place in sorted(live.keys() | declared.keys()):
            there, here = live.get(place), declared.get(place)
            name = " ".join(place[1:] if place[0] == "Condition" and place[1:] else place)
            if there is None or here is None:
                side = "live and not declared" if here is None else "declared and not live"
                yield f"{name} is {self.values(place, there or here or ())} {side}"
            elif there & here:
                sides = ((there - here, "live and not declared"), (here - there, "declared and not live"))
                yield from (f"{name} has {self.values(place, only)} {side}" for only, side in sides if only)
            elif there != here:
                yield f"{name} is {self.values(place, there)} live and {self.values(place, here)} declared"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def element_sentences(live: ComparedElements, declared: ComparedElements) -> Iterator[str]:
    """Yield sentences on how two documents differ outside their statements."""
    return _Words("", {}).different(_leaves(live), _leaves(declared))


def action_spellings(statements: Iterable[Json]) -> dict[str, str]:
    """Return how each action is written in `statements`, by its name in lower case."""
    texts = [
        each
        for statement in statements
        if isinstance(statement, Mapping)
        for element in ("Action", "NotAction")
        for each in as_list(statement.get(element))
    ]
    return {each.lower(): each for each in texts if isinstance(each, str)}


def statement_sentences(
    live: Sequence[ComparedElements], declared: Sequence[ComparedElements], partition: str, spellings: Mapping[str, str]
) -> Iterator[str]:
    """Yield sentences on statements that only one policy has, each compared with the most similar of the other policy.

    :param partition: the partition whose accounts are named by their ids alone, without an ARN, as `aws`.
    :param spellings: how the policies write each action, by its name in lower case.
    """
    words = _Words(partition, spellings)
    lives, declareds = list(map(_leaves, live)), list(map(_leaves, declared))
    pairs = _pairs(lives, declareds)
    for there, here in pairs:
        name = words.statement(declareds[here])
        yield from (f"{name}: {told}" for told in words.different(lives[there], declareds[here]))
    for side, left, taken in (
        ("live and not declared", lives, {there for there, _ in pairs}),
        ("declared and not live", declareds, {here for _, here in pairs}),
    ):
        for each in (leaves for number, leaves in enumerate(left) if number not in taken):
            what = [words.values(place, each[place]) for place in (("Effect",), ("Action",), ("",)) if place in each]
            yield f"{words.statement(each)} is {side}" + (f": {' '.join(what)}" if what else "")


def _pairs(live: Sequence[_Leaves], declared: Sequence[_Leaves]) -> list[tuple[int, int]]:
    """Return the indices of the live and declared statements to compare with each other, the most similar first."""
    alike = [(-_likeness(one, other), i, j) for i, one in enumerate(live) for j, other in enumerate(declared)]
    found: dict[int, int] = {}
    for likeness, i, j in sorted(alike):
        if likeness and i not in found and j not in found.values():
            found[i] = j
    return list(found.items())


def _likeness(one: _Leaves, other: _Leaves) -> float:
    """Return how similar two statements are; 0 if they have neither a principal nor an action in common."""
    shared = {place: one[place] & other[place] for place in one.keys() & other.keys() if one[place] & other[place]}
    if not {place[0] for place in shared} & _NAMING:
        return 0
    return sum(_WEIGHTS.get(place[0], 1) * len(both) / len(one[place] | other[place]) for place, both in shared.items())
