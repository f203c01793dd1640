"""The rules that the Lambda applies to a document some values of which only the deploy knew.

They find faults that SES would accept. Faults that SES refuses are left out, because SES itself reports them better: a
policy that is too large, an unknown operator or action. docs/decisions/0029-rules-at-the-deploy.md has the whole list.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.findings.actions import IdentityAction
from ses_sending_policy.analysis.findings.anybody import (
    LOCKED,
    LOCKED_FIX,
    PUBLIC,
    PUBLIC_FIX,
    NegatedElement,
    locked_out,
    public_principals,
)
from ses_sending_policy.analysis.findings.finding import FaultRule
from ses_sending_policy.analysis.findings.principal_names import PrincipalKind, PrincipalName, PrincipalPattern
from ses_sending_policy.analysis.findings.values import EmptyList, MistypedValue
from ses_sending_policy.analysis.reading.statement import POLICY, statements
from ses_sending_policy.rules.document import Json

_OF_STATEMENTS: Final[tuple[FaultRule, ...]] = (
    IdentityAction(),
    NegatedElement(),
    PrincipalKind(),
    PrincipalName(),
    PrincipalPattern(),
)

# Findings of these rules are warnings at the synth, where a person reads them. As a parameter of a grant, such a value
# is refused there too: an invalid date, or an empty list of addresses.
_OF_VALUES: Final[tuple[FaultRule, ...]] = (MistypedValue(), EmptyList())

AT_DEPLOY: Final = frozenset({PUBLIC, LOCKED, *(rule.id for rule in (*_OF_STATEMENTS, *_OF_VALUES))})
"""The ids of all rules that the deploy applies."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document must not be deployed.

    :param rule: the id of the finding.
    :param message: one sentence, with the value.
    :param fix: what to do.
    """

    rule: str
    message: str
    fix: str

    @property
    def sentence(self) -> str:
        """The rule's id, the message and the fix as one sentence, with which the deploy fails."""
        return f"{self.rule}: {self.message}; {self.fix}"


def refusals(document: Json, identity: str, unknown: Collection[str], acknowledged: Collection[str]) -> list[Refusal]:
    """Return what is wrong with a document all of whose values are known at the deploy, the worst first.

    :param identity: the identity's name.
    :param unknown: the places in the document that the synth did not know, as `Statement/0/Principal/AWS`.
    :param acknowledged: the ids of findings that the user has acknowledged, and that are not reported.
    """
    return [each for each in _found(document, identity, unknown) if each.rule not in acknowledged]


def _found(document: Json, identity: str, unknown: Collection[str]) -> Iterator[Refusal]:
    whole = list(statements(document))
    yield from (Refusal(PUBLIC, each.message, PUBLIC_FIX) for each in public_principals(whole, identity))
    yield from (Refusal(LOCKED, each.message, LOCKED_FIX) for each in locked_out(whole, identity))
    for rule in (*_OF_STATEMENTS, *_OF_VALUES):
        for fault in (fault for statement in whole for fault in rule.faults(statement)):
            if rule in _OF_STATEMENTS or any(_is_at(fault.location, place) for place in unknown):
                yield Refusal(rule.id, fault.message, fault.fix or rule.fix)


def _is_at(location: str, place: str) -> bool:
    return f"{location}/".startswith(f"{POLICY}/{place}/")
