"""A Delete of a policy that exists or not; rows 38, 39, 41 and 42 of the fault table."""

from tests.support.fake_aws import FakeAws
from tests.support.owners import CLAIMED, PARTNER
from tests.support.readings import every_reading
from tests.support.rows import row


@every_reading
@row(38, "a Delete, and the policy is gone", "SUCCESS")
def test_row_38_delete_of_what_is_gone(aws: FakeAws, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    answer = aws.handle(PARTNER.delete(aws.url, CLAIMED))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", CLAIMED)


@row(39, "a Delete, and the identity is gone", "SUCCESS")
def test_row_39_delete_without_the_identity(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.ses.remove_identity("example.com")
    assert aws.handle(PARTNER.delete(aws.url, CLAIMED))["Status"] == "SUCCESS"


@row(41, "a Delete for a Create that never ran", "SUCCESS, nothing is written; looked at for 13 seconds")
def test_row_41_delete_before_create(aws: FakeAws) -> None:
    assert aws.handle(PARTNER.delete(aws.url, "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z"))["Status"] == "SUCCESS"
    assert aws.calls == ["Get", "Get", "Get"]


@every_reading
@row(42, "a Delete twice, or a late duplicate", "SUCCESS twice")
def test_row_42_delete_twice(aws: FakeAws, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    aws.handle(PARTNER.create(aws.url))
    event = PARTNER.delete(aws.url, CLAIMED)
    assert [aws.handle(event)["Status"] for _ in range(2)] == ["SUCCESS", "SUCCESS"]
    assert aws.live() is None
