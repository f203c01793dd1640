"""The life of a policy if reads are stale, or if documents are returned in a canonical form.

Each event comes at the moment when the one before is answered, so that a stale read shows the state before that.
"""

import json
from typing import Any, Final

import pytest

from provider.cloudformation import ResourceState
from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import CREATE, REFUSED, UPDATE, Inside
from tests.support.owners import MADE, MARKER, OTHERS_MARKER, PARTNER, text

STALE: Final[dict[str, Any]] = {"stale_seconds": 3.0}
CANONICAL: Final[dict[str, Any]] = {"canonical": True}
EVERY: Final = [STALE, CANONICAL, STALE | CANONICAL]

every_read = pytest.mark.parametrize("reads", EVERY, ids=["stale", "canonical", "both"])

# Has what an SES that rewrites documents changes: an account, a list of one.
FIRST: Final = document(statement(Action=["ses:SendEmail"]))
SECOND: Final = document(
    statement(["333333333333", "333333333333"], Condition={"StringLike": {"ses:FromAddress": ["a"]}})
)


def says(aws: Inside, declared: dict[str, Any], name: str = "partner", marker: str = MARKER) -> bool:
    """Return whether SES holds a policy with this marker that means the same as what is declared."""
    live = aws.live(name)
    return live is not None and (LivePolicy(live).id, differences(LivePolicy(live), Document(declared), "aws")) == (
        marker,
        [],
    )


def made(aws: Inside, declared: dict[str, Any] = FIRST) -> str:
    """Create the policy, and return its physical id."""
    ended = aws.handle(PARTNER.create("", Policy=declared))
    assert (ended.status, ended.physical_id) == ("SUCCESS", MADE)
    return ended.physical_id


