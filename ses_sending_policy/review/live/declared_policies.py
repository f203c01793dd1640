"""The policies that should be in an account, because files or deployed stacks declare them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.live.account import Account
from ses_sending_policy.review.live.compared_policy import Expected
from ses_sending_policy.review.live.unknown import settled, unknown_parts
from ses_sending_policy.rules.document import Json, LivePolicy, as_text
from ses_sending_policy.rules.drift import DeclaredOwner


@dataclass(frozen=True, slots=True)
class DeclaredPolicy:
    """A declared policy.

    :param policy: the policy.
    :param path: the path of its construct, or empty if it is not known.
    :param token: the owner token, or empty if it is not known.
    :param found: the identity and name of the live policy that has its owner's marker, if the template does not tell
        them.
    """

    policy: Declared
    path: str = ""
    token: str = ""
    found: tuple[str, str] | None = None

    @property
    def origin(self) -> str:
        """Where a reader finds the policy: the path of its construct, or else its stack and logical id."""
        return self.path or self.policy.owner

    @property
    def owner(self) -> DeclaredOwner | None:
        """The owner that the live policy should have; None if a call of an `AwsCustomResource` writes the policy."""
        return None if self.policy.call else DeclaredOwner(self.policy.stack_name, self.policy.logical_id, self.token)

    @property
    def target(self) -> tuple[str, str] | None:
        """The policy's identity and name, or `found`; None if only the deploy knows them and `found` is None."""
        identity, name = self.policy.known_identity, text_of(self.policy.policy_name)
        return (identity.name, name) if identity and is_known(name) else self.found

    def found_in(self, policies: Mapping[str, Mapping[str, LivePolicy] | None]) -> "DeclaredPolicy":
        """Return the policy with `found` set, if its target is unknown and exactly one live policy has its marker.

        :param policies: for each identity its live policies by name, as in `AccountReading`.
        """
        if self.target or self.owner is None:
            return self
        places = [
            (identity, name)
            for identity, there in policies.items()
            for name, live in (there or {}).items()
            if live.marker and self.owner.owns(live.marker) and self._may_be_at(identity, name)
        ]
        return replace(self, found=places[0]) if len(places) == 1 else self

    def _may_be_at(self, identity: str, name: str) -> bool:
        known, text = self.policy.known_identity, text_of(self.policy.policy_name)
        return (known is None or known.name == identity) and (not is_known(text) or text == name)

    def is_for(self, account: Account) -> bool:
        """Return whether the policy is declared for the account and region of `account`, or for any."""
        place = self.policy.environment
        return place.account in (None, account.id) and place.region in (None, account.region)

    def at(self, account: Account) -> "DeclaredPolicy":
        """Return the policy with references resolved to the account, region and partition of `account`."""
        here = KnownEnvironment(account.partition, account.region, account.id)
        # In a call that is sent to another account or region, such references mean those of its stack, which are not
        # known here.
        own = replace(here, **dict.fromkeys(self.policy.sent))
        resolver = Evaluation().of(Scope({}, environment=own))
        policy = replace(
            self.policy,
            identity=resolver.resolved(self.policy.identity),
            policy_name=resolver.resolved(self.policy.policy_name),
            document=resolver.resolved(self.policy.document),
            environment=here,
        )
        return replace(self, policy=policy)

    def unknown(self, live: LivePolicy | None) -> Sequence[str]:
        """Return the parts of the declaration that only the deploy knows, and without which the state is not known.

        :param live: the policy at SES, or None if SES does not hold it.
        """
        place = [*self.policy.away, *unknown_parts([self.policy.identity, self.policy.policy_name])]
        if self.target is None:
            return place or [self.policy.identity_text]
        if live is None:
            return [*place, *([f"whether {self.policy.condition} is true"] if self.policy.is_conditional else [])]
        return [*place, *unknown_parts(self.policy.document)]

    def expected(self, live: LivePolicy | None, partition: str) -> Expected:
        """Return the policy as it should be at SES; the parts that only the deploy knows are taken from `live`."""
        unknown = self.unknown(live)
        document: Json = self.policy.document
        if unknown and live:
            document = settled(document, as_text(live.elements), partition)
        return Expected(document if isinstance(document, Mapping) else {}, self.owner, unknown)


def of_files(reviewed: Reviewed) -> Iterator[DeclaredPolicy]:
    """Yield the policies that files declare."""
    # Parameters are not assumed to have their defaults, because the deploy may have given them other values.
    for policy in reviewed.proven:
        yield DeclaredPolicy(policy, reviewed.constructs.path(policy))


def places(declarations: Iterable[DeclaredPolicy]) -> list[str]:
    """Return the accounts and regions that policies are declared for, in words, each once and sorted."""
    environments = {each.policy.environment for each in declarations}
    return sorted(f"account {each.account or 'unknown'} in {each.region or 'any region'}" for each in environments)
