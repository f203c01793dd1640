"""What must be true of every history: judged after each delivery, and after each step."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from emulator.store import StoredPolicy
from tests.support.courier import Courier, Delivery
from tests.support.events import ACCOUNT, REGION
from tests.support.model import Asked, Expected, Place, Policies, expected, meaning, right_id, said, seen, token
from tests.support.stack import Leftover, Stack

# What SES says without anything having gone wrong.
_TRUE_ANSWERS = {None, "AlreadyExistsException", "NotFoundException", "LimitExceededException"}

_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_AT_REST = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "DELETE_COMPLETE", "ROLLBACK_COMPLETE"}

Resource = tuple[str, str]
"""A stack's id, and a logical id."""


@dataclass
class Judge:
    """Follows one history, and raises `AssertionError` at its first wrong.

    :param courier: is watched.
    :param tally: counts what happened, over all histories.
    :param tells: is told each delivery in a line.
    :param drops_id: whether SES forgets the markers, and with them the promises that docs/lifecycle.md says rest on it.
    """

    courier: Courier
    tally: Counter[str]
    tells: Callable[[str], None] = lambda _: None
    drops_id: bool = False
    stacks: list[Stack] = field(default_factory=list)
    homes: dict[str, Resource] = field(default_factory=dict)
    """By token, the resource that has it: another one after a refactoring."""
    holders: dict[Place, str] = field(default_factory=dict)
    """By policy, the token of whom it is, whatever SES shows."""
    disowned: set[tuple[Place, str]] = field(default_factory=set)
    """What somebody else took, changed or removed since its owner's last SUCCESS: policy, and the owner's token."""
    excused: dict[tuple[str, Place], str] = field(default_factory=dict)
    """What may be left behind, by token and policy, and why."""
    replays: bool = False
    """Whether what is delivered now is old."""
    overlaps: bool = False
    """Whether two events are under way."""
    identities: set[str] = field(default_factory=set)
    """The identities that exist."""
    _before: Policies = field(default_factory=dict)
    _counted: set[tuple[str, Place]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.courier.watcher = self.delivered
        self._before = self.policies

    @property
    def policies(self) -> Policies:
        """All that SES holds."""
        return {(each.identity, each.name): seen(each.document) for each in self.courier.aws.ses.policies()}

    def by_hand(self, place: Place, text: str | None) -> None:
        """Let somebody make or edit a policy, or delete it."""
        ses = self.courier.aws.ses
        if text is not None:
            ses.put_policy(StoredPolicy(ACCOUNT, REGION, *place, text))
        else:
            ses.client().delete_email_identity_policy(EmailIdentity=place[0], PolicyName=place[1])
        if text is None or seen(text).owner is None:
            self.holders.pop(place, None)
        self._loses(place, to="")
        self._before = self.policies

    def without(self, identity: str) -> None:
        """Let somebody delete an identity, with its policies."""
        self.courier.aws.ses.remove_identity(identity)
        self.identities.discard(identity)
        for place in [place for place in self.holders if place[0] == identity]:
            del self.holders[place]
        for place in self._before:
            if place[0] == identity:
                self._loses(place, to="")
        self._before = self.policies

    def disown(self, physical_id: str) -> None:
        """Take it that a rollback which was skipped left this policy as it is."""
        identity, name, owner = physical_id.rsplit("|", 2)
        self.disowned.add(((identity, name), owner))

    def delivered(self, delivery: Delivery) -> None:
        """Judge one run of the function."""
        asked = Asked.by(delivery.event)
        answer = delivery.told or {"Status": "no answer", "Reason": delivery.error}
        calls = ", ".join(
            f"{call.operation[:6]} {call.policy_name or ''} {call.code or ''}" for call in delivery.calls[-6:]
        )
        self.tells(f"    {asked.kind} {asked.owner} {asked.place} {answer['Status']} {answer['Reason']} ({calls})")
        self.homes.setdefault(asked.owner, _resource(delivery))
        self.tally["deliveries"] += 1
        self._judge_answer(asked, delivery)
        if self.overlaps and asked.kind == "Delete":
            return  # what both did is seen when the Create has ended as well
        before, self._before = self._before, self.policies
        self._judge_ownership(asked, before)
        if not self.overlaps:
            self._judge_outcome(asked, delivery, before)
        self._follow(asked, delivery, before)

    def _judge_answer(self, asked: Asked, delivery: Delivery) -> None:
        event, puts = delivery.event, delivery.puts
        assert len({put.body for put in puts}) <= 1, "two answers to one delivery"
        assert delivery.late == 0, "SES was called after the answer"
        if delivery.told is None:
            assert delivery.calls == [], "SES was called, and nobody was told"
            return
        self.tally["answers"] += 1
        assert len(puts[0].body) <= 4096, "the answer is too long"
        answer = delivery.told
        for place in asked.places:
            if _left(place) in answer["Reason"]:
                self._excuse(asked.owner, place, "left behind, and told")
        names = ("StackId", "LogicalResourceId", "RequestId")
        assert [answer[name] for name in names] == [event[name] for name in names]
        writes = [call for call in delivery.calls if call.operation[:6] in {"Create", "Update"} and call.code is None]
        wrote = any((call.identity, call.policy_name) == asked.place for call in writes)
        assert self.overlaps or answer["PhysicalResourceId"] == right_id(asked, event, answer, wrote=wrote)

    def _judge_ownership(self, asked: Asked, before: Policies) -> None:
        """Hold that a policy that isn't ours is never changed or removed, unless that was declared."""
        for place, there in before.items():
            if self._before.get(place) == there or there.owner == asked.owner:
                continue
            when = asked.properties["WhenExists"] if asked.kind != "Delete" else ""
            assert (
                when == "OVERWRITE"
                or (when == "ADOPT" and meaning(there.says) == meaning(said(asked.properties["Policy"])))
                or (there.owner is None and asked.claimed and asked.known == place)
            ), f"{place} was not {asked.owner}'s: {there}, is {self._before.get(place)}"

    def _judge_outcome(self, asked: Asked, delivery: Delivery, before: Policies) -> None:
        """Hold that SES has what a SUCCESS declared, that a refusal changes nothing, and nothing else is touched."""
        after, answer = self._before, delivery.told
        if answer is None:
            assert after == before
            return
        right = expected(
            asked,
            before,
            self.identities,
            drops_id=self.drops_id,
            again=self._is_there_again(asked, delivery),
            itself=self._is_deleted_itself(asked, delivery),
        )
        disturbed = self.replays or not {call.code for call in delivery.calls} <= _TRUE_ANSWERS
        if not disturbed:
            assert (answer["Status"], after) == (right.status, right.after), f"{asked}: {before}; {answer['Reason']}"
        elif answer["Status"] == "SUCCESS":
            refused_release = asked.kind == "Delete" and after == before and asked.properties["OnDelete"] == "RELEASE"
            assert after == right.after or refused_release, f"{asked}: {before}"
            if after != right.after:
                self._excuse(asked.owner, asked.place, "release refused")
        else:
            self._judge_failure(asked, delivery, before, right)

    def _judge_failure(self, asked: Asked, delivery: Delivery, before: Policies, right: Expected) -> None:
        after, answer = self._before, delivery.told
        assert answer is not None
        for place in after.keys() | before.keys():
            may = {before.get(place)} | ({right.after.get(place)} if place in asked.places else set())
            held = before.get(place)
            if place == asked.place and not asked.in_place and held and held.owner == asked.owner:
                # Left there by a clean-up that was given up: the undo cannot tell it from what this run made.
                may.add(None)
            assert after.get(place) in may, f"{asked}: {place} was {before.get(place)}, is {after.get(place)}"
        there = before.get(asked.place)
        is_new = asked.kind == "Update" and not asked.in_place and (there is None or there.owner != asked.owner)
        if is_new and after.get(asked.place) != there and not self.drops_id:
            assert _left(asked.place) in answer["Reason"]

    def _is_there_again(self, asked: Asked, delivery: Delivery) -> bool:
        """Return whether this Delete's resource has the policy under a claimed id by now, made or kept since."""
        stack_id, logical_id = _resource(delivery)
        described = self.courier.voices[stack_id](logical_id)
        parts = described.physical_id.rsplit("|", 2) if described else []
        has_it = len(parts) == 3 and parts[2] != "unclaimed" and (parts[0], parts[1]) == asked.place
        return has_it and (not asked.claimed or (self.replays and bool(described and described.status in _COMPLETE)))

    def _is_deleted_itself(self, asked: Asked, delivery: Delivery) -> bool:
        stack_id, logical_id = _resource(delivery)
        described = self.courier.voices[stack_id](logical_id)
        if described is None or not described.status.startswith("DELETE_"):
            return False
        return tuple(described.physical_id.rsplit("|", 2)[:2]) == asked.place

    def _follow(self, asked: Asked, delivery: Delivery, before: Policies) -> None:
        for call in delivery.calls:
            if not call.applied:
                continue
            place = (call.identity, str(call.policy_name))
            owner = seen(call.document).owner if call.document else None
            if owner is None:
                released = call.document is not None and self.holders.get(place) == asked.owner
                self.tally["released"] += released
                self.holders.pop(place, None)
            else:
                self.holders[place] = owner
        for place in before.keys() | self._before.keys():
            if before.get(place) != self._before.get(place):
                self._loses(place, to=asked.owner)
        deployed = asked.kind != "Delete" and delivery.accepted and delivery.accepted["Status"] == "SUCCESS"
        if deployed and not self.replays:
            self.disowned.discard((asked.place, asked.owner))

    def _loses(self, place: Place, *, to: str) -> None:
        self.disowned |= {(place, owner) for owner in self.homes if owner != to}

    def at_rest(self) -> None:
        """Judge what must be true between two steps: what was declared is held, and nothing else."""
        policies = self.policies
        for stack in self.stacks:
            for leftover in stack.abandoned:
                self._leave(stack, leftover, "abandoned")
            for leftover in stack.spared:
                self._leave(stack, leftover, "retained")
            for kept in stack.resources.values():
                if kept.status not in _COMPLETE:
                    continue
                identity, policy_name, owner = kept.physical_id.rsplit("|", 2)
                place = (identity, policy_name)
                if (place, owner) not in self.disowned:
                    there = policies.get(place)
                    assert there is not None, f"{kept.physical_id} was deployed, and SES has none"
                    assert there.says == said(kept.properties["Policy"]), f"{kept.physical_id} says something else"
                    assert self.drops_id or there.owner == owner, f"{kept.physical_id} is {there.owner}'s"
        for place, owner in self.holders.items():
            if place in policies and not self._belongs(place, owner):
                reason = self.excused.get((owner, place)) or ("rests on the marker" if self.drops_id else None)
                assert reason, f"{place} is left of {self.homes.get(owner)}, {owner}"
                self._excuse(owner, place, reason)
                self._count(owner, place)

    def _belongs(self, place: Place, owner: str) -> bool:
        stack_id, name = self.homes[owner]
        [stack] = [each for each in self.stacks if each.id == stack_id]
        if stack.status not in _AT_REST:
            return True
        kept = stack.resources.get(name)
        if kept is None or kept.status not in _COMPLETE:
            return False
        return tuple(kept.physical_id.rsplit("|", 2)[:2]) == place

    def _leave(self, stack: Stack, leftover: Leftover, reason: str) -> None:
        parts = leftover.physical_id.rsplit("|", 2)
        properties = leftover.properties
        known = len(parts) == 3
        owner = parts[2] if known and parts[2] != "unclaimed" else token(stack.id, leftover.logical_id)
        # Both names of a rename of which CloudFormation heard nothing.
        self._excuse(owner, (properties["EmailIdentity"], properties["PolicyName"]), reason)
        if known:
            self._excuse(owner, (parts[0], parts[1]), reason)

    def _excuse(self, owner: str, place: Place, reason: str) -> None:
        self.excused.setdefault((owner, place), reason)

    def _count(self, owner: str, place: Place) -> None:
        if (owner, place) not in self._counted:
            self._counted.add((owner, place))
            self.tally[self.excused[owner, place]] += 1


def _resource(delivery: Delivery) -> Resource:
    return delivery.event["StackId"], delivery.event["LogicalResourceId"]


def _left(place: Place) -> str:
    return f"left behind: policy {place[1]!r} on {place[0]!r}"
