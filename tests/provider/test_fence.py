"""A write is sent only on a look that is fresh, and late enough to be true, and if CloudFormation still wants it."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from provider.fence import HOLD_SECONDS, LOOK_SECONDS, STALE_SECONDS
from provider.function import CALL_SECONDS
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import CREATE, DELETE, READ, REFUSED, UPDATE, Ended, Inside
from tests.support.owners import ADOPTED, CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, declared, parsed, text

THROTTLED: Final[dict[str, Any]] = {"status": 429, "code": "TooManyRequestsException"}
ELSE: Final = statement("333333333333")
CHANGED: Final = {"Policy": document(ELSE)}
ADOPTS: Final = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}


def slow(aws: Inside, operation: str, seconds: float) -> None:
    """Let SES throttle an operation for so many seconds from its first try."""
    until: list[float] = []

    def throttle() -> None:
        until[:] = until or [aws.clock.now() + seconds]
        if aws.clock.now() < until[0]:
            aws.fail(operation, **THROTTLED)

    aws.before(operation, throttle, times=10_000)


def looks(aws: Inside) -> int:
    return aws.calls.count("Get")


@pytest.mark.parametrize("seconds", [LOOK_SECONDS - 5, LOOK_SECONDS + 5], ids=["fresh", "expired"])
@pytest.mark.parametrize(
    ("operation", "event"),
    [
        (UPDATE, PARTNER.update("", CLAIMED, **CHANGED)),
        (DELETE, PARTNER.delete("", CLAIMED)),
        (UPDATE, PARTNER.create("", WhenExists="OVERWRITE", **CHANGED)),
    ],
    ids=["update", "delete", "overwrite"],
)
def test_a_write_that_waits_too_long_is_decided_anew(
    aws: Inside, operation: str, event: dict[str, Any], seconds: float
) -> None:
    aws.seed(text(marker=OTHERS_MARKER if event["RequestType"] == "Create" else MARKER))
    slow(aws, operation, seconds)
    assert aws.handle(event).status == "SUCCESS"
    before = aws.calls.index({UPDATE: "Update", DELETE: "Delete"}[operation])
    anew = "Get" in aws.calls[before : aws.calls.index("Update" if operation == UPDATE else "Delete", before + 1)]
    assert (anew or looks(aws) > (3 if event["RequestType"] == "Create" else 1)) == (seconds > LOOK_SECONDS)


def test_a_release_that_waits_too_long_is_decided_anew(aws: Inside) -> None:
    aws.seed(text(marker=f"{MARKER}/adopted"))
    slow(aws, UPDATE, LOOK_SECONDS + 5)
    assert aws.handle(PARTNER.delete("", CLAIMED, OnDelete="RELEASE")).status == "SUCCESS"
    assert (parsed(aws.live()), looks(aws)) == (parsed(text()), 2)


@pytest.mark.parametrize(("operation", "kind"), [(UPDATE, "Update"), (DELETE, "Delete")])
def test_what_somebody_adopts_while_a_write_waits_is_theirs(aws: Inside, operation: str, kind: str) -> None:
    theirs = text(marker=f"{OTHERS_MARKER}/adopted")
    aws.seed(text(marker=MARKER))
    slow(aws, operation, LOOK_SECONDS + 5)
    aws.before(operation, lambda: aws.seed(theirs))
    event = PARTNER.update("", CLAIMED, **CHANGED) if kind == "Update" else PARTNER.delete("", CLAIMED)
    aws.handle(event)
    assert aws.live() == theirs


def test_what_is_narrowed_while_an_adoption_waits_is_not_widened(aws: Inside) -> None:
    aws.seed(text(marker=OTHERS_MARKER))
    narrowed = text(ELSE, marker=OTHERS_MARKER)
    slow(aws, UPDATE, LOOK_SECONDS + 5)
    aws.before(UPDATE, lambda: aws.seed(narrowed))
    assert aws.handle(PARTNER.create("", **ADOPTS)).reason.startswith("NotEquivalent: ")
    assert aws.live() == narrowed


def test_a_create_does_not_look_again_before_its_second_call(aws: Inside) -> None:
    """The claim was a look. In a burst, another one would use up the call per second that the write needs."""
    slow(aws, UPDATE, 120)
    assert aws.handle(PARTNER.create("")).status == "SUCCESS"
    assert looks(aws) == 0


# A take-over is looked at once more


def once_taken(aws: Inside, act: Callable[[], object]) -> None:
    """Let somebody `act` before the first look after a write."""
    left = [act]

    def acts() -> None:
        if left and "Update" in aws.calls:
            left.pop()()

    aws.before(READ, acts, times=9)


@pytest.mark.parametrize("when", ["ADOPT", "OVERWRITE"])
def test_a_take_over_is_looked_at_when_nothing_older_can_arrive_any_more(aws: Inside, when: str) -> None:
    aws.seed(text(marker=OTHERS_MARKER))
    aws.handle(PARTNER.create("", WhenExists=when))
    assert aws.calls == ["Create", "Get", "Get", "Update", "Get"]
    assert sum(aws.clock.slept[-5:]) == HOLD_SECONDS == 43


def test_a_take_over_that_is_deleted_meanwhile_is_made_again(aws: Inside) -> None:
    """Its former owner's Delete was decided before the take-over."""
    aws.seed(text(marker=OTHERS_MARKER))
    once_taken(aws, aws.remove)
    assert aws.handle(PARTNER.create("", **ADOPTS)) == Ended("SUCCESS", MADE, data=ended_data(aws))
    assert parsed(aws.live()) == declared()


