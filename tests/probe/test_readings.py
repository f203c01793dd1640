"""The probe finds out which reading of SES holds: each one that the strict SES can be set to, over HTTP."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from emulator import AccountRegion, Quota, ScriptedFault, StoredPolicy, StrictSes
from emulator.settings import NameCase, NameUnicode
from probe.catalogue import QUESTIONS, USUAL
from probe.port import PREFIX
from probe.probe_run import ProbeRun, calls_of, probe
from ses_sending_policy.review.live.calls import Calls
from tests.probe.conftest import HERE, IDENTITY, NAMES, SIZES, Ask, answers, is_there
from tests.review.live.looking import Hurried
from tests.support.readings import READINGS

USUALLY = {
    "update-missing": "not-found",
    "delete-missing": "not-found",
    "create-without-identity": "not-found",
    "update-without-identity": "not-found",
    "delete-without-identity": "not-found",
    "get-without-identity": "not-found",
    "create-taken": "already-exists",
    "name-case": "another",
    "name-unicode": "not-found",
    "id": "kept",
    "white-space": "stripped",
    "key-order": "kept",
    "escapes": "kept",
    "booleans": "kept",
    "lists": "kept",
    "version": "kept",
    "principal-twice": "kept",
    "account-principal": "kept",
    "effect-case": "refused",
    "lone-statement": "kept",
    "bad-json": "refused",
    "other-resource": "refused",
    "unknown-action": "accepted",
    "key-case": "refused",
    "unknown-principal": "accepted",
    "policy-name": "refused",
    "stale-read": "none",
    "quota": "not-met",
    "quota-burst": "unanswered",
    "quota-scope": "unanswered",
}
"""What the strict SES answers with its initial settings, except for sizes."""

# The strict SES rewrites the document when it drops the element.
DROPPED = {"id": "dropped", "escapes": "letter"}

REWRITTEN = {
    "key-order": "changed",
    "escapes": "letter",
    "lists": "scalars",
    "version": "default",
    "principal-twice": "once",
    "account-principal": "arn",
    "effect-case": "capital",
    "lone-statement": "list",
}
"""What it answers if documents are returned in canonical form."""

PACES: dict[str, tuple[Quota | None, dict[str, str]]] = {
    "any": (None, {}),
    "over all": (Quota(), {"quota": "once-a-second", "quota-burst": "refused-at-once", "quota-scope": "over-all"}),
    "each": (
        Quota(scope="each"),
        {"quota": "once-a-second", "quota-burst": "refused-at-once", "quota-scope": "each"},
    ),
}


@pytest.mark.parametrize("drops_id", [False, True], ids=["keeps Id", "drops Id"])
@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: "-".join(reading.values()))
def test_it_tells_each_reading(ses: StrictSes, ask: Ask, reading: dict[str, Any], pace: str, *, drops_id: bool) -> None:
    quota, told = PACES[pace]
    ses.change(quota=quota, drops_id=drops_id, **reading)
    found = ask()
    expected = {name.replace("_", "-"): value for name, value in reading.items()}
    given = answers(found)
    assert {name for name in given if name not in USUALLY} == SIZES
    assert {name: given[name] for name in USUALLY} == USUALLY | told | expected | (DROPPED if drops_id else {})
    assert (found.faults, found.left, found.is_complete) == ((), "", True)
    assert not is_there(ses, IDENTITY)


@pytest.mark.parametrize("rewritten", [{}, REWRITTEN], ids=["as sent", "canonical"])
@pytest.mark.parametrize(("seconds", "stale"), [(0.0, "none"), (2.7, "three-seconds"), (4.0, "longer")])
def test_it_tells_each_reading_of_a_read(
    ses: StrictSes, ask: Ask, rewritten: dict[str, str], seconds: float, stale: str
) -> None:
    """Neither of them changes the answers to other questions."""
    ses.change(stale_seconds=seconds, canonical=bool(rewritten), update_missing="upsert", name_case="same")
    found = ask()
    given = answers(found)
    others = {"stale-read": stale, "update-missing": "upsert", "name-case": "same"}
    assert {name: given[name] for name in USUALLY} == USUALLY | rewritten | others
    assert (found.faults, found.is_complete) == ((), True)
    assert found.calls < calls_of([QUESTIONS[name] for name in USUAL])


@pytest.mark.parametrize(
    ("seconds", "quota", "told"),
    [
        (0, None, ("none", "18 of 18 reads were answered, the first 0.00 s after the write")),
        (0, Quota(), ("none", "9 of 18 reads were answered, the first 1.10 s after the write")),
        (0, Quota(scope="each"), ("none", "10 of 18 reads were answered, the first 0.00 s after the write")),
        (0.5, None, ("three-seconds", "the last to show what was before began 0.00 s after the write")),
        (2.7, Quota(), ("three-seconds", "the last to show what was before began 2.20 s after the write")),
        (3.0, None, ("three-seconds", "the last to show what was before began 2.75 s after the write")),
        (3.5, None, ("longer", "the last to show what was before began 3.30 s after the write")),
        (60, None, ("longer", "the last to show what was before began 9.90 s after the write")),
    ],
    ids=str,
)
def test_it_tells_how_old_a_read_is(
    ses: StrictSes, ask: Ask, seconds: float, quota: Quota | None, told: tuple[str, str]
) -> None:
    ses.change(stale_seconds=seconds, quota=quota)
    [reading] = ask("stale-read").readings
    answer, note = told
    assert (reading.answer, reading.note.endswith(note)) == (answer, True)


def test_where_no_read_is_answered_nobody_can_tell_how_old_they_are(ses: StrictSes, ask: Ask) -> None:
    ses.fail(
        ScriptedFault(
            "refusal", operation="GetEmailIdentityPolicies", times=99, status=429, code="TooManyRequestsException"
        )
    )
    [reading] = ask("stale-read").readings
    assert (reading.answer, reading.note) == ("unanswered", "0 of 18 reads were answered")


def test_the_limit_is_told_where_reads_are_stale(ses: StrictSes, ask: Ask) -> None:
    ses.change(stale_seconds=3)
    assert answers(ask("limit"))["limit"] == "as-documented"


@pytest.mark.parametrize("unicode", get_args(NameUnicode))
@pytest.mark.parametrize("case", get_args(NameCase))
def test_it_tells_each_reading_of_a_name(ses: StrictSes, ask: Ask, case: str, unicode: str) -> None:
    ses.change(name_case=case, name_unicode=unicode)
    found = ask("name")
    asked = [call.identity for call in ses.calls("GetEmailIdentityPolicies")]
    assert answers(found) == {"name-case": case, "name-unicode": unicode}
    assert asked == ["sending-policy-probe-5CA1AB1E0DDBA115.INVALID", NAMES.unicode]
    assert (found.faults, is_there(ses, IDENTITY)) == ((), False)


class Late:
    """AWS, whose first read still shows the state before a write.

    :param calls: the calls to the strict SES.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._is_late = True
        self.region = calls.region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Make the call; show no policies in the first read."""
        if operation == "GetEmailIdentityPolicies" and self._is_late:
            self._is_late = False
            return {"Policies": {}}
        return self._calls.once(service, operation, **parameters)

    call = once


def test_a_read_that_comes_too_early_is_no_answer(ses: StrictSes, aws: Calls, clock: Hurried) -> None:
    ses.change(update_missing="upsert", name_case="same")
    for question, answer in (("update-missing", "upsert"), ("name", "same")):
        run = ProbeRun(Late(aws), HERE, clock, lambda: False, NAMES, lambda *_: None)
        found = probe(run, [QUESTIONS[question]])
        assert found.readings[0].answer == answer
        assert found.calls <= calls_of([QUESTIONS[question]])


@pytest.mark.parametrize(
    ("quota", "told"),
    [
        (Quota(burst=2), ("more", "forgiven", "over-all")),
        (Quota(burst=3), ("more", "forgiven", "over-all")),
        (Quota(burst=2, scope="each"), ("more", "forgiven", "each")),
        (Quota(per_second=0.5), ("fewer", "refused-at-once", "over-all")),
        (Quota(per_second=2), ("not-met", "unanswered", "unanswered")),
        (Quota(burst=9), ("not-met", "unanswered", "unanswered")),
    ],
    ids=str,
)
def test_it_tells_other_quotas(ses: StrictSes, ask: Ask, quota: Quota, told: tuple[str, ...]) -> None:
    ses.change(quota=quota)
    assert tuple(answers(ask("quota")).values()) == told


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_takes_no_more_calls_than_it_says(ses: StrictSes, ask: Ask, name: str) -> None:
    # Most calls are needed to make sure that nothing happened.
    ses.change(update_missing="no-op", quota=Quota(scope="each"))
    found = ask(name)
    # Two calls are for the identity; its removal is not counted.
    assert len(ses.calls()) == found.calls - 1 <= QUESTIONS[name].calls


def test_it_is_polite(ses: StrictSes, ask: Ask, clock: Hurried) -> None:
    ses.change(update_missing="no-op")
    begin = clock.now()
    ask()
    times = [call.time for call in ses.calls()]
    assert len(times) + 2 <= calls_of([QUESTIONS[name] for name in USUAL]) <= 70
    assert clock.now() - begin < 80
    assert [later - now for now, later in zip(times, times[2:], strict=False) if later - now < 1] == []


def test_it_touches_nothing_else(ses: StrictSes, ask: Ask) -> None:
    place = AccountRegion(HERE.account, HERE.region)
    ses.add_identity("example.com", place)
    theirs = StoredPolicy(HERE.account, HERE.region, "example.com", "there", "{}")
    ses.put_policy(theirs)
    ask(*QUESTIONS)
    assert ses.policies() == [theirs]
    assert {call.identity.startswith(PREFIX) for call in ses.calls()} == {True}


def test_it_lets_nobody_send_who_could_not(ses: StrictSes, ask: Ask) -> None:
    """The policies only name the account itself, and a user of it that does not exist."""
    ask(*QUESTIONS)
    written = [call.document for call in ses.calls() if call.document and call.document != "{"]
    assert [text for text in written if HERE.account not in text or '"*"' in text] == []