@every_read
def test_a_whole_life(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    id_ = made(aws)
    assert says(aws, FIRST)
    for declared in (SECOND, SECOND, FIRST):
        assert aws.handle(PARTNER.update("", id_, Policy=declared)).status == "SUCCESS"
        assert says(aws, declared)
    renamed = aws.handle(PARTNER.update("", id_, PolicyName="renamed", Policy=FIRST, old={"Policy": FIRST}))
    assert (renamed.status, says(aws, FIRST, "renamed")) == ("SUCCESS", True)
    assert aws.handle(PARTNER.delete("", id_, Policy=FIRST)).status == "SUCCESS"
    last = PARTNER.delete("", renamed.physical_id, PolicyName="renamed", Policy=FIRST)
    assert (aws.handle(last).status, aws.policies) == ("SUCCESS", {})


@every_read
def test_an_update_is_rolled_back(reads: dict[str, Any]) -> None:
    """A read that comes too early shows what the rollback wants, and is not believed."""
    aws = Inside(**reads)
    id_ = made(aws)
    aws.handle(PARTNER.update("", id_, Policy=SECOND, old={"Policy": FIRST}))
    assert aws.handle(PARTNER.update("", id_, Policy=FIRST, old={"Policy": SECOND})).status == "SUCCESS"
    assert says(aws, FIRST)


@every_read
def test_a_rename_is_rolled_back(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    id_ = made(aws)
    renamed = aws.handle(PARTNER.update("", id_, PolicyName="renamed", Policy=FIRST))
    back = PARTNER.update("", id_, Policy=FIRST, old={"PolicyName": "renamed", "Policy": FIRST})
    assert aws.handle(back).status == "SUCCESS"
    aws.handle(PARTNER.delete("", renamed.physical_id, PolicyName="renamed", Policy=FIRST))
    assert (list(aws.policies), says(aws, FIRST)) == ([("example.com", "partner")], True)


@every_read
def test_what_was_made_just_now_is_deleted(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    assert aws.handle(PARTNER.delete("", made(aws))).status == "SUCCESS"
    assert aws.live() is None
    # And again, as Lambda may deliver it twice.
    assert aws.handle(PARTNER.delete("", MADE)).status == "SUCCESS"


@every_read
@pytest.mark.parametrize("declared", [FIRST, SECOND], ids=["one", "another"])
def test_a_policy_is_adopted_and_released(reads: dict[str, Any], declared: dict[str, Any]) -> None:
    aws = Inside(**reads)
    aws.seed(text(*declared["Statement"], marker="by hand"))
    theirs = aws.live()
    adopts: dict[str, Any] = {"WhenExists": "ADOPT", "OnDelete": "RELEASE", "Policy": declared}
    adopted = aws.handle(PARTNER.create("", **adopts))
    assert (adopted.status, says(aws, declared, marker=f"{MARKER}/adopted")) == ("SUCCESS", True)
    aws.forget()
    assert aws.handle(PARTNER.update("", adopted.physical_id, **adopts)).status == "SUCCESS"
    # It means the same, so its text stays as it is.
    assert (aws.calls, aws.told) == (["Get", "Get"], ["policy unchanged"])
    assert aws.handle(PARTNER.delete("", adopted.physical_id, **adopts)).status == "SUCCESS"
    assert json.loads(aws.live() or "") == json.loads(theirs or "")


@every_read
def test_what_says_something_else_is_not_adopted(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    aws.seed(text(statement("444444444444"), marker=OTHERS_MARKER))
    ended = aws.handle(PARTNER.create("", WhenExists="ADOPT", Policy=FIRST))
    assert ended.reason.startswith("NotEquivalent: ")
    assert says(aws, document(statement("444444444444")), marker=OTHERS_MARKER)


@every_read
def test_what_a_cancelled_create_made_is_taken_back(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    states = [ResourceState("CREATE_IN_PROGRESS", "", BEGIN), ResourceState("DELETE_COMPLETE", "", BEGIN)]
    aws.stack.says = lambda: states.pop(0) if len(states) > 1 else states[0]
    ended = aws.handle(PARTNER.create("", Policy=FIRST), born=20)
    assert (ended.status, aws.live()) == ("FAILED", None)


@every_read
def test_a_create_whose_answer_was_lost_finds_its_own(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    aws.fail(CREATE, ending="reset", applied=True)
    made(aws)
    assert says(aws, FIRST)


@pytest.mark.parametrize(
    ("reads", "calls", "told"),
    [
        ({}, ["Get", "Get"], "policy unchanged"),
        (STALE, ["Get", "Get"], "policy unchanged"),
        (CANONICAL, ["Get", "Get"], "policy unchanged"),
        (STALE | CANONICAL, ["Get", "Get"], "policy unchanged"),
    ],
    ids=["none", "stale", "canonical", "both"],
)
def test_an_update_that_changes_nothing(reads: dict[str, Any], calls: list[str], told: str) -> None:
    aws = Inside(**reads)
    id_ = made(aws)
    aws.clock.sleep(60)
    for _ in range(2):
        aws.forget()
        assert aws.handle(PARTNER.update("", id_, Policy=FIRST)).status == "SUCCESS"
        assert (aws.calls, aws.told, says(aws, FIRST)) == (calls, [told], True)
        aws.clock.sleep(60)


@pytest.mark.parametrize(
    "reads",
    [
        {},
        STALE,
        CANONICAL,
    ],
    ids=["none", "stale", "canonical"],
)
def test_a_text_that_is_there_and_is_refused_by_now_is_unchanged(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    id_ = made(aws)
    aws.clock.sleep(60)
    aws.fail(UPDATE, **REFUSED, times=9)
    assert aws.handle(PARTNER.update("", id_, Policy=FIRST)).status == "SUCCESS"


@pytest.mark.parametrize(
    "reads",
    [
        {},
        CANONICAL,
    ],
    ids=["none", "canonical"],
)
def test_a_document_without_a_version_is_adopted(reads: dict[str, Any]) -> None:
    aws = Inside(**reads)
    declared = {"Statement": FIRST["Statement"]}
    aws.seed(json.dumps(declared))
    adopted = aws.handle(PARTNER.create("", WhenExists="ADOPT", OnDelete="RELEASE", Policy=declared))
    assert adopted.status == "SUCCESS"
