"""The lifecycle as a plain model: what is at SES, and what each event may make of it.

Written from docs/lifecycle.md, and sharing no line with what it judges: a table is a few lines of `if` here.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import unquote

from tests.support.async_invoker import Answer, Event

Place = tuple[str, str]
"""An identity, and a policy's name."""

ROLLBACKS: Final = (
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
)
"""What a stack says while it takes back what an operation did."""


@dataclass(frozen=True)
class Seen:
    """A policy as anybody sees it.

    :param says: its document without the `Id`, in one order.
    :param owner: the token in its marker.
    :param adopted: whether the marker says so.
    :param id: its `Id` where that is no marker.
    """

    says: str
    owner: str | None = None
    adopted: bool = False
    id: str = ""


def seen(text: str) -> Seen:
    """Return what the policy is that SES holds as `text`."""
    document = json.loads(text)
    id_ = str(document.pop("Id", ""))
    return marked(said(document), id_)


def marked(says: str, id_: str) -> Seen:
    """Return what a policy is that `says` this and has that `Id`; empty where it has none."""
    parts = id_.split("/")
    owner = parts[2] if len(parts) in {3, 4} else None
    return Seen(says, owner, owner is not None and parts[3:] == ["adopted"], "" if owner else id_)


def said(document: dict[str, Any]) -> str:
    """Return a document as text to compare."""
    return json.dumps(document, sort_keys=True)


def token(stack_id: str, logical_id: str) -> str:
    """Return the token of a resource."""
    return hashlib.sha256(f"{stack_id}|{logical_id}".encode()).hexdigest()[:16]


def bare(physical_id: str) -> str:
    """Return a physical id without its fourth part, which tells how the policy came to its owner."""
    return re.sub(r"\|(made|adopted(=[^|]*)?)$", "", physical_id)


def former_id(physical_id: str) -> str | None:
    """Return the `Id` that a policy had before it was adopted; None where a physical id tells of no adoption."""
    told = re.search(r"\|adopted(?:=([^|]*))?$", physical_id)
    return unquote(told[1] or "") if told else None


def target(physical_id: str) -> Place | None:
    """Return the policy that a physical id names; None where it is made up."""
    parts = bare(physical_id).rsplit("|", 2)
    return (parts[0], parts[1]) if len(parts) == 3 else None


def claim(physical_id: str) -> tuple[Place, str] | None:
    """Return the policy that a physical id names, and the token of whom it is; None where it is nobody's yet."""
    place, owner = target(physical_id), bare(physical_id).rpartition("|")[2]
    return None if place is None or owner == "unclaimed" else (place, owner)


@dataclass(frozen=True)
class Asked:
    """An event, as the model understands it.

    :param kind: `Create`, `Update` or `Delete`.
    :param owner: the token that speaks.
    :param claimed: whether its physical id says that a write of this owner was accepted.
    :param made: whether it says that this owner made the policy.
    :param former: the `Id` that it says an adopted policy had before; None where it says of no adoption.
    :param place: the policy that it is about.
    :param known: the policy that its physical id names.
    :param old: the policy that its old properties name; of a Delete, its only ones.
    :param properties: what is declared.
    :param old_properties: what was declared before; of a Delete, what was declared last.
    """

    kind: str
    owner: str
    claimed: bool
    made: bool
    former: str | None
    place: Place
    known: Place | None
    old: Place | None
    properties: dict[str, Any]
    old_properties: dict[str, Any]

    @classmethod
    def by(cls, event: Event) -> "Asked":
        """Return what an event asks for."""
        properties, old = event["ResourceProperties"], event.get("OldResourceProperties", {})
        physical_id = event.get("PhysicalResourceId", "")
        parts = bare(physical_id).rsplit("|", 2)
        known = (parts[0], parts[1]) if len(parts) == 3 else None
        claimed = known is not None and parts[2] != "unclaimed"
        declares = (properties["EmailIdentity"], properties["PolicyName"])
        is_delete = event["RequestType"] == "Delete"
        return cls(
            event["RequestType"],
            parts[2] if claimed else token(event["StackId"], event["LogicalResourceId"]),
            claimed,
            physical_id.endswith("|made"),
            former_id(physical_id),
            (known or declares) if is_delete else declares,
            known,
            declares if is_delete else (old["EmailIdentity"], old["PolicyName"]) if old else None,
            properties,
            properties if is_delete else old,
        )

    @property
    def places(self) -> set[Place]:
        """All policies that it may touch."""
        return {self.place} | ({self.old} if self.old else set())

    @property
    def in_place(self) -> bool:
        """Whether it is an Update of the policy that its physical id names."""
        return self.kind == "Update" and self.claimed and self.known == self.place


Policies = dict[Place, Seen]


@dataclass(frozen=True)
class Expected:
    """What comes of an event when nothing goes wrong.

    :param status: of the answer.
    :param after: all policies then.
    :param leaves: whether it is a SUCCESS that leaves the policy to somebody else.
    """

    status: str
    after: Policies
    leaves: bool = False


