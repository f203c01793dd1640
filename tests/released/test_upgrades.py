"""Later functions update, roll back and delete what each release left in accounts; and its function what they left.

A deploy of another version changes the function before its policies, and the rollback changes it back at an unknown
time: so each step of a story is tested with both functions.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from emulator import StoredPolicy
from tests.released.app import BY_HAND, ELSEWHERE, IDENTITY, written
from tests.released.release import STACKS, Release, as_left, properties, releases, stack
from tests.support.async_invoker import AsyncInvoker
from tests.support.events import ACCOUNT, REGION
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess
from tests.support.kept import Properties
from tests.support.moving import FAILS

RELEASES = [pytest.param(each, id=each.version) for each in releases()]
# Which function creates, updates, rolls that back, and updates again and deletes: the release's, or the present one.
ORDERS = [
    ("it", "now", "it", "now"),
    ("it", "now", "now", "it"),
    ("now", "it", "now", "it"),
    ("now", "it", "it", "now"),
]
EVERYBODY = "Everybody"
"""A stack that a stricter function may refuse to create: a parameter is `*` at the deploy."""

Functions = Mapping[str, FunctionProcess]


@contextmanager
def functions(aws: FakeAws, assets: Mapping[str, Path], release: Release, name: str) -> Iterator[Functions]:
    """Give the release's own function as `it`, and the checkout's as `now`, in the region of a stack."""
    environment = aws.environment | {"AWS_REGION": ELSEWHERE if name == "Elsewhere" else REGION}
    with (
        FunctionProcess(assets[release.version], environment, hurried=True) as it,
        FunctionProcess(assets["now"], environment, hurried=True) as now,
    ):
        yield {"it": it, "now": now}


def declared(release: Release, name: str) -> dict[str, Properties]:
    """Return the properties of each policy of a stack."""
    if name != EVERYBODY:
        return {key: each.properties for key, each in release.deployed(name).items()}
    template = deepcopy(declared(release, "Tokens"))
    for each in template.values():
        for statement in each["Policy"]["Statement"]:
            statement["Principal"]["AWS"] = "*"
    return template


def changed(template: Mapping[str, Properties]) -> dict[str, Properties]:
    """Return the same policies, each for another account."""
    found = deepcopy(dict(template))
    for each in found.values():
        each["Policy"]["Statement"][0]["Principal"]["AWS"] = "arn:aws:iam::444444444444:root"
    return found


def at_ses(aws: FakeAws) -> dict[str, Any]:
    """Return the documents at SES, by the names of the policies."""
    return {each.name: json.loads(each.document) for each in aws.ses.policies() if each.identity == IDENTITY}


def by_hand(aws: FakeAws) -> None:
    aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, IDENTITY, "by-hand", json.dumps(BY_HAND)))


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", STACKS)
def test_its_function_does_what_is_written_down(
    aws: FakeAws, assets: Mapping[str, Path], release: Release, name: str
) -> None:
    by_hand(aws)
    with functions(aws, assets, release, name) as by:
        made = stack(AsyncInvoker(aws, by["it"]), name)
        assert made.deploy(properties(release.template(name))) == "CREATE_COMPLETE"
    for logical_id, each in release.deployed(name).items():
        kept = made.resources[logical_id]
        assert (kept.properties, kept.physical_id) == (each.properties, each.physical_id)
        assert at_ses(aws)[each.properties["PolicyName"]] == each.document


def _as_lasting(policy: str | None) -> tuple[str | None, ...]:
    """Return the deletion policies that keep a resource in the same cases."""
    return ("Retain", "RetainExceptOnCreate") if policy == "Retain" else (policy,)


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the assembly of the same stacks, written by the checkout."""
    return written(tmp_path_factory.mktemp("assembly") / "cdk.out")


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", STACKS)
def test_an_upgrade_replaces_and_updates_no_policy(assembly: Path, release: Release, name: str) -> None:
    """CloudFormation updates a resource if its properties change; the function's code and metadata are not among them.

    A policy with unknown parts is updated once, by the release that adds the rules for them: the function finds that
    SES holds what is declared, and writes nothing.
    """
    template = json.loads((assembly / f"{name}.template.json").read_text(encoding="utf-8"))
    now, then = ({**each["Resources"]} for each in (template, release.template(name)))
    assert {key: each["Type"] for key, each in now.items()} == {key: each["Type"] for key, each in then.items()}
    for key, was in then.items():
        is_ = now[key]
        if was["Type"] == "Custom::SendingPolicy":
            new = {each: value for each, value in is_["Properties"].items() if each not in was["Properties"]}
            assert new.keys() <= ({"Unknown"} if name == "Tokens" else set()), key
            assert {**is_, "Metadata": None} == {
                **was,
                "Metadata": None,
                "Properties": was["Properties"] | new,
            }, key
        else:
            assert is_.get("UpdateReplacePolicy") == was.get("UpdateReplacePolicy"), key
            assert is_.get("DeletionPolicy") in _as_lasting(was.get("DeletionPolicy")), key


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", STACKS)
def test_what_it_left_is_updated_rolled_back_and_deleted(
    aws: FakeAws, assets: Mapping[str, Path], release: Release, name: str
) -> None:
    with functions(aws, assets, release, name) as by:
        made = as_left(AsyncInvoker(aws, by["now"]), release, name)
        left = release.deployed(name)
        before, ids = at_ses(aws), {key: each.physical_id for key, each in left.items()}
        template = declared(release, name)

        assert made.deploy({**changed(template), **FAILS}) == "UPDATE_ROLLBACK_COMPLETE"
        assert at_ses(aws) == before
        assert {key: each.physical_id for key, each in made.resources.items()} == ids

        assert made.deploy(changed(template)) == "UPDATE_COMPLETE"
        assert {key: each.physical_id for key, each in made.resources.items()} == ids
        after = at_ses(aws)
        assert {policy: each["Id"] for policy, each in after.items()} == {
            policy: each["Id"] for policy, each in before.items()
        }
        assert {each["Statement"][0]["Principal"]["AWS"] for each in after.values()} == {
            "arn:aws:iam::444444444444:root"
        }

        renamed = {key: each | {"PolicyName": f"{each['PolicyName']}-2"} for key, each in changed(template).items()}
        adopts = name == "Adopted"
        assert made.deploy(renamed) == "UPDATE_COMPLETE"
        assert {policy for policy in at_ses(aws) if policy.endswith("-2")} == {
            each["PolicyName"] for each in renamed.values()
        }
        assert made.abandoned == []
        assert made.delete() == "DELETE_COMPLETE"
        # A policy that was there before its stack stays at SES.
        assert [*at_ses(aws)] == (["by-hand"] if adopts else [])
        assert "Id" not in at_ses(aws).get("by-hand", {})


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
@pytest.mark.parametrize("name", ["Literal", "Adopted", "Several", EVERYBODY])
def test_one_goes_on_where_the_other_ended(
    aws: FakeAws, assets: Mapping[str, Path], release: Release, name: str, order: tuple[str, str, str, str]
) -> None:
    creates, updates, rolls_back, deletes = order
    if name == EVERYBODY and creates == "now":
        creates = "it"
    by_hand(aws)
    template = declared(release, name)
    with functions(aws, assets, release, name) as by:
        invoker = AsyncInvoker(aws, by[creates])
        made = stack(invoker, "Tokens" if name == EVERYBODY else name)
        assert made.deploy(template) == "CREATE_COMPLETE"
        before = at_ses(aws)

        def turn_back(delivery: Any) -> None:
            if delivery.accepted and delivery.accepted["Status"] == "FAILED":
                invoker.function = by[rolls_back]

        invoker.function, invoker.watcher = by[updates], turn_back
        assert made.deploy({**changed(template), **FAILS}) == "UPDATE_ROLLBACK_COMPLETE"
        assert invoker.function is by[rolls_back]
        assert at_ses(aws) == before

        invoker.function = by[deletes]
        assert made.deploy(changed(template)) == "UPDATE_COMPLETE"
        assert made.delete() == "DELETE_COMPLETE"
        assert [*at_ses(aws)] == ["by-hand"]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("rolls_back", ["it", "now"])
