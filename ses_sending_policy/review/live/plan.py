"""The result of `plan`: what a deploy of an assembly changes in who may send, and in each policy at SES."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ses_sending_policy.analysis.findings.services import service_of as service_of_statement
from ses_sending_policy.analysis.grants.difference import Difference
from ses_sending_policy.analysis.reading.statement import statements
from ses_sending_policy.review.assembly import Given, Reviewed
from ses_sending_policy.review.comparison import Comparison, DifferenceFailOn
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import Account, NoIdentityError, SesAccount
from ses_sending_policy.review.live.account_reading import AccountReading, Watch, read
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy, places
from ses_sending_policy.review.live.deployed_assembly import DeployedAssembly, StackKey
from ses_sending_policy.review.live.drift import Drifted, DriftResult
from ses_sending_policy.review.live.fingerprint import Fingerprint, of_identities, of_stacks
from ses_sending_policy.review.live.forecast import Action, LivePolicies, Prediction
from ses_sending_policy.review.live.planned_steps import Grants, PlannedStep, failing_of, with_others, without
from ses_sending_policy.review.live.resources import Place, Resource, identities_of, policies_of
from ses_sending_policy.review.live.steps import Steps
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.faults import CallError


@dataclass(frozen=True, slots=True)
class Bystander:
    """A live policy that no step is about, on an identity whose policies were read for the plan.

    :param identity: the identity.
    :param policy_name: its name.
    :param live: the policy.
    """

    identity: str
    policy_name: str
    live: LivePolicy

    @property
    def service(self) -> str:
        """The AWS service that the policy is for; empty if it is for none or several, or has an owner."""
        return service_of(self.live)


def service_of(live: LivePolicy | None) -> str:
    """Return the AWS service that a live policy is for; empty if it is for none or several, or has an owner."""
    told = {service_of_statement(each) for each in statements(live.elements)} if live and not live.marker else set()
    return told.pop() if len(told) == 1 else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deploy does in one account and region.

    :param account: its twelve digits.
    :param region: for instance `eu-west-1`.
    :param comparison: the changes of grants, from the deployed policies as SES holds them to the declared ones.
    :param coming: the same changes if the stacks that are known to fail are rolled back.
    :param new: the policies that are declared for this account and region.
    :param planned: all steps, including those that do nothing.
    :param failing: the names of the stacks that are known to fail.
    :param bystanders: the policies on the same identities that no step is about.
    :param deployed: the stacks as they are now.
    :param reading: the policies that were read from SES.
    :param elsewhere: the policies that are declared for other accounts and regions.
    :param fingerprint: the state that the plan is based on.
    :param parameters: for each parameter that policies depend on, by stack and name: True if the deploy keeps the
        deployed stack's value, False if it takes the default.
    """

    account: str
    region: str
    comparison: Comparison
    coming: Comparison
    new: Reviewed
    planned: Sequence[PlannedStep]
    failing: Sequence[str]
    bystanders: Sequence[Bystander]
    deployed: DeployedAssembly
    reading: AccountReading
    elsewhere: Sequence[DeclaredPolicy]
    fingerprint: Fingerprint
    parameters: Mapping[tuple[str, str], bool]

    @classmethod
    def of(cls, calls: Calls, read: Callable[[Given], Reviewed], files: Mapping[str, str], watch: Watch) -> "Plan":
        """Return what a deploy of an assembly does, or raise `ReviewError` if files or the account cannot be read.

        :param read: reads the assembly, given the values of template parameters.
        :param files: the digests of the assembly's files.
        :param watch: is called with the number of identities read so far, and of all.
        """
        # The files are read first, so that a mistake in them is told without calling AWS.
        assembly = read({})
        account = SesAccount(calls)
        new, elsewhere = _here(assembly, account)
        roots = {each.home.name: each.elements for each in new.templates if not each.home.within}
        deployed = DeployedAssembly.of(calls, roots)
        given = deployed.given(roots)
        if any(given.values()):
            new, elsewhere = _here(read(given), account)
        old = deployed.reviewed(new)
        steps = Steps(account, list(roots), deployed, _there(old, deployed), policies_of(new))
        declared = [(key, each.at(account)) for key, each in deployed.declarations()]
        reading = _looked(account, steps, [each for _, each in declared], watch)
        drifted = _drifted(_Seen(account, reading), declared)
        predicted = _predicted(account, reading, new, deployed)
        planned = []
        for step in steps.run(predicted, reading.unread):
            path = new.constructs.path(step.policy) or old.constructs.path(step.policy)
            planned.append(PlannedStep(step, path, drifted.get(step.place)))
        planned = with_others(planned)
        grants, failing = Grants(old, new, planned, account, held=reading.policies), failing_of(planned)
        whole = grants.compared()
        return cls(
            account.id,
            account.region,
            whole,
            grants.compared(failing) if failing else whole,
            new,
            planned,
            failing,
            list(_bystanders(reading, planned)),
            deployed,
            reading,
            elsewhere,
            Fingerprint(account.id, account.region, files, of_stacks(deployed, roots), of_identities(reading)),
            {each: deployed.keeps(*each) for each in sorted(_parameters(assembly, given))},
        )

    @property
    def told(self) -> list[PlannedStep]:
        """The steps to list: all but those without an event whose policy is not known to be changed at SES."""
        return [each for each in self.planned if each.is_told]

    @property
    def unchanged(self) -> list[PlannedStep]:
        """The steps without an event whose policy is not known to be changed at SES since the last deploy."""
        return [each for each in self.planned if not each.is_told]

    @property
    def every(self) -> Comparison:
        """The changes of grants in either case: those if no stack fails, and those that only a failing stack brings."""
        whole, more = self.comparison, without(self.coming, self.comparison)
        changes = (*more.difference.changes, *whole.difference.changes)
        return replace(whole, difference=Difference(changes), stays=[*whole.stays, *more.stays])

    @property
    def is_refused(self) -> bool:
        """Whether a stack is known to fail."""
        return bool(self.failing)

    @property
    def counts(self) -> list[tuple[Action, int]]:
        """The number of steps for each action that occurs."""
        found = Counter(each.step.outcome.action for each in self.told)
        return [(action, found[action]) for action in Action if found[action]]

    def fails(self, fail_on: DifferenceFailOn) -> bool:
        """Return whether `fail_on` names the verdict; a deploy that is known to fail counts too, except for `never`."""
        return self.comparison.fails(fail_on) or (self.is_refused and fail_on is not DifferenceFailOn.NEVER)

    @property
    def unseen(self) -> list[str]:
        """A sentence for each stack with an unsettled status, and for each identity that could not be read."""
        return [
            *self.deployed.unsettled,
            *(f"{name} was not looked at: {why}" for name, why in self.reading.unread.items()),
        ]


