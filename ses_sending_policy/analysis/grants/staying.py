"""Policies that are no longer declared but may stay at SES: a policy counts as deleted only if that is proven."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ses_sending_policy.analysis.grants.grant import Grant, grants_of
from ses_sending_policy.analysis.grants.permission import PermissionScope, deploy_answers
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.analysis.reading.calls import physical_ids
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known, name_of, text_of, unknown_functions
from ses_sending_policy.analysis.reading.removal import Stay, kept
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.variants import is_deployed
from ses_sending_policy.rules.document import Json, compact

# Only `cdk destroy` deletes a stack, and it takes "The construct ID of the CDK stack from your app to delete".
# https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-destroy.html
ORPHANED: Final = Stay("its stack is not in NEW, and the CDK destroys none")
"""Why a policy may stay if its deployed stack is not in the new templates."""

NAMELESS: Final = Stay("a template's file has no stack's name, and its stack may be any")
"""Why a policy may stay if only one side of the comparison has the names of stacks."""

_UNREAD: Final = Stay("its nested stack is in NEW and cannot be read")
_UNTOLD: Final = Stay("its resource is in NEW and cannot be read")
_UNWRITTEN: Final = Stay("no Update call writes it", is_sure=True)
_UNCALLED: Final = Stay("no Delete call comes for the old name")


@dataclass(frozen=True, slots=True)
class Staying:
    """A policy that is no longer declared but may stay at SES, or one that is declared but may get deleted.

    :param policy: the policy as the old templates declare it; as the new ones do if it may get deleted.
    :param stay: why the policy stays, or may get deleted.
    :param is_declared: whether the new templates declare the policy, and it may get deleted all the same.
    """

    policy: Declared
    stay: Stay
    is_declared: bool = False

    @property
    def verb(self) -> str:
        """`stays`, or `may stay`."""
        return "stays" if self.stay.is_sure else "may stay"

    @property
    def grants(self) -> list[tuple[str, Grant]]:
        """The policy's grants, each with its sentence; those that allow come first."""
        return told_grants(self.policy.document, self.policy.identity_text)

    @property
    def sentence(self) -> str:
        """The policy, why it stays, and its grants as one sentence: in lower case, and without a full stop."""
        told = "; and ".join(each for each, _ in self.grants) or "it allows nothing"
        return f"policy {text_of(self.policy.policy_name)} {self.verb}, for {self.stay.reason}: {told}"


def told_grants(document: Json, identity: str) -> list[tuple[str, Grant]]:
    """Return the grants of a document, each with its sentence; those that allow come first.

    :param identity: the name of the identity that the policy is on.
    """
    found = {sentence(each): each for each in grants_of(document, identity)}
    return sorted(found.items(), key=lambda item: (item[1].effect != "Allow", item[0]))


@dataclass(frozen=True, slots=True)
class Deployment:
    """The templates of one side of the comparison: before the change, or after it.

    :param templates: the templates that could be read, by the name of the deployed stack and by `Home.within`.
    """

    templates: Mapping[tuple[str, str], Template]

    @classmethod
    def of(cls, templates: Iterable[tuple[str, Template]]) -> "Deployment":
        """Return the deployment of some templates.

        Each comes with a name for its deployed stack that is the same before and after the change.
        """
        return cls({(name, each.home.within): each for name, each in templates})

    def template(self, policy: Declared) -> Template | None:
        """Return this side's template at the place of the policy's template; None if there is none."""
        return self.templates.get((policy.home.name, policy.home.within))

    def resource(self, policy: Declared) -> Mapping[str, Json] | None:
        """Return this side's resource with the policy's logical id; None if it is surely not deployed."""
        template = self.template(policy)
        return _there(template, policy.logical_id) if template else None

    def has_stack(self, policy: Declared) -> bool:
        """Return whether this side of the comparison (before or after) has the stack that deployed the policy."""
        return (policy.home.name, "") in self.templates

    def has_nested(self, policy: Declared) -> bool:
        """Return whether this side may have the nested stack of a policy, though the nested template was not read."""
        outer, inner = "", policy.home.within
        while inner:
            template = self.templates.get((policy.home.name, outer))
            first, _, inner = inner.partition("/")
            if template is None:
                return True
            if _there(template, first) is None:
                return False
            outer = f"{outer}/{first}".lstrip("/")
        return True

    def is_settled(self, policy: Declared) -> bool:
        """Return whether this side surely has the policy's resource, whatever the conditions turn out to be."""
        template = self.template(policy)
        return template is not None and is_deployed(template.scope, policy.logical_id) is True


