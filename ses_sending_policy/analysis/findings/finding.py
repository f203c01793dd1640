"""A finding: which rule found a mistake, in which policy, where, and what to do. Other modules print findings."""

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
    """How serious a finding is."""

    ERROR = "error"
    """SES refuses the policy, or the policy allows what hardly anybody means. It fails a synth until acknowledged."""
    WARNING = "warning"
    """The policy likely does not do what was meant. It fails a synth under `--strict` only."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    :param rule: the rule's id, as `SES001`.
    :param severity: how serious the finding is.
    :param message: one sentence that says what is wrong, with the value.
    :param fix: what to do.
    :param location: where in the resource, as `Properties/Policy/Statement/0/Principal`.
    :param policy: the policy that the finding is about.
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
    """A rule that finds one kind of mistake in policies.

    A subclass has the rule's id and texts; an instance has no state.
    """

    id: ClassVar[str]
    severity: ClassVar[Severity]
    title: ClassVar[str]
    """One sentence that says which mistake the rule finds."""
    reason: ClassVar[str]
    """Why the mistake matters."""
    source: ClassVar[str]
    """The AWS page that `reason` relies on."""
    fix: ClassVar[str]
    """What to do about the mistake."""
    elsewhere: ClassVar[str] = ""
    """What other tools call the mistake; empty if they do not find it, or if that was not looked up."""

    @abstractmethod
    def findings(self, policies: Sequence["Declared"], now: datetime, /) -> Iterator[Finding]:
        """Yield the mistakes that this rule finds in `policies`: all that the templates of an app declare.

        :param now: the time, with its zone; called `_now` in a rule that does not depend on the time.
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
        """Return a finding of this rule, with the rule's own severity and fix unless others are given."""
        return Finding(self.id, severity or self.severity, message, fix or self.fix, location, policy, about)


class PolicyRule(Rule):
    """A rule that looks at one policy at a time, and does not depend on the time."""

    def findings(self, policies: Sequence["Declared"], _now: datetime, /) -> Iterator[Finding]:
        """Yield the mistakes that this rule finds in each of `policies`."""
        for policy in policies:
            yield from self.of_policy(policy)

    @abstractmethod
    def of_policy(self, policy: "Declared") -> Iterator[Finding]:
        """Yield the mistakes that this rule finds in `policy`."""


class StatementRule(PolicyRule):
    """A rule that looks at one statement at a time."""

    def of_policy(self, policy: "Declared") -> Iterator[Finding]:
        """Yield the mistakes that this rule finds in each statement of `policy`."""
        for statement in policy.statements():
            yield from self.of_statement(policy, statement)

    @abstractmethod
    def of_statement(self, policy: "Declared", statement: Statement) -> Iterator[Finding]:
        """Yield the mistakes that this rule finds in `statement`, which is one of `policy`."""


@dataclass(frozen=True, slots=True)
class StatementFault:
    """A mistake that a rule finds in a statement by itself, without looking at the rest of the policy.

    :param location: where in the resource, as in `Finding`.
    :param message: one sentence that says what is wrong, with the value.
    :param fix: what to do. Default: - the rule's fix.
    :param severity: how serious the fault is. Default: - the rule's severity.
    """

    location: str
    message: str
    fix: str = ""
    severity: Severity | None = None


class FaultRule(StatementRule):
    """A rule that looks at a statement by itself. The deploy can apply it again when all values are known."""

    def of_statement(self, policy: "Declared", statement: Statement) -> Iterator[Finding]:
        """Yield a finding for each of the rule's `faults` in `statement`, which is one of `policy`."""
        for fault in self.faults(statement):
            yield self.found(policy, fault.location, fault.message, severity=fault.severity, fix=fault.fix)

    @abstractmethod
    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each mistake that this rule finds in `statement`."""