def seen_again(calls: Calls, planned: Fingerprint, files: Mapping[str, str], watch: Watch) -> Fingerprint:
    """Return the present state of all that a plan is based on, or raise `ReviewError` if it cannot be read.

    :param files: the present digests of the assembly's files.
    :param watch: is called with the number of identities read so far, and of all.
    """
    account = SesAccount(calls)
    place, here = (planned.account, planned.region), (account.id, account.region)
    if place != here:
        told = [f"account {each[0]} in {each[1]}" for each in (place, here)]
        raise ReviewError([f"the plan is for {told[0]}, and this is {told[1]}: name another --profile or --region"])
    deployed = DeployedAssembly.of(calls, planned.stacks)
    reading = _whole(read(account, {each: each for each in sorted(planned.identities)}, watch))
    if reading.unread:
        raise ReviewError(f"{name} was not looked at: {why}" for name, why in reading.unread.items())
    return Fingerprint(*here, files, of_stacks(deployed, planned.stacks), of_identities(reading))


def _whole(reading: AccountReading) -> AccountReading:
    """Return what was read, or raise `KeyboardInterrupt` if the user interrupted it: half a plan is of no use."""
    if reading.is_interrupted:
        raise KeyboardInterrupt
    return reading


class _Seen:
    """An account that answers from policies that were read before, so that AWS is not called again.

    :param account: the account.
    :param reading: what was read from it.
    """

    def __init__(self, account: Account, reading: AccountReading) -> None:
        self.id, self.partition, self.region = account.id, account.partition, account.region
        self.identities = account.identities
        self._reading = reading

    def policies(self, identity: str) -> Mapping[str, str]:
        """Return the text of each policy by its name, as it was read; raise `CallError` if the identity is unread."""
        if identity in self._reading.unread:
            raise CallError("", self._reading.unread[identity])
        there = self._reading.policies[identity]
        if there is None:
            raise NoIdentityError(identity)
        return {name: live.text for name, live in there.items()}


