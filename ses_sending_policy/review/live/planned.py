"""A deploy's steps beside what somebody changed behind the deploys, and the grants from what SES holds on."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ses_sending_policy.analysis.grants.staying import told_grants
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.removal import Removal
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.live.account import Account
from ses_sending_policy.review.live.declaration import Declaration
from ses_sending_policy.review.live.drift import Drifted
from ses_sending_policy.review.live.forecast import Action
from ses_sending_policy.review.live.resources import Place
from ses_sending_policy.review.live.steps import Step
from ses_sending_policy.rules.document import LivePolicy, as_text
from ses_sending_policy.rules.drift import State

_STAYING: Final = (Action.LEAVE, Action.RELEASE)
_GONE: Final = (Action.DELETE, Action.ABSENT)
_TAKEN: Final = (Action.ADOPT, Action.OVERWRITE, Action.UPDATE, Action.KEEP)
_NOT_EQUIVALENT: Final = "NotEquivalent"
"""Why an adoption is refused, which else took the place of what SES holds."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A step, and what somebody changed behind the deploys.

    :param step: the step.
    :param path: that of its construct, or nothing where that is not known.
    :param drifted: what became of the policy since it was deployed last; None where it was not.
    """

    step: Step
    path: str
    drifted: Drifted | None

    @property
    def origin(self) -> str:
        """Where a person looks for it: in the app, or else in the stack."""
        return self.path or self.step.policy.owner

    @property
    def has_drifted(self) -> bool:
        """Whether SES holds something else than what was deployed last."""
        return self.drifted is not None and self.drifted.state not in (State.IN_SYNC, State.UNDECIDED)

    @property
    def remaining(self) -> list[str]:
        """What a policy goes on to give and take away that the app has no more, a sentence each; nothing of others."""
        live = self.step.outcome.live
        if self.step.outcome.action not in _STAYING or live is None:
            return []
        return [told for told, _ in told_grants(as_text(live.elements), self.step.identity)]


def as_held(
    old: Reviewed,
    new: Reviewed,
    planned: Sequence[Planned],
    account: Account,
    held: Mapping[str, Mapping[str, LivePolicy] | None],
) -> Comparison:
    """Return what becomes of each grant.

    Before is what SES holds of the policies that an event comes to, and after is what it holds then: a template tells
    neither what somebody changed by hand, nor what a Delete leaves.

    :param old: what is deployed.
    :param new: what is declared.
    :param held: what SES holds before all steps, by identity and name: a step may meet what the one before it wrote.
    """
    written = {each.step.place: each for each in planned if each.step.event != "Delete" and not _is_kept(each.step)}
    dropped = {each.step.place: each for each in planned if each.step.event == "Delete" or _is_kept(each.step)}
    staying: dict[Place, Declared] = {}
    taken: dict[Place, Declared] = {}

    def at_ses(policy: Drifted | Step) -> LivePolicy | None:
        return (held.get(policy.identity) or {}).get(policy.policy_name)

    def before(policy: Declared) -> Declared | None:
        step = dropped.get(_place(policy)) or written.get(_place(policy))
        if step is None or step.step.outcome.action is Action.NOTHING:
            return policy
        changed = at_ses(step.drifted) if step.drifted and step.has_drifted else None
        policy = _saying(policy, changed) if changed else policy
        left = step.step.outcome.live
        if step.step.outcome.action in _STAYING and left:
            staying[_place(policy)] = _saying(policy, left)
        if step.step.outcome.action in _GONE:
            policy = replace(policy, removal=Removal(None, None), home=replace(policy.home, stay=None))
        return None if step.has_drifted and changed is None else policy

    def after(policy: Declared) -> Declared:
        step = written.get(_place(policy))
        live = at_ses(step.step) if step and (step.step.event == "Create" or step.step.former) else None
        outcome = step.step.outcome if step else None
        if live and outcome and (outcome.action in _TAKEN or outcome.reason == _NOT_EQUIVALENT):
            taken[_place(policy)] = _saying(policy, live)
        return policy

    earlier, later = _edited(old, before, account), _edited(new, after, account)
    return Comparison.of(_with(earlier, taken.values()), _with(later, staying.values()))


def _is_kept(step: Step) -> bool:
    """Return whether CloudFormation lets the resource go, and has no event for it."""
    return not step.event and step.outcome.action is not Action.NOTHING


def _place(policy: Declared) -> Place:
    return (policy.home.name, policy.home.within), policy.logical_id


def _saying(policy: Declared, live: LivePolicy) -> Declared:
    return replace(policy, document=as_text(live.elements), condition="", answers=())


def _edited(side: Reviewed, edit: Callable[[Declared], Declared | None], account: Account) -> Reviewed:
    def every(policies: Sequence[Declared]) -> Iterator[Declared]:
        for each in policies:
            # What a call sends elsewhere is not where its stack is.
            policy = edit(each if each.sent else Declaration(each).at(account).policy)
            if policy:
                yield policy

    unassuming = None if side.unassuming is None else list(every(side.unassuming))
    return replace(side, policies=list(every(side.policies)), unassuming=unassuming)


def _with(side: Reviewed, more: Collection[Declared]) -> Reviewed:
    if not more:
        return side
    unassuming = None if side.unassuming is None else [*side.unassuming, *more]
    return replace(side, policies=[*side.policies, *more], unassuming=unassuming)
