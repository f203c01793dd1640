"""The how-tos that move a policy, step by step as on their pages, with a look at SES after each deploy.

All pages are followed at once, each in its own stacks, because a deploy is mostly waiting. What a rollback of each
step leaves is tested in tests/provider/function, without a CLI to wait for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator import LoggedCall, StoredPolicy
from tests.deployed.conftest import Cdk
from tests.support.events import ACCOUNT, REGION
from tests.support.moving import BY_HAND, different, holders
from tests.support.pages import step, synthesized

pytestmark = pytest.mark.xdist_group("howtos")

IDENTITY = "example.com"

# By stack: its page, and the steps of the page that its code is at in each deploy.
STEPS = {
    "Adopts": ("adopt-a-policy", ["adopts-as-grants"], ["kept"], ["kept"], ["kept"]),
    "Renames": (
        "rename-a-construct",
        ["declared", "default-name"],
        ["same-logical-id", "default-name-renamed"],
        ["renamed", "default-name-renamed"],
        ["kept", "default-name-renamed"],
    ),
    "Old": ("move-a-policy", ["old"], ["acknowledged"], [], []),
    "New": ("move-a-policy", [], ["takes"], ["takes"], ["kept"]),
    "Leaves": ("hand-over-a-policy", ["retained"], [], ["leaving"], []),
    "Mail": ("choose-a-provider", ["declared"], ["moves"], ["moves"], ["moves"]),
}
LAST = 3
ADOPTS = "    when_exists=WhenExists.ADOPT,\n"
# The stacks that the pages say to deploy each time.
DEPLOYED = (
    ["Adopts", "Renames", "Old", "Leaves", "Mail"],
    ["Adopts", "Renames", "New", "Leaves", "Mail"],
    ["Renames", "Old", "Leaves"],
    ["Renames", "New", "Leaves", "Mail"],
)


@dataclass(frozen=True)
class Part:
    """What there is to see after a part of the story.

    :param calls: the calls that SES carried out.
    :param holders: the owner of each policy, by the policy's name.
    """

    calls: list[LoggedCall]
    holders: dict[str, str]

    def did(self, *names: str) -> list[str]:
        """Return what was done to the policies with these names, in order."""
        return [
            f"{call.operation.removesuffix('EmailIdentityPolicy')} {call.policy_name}"
            for call in self.calls
            if call.policy_name in names
        ]


def look(cdk: Cdk) -> Part:
    """Return what happened since the last look; check that exactly those may send who could before."""
    calls = [call for call in cdk.aws.ses.calls() if call.applied and call.identity == IDENTITY]
    assert different(call.document for call in calls if call.document is not None) == []
    cdk.aws.ses.clear_calls()
    return Part(calls, holders(each for each in cdk.aws.ses.policies() if each.identity == IDENTITY))


def deploy(cdk: Cdk, folder: Path, number: int) -> Part:
    blocks = {stack: [step(page, name) for name in steps[number]] for stack, (page, *steps) in STEPS.items()}
    if number == LAST:
        # The page has its last step only as text.
        blocks["Mail"] = [each.with_in_place_of(ADOPTS, "") for each in blocks["Mail"]]
    assembly = synthesized(folder / str(number), blocks)
    options = ["--exclusively", "--require-approval=never", "--concurrency=4"]
    cdk.run("deploy", *DEPLOYED[number], *options, assembly=assembly)
    return look(cdk)


def destroy(cdk: Cdk) -> Part:
    cloudformation = cdk.aws.client("cloudformation")
    for stack in STEPS:
        cloudformation.delete_stack(StackName=stack)
    for stack in STEPS:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    return look(cdk)


@pytest.fixture(scope="module")
def story(cdk: Cdk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Part]]:
    """Yield what there was to see after each deploy, and after the stacks were destroyed."""
    ses = cdk.aws.client("sesv2")
    ses.create_email_identity(EmailIdentity=IDENTITY)
    cdk.aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, IDENTITY, "partner", json.dumps(BY_HAND)))
    folder = tmp_path_factory.mktemp("story")
    cdk.aws.ses.clear_calls()
    parts = [deploy(cdk, folder, 0), deploy(cdk, folder, 1)]
    # Terraform makes this call as well if it finds an `Id` that it does not declare.
    ses.update_email_identity_policy(EmailIdentity=IDENTITY, PolicyName="agency", Policy=json.dumps(BY_HAND))
    parts += [look(cdk), deploy(cdk, folder, 2), deploy(cdk, folder, 3), destroy(cdk)]
    yield parts
    ses.delete_email_identity(EmailIdentity=IDENTITY)


def test_a_policy_made_by_hand_is_adopted(story: list[Part]) -> None:
    adopts, keeps, *_, goes = story
    adopted = "Adopts/Partner776273A3/adopted"
    assert (adopts.did("partner"), adopts.holders["partner"]) == (["Update partner"], adopted)
    assert (keeps.did("partner"), keeps.holders["partner"]) == ([], adopted)
    assert goes.did("partner") == ["Delete partner"]


def test_a_construct_is_renamed_that_has_a_name_of_the_users(story: list[Part]) -> None:
    """First with the old logical id, then without it."""
    made, same_id, _, renamed, kept, gone = story
    assert made.did("weekly") == ["Create weekly", "Update weekly"]
    assert (same_id.did("weekly"), same_id.holders["weekly"]) == ([], "Renames/WeeklyFFAEA5C6")
    adopted = "Renames/NewsletterB163D641/adopted"
    assert (renamed.did("weekly"), renamed.holders["weekly"]) == (["Update weekly"], adopted)
    assert (kept.did("weekly"), kept.holders["weekly"]) == ([], adopted)
    assert gone.did("weekly") == ["Delete weekly"]


def test_a_construct_is_renamed_that_has_its_own_name(story: list[Part]) -> None:
    old, new = "Renames-News-5265667B", "Renames-Magazine-7DF557E0"
    made, renamed, *_ = story
    assert made.did(old, new) == [f"Create {old}", f"Update {old}"]
    assert renamed.did(old, new) == [f"Create {new}", f"Update {new}", f"Delete {old}"]


def test_a_policy_moves_to_another_stack(story: list[Part]) -> None:
    made, taken, _, let_go, kept, gone = story
    assert (made.did("shop"), made.holders["shop"]) == (["Create shop", "Update shop"], "Old/Shop563325D0")
    new = "New/Shop563325D0/adopted"
    assert (taken.did("shop"), taken.holders["shop"]) == (["Update shop"], new)
    assert (let_go.did("shop"), let_go.holders["shop"]) == ([], new)
    assert (kept.did("shop"), kept.holders["shop"]) == ([], new)
    assert gone.did("shop") == ["Delete shop"]


def test_a_policy_moves_to_a_function_of_its_own(story: list[Part]) -> None:
    name, adopted = "Mail-Partner-71DE5641", "Mail/PartnerOnOwn1C2BCEDA/adopted"
    made, moved, _, kept, gone = (story[number] for number in (0, 1, 3, 4, 5))
    assert made.did(name) == [f"Create {name}", f"Update {name}"]
    assert (moved.did(name), moved.holders[name]) == ([f"Update {name}"], adopted)
    assert (kept.did(name), kept.holders[name]) == ([], adopted)
    assert gone.did(name) == [f"Delete {name}"]


def test_a_policy_is_left_to_others(story: list[Part]) -> None:
    """It is retained until the first write by somebody else clears the marker; then adopted again, and released."""
    made, retained, written, adopted, *left = story
    assert made.did("agency") == ["Create agency", "Update agency"]
    assert (retained.did("agency"), retained.holders["agency"]) == ([], "Leaves/Agency0690EE5F")
    assert (written.did("agency"), written.holders["agency"]) == (["Update agency"], "nobody")
    assert (adopted.did("agency"), adopted.holders["agency"]) == (["Update agency"], "Leaves/Leaving69325DBE/adopted")
    assert [part.did("agency") for part in left] == [["Update agency"], []]
    assert [part.holders["agency"] for part in left] == ["nobody", "nobody"]
