"""Stores the policies of all identities, and applies each operation to them."""

from collections import deque
from dataclasses import dataclass, field
from threading import RLock

from emulator.account_region import AccountRegion
from emulator.errors import SesError
from emulator.quota import Now
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
    """An identity that exists. If it is deleted and created again, the new one has another stamp."""

    place: AccountRegion
    name: str
    stamp: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The policies of one identity.

    :param stamp: the stamp of the identity.
    :param policies: the text of each policy, by its name.
    :param past: earlier states of `policies`, the oldest first, each with the time at which it ended.
    """

    stamp: str
    policies: dict[str, str] = field(default_factory=dict)
    past: deque[tuple[float, dict[str, str]]] = field(default_factory=deque)


class Store:
    """Holds every policy. Operations are atomic, so that of two creates of the same name one is refused.

    :param clock: gives seconds that never run backwards.
    """

    def __init__(self, clock: Now) -> None:
        self._clock = clock
        self._lock = RLock()
        self._shelves: dict[tuple[AccountRegion, str], _Shelf] = {}

    def policies(self, identity: StoredIdentity, ago: float = 0.0) -> dict[str, str]:
        """Return the policies of an identity as they were `ago` seconds ago."""
        with self._lock:
            shelf, then = self._shelf(identity), self._clock() - ago
            return dict(next((policies for end, policies in shelf.past if end > then), shelf.policies))

    def create(self, identity: StoredIdentity, name: str, text: str, settings: Settings) -> bool:
        """Add a policy and return True: it was written. Refuse a name that exists, and one policy too many."""
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
        """Write a policy. One that does not exist is created, ignored or refused as `update_missing` says.

        Return whether the policy was written.
        """
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
        """Remove a policy. One that does not exist is ignored or refused as `delete_missing` says.

        Return whether the policy existed.
        """
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
        """Return the identities that had a call of a policy operation, even those that do not exist any more."""
        with self._lock:
            return sorted(self._shelves)

    def _shelf(self, identity: StoredIdentity) -> _Shelf:
        # A new stamp means that the identity was deleted and created again, so its old policies are gone.
        shelf = self._shelves.get((identity.place, identity.name))
        if shelf is None or shelf.stamp != identity.stamp:
            shelf = self._shelves[identity.place, identity.name] = _Shelf(identity.stamp)
        return shelf

    def _remember(self, shelf: _Shelf) -> None:
        """Before a change, keep the current policies for stale reads, and drop states that are too old."""
        now = self._clock()
        shelf.past.append((now, dict(shelf.policies)))
        while shelf.past[0][0] <= now - MAX_STALE_SECONDS:
            shelf.past.popleft()


def _kept(text: str, settings: Settings) -> str:
    return without_id(text) if settings.drops_id else compact(text)
