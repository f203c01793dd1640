"""Types of the JSON that the review page is made from: that of `explain`, `check`, `diff` and `plan`, version 1.

Each type has the keys of its schema in `review/schemas`, all of them required. A value that the page does not read has
the type `Json`, even if the schema is more exact.
"""

from typing import Literal, TypedDict, final

from ses_sending_policy.analysis.findings.finding import Severity
from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.live.forecast import Action
from ses_sending_policy.rules.document import Json


class PrincipalJson(TypedDict):
    """A principal of a grant, as the template writes it."""

    kind: str
    value: str


class ConditionJson(TypedDict):
    """A condition of a grant."""

    operator: str
    key: str
    values: list[str]


class GrantJson(TypedDict):
    """A grant. The page shows its sentence as text, and the rest as JSON.

    `effect` is `Allow`, `Deny`, or any other text that the template has as `Effect`.
    """

    effect: str
    principals: list[PrincipalJson]
    actions: list[str]
    conditions: list[ConditionJson]
    unknown_conditions: bool
    sentence: str


class HiddenJson(TypedDict):
    """An identity that a grant on its domain has no effect on, because the identity has policies of its own."""

    identity: str
    conditional: bool


class ExplainedGrantJson(GrantJson):
    """A grant of a policy, and the identities that it has no effect on."""

    hidden_for: list[HiddenJson]


class PlaceJson(TypedDict):
    """A policy and where it is declared; `path` is None if only a template was read."""

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
    """A grant before or after a change, and its policy."""

    policy: PlaceJson


class AcknowledgementJson(TypedDict):
    """An acknowledgement of a finding or an unread part: its reason, and the path of the construct it was made on.

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
    """A part that may contain a sending policy and was not read."""


@final
class ComparedPartJson(_UnreadJson):
    """An unread part in a comparison, and whether it is in the templates before, in those after or in both."""

    before: bool
    after: bool


class ExplainedJson(TypedDict):
    """The JSON of `explain`: who may send as what."""

    version: Literal[1]
    policies: list[PolicyJson]
    complete: bool
    unread: list[UnreadPartJson]


class FindingJson(TypedDict):
    """A finding; `acknowledged` is None if it is not acknowledged."""

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
    """The JSON of `check`: the findings of all rules."""

    version: Literal[1]
    findings: list[FindingJson]
    complete: bool
    unread: list[UnreadPartJson]


class WitnessJson(TypedDict):
    """An example of a request that is allowed after a change, and was not before."""

    caller: Json
    action: str
    identity: str
    keys: Json
    sentence: str


class ChangeJson(TypedDict):
    """A change of one or more grants. At least one of `before` and `after` has a grant.

    `verdict` tells whether more is allowed after the change. If less is denied, more is allowed.
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
    """A policy that is no longer declared and may stay at SES, or is declared and may be deleted there.

    `sure` is whether the policy is known to stay.
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
    """What a deploy does with a policy at SES."""

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
    """A policy at SES that a deploy does not change."""

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
    """The JSON of `diff`: the changes of grants, and whether they allow more."""


@final
class PlanJson(_ComparisonJson):
    """The JSON of `plan`: that of `diff`, and what the deploy does at SES. `refused` tells whether it will fail."""

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
