"""Histories of what a failed deploy leaves behind, and of how adoptions end."""

import json
from typing import Any, Final

from tests.provider.interleaved.history_run import HistoryRun
from tests.provider.interleaved.plan import ByHand, Declared, Deploy, Remove, Trouble
from tests.provider.interleaved.scripted import FIRST, OTHER, PARTNER, READ, adopts, by_hand, deploys, holds, played

ADOPTING: Final = Declared(PARTNER, 0, "ADOPT", "RELEASE")
DESTROYING: Final = Declared(PARTNER, 0, "ADOPT", "DELETE")
"""With `RemovalPolicy.DESTROY`."""


def partner(world: HistoryRun, name: str = "partner") -> dict[str, Any]:
    """Return the document of a policy of example.com; fail if there is none."""
    live: dict[str, Any] = json.loads(world.ses.live("example.com")[name])
    return live


def owner(world: HistoryRun, name: str = "partner") -> str:
    """Return the stack and resource that the marker of a policy names."""
    return str(partner(world, name).get("Id", "nobody")).rpartition("/")[0]


# What a deploy that fails leaves behind.


def test_a_stack_whose_new_resource_took_a_name_that_another_one_left_rolls_back() -> None:
    """The first resource gets its name back when the new one, which had adopted the policy, is deleted."""
    both = (("A", Declared(OTHER)), ("B", ADOPTING))
    world = played(deploys(0, FIRST), Deploy(100, "Mail", both, fails_after=60))
    assert world.engine.stacks["Mail"].record.status == "UPDATE_ROLLBACK_COMPLETE"
    assert owner(world) == "Mail/A"


def test_an_adoption_that_is_rolled_back_deletes_nothing_where_the_stack_s_status_is_denied() -> None:
    """lifecycle.md: "a deploy that fails deletes nothing that was there before it"."""
    adopting = deploys(50, DESTROYING, stack="Other", name="B", fails_after=60)
    world = played(deploys(0, FIRST), adopting, denied=("describe_stacks",))
    assert "partner" in world.ses.live("example.com")


def test_an_adoption_whose_rollback_failed_once_deletes_nothing() -> None:
    """Deleting the stack in ROLLBACK_FAILED continues its rollback."""
    adopting = deploys(50, DESTROYING, stack="Other", name="B", fails_after=60)
    fails = Trouble(100, 100, "refused", READ, "Other/B#2")
    world = played(deploys(0, FIRST), adopting, fails)
    assert "partner" in world.ses.live("example.com")


# Documented outcomes.


def test_an_adoption_while_its_owner_is_deleted_makes_the_policy_again() -> None:
    world = holds(deploys(0, FIRST), adopts(50), Remove(50.2, "Mail"))
    assert not world.invariants.residues


def test_a_construct_that_is_renamed_forth_and_back_keeps_its_policy() -> None:
    renamed = deploys(100, ADOPTING, name="B")
    world = played(deploys(0, FIRST), renamed, deploys(200, ADOPTING), deploys(300, FIRST))
    assert owner(world).startswith("Mail/A/")


def test_a_rename_onto_another_stack_s_policy_that_is_rolled_back_gives_it_back() -> None:
    adopting = deploys(100, ADOPTING, stack="New", fails_after=60)
    world = holds(deploys(0, FIRST), deploys(50, Declared(OTHER), stack="New"), adopting)
    assert not world.invariants.residues


def test_an_owner_that_had_adopted_gets_its_own_adopted_marker_back() -> None:
    world = played(ByHand(0, PARTNER, by_hand(Id="mail team")), deploys(10, ADOPTING), adopts(100, fails_after=60))
    assert partner(world)["Id"].startswith("Mail/A/")
    assert partner(world)["Id"].endswith("/adopted")
    world.tear_down()
    assert partner(world)["Id"] == "mail team"


def test_a_rename_that_is_rolled_back_keeps_the_policy_where_cloudformation_can_be_asked() -> None:
    by_a_person = ByHand(0, PARTNER, by_hand(Id="mail team"))
    world = played(by_a_person, deploys(10, ADOPTING), deploys(200, Declared(OTHER), fails_after=20))
    assert owner(world).startswith("Mail/A/")
