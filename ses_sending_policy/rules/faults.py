"""Classifies failed calls of AWS's API by AWS's error codes: whether another try may succeed, and why."""

from enum import Enum
from typing import Final


class Fault(Enum):
    """Why a call failed that may succeed on another try."""

    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    UNSENT = "never sent"
    DENIED = "denied"
    PRINCIPAL = "invalid principal"


# https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html, and the names that the protocols of other
# services have for the same errors.
_FAULTS: Final = {
    # "You can execute this operation no more than once per second", in the codes of any service: those that botocore
    # retries, except `LimitExceededException`, which SES returns for the 21st policy of an identity.
    # https://github.com/boto/botocore/blob/1.43.0/botocore/retries/standard.py
    "BandwidthLimitExceeded": Fault.THROTTLED,
    "EC2ThrottledException": Fault.THROTTLED,
    "PriorRequestNotComplete": Fault.THROTTLED,
    "ProvisionedThroughputExceededException": Fault.THROTTLED,
    "RequestLimitExceeded": Fault.THROTTLED,
    "RequestThrottled": Fault.THROTTLED,
    "RequestThrottledException": Fault.THROTTLED,
    "SlowDown": Fault.THROTTLED,
    "ThrottledException": Fault.THROTTLED,
    "Throttling": Fault.THROTTLED,
    "ThrottlingException": Fault.THROTTLED,
    "TooManyRequestsException": Fault.THROTTLED,
    "TransactionInProgressException": Fault.THROTTLED,
    # AWS also answers so to credentials that were created a moment ago, as those of a new role.
    "AccessDenied": Fault.DENIED,
    "AccessDeniedException": Fault.DENIED,
    "InvalidClientTokenId": Fault.DENIED,
    "NotAuthorized": Fault.DENIED,
    "UnauthorizedOperation": Fault.DENIED,
    "UnrecognizedClientException": Fault.DENIED,
    # "The request was aborted before a reply was sent back": the call may have been carried out.
    "InternalError": Fault.UNAVAILABLE,
    "InternalFailure": Fault.UNAVAILABLE,
    "InternalServerError": Fault.UNAVAILABLE,
    "InternalServiceError": Fault.UNAVAILABLE,
    "InternalServiceErrorException": Fault.UNAVAILABLE,
    "RequestAbortedException": Fault.UNAVAILABLE,
    "RequestTimeout": Fault.UNAVAILABLE,
    "RequestTimeoutException": Fault.UNAVAILABLE,
    "ServiceUnavailable": Fault.UNAVAILABLE,
    "ServiceUnavailableException": Fault.UNAVAILABLE,
}
TOO_MANY_REQUESTS: Final = 429
SERVER_ERROR: Final = 500


def fault_of(code: str, message: str, status: int) -> Fault | None:
    """Return why another try of the call may succeed, or None if AWS's answer is final.

    :param code: AWS's error code, as `BadRequestException`.
    :param message: AWS's error message.
    :param status: the HTTP status.
    """
    if code == "BadRequestException" and "principal" in message.lower():
        return Fault.PRINCIPAL
    if code in _FAULTS:
        return _FAULTS[code]
    if status == TOO_MANY_REQUESTS:
        return Fault.THROTTLED
    return Fault.UNAVAILABLE if status >= SERVER_ERROR else None


class CallError(Exception):
    """A call of AWS's API failed.

    :param code: AWS's error code, as `BadRequestException`; empty if AWS did not answer.
    :param message: AWS's error message, or why there is no answer.
    :param fault: why another try may succeed. Default: - the answer is final.
    """

    def __init__(self, code: str, message: str, fault: Fault | None = None) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message
        self.fault = fault
        self.doubtful = False
        """Whether this try or an earlier one of the same call may have been carried out all the same."""
