"""What should be in a live account: policies that files declare, or deployed stacks."""

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
    """A policy that somebody declares.

    :param policy: the policy.
    :param path: that of its construct, or nothing where that is not known.
    :param token: the owner's token, or nothing where that is not known.
    :param found: identity and name of the policy at SES that has its owner's marker, where only the deploy knows them.
    """

    policy: Declared
    path: str = ""
    token: str = ""
    found: tuple[str, str] | None = None

    @property
    def origin(self) -> str:
        """Where a person looks for it: in the app, or else in the stack."""
        return self.path or self.policy.owner

    @property
    def owner(self) -> DeclaredOwner | None:
        """Whose it should be, or None where no SendingPolicy declares it."""
        return None if self.policy.call else DeclaredOwner(self.policy.stack_name, self.policy.logical_id, self.token)

    @property
    def target(self) -> tuple[str, str] | None:
        """Identity and name, or None where only the deploy knows one of them and nobody found it."""
        identity, name = self.policy.known_identity, text_of(self.policy.policy_name)
        return (identity.name, name) if identity and is_known(name) else self.found

    def found_in(self, policies: Mapping[str, Mapping[str, LivePolicy] | None]) -> "DeclaredPolicy":
        """Return the same with the place of its marker, where that alone tells which policy it is.

        :param policies: those of identities, by their names; see `Reading`.
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
        """Return whether it is for this account and region, or may be for any."""
        place = self.policy.environment
        return place.account in (None, account.id) and place.region in (None, account.region)

    def at(self, account: Account) -> "DeclaredPolicy":
        """Return the same with what `account` tells of the references in it."""
        here = KnownEnvironment(account.partition, account.region, account.id)
        # What a call takes from its stack's place is not taken from where it goes.
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
        """Return what only the deploy knows of it, and has to be known to tell what became of it.

        :param live: what SES holds in its place, if it holds anything.
        """
        place = [*self.policy.away, *unknown_parts([self.policy.identity, self.policy.policy_name])]
        if self.target is None:
            return place or [self.policy.identity_text]
        if live is None:
            return [*place, *([f"whether {self.policy.condition} is true"] if self.policy.is_conditional else [])]
        return [*place, *unknown_parts(self.policy.document)]

    def expected(self, live: LivePolicy | None, partition: str) -> Expected:
        """Return what SES should hold, with what only the deploy knows taken from `live`."""
        unknown = self.unknown(live)
        document: Json = self.policy.document
        if unknown and live:
            document = settled(document, as_text(live.elements), partition)
        return Expected(document if isinstance(document, Mapping) else {}, self.owner, unknown)


def of_files(reviewed: Reviewed) -> Iterator[DeclaredPolicy]:
    """Yield what is declared in files."""
    # What a deploy gave a parameter, no file tells.
    for policy in reviewed.proven:
        yield DeclaredPolicy(policy, reviewed.constructs.path(policy))


def places(declarations: Iterable[DeclaredPolicy]) -> list[str]:
    """Return the accounts and regions of declarations in words, each once and sorted."""
    environments = {each.policy.environment for each in declarations}
    return sorted(f"account {each.account or 'unknown'} in {each.region or 'any region'}" for each in environments)
