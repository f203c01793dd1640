"""The steps of a deploy: what it does with each policy at SES, one event of CloudFormation after the other."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known, name_of, text_of, unknown_functions
from ses_sending_policy.analysis.reading.removal import Stay
from ses_sending_policy.review.live.account import Account
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy
from ses_sending_policy.review.live.deploy_refusal import DeployRefusal
from ses_sending_policy.review.live.deployed_assembly import DeployedAssembly
from ses_sending_policy.review.live.forecast import Action, Former, Outcome, Prediction
from ses_sending_policy.review.live.resources import Place, Resource
from ses_sending_policy.review.live.unknown import unknown_parts
from ses_sending_policy.rules import wire
from ses_sending_policy.rules.document import Json, compact
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import Marker, PhysicalId, Target, owner_token

_OTHER_PROVIDER: Final = (
    "CloudFormation lets no resource change its ServiceToken, which is the function: give it the provider that it has, "
    "or another construct id and when_exists ADOPT"
)

UNSEEN: Final = "the policies of its identity could not be read"


@dataclass(frozen=True, slots=True)
class Step:
    """What a deploy does with one policy.

    :param event: the event that CloudFormation sends: `Create`, `Update` or `Delete`; empty if it sends none.
    :param policy: the policy as it is declared, or was declared if it is not any more.
    :param place: the stack and logical id of its resource.
    :param outcome: the predicted result.
    :param target: the identity and name of the policy at SES; None if they are not known.
    :param former: the identity and name of the policy that this one replaces. Default: - none.
    """

    event: str
    policy: Declared
    place: Place
    outcome: Outcome
    target: Target | None
    former: Target | None = None

    @property
    def stack_name(self) -> str:
        """The name of the stack whose deploy has this step."""
        return self.place[0][0]

    @property
    def identity(self) -> str:
        """The policy's identity; a part that only the deploy knows is `${...}`."""
        return self.target.identity.name if self.target else self.policy.identity_text

    @property
    def policy_name(self) -> str:
        """The policy's name; a part that only the deploy knows is `${...}`."""
        return self.target.policy_name if self.target else text_of(self.policy.policy_name)


