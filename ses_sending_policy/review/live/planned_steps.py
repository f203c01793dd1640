"""The steps of a deploy with changes made at SES since the last one, and the grants before and after the deploy."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from ses_sending_policy.analysis.grants.difference import Difference
from ses_sending_policy.analysis.grants.staying import told_grants
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.removal import Removal
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.live.account import Account
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy
from ses_sending_policy.review.live.drift import Drifted
from ses_sending_policy.review.live.forecast import Action
from ses_sending_policy.review.live.resources import Place
from ses_sending_policy.review.live.steps import Step
from ses_sending_policy.rules.document import LivePolicy, as_text
from ses_sending_policy.rules.drift import State
from ses_sending_policy.rules.ownership import Target

_T = TypeVar("_T")
_AtSes = Mapping[str, Mapping[str, LivePolicy] | None]

_STAYING: Final = (Action.LEAVE, Action.RELEASE)
_GONE: Final = (Action.DELETE, Action.ABSENT)
_TAKEN: Final = (Action.ADOPT, Action.OVERWRITE, Action.UPDATE, Action.KEEP)
_NOT_EQUIVALENT: Final = "NotEquivalent"
"""The error code of a step that may not adopt a live policy because it differs from the declared one."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step, and how its policy changed at SES since the last deploy.

    :param step: the step.
    :param path: the path of the policy's construct, or empty if it is not known.
    :param drifted: how the policy at SES differs from the deployed one; None if it was not deployed.
    :param rivals: the names of the other stacks with a step for the same policy. Default: - none.
    :param successors: the steps that create a policy under its new name, if this one deletes the policy of the old
        name. Default: - none.
    """

    step: Step
    path: str
    drifted: Drifted | None
    rivals: Sequence[str] = ()
    successors: Sequence[Step] = ()

    @property
    def origin(self) -> str:
        """Where a reader finds the step's policy: the path of its construct, or else its stack and logical id."""
        return self.path or self.step.policy.owner

    @property
    def is_told(self) -> bool:
        """Whether the step is listed: it has an event, or SES is known to hold something else."""
        return self.step.outcome.action is not Action.NOTHING or self.has_drifted

    @property
    def has_drifted(self) -> bool:
        """Whether SES is known to hold something else than what was deployed last."""
        return self.drifted is not None and self.drifted.state not in (State.IN_SYNC, State.UNDECIDED)

    @property
    def remaining(self) -> list[str]:
        """A sentence for each grant of the policy if it stays at SES although no longer declared; else empty."""
        live = self.step.outcome.live
        if self.step.outcome.action not in _STAYING or live is None:
            return []
        return [told for told, _ in told_grants(as_text(live.elements), self.step.identity)]


def with_others(planned: Sequence[PlannedStep]) -> list[PlannedStep]:
    """Return the steps, each with its rivals and successors among them."""
    stacks: dict[Target, set[str]] = {}
    created: dict[tuple[Place, Target], list[Step]] = {}
    for each in planned:
        if each.is_told and each.step.target:
            stacks.setdefault(each.step.target, set()).add(each.step.stack_name)
        if each.step.former:
            created.setdefault((each.step.place, each.step.former), []).append(each.step)
    found = []
    for each in planned:
        step, target = each.step, each.step.target
        rivals = sorted(stacks.get(target, set()) - {step.stack_name}) if target else []
        successors = created.get((step.place, target), []) if target and step.event == "Delete" else []
        found.append(replace(each, rivals=rivals, successors=successors))
    return found


def failing_of(planned: Sequence[PlannedStep]) -> list[str]:
    """Return the stacks that are known to fail."""
    refused = (each.step for each in planned if each.step.outcome.action is Action.REFUSE)
    return list(dict.fromkeys(each.stack_name for each in refused))


