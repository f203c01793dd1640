"""A Create that succeeds, fails halfway or is delivered again; rows 26 and 29 to 31 of the fault table."""

from tests.support.fake_aws import FakeAws
from tests.support.owners import MADE, PARTNER, declared, parsed
from tests.support.readings import every_reading
from tests.support.rows import row


@every_reading
@row(
    26,
    "a Create, and the policy is absent",
    "made, in two calls",
    note="no read-back: Create claims the name and Update writes what is there, which is right under every reading",
)
def test_row_26_create(aws: FakeAws, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    answer = aws.handle(PARTNER.create(aws.url))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", MADE)
    assert answer["Data"].keys() == {"PolicyName", "EmailIdentity", "PolicyHash"}
    assert parsed(aws.live()) == declared()
    assert aws.calls == ["Create", "Update"]


@row(29, "a Create delivered twice", "SUCCESS twice with one id, one policy")
def test_row_29_create_twice(aws: FakeAws) -> None:
    event = PARTNER.create(aws.url)
    assert [aws.handle(event)["PhysicalResourceId"] for _ in range(2)] == [MADE, MADE]
    assert len(aws.ses.policies()) == 1
    assert parsed(aws.live()) == declared()


@row(30, "a Create that was done, its answer lost, and comes again", "SUCCESS with the same id")
def test_row_30_the_answer_is_lost(aws: FakeAws) -> None:
    event = PARTNER.create(aws.url)
    aws.answers.script.append(403)
    assert aws.function(event) is not None
    answer = aws.handle(event)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", MADE)


@row(
    31,
    "a Create that made the policy and then failed",
    "FAILED with an id that says so; its Delete removes the policy",
    note="the second call is the Update, there is no read-back",
)
def test_row_31_half_a_create(aws: FakeAws) -> None:
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException", message="no such thing")
    failed = aws.handle(PARTNER.create(aws.url))
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", MADE)
    assert failed["Reason"] == "RefusedBySes: UpdateEmailIdentityPolicy: BadRequestException: no such thing"
    assert aws.live() is not None
    aws.handle(PARTNER.delete(aws.url, failed["PhysicalResourceId"]))
    assert aws.live() is None
