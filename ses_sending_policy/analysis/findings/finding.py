"""A finding is a value: which rule, about what, where, and what to do. Printing it is elsewhere."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from ses_sending_policy.analysis.reading.statement import Statement

if TYPE_CHECKING:
    # Not imported at run time: the Lambda judges documents, and has no templates.
    from ses_sending_policy.analysis.reading.declared import Declared


class Severity(StrEnum):
    """How much a finding counts."""

    ERROR = "error"
    """SES refuses it, or it allows what is hardly ever meant. It fails a synth until it is acknowledged."""
    WARNING = "warning"
    """It is likely not what was meant. It fails a synth under `--strict` only."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    :param rule: the rule's id, as `SES001`.
    :param severity: how much it counts.
    :param message: one sentence, with the value.
    :param fix: what to do.
    :param location: where in the resource, as `Properties/Policy/Statement/0/Principal`.
    :param policy: the policy that it is about.
    :param about: a text that two findings at one place share if they are the same finding. Default: - the message.
    """

    rule: str
    severity: Severity
    message: str
    fix: str
    location: str
    policy: "Declared"
    about: str = ""


class Rule(ABC):
    """A rule that finds mistakes in policies. A subclass has its id and its texts; an instance has no state."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    title: ClassVar[str]
    """One sentence: what is found."""
    reason: ClassVar[str]
    """Why it matters."""
    source: ClassVar[str]
    """The AWS page that says so."""
    fix: ClassVar[str]
    """What to do about it."""
    elsewhere: ClassVar[str] = ""
    """What other tools call it; empty if they do not find it, or that was not looked up."""

    @abstractmethod
    def findings(self, policies: Sequence["Declared"], now: datetime, /) -> Iterator[Finding]:
        """Yield what is found in `policies`: all that the templates of an app declare.

        :param now: the time, with its zone; called `_now` in a rule that finds the same at any time.
        """

    def found(
        self,
        policy: "Declared",
        location: str,
        message: str,
        *,
        severity: Severity | None = None,
        fix: str = "",
        about: str = "",
    ) -> Finding:
        """Return a finding of this rule; severity and fix are the rule's unless they are given."""
        return Finding(self.id, severity or self.severity, message, fix or self.fix, location, policy, about)


class PolicyRule(Rule):
    """A rule that looks at one policy at a time, and finds the same at any time."""

    def findings(self, policies: Sequence["Declared"], _now: datetime, /) -> Iterator[Finding]:
        """Yield what is found in each of `policies`."""
        for policy in policies:
            yield from self.of_policy(policy)

    @abstractmethod
    def of_policy(self, policy: "Declared") -> Iterator[Finding]:
        """Yield what is found in `policy`."""


class StatementRule(PolicyRule):
    """A rule that looks at one statement at a time."""

    def of_policy(self, policy: "Declared") -> Iterator[Finding]:
        """Yield what is found in each statement of `policy`."""
        for statement in policy.statements():
            yield from self.of_statement(policy, statement)

    @abstractmethod
    def of_statement(self, policy: "Declared", statement: Statement) -> Iterator[Finding]:
        """Yield what is found in `statement`, which is one of `policy`."""


@dataclass(frozen=True, slots=True)
class StatementFault:
    """What a rule finds in a statement by itself, without the policy that it is in.

    :param location: as of a `Finding`.
    :param message: one sentence, with the value.
    :param fix: what to do. Default: - what the rule says.
    :param severity: how much it counts. Default: - as the rule.
    """

    location: str
    message: str
    fix: str = ""
    severity: Severity | None = None


class FaultRule(StatementRule):
    """A rule that looks at a statement by itself, so that the deploy, which knows all values, can apply it again."""

    def of_statement(self, policy: "Declared", statement: Statement) -> Iterator[Finding]:
        """Yield what is found in `statement`, which is one of `policy`."""
        for fault in self.faults(statement):
            yield self.found(policy, fault.location, fault.message, severity=fault.severity, fix=fault.fix)

    @abstractmethod
    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield what is wrong with `statement`."""