def ended_data(aws: Inside) -> dict[str, str]:
    return dict(aws.handle(PARTNER.create("")).data)


def test_a_take_over_that_is_written_over_meanwhile_fails(aws: Inside) -> None:
    theirs = text(ELSE, marker=OTHERS_MARKER)
    aws.seed(text(marker=OTHERS_MARKER))
    once_taken(aws, lambda: aws.seed(theirs))
    ended = aws.handle(PARTNER.create("", **ADOPTS))
    assert (ended.status, ended.physical_id.partition("=")[0]) == ("FAILED", ADOPTED)
    assert ended.reason.startswith("PolicyExists: policy 'partner' on 'example.com' exists and belongs to stack Other")
    assert aws.live() == theirs


def test_a_take_over_that_is_released_meanwhile_is_taken_again(aws: Inside) -> None:
    """Its former owner's release was decided before the take-over."""
    aws.seed(text(marker=OTHERS_MARKER))
    once_taken(aws, lambda: aws.seed(text()))
    assert aws.handle(PARTNER.create("", **ADOPTS)).status == "SUCCESS"
    assert parsed(aws.live())["Id"] == f"{MARKER}/adopted"


def test_nothing_is_taken_over_where_the_time_is_too_short_to_look_again(aws: Inside) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER))
    ended = aws.handle(PARTNER.create("", **ADOPTS), seconds=HOLD_SECONDS + CALL_SECONDS)
    assert ended.reason.startswith("OutOfTime: a policy that is taken over is read again after 43 seconds")
    assert aws.live() == theirs


# A read may show an earlier state


def test_a_delete_does_not_believe_at_once_that_there_is_nothing(aws: Inside) -> None:
    aws.before(READ, lambda: aws.clock.slept and aws.seed(text(marker=MARKER)), times=2)
    assert aws.handle(PARTNER.delete("", CLAIMED)).status == "SUCCESS"
    assert (aws.live(), aws.calls, aws.clock.slept) == (None, ["Get", "Get", "Delete"], [STALE_SECONDS])


def test_an_update_does_not_believe_at_once_that_nothing_changes(aws: Inside) -> None:
    """The read shows the state before the Update that is rolled back."""
    aws.seed(text(marker=MARKER))
    aws.before(READ, lambda: aws.clock.slept and aws.seed(text(ELSE, marker=MARKER)), times=2)
    assert aws.handle(PARTNER.update("", CLAIMED)).status == "SUCCESS"
    assert parsed(aws.live()) == declared()
    assert aws.calls == ["Get", "Get", "Update"]


def test_a_text_that_ses_refuses_and_holds_is_unchanged(aws: Inside) -> None:
    """The first read showed the state before; a principal has been deleted since."""
    aws.seed(text(ELSE, marker=MARKER))
    aws.fail(UPDATE, **REFUSED)
    aws.before(UPDATE, lambda: aws.seed(text(marker=MARKER)))
    assert aws.handle(PARTNER.update("", CLAIMED)).status == "SUCCESS"
    assert (aws.told, aws.clock.slept) == (["policy unchanged"], [STALE_SECONDS])


def test_a_principal_that_is_refused_and_held_is_unchanged(aws: Inside) -> None:
    aws.seed(text(ELSE, marker=MARKER))
    aws.fail(UPDATE, status=400, code="BadRequestException", message="bad principal", times=99)
    aws.before(UPDATE, lambda: aws.seed(text(marker=MARKER)), times=99)
    assert aws.handle(PARTNER.update("", CLAIMED)).status == "SUCCESS"


def test_a_text_that_ses_refuses_and_holds_for_somebody_else_is_not_ours(aws: Inside) -> None:
    aws.seed(text(ELSE, marker=MARKER))
    aws.fail(UPDATE, **REFUSED)
    aws.before(UPDATE, lambda: aws.seed(text(marker=OTHERS_MARKER)))
    assert aws.handle(PARTNER.update("", CLAIMED)).reason.startswith("RefusedBySes: ")


