"""The policies of all identities, and what each operation does to them."""

from collections import deque
from dataclasses import dataclass, field
from threading import RLock

from emulator.account_region import AccountRegion
from emulator.errors import SesError
from emulator.quota import Clock
from emulator.rules import MAX_POLICIES, compact, without_id
from emulator.settings import MAX_STALE_SECONDS, Settings


@dataclass(frozen=True, slots=True, order=True)
class StoredPolicy:
    """One policy as it is kept, and where."""

    account: str
    region: str
    identity: str
    name: str
    document: str


@dataclass(frozen=True, slots=True)
class StoredIdentity:
    """An identity that exists; its stamp tells it from a later one of the same name."""

    place: AccountRegion
    name: str
    stamp: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The policies of one identity.

    :param stamp: of the very identity that they hang on.
    :param policies: the texts by name.
    :param past: what was there before, the oldest first, each with the second in which it ended.
    """

    stamp: str
    policies: dict[str, str] = field(default_factory=dict)
    past: deque[tuple[float, dict[str, str]]] = field(default_factory=deque)


class Store:
    """Holds every policy; each operation is one step, so that of two creates of one name one is refused.

    :param clock: seconds that never run backwards.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._shelves: dict[tuple[AccountRegion, str], _Shelf] = {}

    def policies(self, identity: StoredIdentity, ago: float = 0.0) -> dict[str, str]:
        """Return the policies of an identity, as they were so many seconds ago."""
        with self._lock:
            shelf, then = self._shelf(identity), self._clock() - ago
            return dict(next((policies for end, policies in shelf.past if end > then), shelf.policies))

    def create(self, identity: StoredIdentity, name: str, text: str, settings: Settings) -> bool:
        """Add a policy; True, for it was done."""
        with self._lock:
            shelf = self._shelf(identity)
            policies = shelf.policies
            taken, full = name in policies, len(policies) >= MAX_POLICIES
            if taken and not (full and settings.create_when_full == "limit-exceeded"):
                raise SesError("AlreadyExistsException", f"Policy <{name}> already exists")
            if full:
                raise SesError(
                    "LimitExceededException",
                    f"Number of policies for <{identity.name}> exceeds max allowed number of policies per resource",
                )
            self._remember(shelf)
            policies[name] = _kept(text, settings)
            return True

    def update(self, identity: StoredIdentity, name: str, text: str, settings: Settings) -> bool:
        """Write a policy that is there, and do as the reading says with one that isn't; say whether it was written."""
        with self._lock:
            shelf = self._shelf(identity)
            if name not in shelf.policies:
                if settings.update_missing == "not-found":
                    raise SesError("NotFoundException", f"Policy <{name}> does not exist")
                if settings.update_missing == "no-op":
                    return False
            self._remember(shelf)
            shelf.policies[name] = _kept(text, settings)
            return True

    def delete(self, identity: StoredIdentity, name: str, settings: Settings) -> bool:
        """Remove a policy that is there, and do as the reading says with one that isn't; say whether it was there."""
        with self._lock:
            shelf = self._shelf(identity)
            if name not in shelf.policies and settings.delete_missing == "not-found":
                raise SesError("NotFoundException", f"Policy <{name}> does not exist")
            self._remember(shelf)
            return shelf.policies.pop(name, None) is not None

    def seed(self, identity: StoredIdentity, name: str, text: str) -> None:
        """Put a policy there unchecked, as if it always had been."""
        with self._lock:
            shelf = self._shelf(identity)
            for policies in (shelf.policies, *(policies for _, policies in shelf.past)):
                policies[name] = text

    def identities(self) -> list[tuple[AccountRegion, str]]:
        """Return the identities that have been asked for, here or gone."""
        with self._lock:
            return sorted(self._shelves)

    def _shelf(self, identity: StoredIdentity) -> _Shelf:
        # Policies go with their identity, also when it was deleted and made anew behind our back.
        shelf = self._shelves.get((identity.place, identity.name))
        if shelf is None or shelf.stamp != identity.stamp:
            shelf = self._shelves[identity.place, identity.name] = _Shelf(identity.stamp)
        return shelf

    def _remember(self, shelf: _Shelf) -> None:
        """Keep what is there now, right before it is changed, and forget what nobody can ask for any more."""
        now = self._clock()
        shelf.past.append((now, dict(shelf.policies)))
        while shelf.past[0][0] <= now - MAX_STALE_SECONDS:
            shelf.past.popleft()


def _kept(text: str, settings: Settings) -> str:
    return without_id(text) if settings.drops_id else compact(text)
