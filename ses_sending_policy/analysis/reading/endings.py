"""An index by names that may be known only in part. It goes by the ends of names, for an app has thousands."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

from ses_sending_policy.analysis.reading.texts import parts_of
from ses_sending_policy.rules.document import Json

_T = TypeVar("_T")


class ByEnding(Generic[_T]):
    """Finds things by names that may be known only in part.

    :param things: each thing, behind its name.
    """

    def __init__(self, things: Iterable[tuple[Json, _T]] = ()) -> None:
        self._things: Final[dict[str, list[_T]]] = {}
        for name, thing in things:
            self._things.setdefault(_ending(name), []).append(thing)
        # Read backwards and sorted, names with the same end stand side by side.
        self._backwards: Final = sorted(ending[::-1] for ending in self._things)

    def of(self, name: Json) -> Iterator[_T]:
        """Yield all things whose names may end as `name` does."""
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
    """Return the known end of a name."""
    *_, last = parts_of(name) or [""]
    return last if isinstance(last, str) else ""
