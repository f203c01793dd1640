"""What must hold in every history, checked after each delivery. `tests/support/at_rest.py` checks between two steps."""

from dataclasses import dataclass, field
from urllib.parse import quote

from emulator.store import StoredPolicy
from tests.support.async_invoker import Delivery
from tests.support.at_rest import AtRest, Resource
from tests.support.events import ACCOUNT, REGION
from tests.support.model import (
    Asked,
    Expected,
    Place,
    Policies,
    Seen,
    bare,
    claim,
    expected,
    former_id,
    marked,
    meaning,
    right_id,
    said,
    seen,
    target,
)

# The codes that SES answers with when nothing has failed.
_TRUE_ANSWERS = {None, "AlreadyExistsException", "NotFoundException", "LimitExceededException"}

_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


@dataclass
class HistoryChecks(AtRest):
    """Follows one history, and raises `AssertionError` at the first violation."""

    replays: bool = False
    """Whether the delivered event is an old one."""
    overlaps: bool = False
    """Whether two events are being handled at once."""
    identities: set[str] = field(default_factory=set)
    """The identities that exist."""
    _before: Policies = field(default_factory=dict)
    _lent: dict[tuple[Place, str], Seen] = field(default_factory=dict)
    """By policy and the token of an owner who took it over: the policy as its former owner had it."""
    _deleted: set[str] = field(default_factory=set)
    """The request ids of the Deletes for which CloudFormation has an answer, whatever its status."""
    _told: set[str] = field(default_factory=set)
    """The physical ids that CloudFormation accepted."""
    _gone: set[tuple[Place, str]] = field(default_factory=set)
    """Policy and owner token of each answered Delete; it may have left the policy to another owner."""
    _leaves: bool = False
    """Whether the last SUCCESS left its policy to another owner."""

    def __post_init__(self) -> None:
        self.invoker.watcher = self.delivered
        self._before = self.policies

    def by_hand(self, place: Place, text: str | None) -> None:
        """Let somebody write a policy, or delete it if `text` is None."""
        ses = self.invoker.aws.ses
        if text is not None:
            ses.put_policy(StoredPolicy(ACCOUNT, REGION, *place, text))
        else:
            ses.client().delete_email_identity_policy(EmailIdentity=place[0], PolicyName=place[1])
        if text is None or seen(text).owner is None:
            self.holders.pop(place, None)
        self._loses(place, to="")
        self._before = self.policies

    def without(self, identity: str) -> None:
        """Let somebody delete an identity and its policies."""
        self.invoker.aws.ses.remove_identity(identity)
        self.identities.discard(identity)
        for place in [place for place in self.holders if place[0] == identity]:
            del self.holders[place]
        for place in self._before:
            if place[0] == identity:
                self._loses(place, to="")
        self._before = self.policies

    def disown(self, physical_id: str) -> None:
        """Note that a rollback skipped this policy, so it may not be as declared."""
        named = claim(physical_id)
        if named is not None:
            self.disowned.add(named)

    def delivered(self, delivery: Delivery) -> None:
        """Check one run of the function."""
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
            return  # the effect of both is checked when the Create has ended as well
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
        if not self.overlaps:
            self._judge_id(asked, delivery, right_id(asked, event, answer, wrote=wrote))

    def _judge_id(self, asked: Asked, delivery: Delivery, right: str) -> None:
        """Check that the physical id is the expected one, and that its fourth part tells how the policy came here."""
        answer = delivery.told
        assert answer is not None
        given = answer["PhysicalResourceId"]
        assert bare(given) == bare(right)
        if claim(given) is None or right == delivery.event.get("PhysicalResourceId"):
            assert given == right
            return
        if answer["Status"] == "SUCCESS" and not asked.in_place and self._is_refused_rollback(asked, delivery):
            return  # the previous id, because the policy belongs to another owner by now
        former, before, after = former_id(given), self._before.get(asked.place), self.policies.get(asked.place)
        assert given == right + ("|made" if former is None else "|adopted" + (f"={quote(former)}" if former else ""))
        if answer["Status"] == "SUCCESS" and not self.drops_id:
            assert after is not None
            assert after.adopted == (former is not None), f"{given} of {after}"
        if given in self._told and before is not None and before.owner == asked.owner:
            return  # renamed back to what it adopted before, as the stack's events tell
        if former:
            assert asked.properties["WhenExists"] == "ADOPT"
            assert before is not None
            assert marked(before.says, former) == before, f"{given} of {before}"

    def _judge_ownership(self, asked: Asked, before: Policies) -> None:
        """Check that a policy of another owner is never changed or removed, unless that was declared."""
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
        """Check that SES holds what a SUCCESS declared, and that nothing else changed, nor anything after a refusal."""
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
            doing=self.invoker.stacks[_resource(delivery)[0]].doing,
        )
        self._leaves = right.leaves
        disturbed = self.replays or not {call.code for call in delivery.calls} <= _TRUE_ANSWERS
        if not disturbed:
            assert (answer["Status"], after) == (right.status, right.after), f"{asked}: {before}; {answer['Reason']}"
        elif answer["Status"] == "SUCCESS":
            if after == before and self._is_refused_rollback(asked, delivery):
                self.tally["rollback refused, and as it should be"] += 1
                self._leaves = True
                return
            refused_release = asked.kind == "Delete" and after == before and asked.properties["OnDelete"] == "RELEASE"
            assert after == right.after or refused_release, f"{asked}: {before}"
            if after != right.after:
                self._excuse(asked.owner, asked.place, "release refused")
        else:
            self._judge_failure(asked, delivery, before, right)

    def _is_refused_rollback(self, asked: Asked, delivery: Delivery) -> bool:
        """Return whether this Update rolls back, and SES holds its policy already, or one of another owner."""
        there = self._before.get(asked.place)
        rolls_back = self.invoker.stacks[_resource(delivery)[0]].doing == "UPDATE_ROLLBACK_IN_PROGRESS"
        if there is None or not (asked.kind == "Update" and asked.claimed and rolls_back):
            return False
        is_foreign = there.owner not in {None, asked.owner}
        return is_foreign or meaning(there.says) == meaning(said(asked.properties["Policy"]))

    def _judge_failure(self, asked: Asked, delivery: Delivery, before: Policies, right: Expected) -> None:
        after, answer = self._before, delivery.told
        assert answer is not None
        for place in after.keys() | before.keys():
            may = {before.get(place)} | ({right.after.get(place)} if place in asked.places else set())
            held = before.get(place)
            if place == asked.place and not asked.in_place and held and held.owner == asked.owner:
                # A clean-up that gave up left it there: the undo cannot tell it from what this run created.
                may.add(None)
            assert after.get(place) in may, f"{asked}: {place} was {before.get(place)}, is {after.get(place)}"
        there = before.get(asked.place)
        is_new = asked.kind == "Update" and not asked.in_place and (there is None or there.owner != asked.owner)
        if is_new and after.get(asked.place) != there and not self.drops_id:
            assert _left(asked.place) in answer["Reason"]

    def _is_there_again(self, asked: Asked, delivery: Delivery) -> bool:
        """Return whether the resource of this Delete has the policy again or still, under a claimed id."""
        stack_id, logical_id = _resource(delivery)
        described = self.invoker.voices[stack_id](logical_id)
        if self.replays and delivery.event["RequestId"] in self._deleted:
            return True
        if described is None or claim(described.physical_id) is None or target(described.physical_id) != asked.place:
            return False
        # It was rolled back to a name that it first got in another way.
        is_other = described.physical_id != delivery.event.get("PhysicalResourceId")
        return not asked.claimed or is_other or (self.replays and described.status in _COMPLETE)

    def _is_deleted_itself(self, asked: Asked, delivery: Delivery) -> bool:
        stack_id, logical_id = _resource(delivery)
        described = self.invoker.voices[stack_id](logical_id)
        if described is None or not described.status.startswith("DELETE_"):
            return False
        return target(described.physical_id) == asked.place

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
                self._goes(place, before.get(place), self._before.get(place), asked)
        if delivery.accepted is None:
            return
        self._told.add(delivery.accepted["PhysicalResourceId"])
        if asked.kind == "Delete":
            self._deleted.add(delivery.event["RequestId"])
            self._gone.add((asked.place, asked.owner))
        elif delivery.accepted["Status"] == "SUCCESS" and not self.replays and not self._leaves:
            self.disowned.discard((asked.place, asked.owner))
            self._gone.discard((asked.place, asked.owner))

    def _goes(self, place: Place, before: Seen | None, after: Seen | None, asked: Asked) -> None:
        """Note that a policy changed, which voids the promise to its former owner until the policy is given back."""
        lent = self._lent.pop((place, asked.owner), None)
        former = before.owner if before else None
        if before and former in self.homes.keys() - {asked.owner} and (place, former) not in self.disowned:
            self._lent[place, asked.owner] = before
        self._loses(place, to=asked.owner)
        if lent is not None and lent == after:
            self.disowned.discard((place, str(lent.owner)))
            self.tally["given back"] += 1
            if (place, str(lent.owner)) in self._gone:
                self._excuse(str(lent.owner), place, "given back late")

    def _loses(self, place: Place, *, to: str) -> None:
        self.disowned |= {(place, owner) for owner in self.homes if owner != to}


def _resource(delivery: Delivery) -> Resource:
    return delivery.event["StackId"], delivery.event["LogicalResourceId"]


def _left(place: Place) -> str:
    return f"left behind: policy {place[1]!r} on {place[0]!r}"
