"""The policies of all identities, and what each operation does to them."""

from dataclasses import dataclass
from threading import RLock

from emulator.errors import SesError
from emulator.place import Place
from emulator.rules import MAX_POLICIES, compact, without_id
from emulator.settings import Settings


@dataclass(frozen=True, slots=True, order=True)
class StoredPolicy:
    """One policy as it is kept, and where."""

    account: str
    region: str
    identity: str
    name: str
    document: str


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity that exists; its stamp tells it from a later one of the same name."""

    place: Place
    name: str
    stamp: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The policies of one identity, and the stamp of the very identity that they hang on."""

    stamp: str
    policies: dict[str, str]


class Store:
    """Holds every policy; each operation is one step, so that of two creates of one name one is refused."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._shelves: dict[tuple[Place, str], _Shelf] = {}

    def policies(self, identity: Identity) -> dict[str, str]:
        """Return the policies of an identity."""
        with self._lock:
            return dict(self._shelf(identity).policies)

    def create(self, identity: Identity, name: str, text: str, settings: Settings) -> bool:
        """Add a policy; True, for it was done."""
        with self._lock:
            policies = self._shelf(identity).policies
            taken, full = name in policies, len(policies) >= MAX_POLICIES
            if taken and not (full and settings.create_when_full == "limit-exceeded"):
                raise SesError("AlreadyExistsException", f"Policy <{name}> already exists")
            if full:
                raise SesError(
                    "LimitExceededException",
                    f"Number of policies for <{identity.name}> exceeds max allowed number of policies per resource",
                )
            policies[name] = _kept(text, settings)
            return True

    def update(self, identity: Identity, name: str, text: str, settings: Settings) -> bool:
        """Write a policy that is there, and do as the reading says with one that isn't; say whether it was written."""
        with self._lock:
            policies = self._shelf(identity).policies
            if name not in policies:
                if settings.update_missing == "not-found":
                    raise SesError("NotFoundException", f"Policy <{name}> does not exist")
                if settings.update_missing == "no-op":
                    return False
            policies[name] = _kept(text, settings)
            return True

    def delete(self, identity: Identity, name: str, settings: Settings) -> bool:
        """Remove a policy that is there, and do as the reading says with one that isn't; say whether it was there."""
        with self._lock:
            policies = self._shelf(identity).policies
            if name not in policies and settings.delete_missing == "not-found":
                raise SesError("NotFoundException", f"Policy <{name}> does not exist")
            return policies.pop(name, None) is not None

    def seed(self, identity: Identity, name: str, text: str) -> None:
        """Put a policy there unchecked, as if it always had been."""
        with self._lock:
            self._shelf(identity).policies[name] = text

    def identities(self) -> list[tuple[Place, str]]:
        """Return the identities that have been asked for, here or gone."""
        with self._lock:
            return sorted(self._shelves)

    def _shelf(self, identity: Identity) -> _Shelf:
        # Policies go with their identity, also when it was deleted and made anew behind our back.
        shelf = self._shelves.get((identity.place, identity.name))
        if shelf is None or shelf.stamp != identity.stamp:
            shelf = self._shelves[identity.place, identity.name] = _Shelf(identity.stamp, {})
        return shelf


def _kept(text: str, settings: Settings) -> str:
    return without_id(text) if settings.drops_id else compact(text)
