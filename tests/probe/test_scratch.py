"""Whatever fails, the identity that the probe created is deleted, or the command says how to delete it."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from emulator import AccountRegion, Quota, ScriptedFault, StrictSes
from probe.catalogue import QUESTIONS
from probe.probe_run import ProbeRun, probe
from probe.reading import UNANSWERED
from ses_sending_policy.review.live.calls import Calls
from tests.probe.conftest import HERE, IDENTITY, NAMES, OTHER, Ask, answers, is_there
from tests.review.live.looking import Hurried

CREATE, DELETE = "CreateEmailIdentity", "DeleteEmailIdentity"
FOR_EVER = 1000

DENIED: dict[str, Any] = {
    "status": 403,
    "code": "AccessDeniedException",
    "message": "User: arn:aws:iam::111111111111:user/me may not",
}
THROTTLED: dict[str, Any] = {"status": 429, "code": "TooManyRequestsException", "message": "Rate exceeded"}

ENDINGS: dict[str, dict[str, Any]] = {
    "denied": DENIED,
    "throttled": THROTTLED,
    "ill": {},
    "ill, and done": {"applied": True},
    "refused": {"status": 400, "code": "BadRequestException", "message": "no"},
    "out of session": {"status": 403, "code": "ExpiredTokenException", "message": "over"},
}


def refusal(operation: str, times: int, **values: Any) -> ScriptedFault:
    return ScriptedFault("refusal", operation=operation, times=times, **values)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "operation",
    [
        "CreateEmailIdentityPolicy",
        "UpdateEmailIdentityPolicy",
        "DeleteEmailIdentityPolicy",
        "GetEmailIdentityPolicies",
    ],
)
def test_it_is_gone_whatever_a_question_meets(ses: StrictSes, ask: Ask, operation: str, ending: str) -> None:
    ses.fail(refusal(operation, FOR_EVER, **ENDINGS[ending]))
    found = ask()
    assert (found.left, is_there(ses, IDENTITY)) == ("", False)
    assert found.has_answers == (ending != "out of session" or operation != "UpdateEmailIdentityPolicy")
    # Without an existing policy, some questions cannot be asked.
    assert found.is_complete == (ending == "refused" and operation != "CreateEmailIdentityPolicy")


def test_what_one_question_meets_leaves_the_others_alone(ses: StrictSes, ask: Ask) -> None:
    ses.fail(refusal("GetEmailIdentityPolicies", FOR_EVER, **DENIED))
    found = ask()
    unanswered = [name for name, answer in answers(found).items() if answer == UNANSWERED]
    assert unanswered == [
        "get-without-identity",
        *[
            subject.name
            for name in ("name", "text", "read-back", "stale-read", "quota")
            for subject in QUESTIONS[name].subjects
        ],
    ]
    assert [fault.partition(" has ")[0] for fault in found.faults] == [
        "question 'without-identity'",
        "question 'name'",
        "question 'text'",
        "question 'read-back'",
        "question 'stale-read'",
        "question 'quota'",
    ]


@pytest.mark.parametrize("values", [THROTTLED, {}, {"status": 503}], ids=["throttled", "ill", "unavailable"])
def test_it_asks_once_more_where_that_helps(ses: StrictSes, ask: Ask, values: dict[str, Any]) -> None:
    for operation in (CREATE, DELETE, "DeleteEmailIdentityPolicy"):
        ses.fail(refusal(operation, 2, **values))
    found = ask("delete-missing")
    assert (answers(found), found.faults) == ({"delete-missing": "not-found"}, ())
    assert (ses.faults_left, is_there(ses, IDENTITY)) == (0, False)


def test_a_refusal_of_what_may_be_done_already_is_no_answer(ses: StrictSes, ask: Ask) -> None:
    """The policy was created, but no answer came: the next try learns that it exists."""
    ses.fail(ScriptedFault("reset", applied=True, operation="CreateEmailIdentityPolicy", policy_name="unknown-action"))
    told = answers(ask("validation"))
    assert (told["bad-json"], told["unknown-action"]) == ("refused", UNANSWERED)


@pytest.mark.parametrize("ending", ["hang", "reset"])
def test_a_creation_without_an_answer_is_removed(ses: StrictSes, ask: Ask, ending: Any) -> None:
    """It was created, but no answer came: the next try learns that it exists, and knows by whom."""
    ses.fail(ScriptedFault(ending, applied=True, operation=CREATE))
    found = ask("delete-missing")
    assert (answers(found), found.faults) == ({"delete-missing": "not-found"}, ())
    assert not is_there(ses, IDENTITY)


def test_a_creation_that_is_never_answered_is_removed(ses: StrictSes, ask: Ask) -> None:
    ses.fail(ScriptedFault("reset", applied=True, operation=CREATE, times=FOR_EVER))
    found = ask()
    assert (found.has_answers, found.left, is_there(ses, IDENTITY)) == (False, "", False)
    assert found.faults[0].startswith("no identity could be made to try it on, CreateEmailIdentity: no answer: ")


def test_an_identity_that_was_there_is_not_touched(ses: StrictSes, ask: Ask) -> None:
    place = AccountRegion(HERE.account, HERE.region)
    ses.add_identity(IDENTITY, place)
    found = ask()
    [fault] = found.faults
    assert fault.endswith(f"CreateEmailIdentity: AlreadyExistsException: Email identity {IDENTITY} already exist")
    assert (found.left, ses.calls(), is_there(ses, IDENTITY)) == ("", [], True)
    ses.remove_identity(IDENTITY, place)


def test_without_the_right_to_tag_it_goes_without(ses: StrictSes, ask: Ask) -> None:
    ses.fail(refusal(CREATE, 1, **DENIED))
    assert ask("delete-missing").faults == ()
    assert not is_there(ses, IDENTITY)


def test_without_the_right_to_make_it_nothing_is_made_and_nothing_removed(ses: StrictSes, ask: Ask) -> None:
    ses.fail(refusal(CREATE, FOR_EVER, **DENIED), refusal(DELETE, FOR_EVER, **DENIED))
    found = ask()
    assert found.faults == (
        "no identity could be made to try it on, CreateEmailIdentity: AccessDeniedException: " + DENIED["message"],
    )
    assert (found.left, found.calls, ses.calls()) == ("", 2, [])


def test_where_the_first_name_is_refused_another_is_used(ses: StrictSes, ask: Ask) -> None:
    ses.fail(refusal(CREATE, 1, status=400, code="BadRequestException", message="Invalid domain name"))
    found = ask("delete-missing")
    assert (answers(found), found.faults) == ({"delete-missing": "not-found"}, ())
    assert {call.identity for call in ses.calls()} == {OTHER}
    assert not is_there(ses, OTHER)


@pytest.mark.parametrize(
    ("values", "tries", "words"),
    [
        (DENIED, 1, f"AccessDeniedException: {DENIED['message']}"),
        (THROTTLED, 5, "TooManyRequestsException: Rate exceeded"),
        ({}, 5, "InternalServiceError: The service failed by script"),
        ({"status": 403, "code": "ExpiredTokenException"}, 1, ""),
    ],
    ids=["denied", "throttled", "ill", "out of session"],
)
def test_what_cannot_be_removed_is_named(
    ses: StrictSes, ask: Ask, values: dict[str, Any], tries: int, words: str
) -> None:
    ses.fail(refusal(DELETE, FOR_EVER, **values))
    found = ask("delete-missing")
    assert found.left == IDENTITY
    assert [fault for fault in found.faults if fault.startswith(f"identity {IDENTITY!r} may be left: ")]
    assert words in found.faults[-1]
    assert ses.faults_left == FOR_EVER - tries
    assert is_there(ses, IDENTITY)
    ses.remove_identity(IDENTITY, AccountRegion(HERE.account, HERE.region))


@pytest.mark.parametrize("number", [0, 1, 2, 5, 20, 35, 50])
def test_who_interrupts_keeps_what_was_found(ses: StrictSes, ask: Ask, number: int) -> None:
    ses.change(quota=Quota(scope="each"))
    asked = count()
    found = ask(is_interrupted=lambda: next(asked) >= number)
    assert (found.is_interrupted, found.calls, found.faults) == (True, number, ())
    assert len(ses.calls()) == max(0, number - 1)
    assert found.has_answers == (number > 1)
    assert not is_there(ses, IDENTITY)


def test_a_busy_ses_is_left_in_peace_after_so_many_calls(ses: StrictSes, ask: Ask) -> None:
    for operation in ("UpdateEmailIdentityPolicy", "DeleteEmailIdentityPolicy", "CreateEmailIdentityPolicy") * 9:
        ses.fail(refusal(operation, 3, **THROTTLED), ScriptedFault("answer", operation=operation))
    found = ask()
    assert found.calls == 90
    assert found.faults == ("SES had to be asked again so often that all 90 calls are used up",)
    assert not is_there(ses, IDENTITY)


class Broken:
    """AWS, with a bug of ours at one call.

    :param calls: the calls to the strict SES.
    :param number: the number of the call with the bug.
    """

    def __init__(self, calls: Calls, number: int) -> None:
        self._calls = calls
        self._left = number
        self.region = calls.region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Make the call, or raise the bug's error."""
        self._left -= 1
        if not self._left:
            raise ZeroDivisionError
        return self._calls.once(service, operation, **parameters)

    call = once


@pytest.mark.parametrize("number", [1, 2, 3, 10])
def test_it_is_gone_even_after_a_bug(ses: StrictSes, aws: Calls, clock: Hurried, number: int) -> None:
    run = ProbeRun(Broken(aws, number), HERE, clock, lambda: False, NAMES, lambda *_: None)
    with pytest.raises(ZeroDivisionError):
        probe(run, list(QUESTIONS.values()))
    assert not is_there(ses, IDENTITY)