def _parameters(assembly: Reviewed, given: Given) -> set[tuple[str, str]]:
    """Return the parameters, by stack and name, that policies depend on and that `given` has a value for."""
    found = {(each.home.name, name) for each in assembly.proven for name in each.unknowns}
    return {(stack, name) for stack, name in found if name in given.get(stack, ())}


def _here(assembly: Reviewed, account: Account) -> tuple[Reviewed, list[DeclaredPolicy]]:
    """Return the part of an assembly for `account` and its region, and the policies declared for other ones."""
    roots = [each for each in assembly.templates if not each.home.within]
    if not all(each.home.name for each in roots):
        raise ReviewError(["a template's file does not tell its stack's name, which a plan needs: name an assembly"])
    mine = {
        each.home.label
        for each in roots
        if each.environment.account in (None, account.id) and each.environment.region in (None, account.region)
    }
    declared = [DeclaredPolicy(each, assembly.constructs.path(each)) for each in assembly.proven]
    elsewhere = [each for each in declared if each.policy.root not in mine]
    if not mine:
        told = ", ".join(places(elsewhere)) or "other accounts and regions"
        place = f"account {account.id} in {account.region}"
        raise ReviewError([f"no stack is for {place}, only for {told}: name another --profile or --region"])
    return _only(assembly, mine), elsewhere


def _only(assembly: Reviewed, labels: set[str]) -> Reviewed:
    return replace(
        assembly,
        policies=[each for each in assembly.policies if each.root in labels],
        unassuming=assembly.unassuming and [each for each in assembly.unassuming if each.root in labels],
        templates=[each for each in assembly.templates if each.home.label in labels],
        unread=tuple(each for each in assembly.unread if each.part.home.label in (*labels, "")),
        unproven=tuple(each for each in assembly.unproven if each.part.home.label in (*labels, "")),
    )


def _there(old: Reviewed, deployed: DeployedAssembly) -> dict[Place, Resource]:
    """Return the deployed resources, without those that a condition of the template left out."""
    found = policies_of(old).items()
    return {place: each for place, each in found if place[1] in deployed.stacks[place[0]].physical_ids}


def _looked(account: Account, steps: Steps, declared: Sequence[DeclaredPolicy], watch: Watch) -> AccountReading:
    resolved = [*steps.resolved, *steps.leaving]
    targets = [target for each in resolved for target in (each.target, each.known and each.known.target) if target]
    names = {each.identity.name for each in targets} | {each.target[0] for each in declared if each.target}
    reading = _whole(read(account, {name: name for name in sorted(names)}, watch))
    if reading.unread and not reading.policies:
        raise ReviewError(f"{name} was not looked at: {why}" for name, why in reading.unread.items())
    return reading


def _drifted(account: Account, declared: Sequence[tuple[StackKey, DeclaredPolicy]]) -> dict[Place, Drifted]:
    """Return how each policy at SES differs from what was deployed."""
    keys = {each.policy.stack: key for key, each in declared}
    if not keys:
        return {}
    drift = DriftResult.of(account, [each for _, each in declared], lambda _done, _total: None)
    found = [(each.declaration.policy, each) for each in drift.policies if each.declaration]
    return {(keys[policy.stack], policy.logical_id): each for policy, each in found}


def _predicted(account: Account, reading: AccountReading, new: Reviewed, deployed: DeployedAssembly) -> Prediction:
    policies: LivePolicies = {name: None if there is None else dict(there) for name, there in reading.policies.items()}
    for (key, logical_id), name in identities_of(new):
        stack = deployed.stacks.get(key)
        # A deployed identity resource is not created again, even if the identity was deleted by hand.
        if policies.get(name, {}) is None and not (stack and logical_id in stack.physical_ids):
            policies[name] = {}
    return Prediction(policies, account.partition, f"account {account.id} in {account.region}")


def _bystanders(reading: AccountReading, planned: Sequence[PlannedStep]) -> Iterator[Bystander]:
    meant = {(each.step.identity, each.step.policy_name) for each in planned}
    for identity, there in reading.policies.items():
        for name, live in (there or {}).items():
            if (identity, name) not in meant:
                yield Bystander(identity, name, live)