class Grants:
    """The grants before and after a deploy.

    For policies that get an event, the grants before are those that SES holds now, and the grants after are those that
    it holds when the deploy has ended. Templates alone would not tell what was changed by hand, nor what a Delete
    leaves at SES.

    :param old: the deployed policies.
    :param new: the declared policies.
    :param planned: the steps between them.
    :param account: the account that they are in.
    :param held: the policies that SES holds before all steps, by identity and name. (The outcome of a step has what SES
        holds before that step, which an earlier step may have written.)
    """

    def __init__(
        self, old: Reviewed, new: Reviewed, planned: Sequence[PlannedStep], account: Account, *, held: _AtSes
    ) -> None:
        self._written = {each.step.place: each for each in planned if not _is_dropped(each.step)}
        self._dropped = {each.step.place: each for each in planned if _is_dropped(each.step)}
        self._old, self._account, self._held = old, account, held
        self._staying: dict[Place, Declared] = {}
        self._taken: dict[Place, Declared] = {}
        self._earlier = _edited(old, self._before, account)
        self._later = _edited(new, self._after, account)

    def compared(self, failing: Collection[str] = ()) -> Comparison:
        """Return the changes of grants.

        :param failing: the stacks that are rolled back. Default: - none, even if one is known to fail.
        """
        earlier, later = self._earlier, self._later
        if failing:
            restored = _with_stacks_of(_edited(self._old, self._restored, self._account), later)
            earlier, later = _with_stacks_of(earlier, later), _rolled_back(later, restored, failing)
        taken, given_back = [], []
        for place, policy in self._taken.items():
            # A rollback gives an adopted policy back, and deletes one that was overwritten.
            is_deleted = self._written[place].step.outcome.action is Action.OVERWRITE
            is_rolled_back = place[0][0] in failing
            taken.append(_gone(policy) if is_rolled_back and is_deleted else policy)
            given_back += [policy] if is_rolled_back and not is_deleted else []
        return Comparison.of(_with(earlier, taken), _with(later, [*self._staying.values(), *given_back]))

    def _at_ses(self, policy: Drifted | Step) -> LivePolicy | None:
        return (self._held.get(policy.identity) or {}).get(policy.policy_name)

    def _before(self, policy: Declared) -> Declared | None:
        step = self._dropped.get(_place(policy)) or self._written.get(_place(policy))
        if step is None or step.step.outcome.action is Action.NOTHING:
            return policy
        changed = self._at_ses(step.drifted) if step.drifted and step.has_drifted else None
        policy = _saying(policy, changed) if changed else policy
        left = step.step.outcome.live
        if step.step.outcome.action in _STAYING and left:
            self._staying[_place(policy)] = _saying(policy, left)
        if step.step.outcome.action in _GONE:
            policy = _gone(policy)
        return None if step.has_drifted and changed is None else policy

    def _after(self, policy: Declared) -> Declared:
        step = self._written.get(_place(policy))
        live = self._at_ses(step.step) if step and (step.step.event == "Create" or step.step.former) else None
        outcome = step.step.outcome if step else None
        if live and outcome and (outcome.action in _TAKEN or outcome.reason == _NOT_EQUIVALENT):
            self._taken[_place(policy)] = _saying(policy, live)
        return policy

    def _restored(self, policy: Declared) -> Declared | None:
        step = self._written.get(_place(policy))
        # The rollback of an Update in place writes what was deployed, also over changes that were made by hand.
        is_written = step is not None and step.step.event == "Update" and not step.step.former
        return policy if step and is_written and step.step.outcome.action is not Action.REFUSE else self._before(policy)


def without(comparison: Comparison, other: Comparison) -> Comparison:
    """Return `comparison` with only the changes that `other` does not have."""
    told = {(each.place, each.verdict, each.sentence) for each in other.difference.changes}
    left = {each.sentence for each in other.stays}
    changes = (each for each in comparison.difference.changes if (each.place, each.verdict, each.sentence) not in told)
    stays = [each for each in comparison.stays if each.sentence not in left]
    return replace(comparison, difference=Difference(tuple(changes)), stays=stays, unread=())


def _with_stacks_of(old: Reviewed, new: Reviewed) -> Reviewed:
    """Return `old` with an empty stack for each stack that only `new` has."""
    there = {(each.home.name, each.home.within) for each in old.templates}
    missing = (each for each in new.templates if (each.home.name, each.home.within) not in there)
    return replace(old, templates=[*old.templates, *(replace(each, elements={}) for each in missing)])


def _rolled_back(new: Reviewed, old: Reviewed, stacks: Collection[str]) -> Reviewed:
    """Return `new`, but with the parts of `old` for the stacks that are rolled back."""

    def mixed(ones: Iterable[_T], others: Iterable[_T], home: Callable[[_T], Home]) -> list[_T]:
        kept = [each for each in ones if home(each).name not in stacks]
        return [*kept, *(each for each in others if home(each).name in stacks)]

    return replace(
        new,
        policies=mixed(new.policies, old.policies, lambda each: each.home),
        unassuming=mixed(new.proven, old.proven, lambda each: each.home),
        templates=mixed(new.templates, old.templates, lambda each: each.home),
        unread=tuple(mixed(new.unread, old.unread, lambda each: each.part.home)),
        unproven=tuple(mixed(new.unproven, old.unproven, lambda each: each.part.home)),
    )


def _is_dropped(step: Step) -> bool:
    """Return whether a step removes the resource: by a Delete, or without an event if CloudFormation retains it."""
    return step.event == "Delete" or (not step.event and step.outcome.action is not Action.NOTHING)


def _place(policy: Declared) -> Place:
    return (policy.home.name, policy.home.within), policy.logical_id


def _gone(policy: Declared) -> Declared:
    return replace(policy, removal=Removal(None, None), home=replace(policy.home, stay=None))


def _saying(policy: Declared, live: LivePolicy) -> Declared:
    return replace(policy, document=as_text(live.elements), condition="", answers=())


def _edited(side: Reviewed, edit: Callable[[Declared], Declared | None], account: Account) -> Reviewed:
    def every(policies: Sequence[Declared]) -> Iterator[Declared]:
        for each in policies:
            # A policy that a call writes in another account or region must not get the account and region of its stack.
            policy = edit(each if each.sent else DeclaredPolicy(each).at(account).policy)
            if policy:
                yield policy

    unassuming = None if side.unassuming is None else list(every(side.unassuming))
    return replace(side, policies=list(every(side.policies)), unassuming=unassuming)


def _with(side: Reviewed, more: Collection[Declared]) -> Reviewed:
    if not more:
        return side
    unassuming = None if side.unassuming is None else [*side.unassuming, *more]
    return replace(side, policies=[*side.policies, *more], unassuming=unassuming)
