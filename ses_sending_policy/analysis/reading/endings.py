"""An index of things by names that may be known only in part. For speed, it goes by the ends of names."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

from ses_sending_policy.analysis.reading.texts import parts_of
from ses_sending_policy.rules.document import Json

_T = TypeVar("_T")


class ByEnding(Generic[_T]):
    """Finds things by names that may be known only in part.

    :param things: each thing, after its name.
    """

    def __init__(self, things: Iterable[tuple[Json, _T]] = ()) -> None:
        self._things: Final[dict[str, list[_T]]] = {}
        for name, thing in things:
            self._things.setdefault(_ending(name), []).append(thing)
        # Reversed and sorted, so that names with the same end are next to each other.
        self._backwards: Final = sorted(ending[::-1] for ending in self._things)

    def of(self, name: Json) -> Iterator[_T]:
        """Yield all things whose names may end like `name`."""
        ending = _ending(name)
        for place in range(len(ending) + 1):
            yield from self._things.get(ending[place:], ())
        if isinstance(name, str):
            return
        begin = ending[::-1]
        for place in range(bisect_left(self._backwards, begin), len(self._backwards)):
            longer = self._backwards[place]
            if not longer.startswith(begin):
                return
            if longer != begin:
                yield from self._things[longer[::-1]]


def _ending(name: Json) -> str:
    """Return the end of a name, as far as it is known."""
    *_, last = parts_of(name) or [""]
    return last if isinstance(last, str) else ""
