"""Digests of what a plan is based on (assembly, deployed stacks, policies at SES), to find out later what changed."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from ses_sending_policy.analysis.reading.files import UnreadableError, read_bytes
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account_reading import AccountReading
from ses_sending_policy.review.live.deployed_assembly import DeployedAssembly
from ses_sending_policy.rules.document import Json, compact

VERSION: Final = 1

# Names of files that the CDK CLI writes into an assembly when it deploys. They do not count as a change.
_CACHES: Final = (".cache", ".hotswap-cache")
_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """SHA-256 digests of all that a plan is based on.

    :param account: the account's twelve digits.
    :param region: for instance `eu-west-1`.
    :param assembly: the digest of each file and folder in the assembly, by its name.
    :param stacks: for the name of each stack the digest of its template and resources; None if it is not deployed.
    :param identities: for each identity the digest of each policy, by its name; None if there is no such identity.
    """

    account: str
    region: str
    assembly: Mapping[str, str]
    stacks: Mapping[str, str | None]
    identities: Mapping[str, Mapping[str, str] | None]

    def as_json(self) -> dict[str, Json]:
        """Return the digests as the JSON of a plan has them, in its key `seen`."""
        return {"assembly": self.assembly, "stacks": self.stacks, "identities": self.identities}

    @classmethod
    def read(cls, path: Path) -> "Fingerprint":
        """Return the fingerprint of the plan in a file, or raise `ReviewError` if it is no plan."""
        try:
            plan = json.loads(read_bytes(path))
            version, seen = plan["version"], plan["seen"]
            found = cls(plan["account"], plan["region"], seen["assembly"], seen["stacks"], seen["identities"])
        except OSError as fault:
            raise ReviewError([f"{str(path)!r} cannot be read: {fault.strerror}"]) from fault
        except (UnreadableError, ValueError, TypeError, KeyError, RecursionError):
            advice = "write one with `sending-policy plan --out FILE`"
            raise ReviewError([f"{str(path)!r} is no plan: {advice}"]) from None
        if version != VERSION:
            advice = f"only {VERSION} can be read: plan again"
            raise ReviewError([f"{str(path)!r} is a plan of version {version!r}, and {advice}"])
        return found

    def moved(self, now: "Fingerprint") -> Iterator[str]:
        """Yield a sentence for each thing that differs between this fingerprint and a later one."""
        for name in sorted(self.assembly.keys() | now.assembly.keys()):
            if self.assembly.get(name) != now.assembly.get(name):
                yield f"the assembly changed since the plan: {name} {_what(name, self.assembly, now.assembly)}"
        for name in sorted(self.stacks.keys() | now.stacks.keys()):
            if self.stacks.get(name) != now.stacks.get(name):
                yield f"stack {name!r} changed since the plan: somebody deployed, changed or deleted it"
        for identity, before in self.identities.items():
            after = now.identities.get(identity)
            if (before is None) != (after is None):
                what = "is there now" if before is None else "is gone"
                yield f"SES changed since the plan: identity {identity!r} {what}"
            policies, others = before or {}, after or {}
            for name in sorted(policies.keys() | others.keys()):
                if policies.get(name) != others.get(name):
                    what = _what(name, policies, others)
                    yield f"SES changed since the plan: policy {name!r} on {identity!r} {what}"


def _what(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    if name not in before:
        return "is new"
    return "has changed" if name in after else "is gone"


def of_assembly(folder: Path) -> dict[str, str]:
    """Return the digest of each file and folder in an assembly, or raise `ReviewError` if one cannot be read."""
    try:
        return {each.name: _digest(each) for each in sorted(folder.iterdir()) if not _is_clis(each)}
    except OSError as fault:
        raise ReviewError([f"{str(fault.filename)!r} cannot be read: {fault.strerror}"]) from fault


def _is_clis(path: Path) -> bool:
    return path.name in _CACHES or path.name.endswith(_LOCK)


def _digest(path: Path) -> str:
    found = sha256()
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        parts = each.relative_to(path.parent).parts
        # The digest of a symbolic link is that of its target's name: the target may be anything, even endless.
        if (each.is_symlink() or each.is_file()) and not _is_clis(each) and not set(parts) & set(_CACHES):
            held = os.fsencode(each.readlink()) if each.is_symlink() else each.read_bytes()
            content = sha256(held).hexdigest()
            found.update(f"{each.relative_to(path.parent).as_posix()} {content}\n".encode())
    return found.hexdigest()


def of_stacks(deployed: DeployedAssembly, names: Mapping[str, Json]) -> dict[str, str | None]:
    """Return the digest of each stack of `names` with the stacks nested in it; None if it is not deployed."""
    found: dict[str, str | None] = {}
    for name in names:
        told = [
            [key[1], each.id.text, each.template, sorted(each.physical_ids.items()), sorted(each.known.items())]
            for key, each in deployed.stacks.items()
            if key[0] == name
        ]
        found[name] = sha256(compact(told).encode()).hexdigest() if told else None
    return found


def of_identities(reading: AccountReading) -> dict[str, dict[str, str] | None]:
    """Return for each identity the digest of each policy, by its name; None if there is no such identity."""
    return {
        identity: None
        if there is None
        else {name: sha256(live.text.encode()).hexdigest() for name, live in sorted(there.items())}
        for identity, there in reading.policies.items()
    }
