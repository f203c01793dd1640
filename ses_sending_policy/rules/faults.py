"""Faults: how a call of AWS's API ends that was not done, and whether it may be done another time."""

from enum import Enum
from typing import Final


class Fault(Enum):
    """Why AWS may do it another time."""

    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    UNSENT = "never sent"
    DENIED = "denied"
    PRINCIPAL = "invalid principal"


# https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html, and the same of other services, whose
# protocols have other names for it.
_FAULTS: Final = {
    # "You can execute this operation no more than once per second", in the words of any service: botocore tries them
    # all again. Its `LimitExceededException` is none of them here: SES says it of the 21st policy.
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
    # Also what is said of keys that were made a moment ago, as those of a new role are.
    "AccessDenied": Fault.DENIED,
    "AccessDeniedException": Fault.DENIED,
    "InvalidClientTokenId": Fault.DENIED,
    "NotAuthorized": Fault.DENIED,
    "UnauthorizedOperation": Fault.DENIED,
    "UnrecognizedClientException": Fault.DENIED,
    # "The request was aborted before a reply was sent back": it may have been done.
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
    """Return why it may work another time, or None where AWS's answer is final.

    :param code: AWS's code, as `BadRequestException`.
    :param message: AWS's words.
    :param status: of HTTP.
    """
    if code == "BadRequestException" and "principal" in message.lower():
        return Fault.PRINCIPAL
    if code in _FAULTS:
        return _FAULTS[code]
    if status == TOO_MANY_REQUESTS:
        return Fault.THROTTLED
    return Fault.UNAVAILABLE if status >= SERVER_ERROR else None


class CallError(Exception):
    """AWS did not do what it was asked.

    :param code: AWS's code, as `BadRequestException`; empty where it did not answer.
    :param message: AWS's words, or why there are none.
    :param fault: why it may do it another time. Default: - its answer is final.
    """

    def __init__(self, code: str, message: str, fault: Fault | None = None) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message
        self.fault = fault
        self.doubtful = False
        """Whether this try or an earlier one of the same call may have been carried out all the same."""
