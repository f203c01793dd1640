"""A history for each mend that no other history needs."""

import pytest

from tests.provider.interleaved.history_run import HistoryRun
from tests.provider.interleaved.ledger import meaning, token_of
from tests.provider.interleaved.plan import ByHand, Declared, Odd, Remove, Trouble, Unanswered, document
from tests.provider.interleaved.scripted import (
    CHANGED,
    CREATE,
    DELETE,
    FIRST,
    OTHER,
    PARTNER,
    READ,
    RENAMED,
    UPDATE,
    adopts,
    by_hand,
    deploys,
    held,
    holds,
    played,
)

THIRD = Declared(PARTNER, says=3)


def status(world: HistoryRun, stack: str = "Mail") -> str:
    """Return the status of a stack."""
    return world.engine.stacks[stack].record.status


def says(world: HistoryRun, number: int) -> bool:
    """Return whether the partner's policy means the same as the document with this number."""
    return meaning(world.ses.policies[PARTNER]) == meaning(document(number, PARTNER[0]))


# Looks.


def test_a_policy_that_comes_while_a_create_waits_did_not_come_and_go() -> None:
    """Right after it was created, a read does not show it."""
    holds(
        deploys(0, Declared(PARTNER, 0, "ADOPT"), stack="Other", name="B"),
        held("Other/B#1", 0, 12, CREATE),
        deploys(11, FIRST),
        Trouble(0, 60, "stale", READ, "Other/B#1", value=2.9),
        stale=3.0,
    )


@pytest.mark.parametrize("kind", ["slow", "late"])
def test_a_cancelled_create_looks_late_enough_for_what_it_wrote_itself(kind: str) -> None:
    """Its Delete looked twice before that."""
    holds(
        deploys(0, FIRST, fails_after=0.5, pause=0.2),
        Odd("Mail/A#1", "queued", 4),
        Trouble(0, 20, kind, CREATE, "Mail/A#1", value=9.9 if kind == "slow" else 0.5, times=1),
        Trouble(0, 60, "stale", READ, "Mail/A", value=2.5),
    )


def test_an_update_whose_write_arrives_after_its_time_is_reconciled() -> None:
    late = Trouble(20, 5, "late", UPDATE, "Mail/A#2", value=0.5, times=1)
    holds(deploys(0, FIRST), deploys(20, CHANGED, fails_after=1, pause=0.2), late)


def test_a_text_that_ses_refuses_when_it_has_it_is_unchanged() -> None:
    lost = Trouble(20, 100, "lost", UPDATE, "Mail/A#2", times=1)
    world = played(deploys(0, FIRST), deploys(20, CHANGED), lost, Trouble(20, 100, "refused", UPDATE, "Mail/A#2"))
    assert status(world) == "UPDATE_COMPLETE", world.played.story


def test_a_clock_that_is_behind_asks_also_where_no_server_answers() -> None:
    broken = Trouble(0, 53.5, "reset", CREATE, "Mail/A#1")
    holds(deploys(0, FIRST, fails_after=8), Odd("Mail/A#1", "clock", -600), broken)


# Reconciling.


def test_what_a_repair_wrote_over_a_newer_deploy_is_repaired() -> None:
    slow = Trouble(20, 15, "slow", UPDATE, "Mail/A#2", value=9, times=2)
    world = played(deploys(0, FIRST), deploys(20, CHANGED, fails_after=1), slow, deploys(33, THIRD))
    assert says(world, 3), world.played.story


def test_a_rollback_that_has_looked_is_waited_for() -> None:
    """By the time it asks whether it is still wanted, its last look has long expired."""
    slow = Trouble(20, 5, "slow", UPDATE, "Mail/A#2", value=9.9)
    busy = Unanswered(25.4, 13, "throttled")
    world = played(deploys(0, FIRST), deploys(20, CHANGED, fails_after=2.2), slow, busy)
    assert says(world, 0), world.played.story


def test_a_rename_that_is_deployed_again_keeps_its_new_name() -> None:
    """The first Update's function drops nothing while the second one is running."""
    world = played(
        deploys(0, FIRST),
        deploys(20, RENAMED, fails_after=1),
        held("Mail/A#2", 20, 60, UPDATE),
        deploys(26, RENAMED),
        held("Mail/A#4", 26, 80, UPDATE),
    )
    assert status(world) == "UPDATE_COMPLETE", world.played.story


