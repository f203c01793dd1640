"""Stores the policies of all identities, with what each operation does to them."""

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
    """A stored policy."""

    account: str
    region: str
    identity: str
    name: str
    document: str


@dataclass(frozen=True, slots=True)
class StoredIdentity:
    """An identity that exists. Its stamp differs from that of a later identity of the same name."""

    place: AccountRegion
    name: str
    stamp: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The policies of one identity.

    :param stamp: the stamp of the identity.
    :param policies: the texts by name.
    :param past: earlier states of `policies`, the oldest first, each with the time at which it ended.
    """

    stamp: str
    policies: dict[str, str] = field(default_factory=dict)
    past: deque[tuple[float, dict[str, str]]] = field(default_factory=deque)


class Store:
    """Holds every policy. Operations are atomic, so that of two creates of the same name one is refused.

    :param clock: gives seconds that never run backwards.
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
        """Add a policy, and return True because something changed."""
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
        """Write a policy; if it does not exist, do as the settings say. Return whether it was written."""
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
        """Remove a policy; if it does not exist, do as the settings say. Return whether it was there."""
        with self._lock:
            shelf = self._shelf(identity)
            if name not in shelf.policies and settings.delete_missing == "not-found":
                raise SesError("NotFoundException", f"Policy <{name}> does not exist")
            self._remember(shelf)
            return shelf.policies.pop(name, None) is not None

    def seed(self, identity: StoredIdentity, name: str, text: str) -> None:
        """Add a policy without checks, as if it had always been there."""
        with self._lock:
            shelf = self._shelf(identity)
            for policies in (shelf.policies, *(policies for _, policies in shelf.past)):
                policies[name] = text

    def identities(self) -> list[tuple[AccountRegion, str]]:
        """Return the identities that a call was about, even those that are gone."""
        with self._lock:
            return sorted(self._shelves)

    def _shelf(self, identity: StoredIdentity) -> _Shelf:
        # A new stamp means that the identity was deleted and created again, so its old policies are gone.
        shelf = self._shelves.get((identity.place, identity.name))
        if shelf is None or shelf.stamp != identity.stamp:
            shelf = self._shelves[identity.place, identity.name] = _Shelf(identity.stamp)
        return shelf

    def _remember(self, shelf: _Shelf) -> None:
        """Keep the present policies for stale reads, right before a change, and drop those that are too old."""
        now = self._clock()
        shelf.past.append((now, dict(shelf.policies)))
        while shelf.past[0][0] <= now - MAX_STALE_SECONDS:
            shelf.past.popleft()


def _kept(text: str, settings: Settings) -> str:
    return without_id(text) if settings.drops_id else compact(text)
