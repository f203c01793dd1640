"""What CloudFormation shows of a failure: SES's message first, with its deciding part kept, then what to do."""

from collections.abc import Callable

import pytest

from provider.failures import (
    REASON_LENGTH,
    Failure,
    Reason,
    not_equivalent,
    with_denial,
    with_principal,
    without_middle,
)
from provider.retry_policy import failure_of
from ses_sending_policy.rules.faults import CallError, fault_of
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Target

CREATE = "CreateEmailIdentityPolicy"
ROLE = "Mail-SendingPolicyProviderServiceRole1A2B3C4D-abcdefghijkl"
USER = f"arn:aws:sts::111111111111:assumed-role/{ROLE}/Mail-SendingPolicyProvider0A1B2C3D-MNOPQRSTUVWX"
RESOURCE = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
DENIED = f"User: {USER} is not authorized to perform: ses:{CREATE} on resource: {RESOURCE} "
ADVICE = "; allow it to the function's role, and lift any deny"


def reason(code: str, message: str) -> str:
    """Return the reason with which a Create fails."""
    text = str(failure_of(CREATE, CallError(code, message, fault_of(code, message, 400))))
    assert len(text) <= REASON_LENGTH
    return text


@pytest.mark.parametrize(
    "decides",
    [
        "with an explicit deny in a service control policy",
        "with an explicit deny in a resource-based policy",
        "with an explicit deny in a permissions boundary",
        f"because no identity-based policy allows the ses:{CREATE} action",
        f"because no service control policy allows the ses:{CREATE} action",
        f"because no permissions boundary allows the ses:{CREATE} action",
    ],
)
def test_a_denial_tells_who_and_why(decides: str) -> None:
    assert reason("AccessDeniedException", DENIED + decides) == f"AccessDenied: {CREATE}: {ROLE} … {decides}{ADVICE}"


def test_a_denial_by_a_policy_with_an_address_keeps_what_kind_it_is() -> None:
    organization = "arn:aws:organizations::111111111111:policy/o-abcdefghij/service_control_policy/p-abcdefgh"
    told = reason("AccessDeniedException", f"{DENIED}with an explicit deny in a service control policy: {organization}")
    assert told.endswith(f"{ROLE} … with an explicit deny in a service control policy: p-abcdefgh{ADVICE}")


def test_a_short_denial_is_as_ses_says_it() -> None:
    assert reason("AccessDenied", "no") == f"AccessDenied: {CREATE}: AccessDenied: no{ADVICE}"


def test_a_denial_in_other_words_keeps_its_begin_and_its_end() -> None:
    told = reason("AccessDeniedException", f"Begin {'x' * 400} end")
    assert told.startswith(f"AccessDenied: {CREATE}: AccessDeniedException: Begin xxx")
    assert told.endswith(f"xxx end{ADVICE}")


PRINCIPAL_ADVICE = "; check that each principal exists, and that its account has this region enabled"


@pytest.mark.parametrize(
    "principal",
    [
        f"arn:aws:iam::222222222222:role/{'r' * 64}",
        f"arn:aws-cn:iam::222222222222:user/path/{'u' * 58}",
        "222222222222",
        "cognito-idp.eu-south-2.amazonaws.com",
        "ses.amazonaws.com.cn",
    ],
)
@pytest.mark.parametrize("before", [30, 90, 300])
@pytest.mark.parametrize("after", [0, 300])
def test_an_invalid_principal_is_told_whole(principal: str, before: int, after: int) -> None:
    told = reason("BadRequestException", f"Invalid principal {'x' * before} {principal} {'y' * after}")
    assert told.startswith(f"InvalidPrincipal: {CREATE}: ")
    assert principal in told
    assert told.endswith(PRINCIPAL_ADVICE)


def test_a_principal_that_takes_all_the_room_is_told_before_the_advice() -> None:
    principal = f"arn:aws:iam::222222222222:role/{'p' * 100}/{'r' * 32}"
    told = reason("BadRequestException", f"Invalid principal in the policy, as it was sent: {principal}")
    assert principal in told


def test_an_invalid_principal_that_is_not_named() -> None:
    told = reason("BadRequestException", f"Invalid principal {'x' * 400} end")
    assert told.endswith(f"xxx end{PRINCIPAL_ADVICE}")


