"""Policies that leave the templates but may stay at SES: a policy counts as gone only if that is proven."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ses_sending_policy.analysis.grants.grant import Grant, grants_of
from ses_sending_policy.analysis.grants.permission import PermissionScope, literals
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.analysis.reading.calls import physical_ids
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known, name_of, text_of, unknown_functions
from ses_sending_policy.analysis.reading.removal import Stay, kept
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.variants import is_deployed
from ses_sending_policy.rules.document import Json, compact

# What `cdk destroy` takes is "The construct ID of the CDK stack from your app to delete". No other command deletes one.
# https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-destroy.html
ORPHANED: Final = Stay("its stack is not in NEW, and the CDK destroys none")
"""The reason for a policy whose deployed stack is not in the new templates."""

NAMELESS: Final = Stay("a template's file has no stack's name, and its stack may be any")
"""The reason for a policy if only one side has the names of stacks."""

_UNREAD: Final = Stay("its nested stack is in NEW and cannot be read")
_UNTOLD: Final = Stay("its resource is in NEW and cannot be read")
_UNWRITTEN: Final = Stay("no Update call writes it", is_sure=True)
_UNCALLED: Final = Stay("no Delete call comes for the old name")


@dataclass(frozen=True, slots=True)
class Staying:
    """A policy that is no longer declared but not proven to be gone, or one that is declared but may be deleted.

    :param policy: the policy as it was declared, or is.
    :param stay: why it stays, or may be deleted.
    :param is_declared: whether it is declared, and may be deleted all the same.
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
        """Its grants, each with its sentence, what is allowed first."""
        return told_grants(self.policy.document, self.policy.identity_text)

    @property
    def sentence(self) -> str:
        """One plain sentence: in lower case, and without a full stop."""
        told = "; and ".join(each for each, _ in self.grants) or "it allows nothing"
        return f"policy {text_of(self.policy.policy_name)} {self.verb}, for {self.stay.reason}: {told}"


def told_grants(document: Json, identity: str) -> list[tuple[str, Grant]]:
    """Return the grants of a document, each with its sentence, what is allowed first.

    :param identity: the name of the identity that the policy is on.
    """
    found = {sentence(each): each for each in grants_of(document, identity)}
    return sorted(found.items(), key=lambda item: (item[1].effect != "Allow", item[0]))


@dataclass(frozen=True, slots=True)
class Deployment:
    """The templates of one side of a change.

    :param templates: those that could be read, by deployed stack and by their place in it; see `Home`.
    """

    templates: Mapping[tuple[str, str], Template]

    @classmethod
    def of(cls, templates: Iterable[tuple[str, Template]]) -> "Deployment":
        """Return the deployment of some templates, each behind the name that its deployed stack has on both sides."""
        return cls({(name, each.home.within): each for name, each in templates})

    def template(self, policy: Declared) -> Template | None:
        """Return the template that a policy is in, or would be in."""
        return self.templates.get((policy.home.name, policy.home.within))

    def resource(self, policy: Declared) -> Mapping[str, Json] | None:
        """Return the resource of a policy, or the one in its place; None if none is deployed for sure."""
        template = self.template(policy)
        return _there(template, policy.logical_id) if template else None

    def has_stack(self, policy: Declared) -> bool:
        """Return whether the deployed stack of a policy is on this side."""
        return (policy.home.name, "") in self.templates

    def has_nested(self, policy: Declared) -> bool:
        """Return whether the nested stack of a policy may be on this side although its template is not."""
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
        """Return whether the resource of a policy is there for sure, whatever only the deploy knows."""
        template = self.template(policy)
        return template is not None and is_deployed(template.scope, policy.logical_id) is True