def _there(template: Template, logical_id: str) -> Mapping[str, Json] | None:
    resource = at(template.elements, "Resources", logical_id)
    is_one = isinstance(resource, Mapping) and is_deployed(template.scope, logical_id) is not False
    return resource if is_one else None


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a change of templates does to the old policies.

    :param before: the old templates.
    :param after: the new templates.
    :param policies: the policies that the new templates declare.
    :param destroyed: the deployed stacks that the user says are destroyed, by their names in `Home`.
    :param orphaned: why a policy stays if its deployed stack is not in the new templates.
    """

    before: Deployment
    after: Deployment
    policies: Sequence[Declared]
    destroyed: Collection[str] = ()
    orphaned: Stay = ORPHANED

    def staying(self, old: Iterable[Declared]) -> Iterator[Staying]:
        """Yield those of the `old` policies that are not proven to be deleted, and that no new policy replaces."""
        taken, of_resource = _grouped(self.policies, _target), _grouped(self.policies, _resource)
        for policy in old:
            others = taken.get(_target(policy), ())
            if not any(self._writes_over(policy, each, of_resource[_resource(each)]) for each in others):
                stay = self._stay(policy, of_resource.get(_resource(policy), []))
                if stay:
                    yield Staying(policy, stay)

    def unwritten(self, old: Iterable[Declared]) -> list[Declared]:
        """Return the new policies that are not there yet, and that their resource does not write at its event."""
        there = {(_target(each), _said(each)) for each in old}
        return [
            each
            for each in self.policies
            if self._event(each) not in each.writes and (_target(each), _said(each)) not in there
        ]

    def endangered(self, old: Iterable[Declared]) -> Iterator[Staying]:
        """Yield the new policies that an old resource's Delete call may delete, because that call comes last."""
        taken = _grouped(self.policies, _target)
        found = {}
        for policy in old:
            if policy.call and not policy.removal.removed and self._is_removed(policy):
                reason = Stay(f"the Delete call of {policy.owner} comes after it")
                found.update({_resource(each): (each, reason) for each in taken.get(_target(policy), ())})
        for policy, reason in found.values():
            yield Staying(policy, reason, is_declared=True)

    def _is_removed(self, policy: Declared) -> bool:
        """Return whether CloudFormation deletes the resource of an old policy, or replaces it by another resource."""
        if not self.after.has_stack(policy):
            return policy.home.name in self.destroyed
        resource = self.after.resource(policy)
        if resource is None:
            return self.after.template(policy) is not None or not self.after.has_nested(policy)
        return not policy.removal.replaced and self._gets_another_id(policy)

    def _event(self, policy: Declared) -> str:
        """Return the event that CloudFormation sends to the resource of a new policy: `Create` or `Update`."""
        return "Create" if self.before.resource(policy) is None else "Update"

    def _writes_over(self, policy: Declared, other: Declared, ways: Sequence[Declared]) -> bool:
        """Return whether the new policy `other` surely takes the place of the old `policy` at SES.

        :param ways: all policies that the resource of `other` may declare.
        """
        if not self._is_there(policy, other, ways):
            return False
        return _said(policy) == _said(other) or self._event(other) in other.writes

    def _is_there(self, policy: Declared, other: Declared, ways: Sequence[Declared]) -> bool:
        """Return whether the new policy `other` surely exists, or at least whenever the old `policy` would."""
        mine = (policy.home.name, policy.home.within)
        has_same_home = mine == (other.home.name, other.home.within)
        if has_same_home and deploy_answers(other).keys() <= deploy_answers(policy).keys():
            return True
        return self.after.is_settled(other) and all(_target(each) == _target(other) for each in ways)

    def _stay(self, policy: Declared, others: Sequence[Declared]) -> Stay | None:
        """Return why an old policy that no new one replaces stays at SES; None if it is deleted.

        :param others: the new policies that the same resource declares.
        """
        removed = policy.removal.removed
        if not self.after.has_stack(policy):
            if policy.home.name in self.destroyed or (removed and removed.is_sure):
                return removed or policy.home.stay
            return self.orphaned
        if self.after.template(policy) is None:
            return removed or (_UNREAD if self.after.has_nested(policy) else policy.home.stay)
        resource = self.after.resource(policy)
        if resource is None:
            return removed
        same = [each for each in others if _target(each) == _target(policy)]
        if same:
            # If the resource still exists, an update overwrites the policy; if it does not, the deletion removes it.
            is_written = any("Update" in each.writes or _said(each) == _said(policy) for each in same)
            if len(same) < len(others):
                removed = removed or self._renamed(policy, resource, others)
            return removed if is_written else _UNWRITTEN
        return self._renamed(policy, resource, others)

    def _renamed(self, policy: Declared, resource: Mapping[str, Json], others: Sequence[Declared]) -> Stay | None:
        """Return why a policy stays at SES if its resource now declares another policy; None if it is deleted."""
        stay = policy.removal.replaced or kept(resource, "UpdateReplacePolicy")
        if not stay and not self.after.is_settled(policy):
            stay = policy.removal.removed
        if stay:
            return stay
        if policy.call:
            return None if self._gets_another_id(policy) else _UNCALLED
        return None if others else _UNTOLD

    def _gets_another_id(self, policy: Declared) -> bool:
        """Return whether the resource gets a new physical id, so that CloudFormation has the old resource deleted.

        "If the value returned is different, AWS CloudFormation recognizes the update as a replacement and sends a
        delete request to the old resource."
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-delete.html
        """
        before, after = self.before.template(policy), self.after.template(policy)
        former = physical_ids(before, policy.logical_id, "Create", "Update") if before else [None]
        latter = physical_ids(after, policy.logical_id, "Update") if after else []
        return bool(latter) and None not in (*former, *latter) and not set(former) & set(latter)


def _grouped(policies: Iterable[Declared], key: Callable[[Declared], object]) -> dict[object, list[Declared]]:
    groups: dict[object, list[Declared]] = {}
    for each in policies:
        groups.setdefault(key(each), []).append(each)
    return groups


def _resource(policy: Declared) -> tuple[str, str, str]:
    return policy.home.name, policy.home.within, policy.logical_id


def _said(policy: Declared) -> tuple[object, ...]:
    """Return a key that two policies share if they say the same, unknown values included."""
    return compact(policy.document), *sorted(policy.unknowns.items())


def _target(policy: Declared) -> tuple[object, ...]:
    """Return a key that two policies share if they are known to be the same policy at SES: its place and its name."""
    name, where = text_of(policy.policy_name), (PermissionScope.of(policy), policy.beside)
    return where, name if is_known(name) else (
        policy.home.name,
        policy.home.within,
        compact(policy.policy_name),
        *(policy.unknowns.get(name_of(each)) for each in unknown_functions(policy.policy_name)),
    )


def renamed(policy: Declared, name: str) -> Declared:
    """Return a copy of `policy` whose deployed stack has the name `name`."""
    return replace(policy, home=replace(policy.home, name=name))