def test_a_refusal_keeps_its_begin_and_its_end() -> None:
    told = reason("BadRequestException", f"Begin {'x' * 400} end")
    assert told.startswith(f"RefusedBySes: {CREATE}: BadRequestException: Begin xxx")
    assert told.endswith("xxx end")
    assert len(told) == REASON_LENGTH


def test_the_log_has_all_of_it() -> None:
    failure = failure_of(CREATE, CallError("E", "x" * 900))
    assert failure.whole == f"RefusedBySes: {CREATE}: E: {'x' * 900}"
    assert failure.with_rest("left behind: z").whole == f"{failure.whole}; left behind: z"


def test_what_was_left_behind_takes_the_place_of_the_advice() -> None:
    words = f"{DENIED}with an explicit deny in a service control policy"
    failure = failure_of(CREATE, CallError("AccessDeniedException", words, fault_of("AccessDenied", "", 403)))
    told = str(failure.with_rest("left behind: policy 'renamed' on 'example.com'"))
    assert told.endswith("in a service control policy; left behind: policy 'renamed' on 'example.com'")
    assert ROLE in told
    assert len(told) <= REASON_LENGTH


@pytest.mark.parametrize("cut", [without_middle, with_denial, with_principal])
@pytest.mark.parametrize("length", [20, 21, 99])
def test_what_fits_is_left_as_it_is(cut: object, length: int) -> None:
    assert callable(cut)
    assert cut("x" * length, length) == "x" * length
    assert len(cut("x" * (length + 1), length)) == length


@pytest.mark.parametrize("cut", [with_denial, with_principal])
def test_what_just_fits_keeps_its_arns(cut: Callable[[str, int], str]) -> None:
    words = f"Op: User: {USER} may not, because it is 222222222222"
    assert cut(words, len(words)) == words
    assert cut(words, len(words) - 1) != words


def test_of_what_has_no_order_the_begin_is_longer_than_the_end() -> None:
    assert without_middle("0123456789" * 3, 20) == "012345678901…3456789"


def test_a_denial_loses_no_more_than_it_has_to() -> None:
    short = f"User: {ROLE} may not do it, because x"
    words = f"User: {USER} may not do it, because x"
    assert with_denial(words, len(short)) == short
    assert with_denial(words, len(short) - 1) == f"{ROLE} … because x"


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:sts::111111111111:assumed-role/R/S", "R"),
        ("arn:aws:sts::111111111111:assumed-role", "assumed-role"),
        ("arn:aws:sts::111111111111:assumed-role/R", "R"),
        ("arn:aws:iam::111111111111:role/path/R", "R"),
        ("arn:aws:iam::111111111111:root", "root"),
    ],
)
def test_an_arn_is_told_by_its_name(arn: str, name: str) -> None:
    assert with_denial(f"{arn} {'x' * 40}", 40 + len(name) + 1) == f"{name} {'x' * 40}"


def test_what_comes_after_a_principal_goes_last() -> None:
    words = f"Op: {'x' * 50} 222222222222 y"
    rest = "Op: … 222222222222 y"
    assert with_principal(words, len(rest)) == rest
    assert with_principal(words, len(rest) - 1) == "Op: … 222222222222 …"


def test_a_note_stands_where_there_is_room_and_in_the_log() -> None:
    failure = Failure(Reason.THROTTLED, "x" * 20)
    room = REASON_LENGTH - len(f"{failure}; ")
    fits, does_not = failure.with_note("n" * room), Failure(Reason.THROTTLED, "x" * 20).with_note("n" * (room + 1))
    assert str(fits) == fits.whole == f"Throttled: {'x' * 20}; {'n' * room}"
    assert str(does_not) == f"Throttled: {'x' * 20}"
    assert does_not.whole == f"Throttled: {'x' * 20}; {'n' * (room + 1)}"


def test_a_refused_adoption_names_each_difference() -> None:
    told = str(not_equivalent(Target(Identity("example.com"), "partner"), ["Version differs", "Statement 0 is gone"]))
    assert told == (
        "NotEquivalent: policy 'partner' on 'example.com' cannot be adopted: Version differs; Statement 0 is gone; "
        "declare what is there, or say when_exists OVERWRITE"
    )