@dataclass(frozen=True, slots=True)
class ResolvedResource:
    """A SendingPolicy resource, and the policy at SES that it declares.

    :param resource: the resource.
    :param former: the resource in the deployed template; None if it is new.
    :param policy: the policy that it declares, with references to the account resolved.
    :param known: its physical id; None if it has none, or one that CloudFormation made up.
    :param target: the identity and name of the policy; None if only the deploy knows them.
    """

    resource: Resource
    former: Resource | None
    policy: Declared
    known: PhysicalId | None
    target: Target | None

    @property
    def event(self) -> str:
        """The event that CloudFormation sends for the resource; empty if the resource does not change."""
        if self.former is None:
            return "Create"
        return "" if self.resource.is_as(self.former) else "Update"


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a deploy.

    :param account: the account to deploy to.
    :param roots: the names of the stacks, in the order of their deploys.
    :param deployed: the stacks as they are now.
    :param old: the resources in the deployed templates.
    :param new: the resources in the new templates.
    """

    account: Account
    roots: Sequence[str]
    deployed: DeployedAssembly
    old: Mapping[Place, Resource]
    new: Mapping[Place, Resource]

    @property
    def resolved(self) -> list[ResolvedResource]:
        """The resources of the new templates, in their order."""
        return [self._resolved(each, self.old.get(place)) for place, each in self.new.items()]

    @property
    def leaving(self) -> list[ResolvedResource]:
        """The deployed resources that the new templates do not have."""
        return [self._resolved(each, each) for place, each in self.old.items() if place not in self.new]

    def run(self, predicted: Prediction, unread: Collection[str] = ()) -> Iterator[Step]:
        """Yield each step. Deletes come last in each stack.

        :param predicted: the policies that SES holds; each step changes them.
        :param unread: the identities that could not be read.
        """
        resolved, leaving = _by_root(self.resolved), _by_root(self.leaving)
        for root in self.roots:
            mine = resolved.get(root, [])
            steps = [self._written(each, predicted, unread) for each in mine]
            yield from steps
            # A deploy that fails is rolled back before anything is deleted.
            if any(each.outcome.action is Action.REFUSE for each in steps):
                continue
            for each, step in zip(mine, steps, strict=True):
                if step.former and each.former:
                    stay = each.former.replaced or each.resource.replaced
                    if step.outcome.action is Action.UNDECIDED:
                        predicted.doubtful.add(step.former)
                    yield self._dropped(self._resolved(each.former, each.former), stay, predicted, unread)
            for each in leaving.get(root, []):
                yield self._dropped(each, each.resource.removed, predicted, unread)

    def _resolved(self, resource: Resource, former: Resource | None) -> ResolvedResource:
        key, logical_id = resource.place
        stack = self.deployed.stacks.get(key)
        known = PhysicalId.parse(stack.physical_ids.get(logical_id, "")) if stack and former else None
        policy = DeclaredPolicy(resource.ways[0]).at(self.account).policy
        if resource is former:
            return ResolvedResource(resource, former, policy, known, known.target if known else _target(policy))
        return ResolvedResource(resource, former, policy, known, _target(_as_before(policy, former, known)))

    def _written(self, entry: ResolvedResource, predicted: Prediction, unread: Collection[str]) -> Step:
        resource, target = entry.resource, entry.target
        step = Step(entry.event, entry.policy, resource.place, Outcome(Action.UNDECIDED), target)
        if not step.event:
            live = predicted.live(target) if target else None
            return replace(step, outcome=Outcome(Action.NOTHING, live=live))
        stack = self.deployed.stacks.get(resource.place[0])
        doubt = _doubt(entry, unread)
        if doubt:
            predicted.doubtful.update([target] if target else [])
            former = entry.known.target if entry.known and entry.known.target != target else None
            return replace(step, outcome=Outcome(Action.UNDECIDED, why=doubt), former=former)
        if entry.former and entry.former.properties.get("ServiceToken") != resource.properties.get("ServiceToken"):
            return replace(step, outcome=Outcome(Action.REFUSE, "ServiceToken", _OTHER_PROVIDER))
        properties = _properties(entry)
        try:
            wanted = wire.Declaration.read(properties)
        except DeclarationError as fault:
            return replace(step, outcome=Outcome(Action.REFUSE, "InvalidDeclaration", str(fault)))
        marker = Marker(stack.id.stack_name if stack else step.stack_name, resource.place[1], self._token(entry))
        in_place = entry.known is not None and entry.known.token is not None and entry.known.target == wanted.target
        has = Former(entry.known.target if entry.known else None, in_place, stack is not None and not in_place)
        outcome = predicted.written(wanted, marker, has, DeployRefusal.of(properties, wanted, resource.arns))
        is_renamed = entry.known is not None and entry.known.target != wanted.target
        if outcome.action is Action.CREATE and is_renamed:
            outcome = replace(outcome, action=Action.REPLACE)
        is_done = is_renamed and outcome.action is not Action.REFUSE
        return replace(step, outcome=outcome, former=entry.known.target if entry.known and is_done else None)

    def _dropped(
        self, entry: ResolvedResource, stay: Stay | None, predicted: Prediction, unread: Collection[str]
    ) -> Step:
        step = Step("Delete", entry.policy, entry.resource.place, Outcome(Action.UNDECIDED), entry.target)
        live = predicted.live(entry.target) if entry.target else None
        if stay:
            action = Action.LEAVE if stay.is_sure else Action.UNDECIDED
            outcome = Outcome(action, why=f"CloudFormation keeps it, for {stay.reason}", live=live)
            return replace(step, event="", outcome=outcome)
        if entry.target is None:
            return replace(step, outcome=Outcome(Action.ABSENT, why="its properties name no policy"))
        if entry.target.identity.name in unread:
            return replace(step, outcome=Outcome(Action.UNDECIDED, why=UNSEEN))
        outcome = predicted.dropped(entry.known, entry.target, self._token(entry), entry.resource.properties)
        return replace(step, outcome=outcome)

    def _token(self, entry: ResolvedResource) -> str:
        if entry.known and entry.known.token:
            return entry.known.token
        key, logical_id = entry.resource.place
        stack = self.deployed.stacks.get(key)
        # The id of a stack that is not deployed yet is not known, so neither is the token. No live policy has this one.
        return owner_token(stack.id.text if stack else "/".join(key), logical_id)


def _by_root(entries: Iterable[ResolvedResource]) -> dict[str, list[ResolvedResource]]:
    """Return the resources by the name of the stack whose deploy they are part of."""
    found: dict[str, list[ResolvedResource]] = {}
    for each in entries:
        found.setdefault(each.resource.place[0][0], []).append(each)
    return found


def _target(policy: Declared) -> Target | None:
    """Return the identity and name of a declared policy; None if only the deploy knows them or they are invalid."""
    identity, name = policy.known_identity, text_of(policy.policy_name)
    try:
        return Target(identity, name) if identity and is_known(name) else None
    except DeclarationError:
        return None


def _as_before(policy: Declared, former: Resource | None, known: PhysicalId | None) -> Declared:
    """Return the policy; an identity or name that only the deploy knows is filled in if it stays the same.

    It is taken from the resource's physical id.
    """
    if former is None or known is None or len(former.ways) != 1:
        return policy
    [before] = former.ways
    identity = known.target.identity.name if _is_same(policy, before, "identity") else policy.identity
    name = known.target.policy_name if _is_same(policy, before, "policy_name") else policy.policy_name
    return replace(policy, identity=identity, policy_name=name)


def _is_same(policy: Declared, before: Declared, part: str) -> bool:
    functions = list(unknown_functions(getattr(policy, part)))
    names = [name_of(each) for each in functions]
    return (
        bool(functions)
        and compact(getattr(policy, part)) == compact(getattr(before, part))
        and all(policy.unknowns.get(name) == before.unknowns.get(name) for name in names)
    )


def _doubt(entry: ResolvedResource, unread: Collection[str]) -> str:
    """Return why the result of a Create or Update cannot be predicted; empty if it can."""
    resource = entry.resource
    if resource.is_open:
        conditions = ", ".join(dict.fromkeys(each.condition for each in resource.ways))
        return f"only the deploy knows whether {conditions}"
    open_ = [resource.properties.get(name) for name in ("WhenExists", "OnDelete")]
    unknown = unknown_parts([*open_, *([] if entry.target else [entry.policy.identity, entry.policy.policy_name])])
    if unknown:
        return f"only the deploy knows {', '.join(unknown)}"
    if entry.target and entry.target.identity.name in unread:
        return UNSEEN
    return ""


def _properties(entry: ResolvedResource) -> dict[str, Json]:
    """Return the resource properties that the function gets, as far as they are known."""
    target = entry.target
    names = (target.identity.name, target.policy_name) if target else (entry.policy.identity, entry.policy.policy_name)
    told = {"EmailIdentity": names[0], "PolicyName": names[1], "Policy": entry.policy.document}
    return {**entry.resource.properties, **told}
