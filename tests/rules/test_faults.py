"""Which faults another try can help."""

import pytest
from botocore.retries.standard import ThrottledRetryableChecker

from ses_sending_policy.rules.faults import CallError, Fault, fault_of


@pytest.mark.parametrize(
    ("code", "status", "message", "fault"),
    [
        ("TooManyRequestsException", 400, "m", Fault.THROTTLED),
        ("ThrottlingException", 400, "m", Fault.THROTTLED),
        ("Throttling", 400, "m", Fault.THROTTLED),
        ("Unheard", 429, "m", Fault.THROTTLED),
        ("AccessDeniedException", 403, "m", Fault.DENIED),
        ("AccessDenied", 403, "m", Fault.DENIED),
        ("AccessDenied", 500, "m", Fault.DENIED),
        ("UnauthorizedOperation", 403, "m", Fault.DENIED),
        ("RequestTimeout", 408, "m", Fault.UNAVAILABLE),
        ("RequestTimeoutException", 408, "m", Fault.UNAVAILABLE),
        ("InternalFailure", 400, "m", Fault.UNAVAILABLE),
        ("Unheard", 503, "m", Fault.UNAVAILABLE),
        ("Unheard", 499, "m", None),
        ("Unheard", 428, "m", None),
        ("Unheard", 430, "m", None),
        ("BadRequestException", 400, "Invalid Principal in policy", Fault.PRINCIPAL),
        ("BadRequestException", 400, "no such action", None),
        ("NotFoundException", 404, "no principal", None),
        ("Unknown", 0, "", None),
    ],
)
def test_what_another_try_can_help(code: str, status: int, message: str, fault: Fault | None) -> None:
    assert fault_of(code, message, status) is fault


def test_whatever_botocore_takes_for_throttling_is_met_with_another_try() -> None:
    """Except the error code for the 21st policy."""
    codes = set(ThrottledRetryableChecker()._throttled_error_codes) - {"LimitExceededException"}  # noqa: SLF001 - botocore has no other list of them
    assert {code: fault_of(code, "m", 400) for code in codes} == dict.fromkeys(codes, Fault.THROTTLED)


# https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html, and codes of other services for the same.
@pytest.mark.parametrize(
    ("codes", "fault"),
    [
        ("InvalidClientTokenId NotAuthorized UnrecognizedClientException", Fault.DENIED),
        ("InternalError InternalServerError InternalServiceError InternalServiceErrorException", Fault.UNAVAILABLE),
        ("RequestAbortedException ServiceUnavailable ServiceUnavailableException", Fault.UNAVAILABLE),
        ("ThrottledException TooManyRequestsException", Fault.THROTTLED),
    ],
)
def test_a_code_decides_whatever_the_status(codes: str, fault: Fault) -> None:
    assert [fault_of(code, "m", 400) for code in codes.split()] == [fault] * len(codes.split())


@pytest.mark.parametrize(("code", "text"), [("Unheard", "Unheard: m"), ("", "m")])
def test_what_is_said(code: str, text: str) -> None:
    error = CallError(code, "m")
    assert (str(error), error.code, error.message, error.fault, error.doubtful) == (text, code, "m", None, False)
