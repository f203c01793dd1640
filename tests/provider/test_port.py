"""The client for SES: which calls are made, what their failures say, and their time limits."""

import pytest

from provider.ses import AlreadyExistsError, ses_client
from tests.support.events import document, statement
from tests.support.inside import CREATE, DELETE, READ, REFUSED, UPDATE, Ended, Inside
from tests.support.owners import CLAIMED, MARKER, PARTNER, UNCLAIMED, text


def test_a_call_has_limits_and_one_try() -> None:
    """The pacer decides about every further try, and a call that starts ends before the answer must be sent."""
    client = ses_client("eu-west-1")
    assert (client.meta.service_model.service_name, client.meta.region_name) == ("sesv2", "eu-west-1")
    config = client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 10)
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}


@pytest.mark.parametrize(
    ("operation", "physical_id"), [(CREATE, None), (READ, CLAIMED), (UPDATE, CLAIMED), (DELETE, "delete")]
)
def test_a_refusal_names_the_call(aws: Inside, operation: str, physical_id: str | None) -> None:
    aws.seed(text(marker=MARKER), "renamed" if physical_id is None else "partner")
    aws.fail(operation, **REFUSED)
    if physical_id is None:
        event = PARTNER.create("")
    elif physical_id == "delete":
        event = PARTNER.delete("", CLAIMED)
    else:
        event = PARTNER.update("", CLAIMED, Policy=document(statement("333333333333")))
    assert aws.handle(event) == Ended(
        "FAILED",
        UNCLAIMED if physical_id is None else CLAIMED,
        f"RefusedBySes: {operation}: BadRequestException: no such thing",
    )


@pytest.mark.parametrize("doubtful", [False, True])
def test_a_taken_name_may_be_taken_by_an_earlier_try(*, doubtful: bool) -> None:
    assert AlreadyExistsError(doubtful=doubtful).doubtful == doubtful
