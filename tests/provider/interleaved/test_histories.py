"""The shortest history of each fault that a sequence of events without overlap did not show."""

import pytest

from tests.provider.interleaved.plan import ByHand, Declared, Odd, Remove, Trouble
from tests.provider.interleaved.scripted import (
    CHANGED,
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

# Overlap.


def test_an_update_that_was_rolled_back_while_it_waited_does_not_write_over_that() -> None:
    holds(deploys(0, FIRST), deploys(20, CHANGED, fails_after=13), held("Mail/A#2", 20, 36, UPDATE))


@pytest.mark.parametrize("pause", [0.1, 3.0])
def test_an_update_that_was_rolled_back_while_its_write_was_on_its_way_does_not_last(pause: float) -> None:
    slow = Trouble(20, 10, "slow", UPDATE, "Mail/A#2", value=9)
    holds(deploys(0, FIRST), deploys(20, CHANGED, fails_after=1, pause=pause), slow)


def test_a_rename_that_was_rolled_back_while_it_waited_leaves_no_new_policy() -> None:
    holds(deploys(0, FIRST), deploys(20, RENAMED, fails_after=13), held("Mail/A#2", 20, 36))


@pytest.mark.parametrize("reading", ["not-found", "upsert", "no-op"])
def test_a_rename_that_had_claimed_its_name_when_it_was_rolled_back_leaves_no_new_policy(reading: str) -> None:
    waits = held("Mail/A#2", 20, 36, UPDATE)
    holds(deploys(0, FIRST), deploys(20, RENAMED, fails_after=13), waits, update_missing=reading)


@pytest.mark.parametrize("declared", [CHANGED, RENAMED], ids=["in place", "with a rename"])
def test_a_rollback_within_the_first_five_seconds_is_recognised(declared: Declared) -> None:
    holds(deploys(0, FIRST), deploys(20, declared, fails_after=2, pause=0.2), held("Mail/A#2", 20, 23))


@pytest.mark.parametrize("declared", [CHANGED, RENAMED], ids=["in place", "with a rename"])
def test_a_rollback_in_the_same_second_is_recognised(declared: Declared) -> None:
    holds(deploys(0, FIRST), deploys(20, declared, fails_after=0.3, pause=0.1), held("Mail/A#2", 20, 21.8))


def test_an_update_whose_rollback_is_under_way_waits_for_its_end() -> None:
    holds(
        deploys(0, FIRST),
        deploys(20, CHANGED, fails_after=13),
        held("Mail/A#2", 20, 36, UPDATE),
        held("Mail/A#3", 20, 60),
    )


def test_an_update_that_comes_late_after_its_rollback_changes_nothing() -> None:
    holds(deploys(0, FIRST), deploys(20, CHANGED, fails_after=3), Odd("Mail/A#2", "queued", 40))


def test_an_update_that_was_overtaken_by_a_newer_deploy_does_not_write_over_that() -> None:
    third = Declared(PARTNER, says=3)
    holds(
        deploys(0, FIRST),
        deploys(20, CHANGED, fails_after=13),
        deploys(34.5, third),
        held("Mail/A#2", 20, 37, UPDATE),
    )


def test_where_stack_events_cannot_be_read_an_overtaken_update_writes_nothing_once_it_knows() -> None:
    """The write that is under way when the rollback begins is a residue; a much later one is not."""
    world = played(
        deploys(0, FIRST),
        deploys(20, CHANGED, fails_after=13),
        held("Mail/A#2", 20, 60, UPDATE),
        denied=("describe_stack_events",),
    )
    assert not world.invariants.residues


# Look, wait, write.


def test_a_delete_does_not_delete_what_another_stack_adopted_while_it_waited() -> None:
    holds(deploys(0, FIRST), Remove(20, "Mail"), held("Mail/A#2", 20, 80, DELETE), adopts(30))


def test_an_update_does_not_write_over_what_another_stack_adopted_while_it_waited() -> None:
    holds(deploys(0, FIRST), deploys(20, CHANGED), held("Mail/A#2", 20, 80, UPDATE), adopts(30))


def test_an_adoption_does_not_write_back_what_its_owner_narrowed_while_it_waited() -> None:
    holds(deploys(0, FIRST), adopts(20), held("Other/B#1", 20, 80, UPDATE), deploys(30, CHANGED))


def test_who_adopts_looks_once_more_when_every_earlier_look_has_expired() -> None:
    """The owner's write lands after the adoption, decided on a look from before it."""
    holds(deploys(0, FIRST), deploys(20, CHANGED), held("Mail/A#2", 20, 40, UPDATE), adopts(30))


# One stale read.


def test_a_delete_that_reads_nothing_right_after_the_write_looks_again() -> None:
    holds(
        deploys(0, FIRST, fails_after=1, pause=0.2),
        Trouble(0, 100, "stale", READ, "Mail/A#2", value=2.5, times=1),
    )


def test_a_rollback_that_reads_the_old_text_looks_again() -> None:
    holds(
        deploys(0, FIRST),
        deploys(20, CHANGED, fails_after=1, pause=0.2),
        Trouble(20, 100, "stale", READ, "Mail/A#3", value=2.5, times=1),
    )


def test_an_update_that_reads_nothing_waits_between_its_rounds() -> None:
    world = played(deploys(0, FIRST), deploys(1.2, CHANGED), Trouble(0, 3.4, "stale", READ, "Mail/A#2", value=2.9))
    assert world.engine.stacks["Mail"].record.status == "UPDATE_COMPLETE", world.played.story


# Handing back.


@pytest.mark.parametrize("on_delete", ["RELEASE", "DELETE"])
def test_who_made_a_policy_deletes_it_also_where_another_stack_had_it_between(on_delete: str) -> None:
    makes = Declared(PARTNER, 0, "ADOPT", on_delete)
    holds(deploys(0, makes), adopts(20, fails_after=3), Remove(60, "Mail"))


def test_who_made_a_policy_deletes_it_also_where_another_stack_released_it() -> None:
    makes = Declared(PARTNER, 0, "ADOPT", "RELEASE")
    holds(deploys(0, makes), adopts(20), Remove(40, "Other"), Remove(60, "Mail"))


def test_what_was_adopted_from_an_owner_goes_back_to_it_when_the_deploy_fails() -> None:
    world = played(deploys(0, FIRST), adopts(20, fails_after=3))
    assert '"Id":"Mail/A/' in world.ses.policies[PARTNER], world.played.story


# A clock that is behind.


@pytest.mark.parametrize("off", [-600.0, -30.0])
def test_a_cancelled_create_is_noticed_with_a_clock_that_is_behind(off: float) -> None:
    holds(
        deploys(0, FIRST, fails_after=8),
        Odd("Mail/A#1", "clock", off),
        held("Mail/A#1", 0, 25),
    )


def test_an_overtaken_update_is_noticed_with_a_clock_that_is_behind() -> None:
    holds(
        deploys(0, FIRST),
        deploys(20, CHANGED, fails_after=13),
        Odd("Mail/A#2", "clock", -600),
        held("Mail/A#2", 20, 36, UPDATE),
    )


def test_an_overtaken_update_is_noticed_with_a_clock_that_is_ahead() -> None:
    holds(
        deploys(0, FIRST),
        deploys(20, CHANGED, fails_after=13),
        Odd("Mail/A#2", "clock", 600),
        held("Mail/A#2", 20, 36, UPDATE),
    )


# An aborted adoption changes what it leaves.


@pytest.mark.parametrize("says", [0, 1], ids=["the same words", "other words"])
def test_an_adoption_that_is_rolled_back_leaves_the_very_text(says: int) -> None:
    text = by_hand(Id="of a person")
    adopting = Declared(PARTNER, says, "ADOPT", "RELEASE")
    holds(ByHand(0, PARTNER, text), deploys(10, adopting, fails_after=3))


def test_an_adoption_by_a_rename_that_is_rolled_back_leaves_the_very_text() -> None:
    text = by_hand(Id="of a person")
    first = Declared(OTHER, 0, "ADOPT", "RELEASE")
    adopting = Declared(PARTNER, 1, "ADOPT", "RELEASE")
    holds(ByHand(0, PARTNER, text), deploys(0, first), deploys(20, adopting, fails_after=3))


# Refused in place, refused in the rollback.


def test_an_update_that_is_refused_in_place_rolls_back() -> None:
    world = played(deploys(0, FIRST), adopts(10), deploys(30, CHANGED))
    assert world.engine.stacks["Mail"].record.status == "UPDATE_ROLLBACK_COMPLETE", world.played.story


def test_without_the_right_to_ask_for_the_stack_the_rollback_fails_as_before() -> None:
    world = played(deploys(0, FIRST), adopts(10), deploys(30, CHANGED), denied=("describe_stacks",))
    assert world.engine.stacks["Mail"].record.status == "UPDATE_ROLLBACK_FAILED", world.played.story


def test_an_update_that_is_refused_by_ses_in_its_rollback_too_rolls_back() -> None:
    """SES refuses the new text, and by then every other as well."""
    world = played(
        deploys(0, FIRST),
        deploys(20, CHANGED),
        Trouble(20, 100, "refused", UPDATE, "Mail/A"),
    )
    assert world.engine.stacks["Mail"].record.status == "UPDATE_ROLLBACK_COMPLETE", world.played.story


# A Delete that is delivered again.


def test_a_delete_that_is_delivered_again_deletes_nothing_that_came_since() -> None:
    holds(
        deploys(0, FIRST),
        Remove(20, "Mail"),
        ByHand(50, PARTNER, by_hand()),
        Odd("Mail/A#2", "double", 60),
    )
