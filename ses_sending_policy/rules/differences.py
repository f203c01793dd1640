"""How two policies differ, in sentences: by the element and its values, and never by a `Sid`, which does not count."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json, as_list, is_intrinsic

Parts = dict[str, Json]
"""What counts of a statement or a document, by element, with every list and every object as a set."""

_Leaves = dict[tuple[str, ...], set[Json]]

_MOST_VALUES: Final = 3
_MOST_CHARACTERS: Final = 100

# What people know a statement by counts most where it is looked for on the other side; anything else counts 1.
_WEIGHTS: Final = {"Principal": 16, "NotPrincipal": 16, "Action": 8, "NotAction": 8, "Effect": 4}
_NAMING: Final = _WEIGHTS.keys() - {"Effect"}


def written(meaning: Json) -> str:
    """Return what counts as a text: the same for equal sets, in whatever order Python keeps them."""
    if isinstance(meaning, frozenset | tuple):
        parts = [written(each) for each in meaning]
        return f"{{{','.join(sorted(parts))}}}" if isinstance(meaning, frozenset) else f"[{','.join(parts)}]"
    return json.dumps(meaning)


def _leaves(parts: Mapping[str, Json], path: tuple[str, ...] = ()) -> _Leaves:
    """Return the values of each place, as of `("Condition", "StringEquals", "ses:FromAddress")`."""
    found: _Leaves = {}
    for key, value in parts.items():
        place = (*path, key)
        items = value if isinstance(value, frozenset) else [value]
        inner = _leaves(dict(each for each in items if isinstance(each, tuple)), place)
        found |= inner or {place: set(items)}
    return found


class _Words:
    """Values as people know them.

    :param partition: of the accounts that need no ARN.
    :param spellings: of actions, by their names in lower case.
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
        """Return what people know a statement by."""
        denies = "Deny " if leaves.get(("Effect",)) == {"Deny"} else ""
        for element, who in (("Principal", "for"), ("NotPrincipal", "for all but")):
            told = [self.values(place, values) for place, values in sorted(leaves.items()) if place[0] == element]
            if told:
                return f"{denies}statement {who} {' and '.join(told)}"
        return f"{denies}statement without a Principal"

    def different(self, live: _Leaves, declared: _Leaves) -> Iterator[str]:
        """Yield a sentence for each place whose values are not the same on both sides."""
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


def element_sentences(live: Parts, declared: Parts) -> Iterator[str]:
    """Yield how two documents differ beside their statements."""
    return _Words("", {}).different(_leaves(live), _leaves(declared))


def action_spellings(statements: Iterable[Json]) -> dict[str, str]:
    """Return how actions are written in `statements`, by their names in lower case."""
    texts = [
        each
        for statement in statements
        if isinstance(statement, Mapping)
        for element in ("Action", "NotAction")
        for each in as_list(statement.get(element))
    ]
    return {each.lower(): each for each in texts if isinstance(each, str)}


def statement_sentences(
    live: Sequence[Parts], declared: Sequence[Parts], partition: str, spellings: Mapping[str, str]
) -> Iterator[str]:
    """Yield how statements differ of which none is on both sides, each beside the one that is most like it.

    :param partition: of the accounts that need no ARN, as `aws`.
    :param spellings: of actions, by their names in lower case.
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
    """Return which statements are told beside each other, those that are most alike first."""
    alike = [(-_likeness(one, other), i, j) for i, one in enumerate(live) for j, other in enumerate(declared)]
    found: dict[int, int] = {}
    for likeness, i, j in sorted(alike):
        if likeness and i not in found and j not in found.values():
            found[i] = j
    return list(found.items())


def _likeness(one: _Leaves, other: _Leaves) -> float:
    """Return how much two statements have in common; nothing where neither whom they are for nor what they allow is."""
    shared = {place: one[place] & other[place] for place in one.keys() & other.keys() if one[place] & other[place]}
    if not {place[0] for place in shared} & _NAMING:
        return 0
    return sum(_WEIGHTS.get(place[0], 1) * len(both) / len(one[place] | other[place]) for place, both in shared.items())
