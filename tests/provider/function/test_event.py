"""Invalid events, what a warm function must forget, and what must not be logged; rows 20 to 25 of the fault table."""

import pytest

from tests.support.events import Resource
from tests.support.fake_aws import FakeAws
from tests.support.rows import row

PARTNER = Resource()


@row(20, "an event without ResponseURL on a warm function", "raises; nothing goes to the earlier event's URL")
def test_row_20_a_malformed_event_answers_nobody(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    malformed = PARTNER.create(aws.url)
    del malformed["ResponseURL"]
    assert aws.function(malformed) == "MalformedEventError: the event has no ResponseURL: it is not CloudFormation's"
    assert len(aws.answers.puts) == 1


@row(21, "an empty event, or one that is not CloudFormation's", "raises at once")
@pytest.mark.parametrize(
    ("event", "error"),
    [
        (
            {},
            (
                "the event has no RequestType, RequestId, StackId, LogicalResourceId, ResponseURL: "
                "it is not CloudFormation's"
            ),
        ),
        ([], "the event is a list: CloudFormation sends an object"),
        (None, "the event is a NoneType: CloudFormation sends an object"),
        (
            {"source": "aws.events", "RequestType": "Create"},
            "the event has no RequestId, StackId, LogicalResourceId, ResponseURL: it is not CloudFormation's",
        ),
    ],
    ids=["empty", "a list", "null", "a scheduled ping"],
)
def test_row_21_no_event_at_all(aws: FakeAws, event: object, error: str) -> None:
    assert aws.function(event) == f"MalformedEventError: {error}"
    assert (aws.answers.puts, aws.calls) == ([], [])


@row(22, "a RequestType that nobody knows", "raises")
def test_row_22_an_unknown_request(aws: FakeAws) -> None:
    event = PARTNER.create(aws.url) | {"RequestType": "Read"}
    assert aws.function(event) == "MalformedEventError: RequestType is 'Read': allowed are Create, Update, Delete"
    assert aws.answers.puts == []


@row(
    23,
    "no AWS_REGION",
    "a clear FAILED with an id",
    note="better: it works, for the region is the stack's own, and its ARN tells it",
)
def test_row_23_no_region_is_needed(aws: FakeAws) -> None:
    with aws.another_function(AWS_REGION="") as function:
        assert function(PARTNER.create(aws.url)) is None
    assert aws.answers.arrived[0]["Status"] == "SUCCESS"


@row(24, "what the call before left behind", "nothing of it is left")
def test_row_24_nothing_is_remembered(aws: FakeAws) -> None:
    created = aws.handle(PARTNER.create(aws.url))
    refused = aws.handle(Resource(logical_id="Other").create(aws.url))
    assert refused["Status"] == "FAILED"
    assert refused["Data"] == {}
    deleted = aws.handle(PARTNER.delete(aws.url, created["PhysicalResourceId"]))
    assert (deleted["Reason"], deleted["Data"], deleted["NoEcho"]) == ("", {}, False)


def test_crhelpers_own_keys_in_an_event_do_nothing(aws: FakeAws) -> None:
    event = PARTNER.create(aws.url) | {"CrHelperPoll": True, "CrHelperData": {"PhysicalResourceId": "theirs"}}
    answer = aws.handle(event)
    assert answer["Status"] == "SUCCESS"
    assert answer["PhysicalResourceId"] != "theirs"


@row(25, "secrets in the log", "never, whatever the outcome")
def test_row_25_no_log_holds_the_answer_url(aws: FakeAws) -> None:
    aws.answers.script.append(500)
    created = aws.handle_all(PARTNER.create(aws.url))
    aws.handle(PARTNER.create(aws.url, PolicyName="no such name"))
    aws.handle(PARTNER.delete(aws.url, created["PhysicalResourceId"]))
    aws.answers.always = 403
    aws.function(PARTNER.create(aws.url))
    aws.function(PARTNER.create("http://localhost/?X-Amz-Signature=SECRET"))
    assert "SECRET" not in aws.function.text
    assert "X-Amz" not in aws.function.text
