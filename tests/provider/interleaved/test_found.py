"""The shortest history of each fault that random histories found in the first draft of the other mends."""

import pytest

from tests.provider.interleaved.plan import ByHand, Declared, Deploy, Odd, Remove, Trouble
from tests.provider.interleaved.scripted import (
    CHANGED,
    DELETE,
    FIRST,
    OTHER,
    PARTNER,
    READ,
    UPDATE,
    by_hand,
    deploys,
    held,
    holds,
)


def test_a_create_that_comes_again_when_all_is_rolled_back_is_noticed_with_a_clock_that_is_behind() -> None:
    """Its function was killed, and the next one takes the event for new."""
    holds(
        deploys(0, FIRST, fails_after=12),
        Odd("Mail/A#1", "clock", -60),
        Odd("Mail/A#1", "killed", 3),
    )


def test_of_two_deliveries_of_an_adoption_the_one_that_answers_knows_what_was_adopted() -> None:
    """The second delivery finds what the first one wrote."""
    adopting = Declared(PARTNER, 0, "ADOPT", "RELEASE")
    again = Odd("Mail/A#1", "double", 1)
    holds(ByHand(0, PARTNER, by_hand(Id="of a person")), deploys(10, adopting, fails_after=17, pause=10), again)


@pytest.mark.parametrize("fails_after", [1, 0.2], ids=["claimed", "invented"])
def test_a_delete_that_is_delivered_again_leaves_what_was_retained(fails_after: float) -> None:
    refuses, again = Trouble(0, 40, "refused", DELETE), Odd("Mail/A#2", "double", 90)
    holds(deploys(0, FIRST, fails_after=fails_after), Remove(20, "Mail"), refuses, again)


def test_a_create_that_is_delivered_twice_does_not_write_over_the_next_update() -> None:
    again = held("Mail/A#1.1b", 0, 2.5, READ)
    holds(deploys(0, FIRST), deploys(1, CHANGED), Odd("Mail/A#1", "double", 0), again)


@pytest.mark.parametrize("until", [60, 100])
def test_what_a_repair_writes_is_not_older_than_a_look(until: float) -> None:
    """The overtaken Update repairs what it wrote but has to wait, and the next deploy comes first."""
    third = Declared(PARTNER, says=3)
    holds(
        deploys(0, FIRST),
        deploys(20, CHANGED, fails_after=1),
        Trouble(20, 5, "slow", UPDATE, "Mail/A#2", value=9),
        held("Mail/A#2", 30, until, UPDATE),
        deploys(45, third),
    )


def test_what_was_taken_over_and_answered_is_not_put_back_when_it_was_released() -> None:
    """The first delivery reconciles, finds the resource deleted, and puts back what it saw at its beginning."""
    holds(
        deploys(0, Declared(OTHER)),
        deploys(0, FIRST, stack="Other", name="B"),
        deploys(20, Declared(PARTNER, 3, "OVERWRITE", "RELEASE")),
        Odd("Mail/A#2", "double", 20),
        Remove(30, "Other"),
        Remove(45, "Mail"),
    )


@pytest.mark.parametrize("had", [(), (deploys(0, Declared(OTHER)),)], ids=["create", "rename"])
def test_what_two_deliveries_adopted_is_not_put_back_when_its_stack_goes_meanwhile(had: tuple[Deploy, ...]) -> None:
    """The second delivery answers within seconds; the first one waits, and learns only that the resource is gone."""
    holds(
        *had,
        deploys(0, FIRST, stack="Other", name="B"),
        deploys(20, Declared(PARTNER, 0, "ADOPT", "RELEASE")),
        Odd(f"Mail/A#{len(had) + 1}", "double", 2),
        Remove(24, "Other"),
        Remove(26, "Mail"),
    )
