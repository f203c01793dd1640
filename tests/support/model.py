"""The lifecycle as a plain model: what is at SES, and what each event may change there.

Written from docs/lifecycle.md, and sharing no line with the code that it checks: a table there is a few `if`s here.
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
"""The statuses of a stack while it undoes an operation."""


@dataclass(frozen=True)
class Seen:
    """A policy, parsed.

    :param says: its document without the `Id`, with its keys sorted.
    :param owner: the token in its marker.
    :param adopted: whether the marker says that it was adopted.
    :param id: its `Id` if that is no marker.
    """

    says: str
    owner: str | None = None
    adopted: bool = False
    id: str = ""


def seen(text: str) -> Seen:
    """Return the policy that SES holds as `text`, parsed."""
    document = json.loads(text)
    id_ = str(document.pop("Id", ""))
    return marked(said(document), id_)


def marked(says: str, id_: str) -> Seen:
    """Return a policy whose document is `says` and whose `Id` is `id_`, empty for none."""
    parts = id_.split("/")
    owner = parts[2] if len(parts) in {3, 4} else None
    return Seen(says, owner, owner is not None and parts[3:] == ["adopted"], "" if owner else id_)


def said(document: dict[str, Any]) -> str:
    """Return a document as text with sorted keys, to compare it."""
    return json.dumps(document, sort_keys=True)


def token(stack_id: str, logical_id: str) -> str:
    """Return the owner token of a resource."""
    return hashlib.sha256(f"{stack_id}|{logical_id}".encode()).hexdigest()[:16]


def bare(physical_id: str) -> str:
    """Return a physical id without its fourth part, which tells how the policy came to its owner."""
    return re.sub(r"\|(made|adopted(=[^|]*)?)$", "", physical_id)


def former_id(physical_id: str) -> str | None:
    """Return the `Id` that a policy had before it was adopted; None if its physical id does not say that it was."""
    told = re.search(r"\|adopted(?:=([^|]*))?$", physical_id)
    return unquote(told[1] or "") if told else None


def target(physical_id: str) -> Place | None:
    """Return the policy that a physical id names; None if it is one that CloudFormation made up."""
    parts = bare(physical_id).rsplit("|", 2)
    return (parts[0], parts[1]) if len(parts) == 3 else None


def claim(physical_id: str) -> tuple[Place, str] | None:
    """Return the policy that a physical id names, and its owner token; None if the id claims none."""
    place, owner = target(physical_id), bare(physical_id).rpartition("|")[2]
    return None if place is None or owner == "unclaimed" else (place, owner)


@dataclass(frozen=True)
class Asked:
    """An event, as the model understands it.

    :param kind: `Create`, `Update` or `Delete`.
    :param owner: the owner token.
    :param claimed: whether its physical id says that a write of this owner was accepted.
    :param made: whether it says that this owner made the policy.
    :param former: the `Id` that it says an adopted policy had before; None if it does not say that one was adopted.
    :param place: the policy that the event is about.
    :param known: the policy that its physical id names.
    :param old: the policy that its old properties name; of a Delete, its only ones.
    :param properties: the declared properties.
    :param old_properties: the properties declared before; of a Delete, the last ones.
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
        """The policies that it may touch."""
        return {self.place} | ({self.old} if self.old else set())

    @property
    def in_place(self) -> bool:
        """Whether it is an Update of the policy that its physical id names."""
        return self.kind == "Update" and self.claimed and self.known == self.place


Policies = dict[Place, Seen]


@dataclass(frozen=True)
class Expected:
    """What follows from an event if nothing fails.

    :param status: the status of the answer.
    :param after: all policies after it.
    :param leaves: whether it is a SUCCESS that leaves the policy to another owner.
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
    """Return what follows from an event if nothing fails.

    :param drops_id: whether SES drops the markers.
    :param again: whether the resource has this policy again or still, so that its Delete is an old one.
    :param itself: whether the resource itself is being deleted, and not only what it was before.
    :param doing: the status of the stack.
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
    """Return whether this undoes an adoption of the same operation, and the policy has not changed since."""
    adopts = _is_read(asked.properties) and asked.properties["WhenExists"] == "ADOPT"
    return doing in ROLLBACKS and adopts and meaning(there.says) == meaning(said(asked.properties["Policy"]))


def _keeps_its_words(asked: Asked, there: Seen) -> bool:
    """Return whether the text at SES stays: it was adopted, now or before, and means the same as what is declared."""
    edited = asked.in_place and there.owner is None
    adopts = there.owner == asked.owner or (asked.properties["WhenExists"] == "ADOPT" and not edited)
    return adopts and meaning(there.says) == meaning(said(asked.properties["Policy"]))


def _drop_unanswered_rename(policies: Policies, asked: Asked) -> None:
    if (asked.in_place or asked.kind == "Delete") and asked.old and asked.old != asked.place:
        there = policies.get(asked.old)
        if there is not None and there.owner == asked.owner:
            _drop(policies, asked.old, asked.owner, asked.old_properties["OnDelete"], claimed=True)


def _taken(asked: Asked, there: Seen) -> bool:
    # In place, the policy was this owner's: if somebody removed its marker by hand, it is not taken over.
    edited = asked.in_place and there.owner is None
    return not edited or (asked.properties["OnDelete"] == "RELEASE" and not asked.made)


def _refuses(asked: Asked, there: Seen) -> bool:
    if there.owner == asked.owner or (asked.in_place and there.owner is None):
        return False
    when = asked.properties["WhenExists"]
    return when == "FAIL" or (when == "ADOPT" and meaning(there.says) != meaning(said(asked.properties["Policy"])))


def meaning(says: str) -> str:
    """Return the same text for documents that mean the same; only for those that `random_declarations` makes."""
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
    """Return the physical id that the answer must have, apart from a fourth part that this event adds.

    :param wrote: whether SES accepted a write of the declared policy in this run.
    """
    identity, name = asked.place
    claimed = f"{identity}|{name}|{asked.owner}"
    if asked.kind == "Create":
        return claimed if wrote or answer["Status"] == "SUCCESS" else f"{identity}|{name}|unclaimed"
    moved = asked.kind == "Update" and answer["Status"] == "SUCCESS" and not asked.in_place and asked.known is not None
    return claimed if moved else str(event["PhysicalResourceId"])
