"""Calls of an `AwsCustomResource` that go to another account or region than its stack's."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.review.conftest import sending_policy
from tests.review.diffed import ANYWHERE, HERE, LESS, PARTNER, called, delete, one, policy, put, stacks, told, written
from tests.review.test_staying import role

OTHERS = "arn:aws:iam::999999999999:role/Mail"
"""A role in another account."""
OWN = "arn:aws:iam::111111111111:role/Mail"
IRELAND, VIRGINIA = {"region": "eu-west-1"}, {"region": "us-east-1"}
SOMEWHERE = {"region": "${Region}"}
REGION = {"Region": {"Type": "String"}}
NEW = {"broadened", "changed"}
STAYS = {"unchanged", "changed"}
AWAY, PERHAPS = (
    "its Delete call goes to another account or region",
    "only the deploy knows whether its Delete call goes",
)


def calls(*statements: Any, environment: str = HERE, name: str = "partner", **more: Any) -> dict[str, Any]:
    """Return a stack whose calls all have the given further parameters."""
    put_it = put(*statements, name=name, **more)
    resource = called(Create=put_it, Update=put_it, Delete=delete(name=name, **more))
    return stacks(environment, Mail=with_parameters(P=resource))


def with_parameters(**resources: Any) -> dict[str, Any]:
    """Return a template with the parameters that the calls refer to."""
    parameters = REGION | {"Role": {"Type": "String"}, "Account": {"Type": "String"}}
    return one(**resources, Own=role("own")) | {"Parameters": parameters}


def redefined(side: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    """Return a side with other definitions of its parameters."""
    [(environment, template)] = side["assembly"].values()
    changed = template | {"Parameters": template["Parameters"] | parameters}
    return {"assembly": {"Mail": (environment, changed)}}


# Each is before, after, and the verdicts that are right.
PLACES: dict[str, tuple[Any, Any, set[str]]] = {
    "another region": (calls(**IRELAND), calls(**VIRGINIA), NEW),
    "another region than the stack's": (calls(), calls(**VIRGINIA), NEW),
    "back to the stack's region": (calls(**VIRGINIA), calls(), NEW),
    "the stack's own region, written out": (calls(), calls(**IRELAND), {"unchanged"}),
    "the stack's own region by its name": (calls(), calls(region="${AWS::Region}"), {"unchanged"}),
    "the stack's own region, which nobody knows": (
        calls(environment=ANYWHERE),
        calls(environment=ANYWHERE, region="${AWS::Region}"),
        {"unchanged"},
    ),
    "a region that may be the stack's": (
        calls(environment=ANYWHERE),
        calls(environment=ANYWHERE, **VIRGINIA),
        {"changed"},
    ),
    "the same region in a stack that may be anywhere": (
        calls(environment=ANYWHERE, **VIRGINIA),
        calls(environment=ANYWHERE, **VIRGINIA),
        {"unchanged"},
    ),
    "another account": (calls(), calls(assumedRoleArn=OTHERS), NEW),
    "the same account by another role": (
        calls(assumedRoleArn=OTHERS),
        calls(assumedRoleArn=OTHERS + "2"),
        {"unchanged"},
    ),
    "a role of the stack's own account": (calls(), calls(assumedRoleArn=OWN), {"unchanged"}),
    "a role of the stack's own account by its name": (
        calls(environment=ANYWHERE),
        calls(environment=ANYWHERE, assumedRoleArn="arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Mail"),
        {"unchanged"},
    ),
    "a role of the same template": (calls(), calls(assumedRoleArn="${Own.Arn}"), {"unchanged"}),
    "a role that nobody knows": (calls(), calls(assumedRoleArn="${Role}"), NEW),
    "an account that nobody knows": (calls(), calls(assumedRoleArn="arn:aws:iam::${Account}:role/Mail"), NEW),
    "a region that nobody knows": (calls(), calls(**SOMEWHERE), NEW),
    "the same region that nobody knows": (calls(**SOMEWHERE), calls(**SOMEWHERE), {"unchanged"}),
    "less in the same region that nobody knows": (calls(**SOMEWHERE), calls(LESS, **SOMEWHERE), {"narrowed"}),
    "more in the same region that nobody knows": (calls(LESS, **SOMEWHERE), calls(**SOMEWHERE), {"broadened"}),
    "the same account that nobody knows": (
        calls(assumedRoleArn="arn:aws:iam::${Account}:role/Mail"),
        calls(assumedRoleArn="arn:aws:iam::${Account}:role/Other"),
        {"unchanged"},
    ),
    "a region by a parameter that is another one": (
        calls(**SOMEWHERE),
        redefined(calls(**SOMEWHERE), Region={"Type": "String", "AllowedValues": ["us-east-1"]}),
        NEW,
    ),
    "what another policy of the stack has in its own region": (
        stacks(HERE, Mail=with_parameters(Q=policy(name="second"))),
        stacks(HERE, Mail=with_parameters(Q=policy(name="second"), P=called(Create=put(**SOMEWHERE)))),
        NEW,
    ),
    "what another policy tells of the stack": (
        stacks(ANYWHERE, Mail=with_parameters(P=called(Create=put(**VIRGINIA)), Q=policy(name="second"))),
        stacks(ANYWHERE, Mail=with_parameters(P=called(Create=put(**VIRGINIA)), Q=policy(PARTNER, name="third"))),
        {"unchanged"},
    ),
    "an update that goes elsewhere": (
        stacks(HERE, Mail=one(P=called(Create=put(), Update=put()))),
        stacks(HERE, Mail=one(P=called(Create=put(), Update=put(**VIRGINIA)))),
        NEW,
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_call_writes_where_it_goes(tmp_path: Path, name: str) -> None:
    before, after, verdicts = PLACES[name]
    assert told(tmp_path, before, after)["verdict"] in verdicts


def gone(deleting: Any, **more: Any) -> tuple[Any, Any]:
    """Return a stack with a policy that a call writes, and the same stack without it."""
    resource = called(Create=put(**more), Update=put(**more), Delete=deleting)
    return stacks(HERE, Mail=with_parameters(P=resource)), stacks(HERE, Mail=with_parameters())


# Each is before, after, the verdicts that are right, and why the policy stays; empty if it does not.
DELETED: dict[str, tuple[Any, Any, set[str], str]] = {
    "in another region": (*gone(delete(**VIRGINIA)), STAYS, AWAY),
    "in another account": (*gone(delete(assumedRoleArn=OTHERS)), STAYS, AWAY),
    "in the stack's region, and it was written elsewhere": (*gone(delete(), **VIRGINIA), STAYS, AWAY),
    "in its region": (*gone(delete(**VIRGINIA), **VIRGINIA), {"narrowed"}, ""),
    "in its account": (*gone(delete(assumedRoleArn=OTHERS), assumedRoleArn=OTHERS), {"narrowed"}, ""),
    "in the stack's own region": (*gone(delete(region="${AWS::Region}")), {"narrowed"}, ""),
    "by a role of the stack's own account": (*gone(delete(assumedRoleArn="${Own.Arn}")), {"narrowed"}, ""),
    "in a region that nobody knows": (*gone(delete(**SOMEWHERE)), STAYS, PERHAPS),
    "by a role that nobody knows": (*gone(delete(assumedRoleArn="${Role}")), STAYS, PERHAPS),
    "in the same region that nobody knows": (*gone(delete(**SOMEWHERE), **SOMEWHERE), {"narrowed"}, ""),
    "by the same role that nobody knows": (
        *gone(delete(assumedRoleArn="${Role}"), assumedRoleArn="${Role}"),
        {"narrowed"},
        "",
    ),
}


@pytest.mark.parametrize("name", DELETED)
def test_a_call_deletes_where_it_goes(tmp_path: Path, name: str) -> None:
    before, after, verdicts, reason = DELETED[name]
    found = told(tmp_path, before, after)
    assert found["verdict"] in verdicts
    assert [reason in each["reason"] for each in found["stays"]] == ([True] if reason else [])


@pytest.mark.parametrize(
    ("more", "place", "account", "region"),
    [
        (VIRGINIA, "account 111111111111, us-east-1", "111111111111", "us-east-1"),
        (VIRGINIA | {"assumedRoleArn": OTHERS}, "account 999999999999, us-east-1", "999999999999", "us-east-1"),
        (SOMEWHERE, "account 111111111111, stack Mail, sent to region ${Region}", "111111111111", None),
        ({"assumedRoleArn": "${Role}"}, "eu-west-1, stack Mail, sent to account of ${Role}", None, "eu-west-1"),
        (
            {"assumedRoleArn": "arn:aws:iam::${Account}:role/Mail"},
            "eu-west-1, stack Mail, sent to account ${Account}",
            None,
            "eu-west-1",
        ),
    ],
)
def test_explain_says_where_a_call_goes(
    tmp_path: Path, more: Any, place: str, account: str | None, region: str | None
) -> None:
    written(tmp_path / "cdk.out", calls(**more))
    assert sending_policy("explain", folder=tmp_path).stdout.startswith(f"example.com in {place}\n")
    [found] = json.loads(sending_policy("explain", "--format=json", folder=tmp_path).stdout)["policies"]
    assert (found["account"], found["region"]) == (account, region)


@pytest.mark.parametrize(
    ("one_call", "another", "count"),
    [
        ({}, {}, 1),
        (VIRGINIA, VIRGINIA, 1),
        (SOMEWHERE, SOMEWHERE, 1),
        ({}, VIRGINIA, 0),
        ({}, SOMEWHERE, 0),
        (IRELAND, {}, 1),
        ({}, {"assumedRoleArn": OTHERS}, 0),
    ],
)
@pytest.mark.parametrize("identity", ["example.com", "${Role}"])
def test_two_of_one_name_meet_only_in_one_place(
    tmp_path: Path, one_call: Any, another: Any, count: int, identity: str
) -> None:
    pair = {
        name: called(Create=put(of=name, identity=identity, **more)) for name, more in (("P", one_call), ("Q", another))
    }
    written(tmp_path / "cdk.out", stacks(HERE, Mail=with_parameters(**pair)))
    assert sending_policy("check", folder=tmp_path).stdout.count("SES009") == count


def test_a_pair_is_one_stack_and_what_its_calls_write_elsewhere_is_elsewhere(tmp_path: Path) -> None:
    old = stacks(HERE, main=one(P=called(Create=put(), Update=put(**VIRGINIA))))
    there = "aws://222222222222/eu-central-1"
    same = stacks(there, pr=one(P=called(Create=put(), Update=put(**VIRGINIA))))
    other = stacks(there, pr=one(P=called(Create=put(), Update=put(region="us-west-2"))))
    assert told(tmp_path / "same", old, same, "--pair=main=pr")["verdict"] == "unchanged"
    assert told(tmp_path / "other", old, other, "--pair=main=pr")["verdict"] in NEW


def test_what_a_call_brings_along_is_of_where_it_comes_from(tmp_path: Path) -> None:
    """Both stacks name the account that they are in; the call goes to another one."""
    own = PARTNER | {"Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}}
    arn = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
    there = one(P=policy(own | {"Resource": arn}, name="there"))
    principal = {"AWS": "arn:aws:iam::${AWS::AccountId}:root"}
    text = json.dumps(put(PARTNER | {"Principal": principal, "Resource": arn}, assumedRoleArn=OWN, **IRELAND))
    sent = {"Type": "Custom::AWS", "Properties": {"ServiceToken": "x", "Create": {"Fn::Sub": text}}}
    before, after = (stacks(ANYWHERE, There=there, Other=one(**more)) for more in ({}, {"P": sent}))
    assert told(tmp_path, before, after)["verdict"] in NEW
