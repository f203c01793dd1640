"""A policy as a template declares it. Intrinsic functions stay in it where only the deploy knows their values."""

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
    """Return a condition as words such as `only if IsProd is true at the deploy`, which follow a sentence.

    :param condition: as `IsProd and not IsTest`.
    """
    return f"only if {condition} {'are' if ' and ' in condition else 'is'} true at the deploy"


def _shown(text: str) -> str:
    """Return `text`, in quotes if a reader could not tell otherwise where it ends."""
    return text if re.fullmatch(r'[^\s,"]+', text) else json.dumps(text, ensure_ascii=False)


Answer = tuple[str, bool, str]
"""An assumed answer of the deploy: the fingerprint of the yes-or-no question, the answer, the question in words."""


@dataclass(frozen=True, slots=True)
class KnownEnvironment:
    """Where a stack is deployed, as far as that is known.

    :param partition: as `aws`. Default: - it is unknown.
    :param region: as `eu-west-1`. Default: - it is unknown.
    :param account: twelve digits. Default: - it is unknown.
    """

    partition: str | None = None
    region: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A policy that a template declares.

    :param stack: the stack's label for people: its path in the app, or its name.
    :param logical_id: the logical id of the resource that declares it.
    :param identity: the property `EmailIdentity`, with functions resolved where their values are known.
    :param policy_name: the property `PolicyName`, resolved in the same way.
    :param document: the property `Policy`, resolved in the same way.
    :param environment: where the policy is: where the stack is deployed, or where its API call goes.
    :param template: the path of the template's file. Default: - there is no file.
    :param stack_name: the stack's name. Default: - it is unknown.
    :param may_adopt: whether the deploy may adopt an existing policy; the owner's marker then says so.
    :param condition: the conditions under which the policy is as it stands here, in words, as `IsProd and not IsTest`.
        Default: - it always is.
    :param call: the property with the API call that writes the policy, as `Create`; or the property with the document
        in a third-party resource. Default: - the resource is a `SendingPolicy`'s.
    :param home: the deployed stack that the template belongs to. Default: - `stack`.
    :param removal: what becomes of the policy when its resource leaves the template. Default: - it is unknown.
    :param writes: the events at which its resource writes the policy. Default: - creation and update.
    :param is_certain: whether the policy exists whatever `condition` is, so that `condition` only decides what it says.
    :param defaults: the parameters whose default values were used, with these values. Default: - none.
    :param unknowns: fingerprints of its unknown values, by name; without those that the name alone identifies. Default:
        - there are none.
    :param beside: the properties of a third-party resource besides the policy, as JSON. Default: - there are none.
    :param answers: the answers of the deploy that `condition` stands for. Default: - none.
    :param sent: which of `account` and `region` the API call names itself, so that they are not the stack's. Default: -
        neither.
    :param away: those of `sent` that only the deploy knows, in words, as `region ${Region}`. Default: - there are none.
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
        """Whether a condition of the template decides if the policy exists at all."""
        return bool(self.condition) and not self.is_certain

    @property
    def provisos(self) -> list[str]:
        """The conditions and parameter defaults that the policy depends on, each as words that follow a sentence."""
        conditions = [only_if(self.condition)] if self.condition else []
        return conditions + [
            f"with the default {_shown(value)} of parameter {name}" for name, value in self.defaults.items()
        ]

    @property
    def name(self) -> str:
        """The policy's name for people, with unknown parts as `${...}`."""
        return "(without a name)" if self.policy_name is None else text_of(self.policy_name)

    @property
    def owner(self) -> str:
        """Where a reader finds the policy's resource: the path of its stack and its logical id, as `Mail/Partner`."""
        return f"{self.stack}/{self.logical_id}"

    @property
    def identity_text(self) -> str:
        """The identity as it is declared, with unknown parts as `${...}`."""
        return text_of(self.identity)

    @property
    def known_identity(self) -> Identity | None:
        """The identity; None if only the deploy knows it, or if SES can have no identity of that name."""
        return _identity(self.identity_text)

    @property
    def identity_name(self) -> str:
        """The identity's name: in the form that SES uses, or as it is declared if only the deploy knows it."""
        return self.known_identity.name if self.known_identity else self.identity_text

    @property
    def place(self) -> tuple[str, ...]:
        """A key that policies in one place share: account and region if both are known, else the deployed stack."""
        here = (self.environment.account or "", self.environment.region or "")
        if all(here):
            return here
        return (self.root, self.stack, *here, *self.away) if self.sent else (self.root,)

    @property
    def root(self) -> str:
        """The label of the deployed stack: the policy's own stack, or the one that it is nested in."""
        return self.home.label or self.stack

    @property
    def identity_key(self) -> tuple[str, ...]:
        """A key that policies share if they are known to be on the same identity."""
        identity = self.known_identity
        if identity:
            return (*self.place, identity.name)
        return (self.stack, *(self.place if self.sent else ()), "", compact(self.identity))

    def statements(self) -> Iterator[Statement]:
        """Yield the statements of the document; anything that does not have the shape of a statement is left out."""
        return statements(self.document)


# Cached, because a review asks for each policy's identity some twenty times.
@lru_cache(maxsize=4096)
def _identity(text: str) -> Identity | None:
    try:
        return Identity.parse(text) if is_known(text) else None
    except DeclarationError:
        return None
