"""A Delete can overtake a Create: a function that waits asks CloudFormation whether its event is still wanted."""

import json
from typing import Any, Final

import pytest

from tests.support.cloudformation import Described
from tests.support.events import Resource, document, statement
from tests.support.fake_aws import FakeAws

PARTNER = Resource()
CLAIMED = "example.com|partner|3709feb27d9890ae"
THROTTLE: Final[dict[str, Any]] = {"status": 429, "code": "TooManyRequestsException"}


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_COMPLETE", "CREATE_FAILED"])
def test_a_create_that_waits_stops_when_its_delete_has_come(aws: FakeAws, status: str) -> None:
    aws.fail("CreateEmailIdentityPolicy", times=1000, **THROTTLE)
    aws.cloudformation.says = lambda _: Described(status)
    answer = aws.handle(PARTNER.create(aws.url))
    assert answer["Reason"] == f"Overtaken: CloudFormation went on without it, the resource is {status}"
    assert aws.live() is None


def test_what_was_there_before_is_not_taken_back(aws: FakeAws) -> None:
    """This run did not create it, so it must not delete it. The Create is overtaken during its last write."""
    aws.seed(json.dumps(document()))
    said = iter([Described("CREATE_IN_PROGRESS"), Described("DELETE_IN_PROGRESS")])
    aws.cloudformation.says = lambda _: next(said)
    answer = aws.handle(PARTNER.create(aws.signed(60), WhenExists="ADOPT"))
    assert answer["Reason"].startswith("Overtaken: ")
    assert aws.live() is not None


def test_an_update_stops_when_something_newer_began(aws: FakeAws) -> None:
    physical_id = aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"]
    before = aws.live()
    signed_at = aws.now - 60
    aws.cloudformation.says = lambda _: Described("UPDATE_IN_PROGRESS", physical_id, signed_at + 30)
    url = aws.signed(60)
    answer = aws.handle(PARTNER.update(url, physical_id, Policy=document(statement("333333333333"))))
    assert answer["Reason"] == (
        "Overtaken: CloudFormation began something newer with the resource, which is UPDATE_IN_PROGRESS"
    )
    assert aws.live() == before


def test_where_cloudformation_cannot_be_asked_it_is_logged_and_goes_on(aws: FakeAws) -> None:
    aws.fail("CreateEmailIdentityPolicy", times=20, **THROTTLE)
    aws.cloudformation.denied.add("DescribeStackResource")
    assert aws.handle(PARTNER.create(aws.url))["Status"] == "SUCCESS"
    assert "could not ask CloudFormation, goes on" in aws.hurried.text
    assert len(aws.cloudformation.asked) == 1


def test_a_failure_tells_that_cloudformation_could_not_be_asked(aws: FakeAws) -> None:
    aws.fail("CreateEmailIdentityPolicy", times=10_000, **THROTTLE)
    aws.cloudformation.denied.add("DescribeStackResource")
    reason = aws.handle(PARTNER.create(aws.url))["Reason"]
    assert reason.startswith("Throttled: ")
    assert reason.endswith("; CloudFormation could not be asked")


@pytest.mark.parametrize(
    ("status", "began", "stays"),
    [("CREATE_COMPLETE", 30, True), ("DELETE_IN_PROGRESS", 30, False), ("UPDATE_COMPLETE", 0, False)],
    ids=["came again", "is being deleted", "nothing newer"],
)
def test_a_late_delete_leaves_what_its_resource_has_again(
    aws: FakeAws, status: str, began: float, *, stays: bool
) -> None:
    """Lambda delivers it again after the resource left its stack and was created again with the same id."""
    physical_id = aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"]
    signed_at = aws.now - 60
    aws.cloudformation.says = lambda _: Described(status, physical_id, signed_at + began)
    answer = aws.handle(PARTNER.delete(aws.signed(60), physical_id))
    assert (answer["Status"], aws.live() is not None) == ("SUCCESS", stays)
