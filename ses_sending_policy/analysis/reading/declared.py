"""A policy as a template declares it, intrinsic functions and all."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.removal import Removal
from ses_sending_policy.analysis.reading.statement import Statement, statements
from ses_sending_policy.rules.document import Json, compact
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity


def only_if(condition: str) -> str:
    """Return when something is so, in words that follow a sentence.

    :param condition: as `IsProd and not IsTest`.
    """
    return f"only if {condition} {'are' if ' and ' in condition else 'is'} true at the deploy"


def _shown(text: str) -> str:
    """Return a text so that it is clear where it ends."""
    return text if re.fullmatch(r'[^\s,"]+', text) else json.dumps(text, ensure_ascii=False)


Answer = tuple[str, bool, str]
"""Of a question that the deploy answers: what makes it the same one, the answer, and what people call it."""


@dataclass(frozen=True, slots=True)
class KnownEnvironment:
    """Where a stack is deployed, as far as that is known.

    :param partition: as `aws`. Default: - nobody knows.
    :param region: as `eu-west-1`. Default: - nobody knows.
    :param account: twelve digits. Default: - nobody knows.
    """

    partition: str | None = None
    region: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A policy that a template declares.

    :param stack: what people call the stack: its path in the app, or its name.
    :param logical_id: the resource's.
    :param identity: the property `EmailIdentity`, with what is known filled in.
    :param policy_name: the property `PolicyName`, the same.
    :param document: the property `Policy`, the same.
    :param environment: where it is: where the stack is deployed, or where its call goes.
    :param template: the path of the template's file. Default: - none, for who has no files.
    :param stack_name: the stack's name, where it is known. Default: - it is not.
    :param may_adopt: whether the owner's marker may come to say that the policy was there before.
    :param condition: when it is so, in words: conditions of the template, as `IsProd and not IsTest`. Default: - it
        always is.
    :param call: the property with the API call that writes it, as `Create`, or with the policy, where the resource is
        somebody else's. Default: - the resource is a policy of ours.
    :param home: the stack that is deployed with it. Default: - `stack`.
    :param removal: what becomes of it when its resource leaves the template. Default: - nobody knows.
    :param writes: the events at which it is written. Default: - both of a resource that is a policy itself.
    :param is_certain: whether there is such a policy in any case, and `condition` decides but what it says.
    :param defaults: the parameters whose defaults it has, with those. Default: - it has none.
    :param unknowns: what only the deploy knows of it, by name, as far as more than the name tells that it is the same
        one. Default: - nothing is.
    :param beside: what else its resource is told, as JSON, where that is somebody else's. Default: - nothing.
    :param answers: what `condition` takes for granted. Default: - nothing.
    :param sent: what of `environment` is not the stack's own, for its call names another: `account`, `region`. Default:
        - nothing is.
    :param away: what only the deploy knows of that, in words, as `region ${Region}`. Default: - nothing is.
    """

    stack: str
    logical_id: str
    identity: Json
    policy_name: Json
    document: Json
    environment: KnownEnvironment = field(default_factory=KnownEnvironment)
    template: str = ""
    stack_name: str = ""
    may_adopt: bool = False
    condition: str = ""
    call: str = ""
    home: Home = field(default_factory=Home)
    removal: Removal = field(default_factory=Removal)
    writes: tuple[str, ...] = ("Create", "Update")
    is_certain: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)
    unknowns: Mapping[str, str] = field(default_factory=dict)
    beside: str = ""
    answers: tuple[Answer, ...] = ()
    sent: frozenset[str] = frozenset()
    away: tuple[str, ...] = ()

    @property
    def is_conditional(self) -> bool:
        """Whether a condition of the template decides if there is such a policy at all."""
        return bool(self.condition) and not self.is_certain

    @property
    def provisos(self) -> list[str]:
        """What has to be so for it to be as it is, in words that follow a sentence."""
        conditions = [only_if(self.condition)] if self.condition else []
        return conditions + [
            f"with the default {_shown(value)} of parameter {name}" for name, value in self.defaults.items()
        ]

    @property
    def name(self) -> str:
        """What people call the policy, with what only the deploy knows as `${...}`."""
        return "(without a name)" if self.policy_name is None else text_of(self.policy_name)

    @property
    def owner(self) -> str:
        """Where a person looks for it."""
        return f"{self.stack}/{self.logical_id}"

    @property
    def identity_text(self) -> str:
        """What people call the identity, with what only the deploy knows as `${...}`."""
        return text_of(self.identity)

    @property
    def known_identity(self) -> Identity | None:
        """The identity, or None where only the deploy knows it, or SES has none of that name."""
        return _identity(self.identity_text)

    @property
    def identity_name(self) -> str:
        """The identity's name, in the form that SES has it in where that is known."""
        return self.known_identity.name if self.known_identity else self.identity_text

    @property
    def place(self) -> tuple[str, ...]:
        """What policies that meet have in common: account and region, where both are known, else the deployed stack."""
        here = (self.environment.account or "", self.environment.region or "")
        if all(here):
            return here
        return (self.root, self.stack, *here, *self.away) if self.sent else (self.root,)

    @property
    def root(self) -> str:
        """What people call the stack that is deployed, which others may be nested in."""
        return self.home.label or self.stack

    @property
    def identity_key(self) -> tuple[str, ...]:
        """The same for two policies if they are known to be on the same identity."""
        identity = self.known_identity
        if identity:
            return (*self.place, identity.name)
        return (self.stack, *(self.place if self.sent else ()), "", compact(self.identity))

    def statements(self) -> Iterator[Statement]:
        """Yield the statements; what is none of the shape of one is nobody's to judge here."""
        return statements(self.document)


# A review asks a policy some twenty times.
@lru_cache(maxsize=4096)
def _identity(text: str) -> Identity | None:
    try:
        return Identity.parse(text) if is_known(text) else None
    except DeclarationError:
        return None