def test_an_update_that_fails_puts_back_what_it_took_over() -> None:
    """CloudFormation's rollback cannot, because it does not know what was there."""
    text = by_hand(Id="of a person").replace(PARTNER[1], OTHER[1])
    holds(
        ByHand(0, OTHER, text),
        deploys(0, Declared(PARTNER, 0, "FAIL", "RELEASE")),
        deploys(20, Declared(OTHER, 1, "ADOPT", "RELEASE")),
        Trouble(40, 60, "refused", READ, "Mail/A#2", times=1),
    )


def test_a_rollback_drops_the_new_name_of_a_function_that_was_killed() -> None:
    world = played(deploys(0, FIRST), deploys(20, RENAMED, fails_after=8), Odd("Mail/A#2", "killed", 3))
    assert OTHER not in world.ses.policies, world.played.story


# Letting go, and giving back.


def test_a_delete_with_an_invented_id_looks_when_the_create_has_ended() -> None:
    slow = Trouble(0, 5, "slow", CREATE, "Mail/A#1", value=9.9)
    world = played(deploys(0, FIRST, fails_after=0.5, pause=0.2), slow, Odd("Mail/A#1", "killed", 1))
    assert PARTNER not in world.ses.policies, world.played.story


def test_an_update_of_what_was_adopted_keeps_its_words() -> None:
    text = by_hand(Id="of a person")
    world = holds(
        ByHand(0, PARTNER, text),
        deploys(10, Declared(PARTNER, 0, "ADOPT", "DELETE")),
        deploys(100, Declared(PARTNER, 1, "ADOPT", "RELEASE")),
    )
    assert world.ses.policies[PARTNER] == text, world.played.story


def test_what_was_adopted_goes_back_to_its_owner_also_when_that_was_answered() -> None:
    world = played(deploys(0, FIRST), adopts(20, fails_after=80))
    assert '"Id":"Mail/A/' in world.ses.policies[PARTNER], world.played.story


def test_what_was_adopted_does_not_go_back_when_its_stack_is_deleted() -> None:
    holds(deploys(0, FIRST), adopts(20), Remove(90, "Mail"), Remove(120, "Other"))


def test_what_says_something_else_by_now_does_not_go_back() -> None:
    """Somebody edited it by hand, and left its marker."""
    token = token_of("arn:aws:cloudformation:eu-west-1:111111111111:stack/Other/0a1b2c3d-1", "B")
    edited = ByHand(80, PARTNER, by_hand(2, Id=f"Other/B/{token}/adopted"))
    world = played(deploys(0, FIRST), adopts(20, fails_after=80), edited)
    assert '"Id"' not in world.ses.policies[PARTNER], world.played.story


def test_a_resource_that_came_back_to_its_name_in_another_way_keeps_it() -> None:
    """It had adopted the policy, and finds it with its own marker."""
    holds(
        ByHand(0, PARTNER, by_hand(Id="of a person")),
        deploys(10, Declared(PARTNER, 0, "ADOPT", "RELEASE")),
        deploys(100, Declared(OTHER, 0, "ADOPT", "RELEASE"), fails_after=10),
    )


def test_a_clean_up_that_is_delivered_again_deletes_nothing_that_came_since() -> None:
    again = Odd("Mail/A#3", "double", 80)
    holds(deploys(0, FIRST), deploys(20, RENAMED), ByHand(60, PARTNER, by_hand()), again)


def test_a_delete_that_is_delivered_again_at_once_deletes_nothing_that_came_since() -> None:
    again = Odd("Mail/A#2", "double", 1.5)
    world = played(deploys(0, FIRST), Remove(20, "Mail"), ByHand(21.5, PARTNER, by_hand()), again)
    assert PARTNER in world.ses.policies, world.played.story


def test_a_clean_up_that_is_delivered_again_leaves_what_the_resource_is_getting() -> None:
    """The function is not allowed to read what the resource declares now."""
    world = played(
        deploys(0, FIRST),
        deploys(20, RENAMED),
        Odd("Mail/A#3", "double", 40),
        deploys(55, FIRST),
        held("Mail/A#4", 55, 75, UPDATE),
        denied=("describe_stack_events",),
    )
    assert status(world) == "UPDATE_COMPLETE", world.played.story


def test_a_delete_that_failed_and_is_delivered_again_deletes_nothing_that_came_since() -> None:
    """CloudFormation has its answer, and nobody has yet decided what to do about the failure."""
    refuses, again = Trouble(20, 20, "refused", DELETE), Odd("Mail/A#2", "double", 60)
    holds(deploys(0, FIRST), Remove(20, "Mail", pause=100), refuses, ByHand(60, PARTNER, by_hand()), again)
