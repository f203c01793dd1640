"""Predicts what the Lambda function does on an event of CloudFormation, from the policies that SES holds now.

It uses the same decision tables as the function, which reads SES itself at the deploy. Not predicted are changes at SES
between now and the deploy, and faults that the function meets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from ses_sending_policy.analysis.reading.sizes import least_bytes
from ses_sending_policy.review.live.deploy_refusal import DeployRefusal
from ses_sending_policy.review.live.unknown import settled, unknown_parts
from ses_sending_policy.rules.decisions import DROP, KEEP, TAKE, Claim, Drop, Found, Take, is_held
from ses_sending_policy.rules.document import Json, LivePolicy, as_text
from ses_sending_policy.rules.equivalence import element_differences
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY, oversize
from ses_sending_policy.rules.ownership import Marker, PhysicalId, Target
from ses_sending_policy.rules.wire import Declaration, OnDelete, WhenExists, read_on_delete

LivePolicies = dict[str, dict[str, LivePolicy] | None]
"""For each identity its policies by name; None if there is no such identity."""


class Action(StrEnum):
    """What a deploy does with a policy at SES."""

    CREATE = "create"
    REPLACE = "replace"
    """A policy is created that replaces one of another name or identity."""
    UPDATE = "update"
    KEEP = "keep"
    """An event comes, but SES holds already what is declared."""
    ADOPT = "adopt"
    OVERWRITE = "overwrite"
    DELETE = "delete"
    RELEASE = "release"
    LEAVE = "leave"
    """The policy stays, because it lacks this owner's marker or CloudFormation retains it."""
    ABSENT = "absent"
    """The policy was to be deleted, and is gone already."""
    REFUSE = "refuse"
    """The deploy of its stack fails, and is rolled back."""
    UNDECIDED = "undecided"
    """What happens depends on values that only the deploy knows."""
    NOTHING = "nothing"
    """No event comes, because the resource does not change."""


_TAKEN: Final = {Take.WRITE: Action.UPDATE, Take.ADOPT: Action.ADOPT, Take.OVERWRITE: Action.OVERWRITE}
_DROPPED: Final = {
    Drop.DELETE: Action.DELETE,
    Drop.RELEASE: Action.RELEASE,
    Drop.LEAVE: Action.LEAVE,
    Drop.NOTHING: Action.ABSENT,
}


