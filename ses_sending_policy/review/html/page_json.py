"""What the page is made from: the JSON of `explain`, `check`, `diff` and `plan`, version 1."""

from typing import Final, NotRequired, TypedDict

from ses_sending_policy.rules.document import Json

VERSION: Final = 1
"""The version of all four."""


class GrantJson(TypedDict):
    """What some principals may do, or may not: the sentence is read, the rest shown as it is."""

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
    """Why somebody stands for a finding, and the construct that it was said on."""

    reason: str
    at: str


class UnreadPartJson(TypedDict):
    """What may carry a sending policy and was not read; of a difference, on which side."""

    stack: str
    logical_id: str
    path: str | None
    what: str
    why: str
    acknowledged: AcknowledgementJson | None
    before: NotRequired[bool]
    after: NotRequired[bool]


class ExplainedJson(TypedDict):
    """Who may send as what."""

    version: int
    policies: list[PolicyJson]
    unread: NotRequired[list[UnreadPartJson]]


class FindingJson(TypedDict):
    """What a rule found; `acknowledged` is None where nobody stands for it."""

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
    """What all rules found."""

    version: int
    findings: list[FindingJson]


class PlaceJson(TypedDict):
    """The policy that a reviewer of a change looks into first."""

    stack: str
    logical_id: str
    path: NotRequired[str | None]
    identity: str


class WitnessJson(TypedDict):
    """A request that a change lets through."""

    sentence: str


class ChangeJson(TypedDict):
    """What became of a grant, or of some; None, or no grant, on the side where there is none.

    `verdict` is what that means for the access: to deny less is to allow more.
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
    """A policy that nobody declares any more and that is not gone; `sure` is whether it is known to stay."""

    account: NotRequired[str | None]
    region: NotRequired[str | None]
    policy: PlaceJson
    reason: str
    sure: bool
    grants: list[GrantJson]


class StepJson(TypedDict):
    """What a deploy does about a policy at SES."""

    action: str
    stack: str
    logical_id: str
    path: str | None
    identity: str
    policy_name: str
    sentences: list[str]


class UnchangedJson(TypedDict):
    """A policy that a deploy does nothing about."""

    identity: str
    policy_name: str


class DifferenceJson(TypedDict):
    """What became of the grants, and whether that lets more through."""

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
