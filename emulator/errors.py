"""Errors: `SesError` for a request that SES refuses, `EmulatorError` if the emulator itself does not work."""

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html (Errors), and
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html
STATUS = {
    "AlreadyExistsException": 400,
    "BadRequestException": 400,
    "LimitExceededException": 400,
    "SerializationException": 400,
    "InvalidSignatureException": 403,
    "MissingAuthenticationTokenException": 403,
    "NotFoundException": 404,
    "UnknownOperationException": 404,
    "TooManyRequestsException": 429,
    "ServiceUnavailableException": 503,
}


class SesError(Exception):
    """A refusal as SES words it: a code that botocore maps to an exception, its HTTP status and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = STATUS[code]


def bad_request(message: str) -> SesError:
    """Return the error for a wrong request. AWS documents only its code, not the message."""
    return SesError("BadRequestException", message)


class EmulatorError(Exception):
    """The local AWS could not start, stop or be reached."""
