"""The lifecycle as a plain model: what is at SES, and what each event may make of it.

Written from docs/lifecycle.md, and sharing no line with what it judges: a table is a few lines of `if` here.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from tests.support.courier import Answer, Event

Place = tuple[str, str]
"""An identity, and a policy's name."""


@dataclass(frozen=True)
class Seen:
    """A policy as anybody sees it.

    :param says: its document without the `Id`, in one order.
    :param owner: the token in its marker.
    :param adopted: whether the marker says so.
    """

    says: str
    owner: str | None = None
    adopted: bool = False


def seen(text: str) -> Seen:
    """Return what the policy is that SES holds as `text`."""
    document = json.loads(text)
    parts = str(document.pop("Id", "")).split("/")
    owner = parts[2] if len(parts) in {3, 4} else None
    return Seen(said(document), owner, owner is not None and parts[3:] == ["adopted"])


def said(document: dict[str, Any]) -> str:
    """Return a document as text to compare."""
    return json.dumps(document, sort_keys=True)


def token(stack_id: str, logical_id: str) -> str:
    """Return the token of a resource."""
    return hashlib.sha256(f"{stack_id}|{logical_id}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Asked:
    """An event, as the model understands it.

    :param kind: `Create`, `Update` or `Delete`.
    :param owner: the token that speaks.
    :param claimed: whether its physical id says that a write of this owner was accepted.
    :param place: the policy that it is about.
    :param known: the policy that its physical id names.
    :param old: the policy that its old properties name; of a Delete, its only ones.
    :param properties: what is declared.
    :param old_properties: what was declared before; of a Delete, what was declared last.
    """

    kind: str
    owner: str
    claimed: bool
    place: Place
    known: Place | None
    old: Place | None
    properties: dict[str, Any]
    old_properties: dict[str, Any]

    @classmethod
    def by(cls, event: Event) -> "Asked":
        """Return what an event asks for."""
        properties, old = event["ResourceProperties"], event.get("OldResourceProperties", {})
        parts = event.get("PhysicalResourceId", "").rsplit("|", 2)
        known = (parts[0], parts[1]) if len(parts) == 3 else None
        claimed = known is not None and parts[2] != "unclaimed"
        declares = (properties["EmailIdentity"], properties["PolicyName"])
        is_delete = event["RequestType"] == "Delete"
        return cls(
            event["RequestType"],
            parts[2] if claimed else token(event["StackId"], event["LogicalResourceId"]),
            claimed,
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
    """

    status: str
    after: Policies


def expected(
    asked: Asked, before: Policies, identities: set[str], *, drops_id: bool, again: bool, itself: bool
) -> Expected:
    """Return what comes of an event when nothing goes wrong.

    :param drops_id: whether SES forgets the markers.
    :param again: whether the resource has this policy again, or still, under a claimed id, so that a Delete is old.
    :param itself: whether the resource is being deleted as this policy, and not only what it was before.
    """
    after = dict(before)
    if asked.kind == "Delete":
        if not again:
            _drop(after, asked.place, asked.owner, asked.properties["OnDelete"], claimed=asked.claimed)
        if itself:
            _drop_unanswered_rename(after, asked)
        return Expected("SUCCESS", after)
    there = before.get(asked.place)
    declares_nothing = "Statement" not in asked.properties["Policy"]
    if declares_nothing:
        return Expected("FAILED", before)
    _drop_unanswered_rename(after, asked)
    if asked.place[0] not in identities or (there is not None and _refuses(asked, there)):
        return Expected("FAILED", after)
    was_there = there is not None and (there.adopted if there.owner == asked.owner else _taken(asked, there))
    made = Seen(said(asked.properties["Policy"]), asked.owner, was_there)
    after[asked.place] = Seen(made.says) if drops_id else made
    return Expected("SUCCESS", after)


def _drop_unanswered_rename(policies: Policies, asked: Asked) -> None:
    if (asked.in_place or asked.kind == "Delete") and asked.old and asked.old != asked.place:
        there = policies.get(asked.old)
        if there is not None and there.owner == asked.owner:
            _drop(policies, asked.old, asked.owner, asked.old_properties["OnDelete"], claimed=True)


def _taken(asked: Asked, there: Seen) -> bool:
    # In place the policy was this owner's before: who takes a marker out by hand, takes nothing over.
    edited = asked.in_place and there.owner is None
    return not edited or asked.properties["OnDelete"] == "RELEASE"


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
        if there.adopted and on_delete == "RELEASE":
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