def _there(template: Template, logical_id: str) -> Mapping[str, Json] | None:
    resource = at(template.elements, "Resources", logical_id)
    is_one = isinstance(resource, Mapping) and is_deployed(template.scope, logical_id) is not False
    return resource if is_one else None


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What becomes of the old policies in a change.

    :param before: the old templates.
    :param after: the new templates.
    :param policies: the new policies, those that are declared after the change.
    :param destroyed: the deployed stacks that the user says are destroyed, by their names in `Home`.
    :param orphaned: why a policy stays if its deployed stack is not in the new templates.
    """

    before: Deployment
    after: Deployment
    policies: Sequence[Declared]
    destroyed: Collection[str] = ()
    orphaned: Stay = ORPHANED

    def staying(self, old: Iterable[Declared]) -> Iterator[Staying]:
        """Yield those of `old` that are not proven to be gone, and that no new policy replaces."""
        taken, of_resource = _grouped(self.policies, _target), _grouped(self.policies, _resource)
        for policy in old:
            others = taken.get(_target(policy), ())
            if not any(self._writes_over(policy, each, of_resource[_resource(each)]) for each in others):
                stay = self._stay(policy, of_resource.get(_resource(policy), []))
                if stay:
                    yield Staying(policy, stay)

    def unwritten(self, old: Iterable[Declared]) -> list[Declared]:
        """Return the new policies that were not there before, and that the event of their resource does not write."""
        there = {(_target(each), _said(each)) for each in old}
        return [
            each
            for each in self.policies
            if self._event(each) not in each.writes and (_target(each), _said(each)) not in there
        ]

    def endangered(self, old: Iterable[Declared]) -> Iterator[Staying]:
        """Yield the new policies that a Delete call deletes again: CloudFormation deletes old resources last."""
        taken = _grouped(self.policies, _target)
        found = {}
        for policy in old:
            if policy.call and not policy.removal.removed and self._is_removed(policy):
                reason = Stay(f"the Delete call of {policy.owner} comes after it")
                found.update({_resource(each): (each, reason) for each in taken.get(_target(policy), ())})
        for policy, reason in found.values():
            yield Staying(policy, reason, is_declared=True)

    def _is_removed(self, policy: Declared) -> bool:
        """Return whether the resource of an old policy is deleted, or replaced by another one."""
        if not self.after.has_stack(policy):
            return policy.home.name in self.destroyed
        resource = self.after.resource(policy)
        if resource is None:
            return self.after.template(policy) is not None or not self.after.has_nested(policy)
        return not policy.removal.replaced and self._gets_another_id(policy)

    def _event(self, policy: Declared) -> str:
        """Return the event that comes to the resource of a new policy."""
        return "Create" if self.before.resource(policy) is None else "Update"

    def _writes_over(self, policy: Declared, other: Declared, ways: Sequence[Declared]) -> bool:
        """Return whether `other` is for sure at SES in the place of `policy`.

        :param ways: all policies that the resource of `other` may declare.
        """
        if not self._is_there(policy, other, ways):
            return False
        return _said(policy) == _said(other) or self._event(other) in other.writes

    def _is_there(self, policy: Declared, other: Declared, ways: Sequence[Declared]) -> bool:
        """Return whether the new policy `other` is there for sure, or at least whenever `policy` would be."""
        mine = (policy.home.name, policy.home.within)
        if mine == (other.home.name, other.home.within) and literals(other).keys() <= literals(policy).keys():
            return True
        return self.after.is_settled(other) and all(_target(each) == _target(other) for each in ways)

    def _stay(self, policy: Declared, others: Sequence[Declared]) -> Stay | None:
        """Return why a policy stays that nothing is written over; None if it is deleted.

        :param others: the new policies of its resource.
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
            # It is written over if the resource is there, and removed if the resource is not.
            is_written = any("Update" in each.writes or _said(each) == _said(policy) for each in same)
            if len(same) < len(others):
                removed = removed or self._renamed(policy, resource, others)
            return removed if is_written else _UNWRITTEN
        return self._renamed(policy, resource, others)

    def _renamed(self, policy: Declared, resource: Mapping[str, Json], others: Sequence[Declared]) -> Stay | None:
        """Return why a policy stays whose resource becomes another policy."""
        stay = policy.removal.replaced or kept(resource, "UpdateReplacePolicy")
        if not stay and not self.after.is_settled(policy):
            stay = policy.removal.removed
        if stay:
            return stay
        if policy.call:
            return None if self._gets_another_id(policy) else _UNCALLED
        return None if others else _UNTOLD

    def _gets_another_id(self, policy: Declared) -> bool:
        """Return whether CloudFormation takes the resource for a new one, and so has the old one deleted.

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
    """Return what a policy says, with the fingerprints of its unknown parts."""
    return compact(policy.document), *sorted(policy.unknowns.items())


def _target(policy: Declared) -> tuple[object, ...]:
    """Return what identifies a policy at SES, as far as that is known."""
    name, where = text_of(policy.policy_name), (PermissionScope.of(policy), policy.beside)
    return where, name if is_known(name) else (
        policy.home.name,
        policy.home.within,
        compact(policy.policy_name),
        *(policy.unknowns.get(name_of(each)) for each in unknown_functions(policy.policy_name)),
    )


def renamed(policy: Declared, name: str) -> Declared:
    """Return `policy` with another name of its deployed stack."""
    return replace(policy, home=replace(policy.home, name=name))
