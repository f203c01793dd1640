"""What must hold between two steps of a history: SES holds what was declared, and nothing else of ours."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.async_invoker import AsyncInvoker
from tests.support.kept import Kept, Leftover
from tests.support.model import Place, Policies, claim, meaning, said, seen, target, token
from tests.support.stack import Stack

_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_AT_REST = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "DELETE_COMPLETE", "ROLLBACK_COMPLETE"}

Resource = tuple[str, str]
"""A stack's id, and a logical id."""


@dataclass
class AtRest:
    """What is known of one history.

    :param invoker: delivers the events.
    :param tally: counts what happened, over all histories.
    :param tells: called with a line of text for each delivery.
    :param drops_id: whether SES drops the markers, which voids the promises that docs/lifecycle.md bases on them.
    """

    invoker: AsyncInvoker
    tally: Counter[str]
    tells: Callable[[str], None] = lambda _: None
    drops_id: bool = False
    stacks: list[Stack] = field(default_factory=list)
    homes: dict[str, Resource] = field(default_factory=dict)
    """By owner token, the resource that has it; a refactoring changes that."""
    holders: dict[Place, str] = field(default_factory=dict)
    """By policy, the owner token, also if SES does not show it."""
    disowned: set[tuple[Place, str]] = field(default_factory=set)
    """What others took, changed or removed since its owner's last SUCCESS: policy, and the owner's token."""
    excused: dict[tuple[str, Place], str] = field(default_factory=dict)
    """Why a policy may be left behind, by owner token and policy."""
    _counted: set[tuple[str, Place]] = field(default_factory=set)

    @property
    def policies(self) -> Policies:
        """All policies that SES holds."""
        return {(each.identity, each.name): seen(each.document) for each in self.invoker.aws.ses.policies()}

    def at_rest(self) -> None:
        """Check what must hold between two steps: SES holds what was declared, and nothing else of ours."""
        policies = self.policies
        for stack in self.stacks:
            for leftover in stack.abandoned:
                self._leave(stack, leftover, "abandoned")
            for leftover in stack.spared:
                self._leave(stack, leftover, "retained")
            for kept in stack.resources.values():
                if kept.status in _COMPLETE:
                    self._is_held(kept, policies)
        for place, owner in self.holders.items():
            if place in policies and not self._belongs(place, owner):
                reason = self.excused.get((owner, place)) or ("rests on the marker" if self.drops_id else None)
                assert reason, f"{place} is left of {self.homes.get(owner)}, {owner}"
                self._excuse(owner, place, reason)
                self._count(owner, place)

    def _is_held(self, kept: Kept, policies: Policies) -> None:
        named = claim(kept.physical_id)
        assert named is not None, f"{kept.physical_id} was deployed"
        place, owner = named
        if named in self.disowned:
            return
        there = policies.get(place)
        assert there is not None, f"{kept.physical_id} was deployed, and SES has none"
        declared = said(kept.properties["Policy"])
        # An adopted policy keeps its text.
        is_right = (
            meaning(there.says) == meaning(declared) if self.drops_id or there.adopted else there.says == declared
        )
        assert is_right, f"{kept.physical_id} says something else"
        assert self.drops_id or there.owner == owner, f"{kept.physical_id} is {there.owner}'s"

    def _belongs(self, place: Place, owner: str) -> bool:
        stack_id, name = self.homes[owner]
        [stack] = [each for each in self.stacks if each.id == stack_id]
        if stack.status not in _AT_REST:
            return True
        kept = stack.resources.get(name)
        if kept is None or kept.status not in _COMPLETE:
            return False
        named = claim(kept.physical_id)
        return named is not None and named[0] == place

    def _leave(self, stack: Stack, leftover: Leftover, reason: str) -> None:
        properties = leftover.properties
        named = claim(leftover.physical_id)
        owner = named[1] if named else token(stack.id, leftover.logical_id)
        # A rename that CloudFormation did not hear of leaves a policy under both names.
        self._excuse(owner, (properties["EmailIdentity"], properties["PolicyName"]), reason)
        known = target(leftover.physical_id)
        if known:
            self._excuse(owner, known, reason)

    def _excuse(self, owner: str, place: Place, reason: str) -> None:
        self.excused.setdefault((owner, place), reason)

    def _count(self, owner: str, place: Place) -> None:
        if (owner, place) not in self._counted:
            self._counted.add((owner, place))
            self.tally[self.excused[owner, place]] += 1