_WRITTEN: Final = (Action.CREATE, Action.UPDATE, Action.ADOPT, Action.OVERWRITE)
_DOUBTFUL: Final = "another step is about this policy, and what comes of that only the deploy knows"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The predicted result of an event for one policy.

    :param action: what the deploy does with the policy.
    :param reason: the error code if the deploy fails, for instance `PolicyExists`. Default: - it does not fail.
    :param why: a sentence that explains the action. Default: - none.
    :param live: the policy that SES holds before the event. Default: - none.
    :param found: whether `live` belongs to the resource of the event. Default: - there is no policy.
    """

    action: Action
    reason: str = ""
    why: str = ""
    live: LivePolicy | None = None
    found: Found = Found.ABSENT


def _refused(reason: str, why: str, outcome: Outcome) -> Outcome:
    return replace(outcome, action=Action.REFUSE, reason=reason, why=why)


@dataclass(frozen=True, slots=True)
class Former:
    """The policy that a resource already has before the event.

    :param target: its identity and name. Default: - none is known.
    :param is_in_place: whether it has the identity and name that are declared now, and an owner token is known.
    :param may_be_left: whether CloudFormation may have retained a policy with this owner's marker earlier.
    """

    target: Target | None = None
    is_in_place: bool = False
    may_be_left: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model of the policies that SES holds. Each predicted event changes it.

    :param policies: the policies.
    :param partition: the partition of the account, for instance `aws`.
    :param place: the account and region, in words.
    :param doubtful: the policies whose content is unknown since a predicted event.
    """

    policies: LivePolicies
    partition: str
    place: str
    doubtful: set[Target] = field(default_factory=set)

    def live(self, target: Target) -> LivePolicy | None:
        """Return a policy as SES holds it, or None if it does not."""
        return (self.policies.get(target.identity.name) or {}).get(target.policy_name)

    def written(self, wanted: Declaration, marker: Marker, former: Former, refusal: DeployRefusal) -> Outcome:
        """Predict a Create or an Update, apply it to `policies`, and return its outcome.

        :param former: the policy that the resource already has.
        :param refusal: what the rules find that the function checks at the deploy.
        """
        target = wanted.target
        unknown = unknown_parts(wanted.document.elements)
        try:
            text = wanted.document.text(marker)
        except DeclarationError as fault:
            least = oversize(least_bytes(wanted.document.elements, marker)) if unknown else str(fault)
            if least:
                return _refused("InvalidDeclaration", least, Outcome(Action.CREATE))
            text = str(marker)
        outcome = self._refused_by_rule(wanted, former, refusal) or self._decided(wanted, marker, former)
        there = self.policies.get(target.identity.name)
        if there is not None and outcome.action in _WRITTEN:
            adopted = outcome.action in (Action.ADOPT, Action.OVERWRITE) or outcome.found is Found.ADOPTED
            live = LivePolicy(text)
            there[target.policy_name] = LivePolicy(live.with_id(str(marker.as_adopted()))) if adopted else live
            # A later step for the same policy depends on its text, which is not known here.
            self.doubtful.update([target] if unknown else [])
            if refusal.open:
                why = f"{outcome.action}, unless a rule of the deploy refuses what it knows alone: "
                outcome = replace(outcome, action=Action.UNDECIDED, why=why + ", ".join(refusal.open))
        elif outcome.action is Action.UNDECIDED:
            self.doubtful.add(target)
        return outcome

    def _refused_by_rule(self, wanted: Declaration, former: Former, refusal: DeployRefusal) -> Outcome | None:
        """Return the outcome if a rule refuses the document at the deploy; None if none does, or SES has it already."""
        if not refusal.refused:
            return None
        names = [wanted.target]
        if former.target and former.target.identity == wanted.target.identity:
            names.append(former.target)
        outcome = Outcome(Action.CREATE, live=self.live(wanted.target))
        said = [self._says(wanted, name) for name in names]
        if True in said:
            return None
        if None in said:
            why = f"it is refused, unless SES holds it by then: {refusal.refused}"
            return replace(outcome, action=Action.UNDECIDED, why=why)
        return _refused("InvalidDeclaration", refusal.refused, outcome)

    def _says(self, wanted: Declaration, name: Target) -> bool | None:
        """Return whether SES holds an equivalent of the wanted document; None if only the deploy knows."""
        live, elements = self.live(name), wanted.document.elements
        if name in self.doubtful:
            return None
        if live is None or element_differences(
            live, settled(elements, as_text(live.elements), self.partition), self.partition
        ):
            return False
        return None if unknown_parts(elements) else True

    def _decided(self, wanted: Declaration, marker: Marker, former: Former) -> Outcome:
        target, nothing = wanted.target, Outcome(Action.CREATE)
        there = self.policies.get(target.identity.name)
        if there is None:
            why = f"{self.place} has no identity {target.identity.name!r}: make it there first, or deploy where it is"
            return _refused("IdentityNotFound", why, nothing)
        live = there.get(target.policy_name)
        if target in self.doubtful:
            return Outcome(Action.UNDECIDED, why=_DOUBTFUL, live=live)
        taken = None if live is None else self._settled(wanted, live, marker, in_place=former.is_in_place)
        outcome = taken or self._made(target, nothing)
        if former.may_be_left and outcome.found is Found.OURS and live:
            return self._perhaps_left(wanted, live, outcome)
        return outcome

    def _made(self, target: Target, outcome: Outcome) -> Outcome:
        if len(self.policies[target.identity.name] or ()) < POLICIES_PER_IDENTITY:
            return outcome
        why = (
            f"{target.identity.name!r} has {POLICIES_PER_IDENTITY} policies, and SES allows no more; what a deploy "
            "deletes goes last: put some together, or delete one before"
        )
        return _refused("PolicyLimit", why, outcome)

    def _settled(self, wanted: Declaration, live: LivePolicy, marker: Marker, *, in_place: bool) -> Outcome:
        found = Found.of(live, marker.token)
        outcome = Outcome(Action.KEEP, live=live, found=found)
        if is_held(found, live, wanted.document, marker, self.partition):
            return outcome
        take = (KEEP if in_place else TAKE)[found, wanted.when_exists]
        if take is Take.REFUSE:
            return _refused("PolicyExists", _taken(wanted.target, live), outcome)
        if take is Take.ADOPT:
            return self._adopted(wanted, live, outcome)
        unknown = unknown_parts(wanted.document.elements) if take is Take.WRITE else []
        why = f"whether SES holds it already, only the deploy knows: by {', '.join(unknown)}" if unknown else ""
        return replace(outcome, action=_TAKEN[take], why=why)

    def _adopted(self, wanted: Declaration, live: LivePolicy, outcome: Outcome) -> Outcome:
        unknown = unknown_parts(wanted.document.elements)
        elements = settled(wanted.document.elements, as_text(live.elements), self.partition)
        different = element_differences(live, elements, self.partition)
        if different:
            why = (
                f"{wanted.target} says something else, so ADOPT does not hold: {'; '.join(different)}; declare what is "
                "there, or say when_exists OVERWRITE"
            )
            return _refused("NotEquivalent", why, outcome)
        if unknown:
            why = f"whether ADOPT holds, only the deploy knows: by {', '.join(unknown)}"
            return replace(outcome, action=Action.UNDECIDED, why=why)
        return replace(outcome, action=Action.ADOPT)

    def _perhaps_left(self, wanted: Declaration, live: LivePolicy, outcome: Outcome) -> Outcome:
        """Return an undecided outcome: only CloudFormation's events tell if the policy is still this resource's."""
        if wanted.when_exists is WhenExists.FAIL:
            other = Action.REFUSE
        elif wanted.when_exists is WhenExists.OVERWRITE:
            other = Action.OVERWRITE
        else:
            other = self._adopted(wanted, live, outcome).action
        why = (
            "it has the marker of this very resource: if CloudFormation's events tell that it was retained, or moved "
            f"to another stack, it is somebody else's ({other}), else this resource's ({outcome.action})"
        )
        return replace(outcome, action=Action.UNDECIDED, why=why)

    def dropped(self, known: PhysicalId | None, target: Target, token: str, properties: Mapping[str, Json]) -> Outcome:
        """Predict a Delete, apply it to `policies`, and return its outcome.

        :param known: the resource's physical id; None if CloudFormation made it up.
        :param target: the identity and name of the policy.
        :param token: the owner token.
        :param properties: the properties that the resource was deployed with.
        """
        there = self.policies.get(target.identity.name)
        live = self.live(target)
        if target in self.doubtful:
            return Outcome(Action.UNDECIDED, why=_DOUBTFUL, live=live)
        found = Found.of(live, token)
        try:
            on_delete = read_on_delete(properties)
        except DeclarationError:
            on_delete = OnDelete.RELEASE
        drop = DROP[Claim.of(known), found, on_delete]
        if there is not None and live is not None:
            if drop is Drop.DELETE:
                del there[target.policy_name]
            elif drop is Drop.RELEASE:
                there[target.policy_name] = LivePolicy(live.with_id(known.former if known else ""))
        return Outcome(_DROPPED[drop], why=_left(live, drop), live=live, found=found)


def _taken(target: Target, live: LivePolicy) -> str:
    owner = f"belongs to {live.owner}" if live.owner else "was not made by a SendingPolicy"
    return f"{target} is there and {owner}: choose another policy_name, or say when_exists ADOPT or OVERWRITE"


def _left(live: LivePolicy | None, drop: Drop) -> str:
    if drop is not Drop.LEAVE or live is None:
        return ""
    return f"it belongs to {live.owner}" if live.owner else "it has no owner's marker any more"
