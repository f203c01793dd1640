"""The parts of an event, which events are invalid, and the id that is answered if nothing better is known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from provider.event import Event, MalformedEventError, RequestType
from provider.failures import Failure, Reason, fitting
from provider.lifecycle import first_id
from tests.support.owners import CLAIMED, PARTNER, UNCLAIMED

URL = "https://answers.example/a%7Cb?X-Amz-Signature=SECRET"
CREATE = PARTNER.create(URL)
UPDATE = PARTNER.update(URL, CLAIMED, old={"PolicyName": "old"})
NO_HTTPS = "ResponseURL is no https address: only https is answered"


def test_an_update_says_everything() -> None:
    assert Event.read(UPDATE) == Event(
        request_type=RequestType.UPDATE,
        request_id=UPDATE["RequestId"],
        stack_id=PARTNER.stack_id,
        logical_id=PARTNER.logical_id,
        response_url=URL,
        physical_id=CLAIMED,
        properties=PARTNER.properties(),
        old_properties=PARTNER.properties(PolicyName="old"),
    )


def test_crhelper_reads_of_it_what_cloudformation_sent_and_nothing_of_its_own() -> None:
    """An event could contain crhelper's own keys for polling."""
    read = Event.read(UPDATE | {"CrHelperPoll": True, "CrHelperData": {}})
    assert dict(read) == {
        "RequestType": "Update",
        "RequestId": UPDATE["RequestId"],
        "StackId": PARTNER.stack_id,
        "LogicalResourceId": PARTNER.logical_id,
        "ResponseURL": URL,
        "PhysicalResourceId": CLAIMED,
    }
    assert len(read) == 6
    assert "PhysicalResourceId" not in list(Event.read(CREATE))
    assert "PhysicalResourceId" not in Event.read(CREATE)


def test_a_create_has_no_physical_id_even_where_it_says_so() -> None:
    assert Event.read(CREATE).physical_id is None
    assert Event.read(CREATE | {"PhysicalResourceId": "theirs"}).physical_id is None


@pytest.mark.parametrize("value", [None, "x", []], ids=repr)
def test_properties_that_are_none_are_empty(value: object) -> None:
    read = Event.read(UPDATE | {"ResourceProperties": value, "OldResourceProperties": value})
    assert (read.properties, read.old_properties) == ({}, {})


def test_the_answer_url_is_in_no_repr() -> None:
    assert "SECRET" not in repr(Event.read(CREATE))


@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
def test_the_three_requests(request_type: str) -> None:
    assert Event.read(UPDATE | {"RequestType": request_type}).request_type.value == request_type


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        ([], "the event is a list: CloudFormation sends an object"),
        (None, "the event is a NoneType: CloudFormation sends an object"),
        (
            {},
            (
                "the event has no RequestType, RequestId, StackId, LogicalResourceId, ResponseURL: "
                "it is not CloudFormation's"
            ),
        ),
        (CREATE | {"StackId": ""}, "the event has no StackId: it is not CloudFormation's"),
        (CREATE | {"RequestId": 12}, "the event has no RequestId: it is not CloudFormation's"),
        (CREATE | {"RequestType": "Read"}, "RequestType is 'Read': allowed are Create, Update, Delete"),
        (CREATE | {"RequestType": "Update"}, "the Update event has no PhysicalResourceId"),
        (CREATE | {"RequestType": "Delete", "PhysicalResourceId": ""}, "the Delete event has no PhysicalResourceId"),
        (UPDATE | {"PhysicalResourceId": 12}, "the Update event has no PhysicalResourceId"),
        (CREATE | {"ResponseURL": "http://h:1/x?SECRET"}, NO_HTTPS),
        (CREATE | {"ResponseURL": "https:///x?SECRET"}, NO_HTTPS),
        (CREATE | {"ResponseURL": "https://["}, "ResponseURL is no URL: only https is answered"),
        (CREATE | {"ResponseURL": "https://h:SECRET/"}, "ResponseURL is no URL: only https is answered"),
        (CREATE | {"ResponseURL": "no url"}, NO_HTTPS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_cloudformations(event: object, fault: str) -> None:
    with pytest.raises(MalformedEventError) as malformed:
        Event.read(event)
    assert str(malformed.value) == fault


SIGNED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("query", "birth"),
    [
        ("", None),
        ("?X-Amz-Date=20260304T050607Z", SIGNED),
        ("?a=b&X-Amz-Date=20260304T050607Z&c", SIGNED),
        ("?X-Amz-Date=yesterday", None),
        ("?X-Amz-Date=2026-03-04T05:06:07Z", None),
        ("?X-Amz-Date=", None),
        ("?x-amz-date=20260304T050607Z", None),
    ],
)
def test_when_the_answer_url_was_signed(query: str, birth: float | None) -> None:
    assert Event.read(CREATE | {"ResponseURL": f"https://answers.example/1{query}"}).birth == birth


