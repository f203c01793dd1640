"""The limits that AWS documents, and what the probe says if SES keeps to them or not."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from emulator import Quota, StrictSes
from probe import limit, validation
from probe.catalogue import QUESTIONS
from probe.probe_run import ProbeRun, probe
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.rules.faults import CallError
from tests.probe.conftest import HERE, IDENTITY, NAMES, SIZES, Ask, answers
from tests.review.live.looking import Hurried

# "Policies can't exceed 4 kilobytes (KB) in size."
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
BYTES: Final = 4 * 1024

# "You can attach up to 20 policies to each identity."
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html
POLICIES: Final = 20


def test_it_asks_for_what_aws_documents() -> None:
    assert (validation.DOCUMENTED_BYTES, limit.DOCUMENTED) == (BYTES, POLICIES)
    asked = " ".join(subject.asks for subject in validation.SUBJECTS)
    assert f"a policy of {BYTES:,} bytes" in asked
    assert limit.LIMIT.answers["as-documented"].startswith(f"{POLICIES}, ")


def test_what_it_writes_is_of_the_size_that_it_asks_about(ses: StrictSes, ask: Ask) -> None:
    ask("validation")
    texts = {call.policy_name: call.document or "" for call in ses.calls() if call.policy_name in SIZES}
    sizes = {name: (len(text.encode()), len(text)) for name, text in texts.items()}
    assert sizes["largest"] == (BYTES, BYTES)
    assert sizes["too-large"] == sizes["too-large-with-white-space"] == (BYTES + 1, BYTES + 1)
    assert len(texts["too-large-with-white-space"].strip()) < BYTES // 2
    of_bytes, of_characters = sizes["too-large-in-bytes"]
    assert of_bytes > BYTES > of_characters


def test_it_tells_which_sizes_are_taken(ask: Ask) -> None:
    """The strict SES counts the bytes of what it keeps, which is without white space."""
    given = answers(ask("validation"))
    assert {name: given[name] for name in SIZES} == {
        "largest": "accepted",
        "too-large": "refused",
        "too-large-with-white-space": "accepted",
        "too-large-in-bytes": "refused",
    }


def test_all_that_it_writes_has_room(ses: StrictSes, ask: Ask) -> None:
    """Also if SES accepts every policy: a refusal of one too many would be taken for a refusal of its content."""
    ask()
    writes = {"CreateEmailIdentityPolicy", "UpdateEmailIdentityPolicy"}
    made = {call.policy_name for call in ses.calls() if call.operation in writes and call.identity == IDENTITY}
    assert len(made) <= POLICIES


CODES: Final = {"already-exists": "AlreadyExistsException", "limit-exceeded": "LimitExceededException"}


@pytest.mark.parametrize("create_when_full", CODES)
def test_who_asks_for_the_limit_learns_it(ses: StrictSes, ask: Ask, create_when_full: str) -> None:
    ses.change(create_when_full=create_when_full, quota=Quota())
    found = ask("limit")
    assert answers(found) == {"limit": "as-documented", "create-taken-when-full": create_when_full}
    assert found.readings[0].note == f"there are {POLICIES}"
    assert [reading.said[0].code for reading in found.readings] == ["LimitExceededException", CODES[create_when_full]]


class Roomy:
    """AWS, with another number of policies per identity.

    :param calls: the calls to the strict SES.
    :param most: that number.
    """

    def __init__(self, calls: Calls, most: int) -> None:
        self._calls = calls
        self._left = most
        self.region = calls.region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Make the call; answer those for a policy too many here."""
        if operation == "CreateEmailIdentityPolicy":
            self._left -= 1
            if self._left < 0:
                raise CallError("LimitExceededException", "one too many")
            if parameters["PolicyName"] == f"number-{POLICIES + 1}":
                return {}  # the strict SES would refuse it
        return self._calls.once(service, operation, **parameters)

    call = once


@pytest.mark.parametrize(
    ("most", "told"),
    [(POLICIES - 1, ("fewer", f"there are {POLICIES - 1}")), (POLICIES + 5, ("more", f"there are {POLICIES + 1}"))],
)
@pytest.mark.usefixtures("ses")
def test_it_tells_another_limit(aws: Calls, clock: Hurried, most: int, told: tuple[str, str]) -> None:
    run = ProbeRun(Roomy(aws, most), HERE, clock, lambda: False, NAMES, lambda *_: None)
    reading = probe(run, [QUESTIONS["limit"]]).readings[0]
    assert (reading.answer, reading.note) == told