def test_what_a_rule_refuses_by_now_stays_until_somebody_changes_it(
    aws: FakeAws, assets: Mapping[str, Path], release: Release, rolls_back: str
) -> None:
    before = declared(release, EVERYBODY)
    unknown = {key: each | {"Unknown": ["Statement/0/Principal/AWS"]} for key, each in before.items()}
    with functions(aws, assets, release, "Tokens") as by:
        invoker = AsyncInvoker(aws, by["it"])
        made = stack(invoker, "Tokens")
        assert made.deploy(before) == "CREATE_COMPLETE"
        held = at_ses(aws)

        invoker.function = by["now"]
        assert made.deploy(unknown) == "UPDATE_COMPLETE"
        assert at_ses(aws) == held

        def turn_back(delivery: Any) -> None:
            if delivery.accepted and delivery.accepted["Status"] == "FAILED":
                invoker.function = by[rolls_back]

        wider = deepcopy(unknown)
        for each in wider.values():
            each["Policy"]["Statement"][0]["Action"] = "ses:SendBulkEmail"
        invoker.watcher = turn_back
        assert made.deploy(wider) == "UPDATE_ROLLBACK_COMPLETE"
        assert invoker.function is by[rolls_back]
        assert at_ses(aws) == held
        assert made.delete() == "DELETE_COMPLETE"
        assert at_ses(aws) == {}


@pytest.mark.parametrize("release", RELEASES)
def test_a_marker_of_its_is_known_without_its_physical_id(
    aws: FakeAws, assets: Mapping[str, Path], release: Release
) -> None:
    """The Delete of a cancelled Create has an id that CloudFormation made up: the token is computed again."""
    with functions(aws, assets, release, "Several") as by:
        invoker = AsyncInvoker(aws, by["now"])
        made = as_left(invoker, release, "Several")
        for logical_id in release.deployed("Several"):
            made.resources[logical_id].physical_id = ""
            made.cancelled(logical_id, invoker(made.cancel(logical_id)))
    assert (at_ses(aws), made.abandoned) == ({}, [])