def test_what_is_gone_on_the_second_look_is_made_again(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    aws.before(READ, lambda: aws.remove() if aws.clock.slept else None, times=2)
    assert aws.handle(PARTNER.update("", CLAIMED)).status == "SUCCESS"
    assert (parsed(aws.live()), aws.told) == (declared(), ["policy is gone, made again", "policy created"])


def test_rounds_have_pauses(aws: Inside) -> None:
    aws.before(CREATE, lambda: aws.seed(text()), times=3)

    def goes() -> None:
        if aws.live():
            aws.remove()

    aws.before(READ, goes, times=9)
    began = aws.clock.now()
    assert aws.handle(PARTNER.create("")).reason.startswith("PolicyVanished: ")
    assert aws.clock.now() - began >= 3 * STALE_SECONDS


def test_after_a_doubtful_write_no_look_before_its_time(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    aws.fail(UPDATE, ending="hang", applied=True)
    aws.fail(UPDATE, **REFUSED)
    at: list[float] = []
    aws.before(READ, lambda: at.append(aws.clock.now() - BEGIN), times=9)
    aws.handle(PARTNER.update("", CLAIMED, **CHANGED))
    assert at[0] == 0
    assert at[1] >= 10 + STALE_SECONDS


@pytest.mark.parametrize(
    ("operation", "fault", "reason", "most"),
    [
        (UPDATE, {"status": 403, "code": "AccessDeniedException"}, "AccessDenied", 75),
        (DELETE, {"status": 403, "code": "AccessDeniedException"}, "AccessDenied", 75),
        (UPDATE, {"status": 503, "code": "ServiceUnavailable"}, "SesUnavailable", 75),
        (UPDATE, {"status": 400, "code": "BadRequestException", "message": "bad principal"}, "InvalidPrincipal", 135),
    ],
)
def test_a_new_look_brings_no_new_patience(
    aws: Inside, operation: str, fault: dict[str, Any], reason: str, most: float
) -> None:
    """A look expires after thirty seconds, before the minute in which a call is tried again is over."""
    aws.seed(text(marker=MARKER))
    aws.fail(operation, times=10_000, **fault)
    event = PARTNER.update("", CLAIMED, **CHANGED) if operation == UPDATE else PARTNER.delete("", CLAIMED)
    assert aws.handle(event).reason.partition(":")[0] == reason
    assert most - 20 < aws.clock.now() - BEGIN < most
    assert looks(aws) > 1


def test_what_another_delivery_adopted_meanwhile_keeps_its_former_id(aws: Inside) -> None:
    """Both deliveries look before either writes; the second one finds what the first one wrote."""
    by_hand = text().replace('{"Version"', '{"Id": "mail team", "Version"', 1)
    aws.seed(by_hand)
    adopted = text(marker=f"{MARKER}/adopted")
    aws.before(READ, lambda: aws.seed(adopted) if aws.clock.slept else None, times=2)
    assert aws.handle(PARTNER.create("", **ADOPTS)).physical_id == f"{ADOPTED}=mail%20team"


def test_what_was_adopted_long_ago_has_no_former_id_to_tell(aws: Inside) -> None:
    aws.seed(text(marker=OTHERS_MARKER))
    other = text(ELSE, marker=f"{MARKER}/adopted")
    aws.before(READ, lambda: aws.seed(other) if aws.clock.slept else None, times=2)
    ended = aws.handle(PARTNER.create("", **ADOPTS, **CHANGED))
    assert (ended.status, ended.physical_id) == ("SUCCESS", ADOPTED)


def test_a_take_over_that_is_gone_and_comes_again_is_told(aws: Inside) -> None:
    aws.seed(text(marker=OTHERS_MARKER))
    once_taken(aws, aws.remove)
    aws.handle(PARTNER.create("", **ADOPTS))
    assert aws.told == ["policy adopted", "policy is gone, made again", "policy created"]
    assert all(line["of"] == "policy 'partner' on 'example.com'" for line in aws.log_lines)


def test_a_take_over_that_goes_while_it_is_taken_again_is_made(aws: Inside) -> None:
    aws.seed(text(marker=OTHERS_MARKER))
    once_taken(aws, lambda: aws.seed(text()))
    updates: list[str] = []

    def goes() -> None:
        updates.append(UPDATE)
        if len(updates) == 2:
            aws.remove()

    aws.before(UPDATE, goes, times=3)
    assert aws.handle(PARTNER.create("", **ADOPTS)).physical_id == MADE
    assert parsed(aws.live()) == declared()
