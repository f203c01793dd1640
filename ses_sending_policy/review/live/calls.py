"""What is called in a live account, and how a call ends that was not done."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Protocol


class RefusalError(Exception):
    """AWS said no, and will say it again.

    :param code: AWS's code, as `AccessDeniedException`.
    :param message: AWS's words.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    @property
    def is_denial(self) -> bool:
        """Whether those who called may not do this."""
        return self.code in {"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"}


class Fault(Enum):
    """Why it may work another time."""

    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"


class TransientError(Exception):
    """AWS did not do it, and may another time.

    :param fault: why.
    :param message: what was said, for a person.
    :param refusal: AWS's own words. Default: - it did not answer.
    """

    def __init__(self, fault: Fault, message: str, refusal: RefusalError | None = None) -> None:
        super().__init__(message)
        self.fault = fault
        self.refusal = refusal


class Calls(Protocol):
    """AWS, for one account in one region."""

    @property
    def region(self) -> str:
        """The region, as `eu-west-1`."""
        ...

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        """Call an operation and return its answer, without a wait before it or another try.

        Raises `RefusalError` where AWS's no is final, `TransientError` where it is not, and `ReviewError` where nobody
        can call anything: without credentials, say.

        :param service: as `sesv2`.
        :param operation: as `GetEmailIdentityPolicies`.
        """
        ...

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the same
        """Do the same at the pace that AWS allows, trying again where that helps: no `TransientError` comes of it."""
        ...