def expected(
    asked: Asked,
    before: Policies,
    identities: set[str],
    *,
    drops_id: bool,
    again: bool,
    itself: bool,
    doing: str = "",
) -> Expected:
    """Return what comes of an event when nothing goes wrong.

    :param drops_id: whether SES forgets the markers.
    :param again: whether the resource has this policy again, or still, so that a Delete is old.
    :param itself: whether the resource is being deleted as this policy, and not only what it was before.
    :param doing: the stack's status.
    """
    after = dict(before)
    if asked.kind == "Delete":
        if not again:
            _let_go(after, asked, doing)
        if itself:
            _drop_unanswered_rename(after, asked)
        return Expected("SUCCESS", after)
    there = before.get(asked.place)
    if not _is_read(asked.properties):
        return Expected("FAILED", before)
    _drop_unanswered_rename(after, asked)
    if asked.place[0] not in identities:
        return Expected("FAILED", after)
    if there is not None and _refuses(asked, there):
        rolls_back = asked.claimed and asked.kind == "Update" and doing == "UPDATE_ROLLBACK_IN_PROGRESS"
        is_there = there.owner is not None or meaning(there.says) == meaning(said(asked.properties["Policy"]))
        leaves = rolls_back and (asked.in_place or is_there)
        return Expected("SUCCESS" if leaves else "FAILED", after, leaves)
    was_there = there is not None and (there.adopted if there.owner == asked.owner else _taken(asked, there))
    says = said(asked.properties["Policy"])
    if there is not None and was_there and _keeps_its_words(asked, there):
        says = there.says
    after[asked.place] = Seen(says) if drops_id else Seen(says, asked.owner, was_there)
    return Expected("SUCCESS", after)


def _is_read(properties: dict[str, Any]) -> bool:
    return "Statement" in properties["Policy"] and properties["OnDelete"] in {"DELETE", "RELEASE"}


def _let_go(policies: Policies, asked: Asked, doing: str) -> None:
    there = policies.get(asked.place)
    if there is None:
        return
    if asked.made and there.owner is None:
        del policies[asked.place]
        return
    on_delete = asked.properties["OnDelete"]
    is_ours = there.owner == asked.owner and there.adopted
    if is_ours and asked.former is not None and asked.known == asked.place:
        back = marked(there.says, asked.former)
        if _is_aborted(asked, there, doing) or (on_delete != "DELETE" and back.owner is None):
            policies[asked.place] = back
            return
    _drop(policies, asked.place, asked.owner, on_delete, claimed=asked.claimed)


def _is_aborted(asked: Asked, there: Seen, doing: str) -> bool:
    """Return whether this takes an adoption back that the same operation did, and nothing has changed since."""
    adopts = _is_read(asked.properties) and asked.properties["WhenExists"] == "ADOPT"
    return doing in ROLLBACKS and adopts and meaning(there.says) == meaning(said(asked.properties["Policy"]))


def _keeps_its_words(asked: Asked, there: Seen) -> bool:
    """Return whether what was there before keeps every word: it was adopted, now or before, and means the same."""
    edited = asked.in_place and there.owner is None
    adopts = there.owner == asked.owner or (asked.properties["WhenExists"] == "ADOPT" and not edited)
    return adopts and meaning(there.says) == meaning(said(asked.properties["Policy"]))


def _drop_unanswered_rename(policies: Policies, asked: Asked) -> None:
    if (asked.in_place or asked.kind == "Delete") and asked.old and asked.old != asked.place:
        there = policies.get(asked.old)
        if there is not None and there.owner == asked.owner:
            _drop(policies, asked.old, asked.owner, asked.old_properties["OnDelete"], claimed=True)


def _taken(asked: Asked, there: Seen) -> bool:
    # In place the policy was this owner's before: who takes a marker out by hand, takes nothing over.
    edited = asked.in_place and there.owner is None
    return not edited or (asked.properties["OnDelete"] == "RELEASE" and not asked.made)


def _refuses(asked: Asked, there: Seen) -> bool:
    if there.owner == asked.owner or (asked.in_place and there.owner is None):
        return False
    when = asked.properties["WhenExists"]
    return when == "FAIL" or (when == "ADOPT" and meaning(there.says) != meaning(said(asked.properties["Policy"])))


def meaning(says: str) -> str:
    """Return one text for documents that say the same; only for those that the machine draws."""
    document = json.loads(says)
    [statement] = document["Statement"]
    statement.pop("Sid", None)
    [principal] = [statement["Principal"]["AWS"]]
    account = principal[0] if isinstance(principal, list) else principal
    statement["Principal"]["AWS"] = account.removeprefix("arn:aws:iam::").removesuffix(":root")
    statement["Action"] = sorted(action.lower() for action in statement["Action"])
    return said(document)


def _drop(policies: Policies, place: Place, owner: str, on_delete: str, *, claimed: bool) -> None:
    there = policies.get(place)
    if there is None:
        return
    if there.owner == owner:
        if there.adopted and on_delete != "DELETE":
            policies[place] = replace(there, owner=None, adopted=False)
        else:
            del policies[place]
    elif there.owner is None and claimed and on_delete == "DELETE":
        del policies[place]


def right_id(asked: Asked, event: Event, answer: Answer, *, wrote: bool) -> str:
    """Return the physical id that the answer has to carry.

    :param wrote: whether SES accepted a write of this run for the policy that is declared.
    """
    identity, name = asked.place
    claimed = f"{identity}|{name}|{asked.owner}"
    if asked.kind == "Create":
        return claimed if wrote or answer["Status"] == "SUCCESS" else f"{identity}|{name}|unclaimed"
    moved = asked.kind == "Update" and answer["Status"] == "SUCCESS" and not asked.in_place and asked.known is not None
    return claimed if moved else str(event["PhysicalResourceId"])
