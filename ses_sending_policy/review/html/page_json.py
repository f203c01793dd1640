"""The JSON values that the review page is made from: those of `explain`, `check`, `diff` and `plan`, version 1.

Each type has the keys of its schema in `review/schemas`, all of them required. A value that the page does not read has
the type `Json` where the schema says more.
"""

from typing import Literal, TypedDict, final

from ses_sending_policy.analysis.findings.finding import Severity
from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.live.forecast import Action
from ses_sending_policy.rules.document import Json


class PrincipalJson(TypedDict):
    """A principal of a grant; the template decides the texts of both."""

    kind: str
    value: str


class ConditionJson(TypedDict):
    """A condition of a grant."""

    operator: str
    key: str
    values: list[str]


class GrantJson(TypedDict):
    """What some principals may do, or may not: the page shows the sentence as text and the rest as JSON.

    `effect` is `Allow`, `Deny`, or whatever else a template has there.
    """

    effect: str
    principals: list[PrincipalJson]
    actions: list[str]
    conditions: list[ConditionJson]
    unknown_conditions: bool
    sentence: str


class HiddenJson(TypedDict):
    """An identity that a grant does not count for, because it has policies of its own."""

    identity: str
    conditional: bool


class ExplainedGrantJson(GrantJson):
    """A grant of a policy, and the identities that it does not count for."""

    hidden_for: list[HiddenJson]


class PlaceJson(TypedDict):
    """A policy and where it is declared; `path` is None where a template alone was read."""

    stack: str
    logical_id: str
    path: str | None
    identity: str
    policy_name: str
    conditional: bool
    condition: str | None
    defaults: dict[str, str]


class PolicyJson(PlaceJson):
    """A policy that a template declares, with its grants."""

    account: str | None
    region: str | None
    grants: list[ExplainedGrantJson]


class ComparedGrantJson(GrantJson):
    """A grant on one side of a change, and its policy."""

    policy: PlaceJson


class AcknowledgementJson(TypedDict):
    """Why somebody accepts a finding or an unread part, and the path of the construct that it was said on.

    `at` is empty for the app itself and for the command line.
    """

    reason: str
    at: str


class _UnreadJson(TypedDict):
    stack: str
    logical_id: str
    path: str | None
    what: str
    why: str
    acknowledged: AcknowledgementJson | None


@final
class UnreadPartJson(_UnreadJson):
    """What may carry a sending policy and was not read."""


@final
class ComparedPartJson(_UnreadJson):
    """The same of a difference, and on which sides the part is there."""

    before: bool
    after: bool


class ExplainedJson(TypedDict):
    """Who may send as what."""

    version: Literal[1]
    policies: list[PolicyJson]
    complete: bool
    unread: list[UnreadPartJson]


class FindingJson(TypedDict):
    """A finding; `acknowledged` is None where nobody accepts it."""

    rule: str
    severity: Severity
    message: str
    fix: str
    stack: str
    logical_id: str
    path: str | None
    location: str
    file: str
    line: int
    acknowledged: AcknowledgementJson | None


class FindingsJson(TypedDict):
    """The findings of all rules."""

    version: Literal[1]
    findings: list[FindingJson]
    complete: bool
    unread: list[UnreadPartJson]


class WitnessJson(TypedDict):
    """A request that a change lets through."""

    caller: Json
    action: str
    identity: str
    keys: Json
    sentence: str


class ChangeJson(TypedDict):
    """What became of some grants: at least one of `before` and `after` has a grant.

    `verdict` is what the change means for the access: to deny less is to allow more.
    """

    kind: Kind
    verdict: Verdict
    may_allow_more: bool
    witness: WitnessJson | None
    account: str | None
    region: str | None
    identity: str
    policy: PlaceJson
    before: list[ComparedGrantJson]
    after: list[ComparedGrantJson]
    sentence: str


class StayingJson(TypedDict):
    """A policy that is no longer declared and may stay at SES, or is declared and may be deleted.

    `sure` is whether it is known to stay.
    """

    account: str | None
    region: str | None
    identity: str
    policy: PlaceJson
    reason: str
    sure: bool
    grants: list[ComparedGrantJson]
    sentence: str


class StepJson(TypedDict):
    """What a deploy does about a policy at SES."""

    action: Action
    event: Json
    stack: str
    logical_id: str
    path: str | None
    identity: str
    policy_name: str
    former: Json
    reason: str | None
    owner: Json
    service: str | None
    drift: Json
    stays: list[str]
    sentences: list[str]


class UnchangedJson(TypedDict):
    """A policy that a deploy does nothing about."""

    stack: str
    logical_id: str
    path: str | None
    identity: str
    policy_name: str


class _ComparisonJson(TypedDict):
    version: Literal[1]
    verdict: Verdict
    may_allow_more: bool
    changes: list[ChangeJson]
    stays: list[StayingJson]
    complete: bool
    unread: list[ComparedPartJson]


@final
class DifferenceJson(_ComparisonJson):
    """What became of the grants, and whether that lets more through."""


@final
class PlanJson(_ComparisonJson):
    """The same of a deploy, and what the deploy does at SES; `refused` is whether it is known to fail."""

    account: str
    region: str
    refused: bool
    steps: list[StepJson]
    unchanged: list[UnchangedJson]
    bystanders: Json
    unseen: list[str]
    elsewhere: list[str]
    parameters: list[str]
    seen: Json
