"""The JSON that the review page is made from: that of `explain`, `check`, `diff` and `plan`, version 1."""

from typing import Final, NotRequired, TypedDict

from ses_sending_policy.rules.document import Json

VERSION: Final = 1
"""The version of the JSON, the same for all four commands."""


class GrantJson(TypedDict):
    """A grant. The page shows the sentence, and the rest as JSON."""

    effect: str
    principals: Json
    actions: Json
    conditions: Json
    sentence: str


class PolicyJson(TypedDict):
    """A policy that a template declares."""

    stack: str
    logical_id: str
    path: str | None
    identity: str
    policy_name: str
    account: NotRequired[str | None]
    region: NotRequired[str | None]
    conditional: NotRequired[bool]
    condition: NotRequired[str | None]
    defaults: NotRequired[dict[str, str]]
    grants: list[GrantJson]


class AcknowledgementJson(TypedDict):
    """The acknowledgement of a finding: the reason, and the path of the construct that it was made on."""

    reason: str
    at: str


class UnreadPartJson(TypedDict):
    """A part that may contain a sending policy and was not read; in a difference, with the sides it is on."""

    stack: str
    logical_id: str
    path: str | None
    what: str
    why: str
    acknowledged: AcknowledgementJson | None
    before: NotRequired[bool]
    after: NotRequired[bool]


class ExplainedJson(TypedDict):
    """The JSON of `explain`: who may send as what."""

    version: int
    policies: list[PolicyJson]
    unread: NotRequired[list[UnreadPartJson]]


class FindingJson(TypedDict):
    """A finding; `acknowledged` is None if the app does not acknowledge it."""

    rule: str
    severity: str
    message: str
    fix: str
    stack: str
    logical_id: str
    path: NotRequired[str | None]
    location: str
    file: NotRequired[str]
    line: NotRequired[int]
    acknowledged: AcknowledgementJson | str | None


class FindingsJson(TypedDict):
    """The JSON of `check`: the findings of all rules."""

    version: int
    findings: list[FindingJson]


class PlaceJson(TypedDict):
    """The policy that a reviewer of a change looks at first."""

    stack: str
    logical_id: str
    path: NotRequired[str | None]
    identity: str


class WitnessJson(TypedDict):
    """An example of a request that a change lets through."""

    sentence: str


class ChangeJson(TypedDict):
    """A change of one or more grants. A side without a grant is None or empty.

    `verdict` tells what the change allows: to deny less is to allow more.
    """

    kind: str
    verdict: NotRequired[str]
    witness: NotRequired[WitnessJson | None]
    account: NotRequired[str | None]
    region: NotRequired[str | None]
    policy: PlaceJson
    before: list[GrantJson] | GrantJson | None
    after: list[GrantJson] | GrantJson | None
    sentence: str


class StayingJson(TypedDict):
    """A policy that is no longer declared and may stay at SES; `sure` tells whether it is known to stay."""

    account: NotRequired[str | None]
    region: NotRequired[str | None]
    policy: PlaceJson
    reason: str
    sure: bool
    grants: list[GrantJson]


class StepJson(TypedDict):
    """What a deploy does with a policy at SES."""

    action: str
    stack: str
    logical_id: str
    path: str | None
    identity: str
    policy_name: str
    sentences: list[str]


class UnchangedJson(TypedDict):
    """A policy that a deploy leaves as it is."""

    identity: str
    policy_name: str


class DifferenceJson(TypedDict):
    """The JSON of `diff` or `plan`: the changes of grants, and whether they allow more."""

    version: int
    verdict: str
    changes: list[ChangeJson]
    stays: NotRequired[list[StayingJson]]
    unread: NotRequired[list[UnreadPartJson]]
    refused: NotRequired[bool]
    steps: NotRequired[list[StepJson]]
    unchanged: NotRequired[list[UnchangedJson]]
    parameters: NotRequired[list[str]]


def grants_of(side: list[GrantJson] | GrantJson | None) -> list[GrantJson]:
    """Return the grants of one side of a change."""
    if side is None:
        return []
    return side if isinstance(side, list) else [side]
