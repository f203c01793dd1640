"""Things by their names, which may be known in part: found by what the names end with, for an app has thousands."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

from ses_sending_policy.analysis.reading.texts import parts_of
from ses_sending_policy.rules.document import Json

_T = TypeVar("_T")


class ByEnding(Generic[_T]):
    """Things by their names.

    :param things: each with its name.
    """

    def __init__(self, things: Iterable[tuple[Json, _T]] = ()) -> None:
        self._things: Final[dict[str, list[_T]]] = {}
        for name, thing in things:
            self._things.setdefault(_ending(name), []).append(thing)
        # What ends alike begins alike when it is read backwards.
        self._backwards: Final = sorted(ending[::-1] for ending in self._things)

    def of(self, name: Json) -> Iterator[_T]:
        """Yield all whose name may end as `name` does."""
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
    """Return what is known of the end of a name."""
    *_, last = parts_of(name) or [""]
    return last if isinstance(last, str) else ""
