"""The result of `check`: the findings of all policies, where to fix each, and whether the app acknowledges it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ses_sending_policy.analysis.findings.catalogue import RULES, distinct
from ses_sending_policy.analysis.findings.finding import Finding, Severity
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.constructs import Acknowledgement
from ses_sending_policy.review.source_location import Repository, SourceLocation
from ses_sending_policy.review.unread import Unread


class FailOn(StrEnum):
    """The findings that make a check fail, unless the app acknowledges them."""

    ERROR = "error"
    WARNING = "warning"
    """A warning or an error."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding, and what the assembly tells about it.

    :param finding: the finding.
    :param path: the path of the policy's construct, or empty if it is not known.
    :param place: the line of the app or template that declares the policy.
    :param acknowledgement: the acknowledgement of the finding, or None.
    """

    finding: Finding
    path: str
    place: SourceLocation
    acknowledgement: Acknowledgement | None

    @property
    def policy(self) -> Declared:
        """The policy that the finding is about."""
        return self.finding.policy

    @property
    def origin(self) -> str:
        """Where a reader finds the policy: the path of its construct, or else its stack and logical id."""
        return self.path or self.policy.owner

    @property
    def location(self) -> str:
        """Where in the resource the finding is; for an `AwsCustomResource` only the property that contains the call."""
        return f"Properties/{self.policy.call}" if self.policy.call else self.finding.location

    @property
    def kind(self) -> str:
        """`error`, `warning` or `acknowledged`."""
        return "acknowledged" if self.acknowledgement else self.finding.severity.value


@dataclass(frozen=True, slots=True)
class UnreadAt:
    """A part of a template that was not read, and the source line that a report shows for it.

    :param unread: the part.
    :param place: the line of the app or template.
    """

    unread: Unread
    place: SourceLocation


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check.

    :param findings: errors first, acknowledged findings last.
    :param policies: all policies that were checked.
    :param fail_on: the least severity that makes it fail, or never.
    :param unread: the parts that may contain a policy, and were not read.
    """

    findings: Sequence[Checked]
    policies: Sequence[Declared]
    fail_on: FailOn = FailOn.ERROR
    unread: Sequence[UnreadAt] = ()

    @classmethod
    def of(
        cls, reviewed: Reviewed, repository: Repository, now: datetime, fail_on: FailOn = FailOn.ERROR
    ) -> "CheckResult":
        """Return what the rules find in the reviewed policies.

        :param repository: the repository that files are named relative to.
        :param now: the time that dates are compared with, with its zone.
        """
        found = [
            _checked(each, reviewed, repository)
            for rule in RULES
            for each in distinct(rule.findings(reviewed.policies, now))
        ]
        unread = [
            UnreadAt(each, repository.place(each.part, reviewed.constructs.trace(each.part)))
            for each in reviewed.unread
        ]
        return cls(sorted(found, key=_order), reviewed.policies, fail_on, unread)

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield each kind of finding (`error`, `warning`, `acknowledged`), and the number of findings of that kind."""
        for kind in _KINDS:
            yield kind, sum(each.kind == kind for each in self.findings)

    def fails_for(self, checked: Checked) -> bool:
        """Return whether this finding makes the check fail."""
        if checked.acknowledgement or self.fail_on is FailOn.NEVER:
            return False
        return self.fail_on is FailOn.WARNING or checked.finding.severity is Severity.ERROR

    @property
    def fails(self) -> bool:
        """Whether any finding makes the check fail."""
        return any(map(self.fails_for, self.findings))


_KINDS = (*(severity.value for severity in Severity), "acknowledged")


def _checked(finding: Finding, reviewed: Reviewed, repository: Repository) -> Checked:
    policy, constructs = finding.policy, reviewed.constructs
    place = repository.place(policy, constructs.trace(policy))
    return Checked(finding, constructs.path(policy), place, constructs.acknowledgement(policy, finding.rule))


def _order(checked: Checked) -> tuple[int, str, str, str]:
    return (_KINDS.index(checked.kind), checked.finding.rule, checked.origin, checked.finding.location)