@pytest.mark.usefixtures("far_from_greenwich")
def test_the_machine_s_own_time_zone_does_not_count() -> None:
    assert Event.read(CREATE | {"ResponseURL": "https://h/?X-Amz-Date=20260304T050607Z"}).birth == SIGNED


@pytest.mark.parametrize(
    ("declared", "seconds"), [("1200", 1200), ("30", 30), (None, 3600), (1200, 3600), ("soon", 3600), ("-5", 3600)]
)
def test_how_long_cloudformation_waits(declared: Any, seconds: float) -> None:
    event = CREATE | {"ResourceProperties": {"ServiceTimeout": declared} if declared is not None else {}}
    assert Event.read(event).service_timeout == seconds


@pytest.mark.parametrize(
    ("event", "id_"),
    [
        (UPDATE, CLAIMED),
        (CREATE, UNCLAIMED),
        (PARTNER.create(URL, EmailIdentity="arn:aws:ses:eu-west-1:111111111111:identity/Example.com"), UNCLAIMED),
        (PARTNER.create(URL, PolicyName="a b"), "Partner1A2B3C4D-unclaimed"),
        (PARTNER.create(URL, EmailIdentity=None), "Partner1A2B3C4D-unclaimed"),
    ],
)
def test_the_first_id(event: dict[str, Any], id_: str) -> None:
    assert first_id(Event.read(event)) == id_


# The part of a reason that fits into an answer


@pytest.mark.parametrize(
    ("length", "kept"), [(250, "x" * 250), (251, "x" * 230 + "… (whole in the log)")], ids=["fits", "is cut"]
)
def test_a_reason_fits_into_an_answer(length: int, kept: str) -> None:
    assert fitting("x" * length) == kept


def test_a_length_of_ones_own() -> None:
    assert fitting("x" * 31, 30) == "x" * 10 + "… (whole in the log)"


def test_what_was_left_behind_is_never_cut() -> None:
    failure = Failure(Reason.REFUSED_BY_SES, "y" * 400).with_rest("left behind: z")
    assert str(failure).startswith("RefusedBySes: yyy")
    assert str(failure).endswith("yyy… (whole in the log); left behind: z")
    assert len(str(failure)) == 250


def test_a_short_reason_is_kept_whole() -> None:
    assert str(Failure(Reason.CRASHED, "y").with_rest("z")) == "Crashed: y; z"


def test_a_rest_that_takes_all_the_room_leaves_a_word_of_the_log() -> None:
    failure = Failure(Reason.CRASHED, "y" * 30).with_rest("z" * 300)
    assert str(failure) == f"Crashed: … (whole in the log); {'z' * 300}"


def test_a_failure_is_not_doubtful_by_itself() -> None:
    assert not Failure(Reason.CRASHED, "y").doubtful


def test_the_codes_of_failures() -> None:
    """docs/lifecycle.md has a heading for each, where people look them up."""
    assert [reason.value for reason in Reason] == [
        "InvalidDeclaration",
        "PolicyExists",
        "NotEquivalent",
        "IdentityNotFound",
        "PolicyLimit",
        "PolicyVanished",
        "AccessDenied",
        "InvalidPrincipal",
        "RefusedBySes",
        "Throttled",
        "SesUnavailable",
        "OutOfTime",
        "Overtaken",
        "Crashed",
        "ImportFailed",
    ]
