"""The SendingPolicy resources of templates, to tell which of them CloudFormation sends an event to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.removal import Stay, kept
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.template_policies import resources
from ses_sending_policy.analysis.reading.variants import is_deployed
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.live.deploy_refusal import ARNS
from ses_sending_policy.review.live.deployed_assembly import StackKey
from ses_sending_policy.rules.document import Json, compact
from ses_sending_policy.rules.identity import canonical_name
from ses_sending_policy.rules.wire import RESOURCE_TYPE

Place = tuple[StackKey, str]
"""The place of a resource: its deployed stack, and its logical id."""

_IDENTITY = "AWS::SES::EmailIdentity"


@dataclass(frozen=True, slots=True)
class Resource:
    """A SendingPolicy resource of a template.

    :param place: its stack and logical id.
    :param ways: what it declares, once for each way in which the conditions of its template may turn out.
    :param properties: its properties, as far as they are known before the deploy.
    :param removed: why CloudFormation retains the policy if the resource is removed; None if it sends a Delete.
    :param replaced: why CloudFormation retains the policy if another one replaces it; None if it sends a Delete.
    :param arns: for each resource in the template with a type in `ARNS`: that type, by the reference to its ARN, for
        instance `Role.Arn`.
    """

    place: Place
    ways: Sequence[Declared]
    properties: Mapping[str, Json]
    removed: Stay | None
    replaced: Stay | None
    arns: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Whether only the deploy knows which policy this resource declares, or whether the resource exists."""
        return len(self.ways) != 1 or self.ways[0].is_conditional

    def is_as(self, other: "Resource") -> bool:
        """Return whether it equals `other`, the deployed resource, so that CloudFormation sends no event."""
        return self._said() == other._said()  # noqa: SLF001 - another of this class

    def _said(self) -> object:
        rest = {name: value for name, value in self.properties.items() if name != "Policy"}
        ways = [(compact(each.document), sorted(each.unknowns.items()), each.condition) for each in self.ways]
        return compact(rest), sorted(ways)


def policies_of(reviewed: Reviewed) -> dict[Place, Resource]:
    """Return the SendingPolicy resources of the reviewed templates, in the order of the templates."""
    ways: dict[Place, list[Declared]] = {}
    for each in reviewed.proven:
        if not each.call:
            ways.setdefault(((each.home.name, each.home.within), each.logical_id), []).append(each)
    found: dict[Place, Resource] = {}
    for template in reviewed.templates:
        arns = {f"{name}.Arn": str(at(each, "Type")) for name, each in resources(template.elements)}
        arns = {name: kind for name, kind in arns.items() if kind in ARNS}
        for logical_id, resource in _of_type(template, RESOURCE_TYPE):
            place = ((template.home.name, template.home.within), logical_id)
            if place in ways:
                properties = template.resolved(resource.get("Properties"))
                kept_ = [kept(resource, name) for name in ("DeletionPolicy", "UpdateReplacePolicy")]
                removed = kept_[0] or template.home.stay
                found[place] = Resource(place, ways[place], properties, removed, kept_[1], arns)
    return found


def identities_of(reviewed: Reviewed) -> Iterator[tuple[Place, str]]:
    """Yield the place and name of each SES identity that the templates create, if its name is known."""
    for template in reviewed.templates:
        for logical_id, resource in _of_type(template, _IDENTITY):
            name = text_of(template.resolved(at(resource, "Properties", "EmailIdentity")))
            if is_known(name):
                yield ((template.home.name, template.home.within), logical_id), canonical_name(name)


def _of_type(template: Template, kind: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for logical_id, resource in resources(template.elements):
        if resource.get("Type") == kind and is_deployed(template.scope, logical_id) is not False:
            yield logical_id, resource
