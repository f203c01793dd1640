"""What is called in a live account."""

from collections.abc import Mapping
from typing import Any, Protocol


class Calls(Protocol):
    """AWS, for one account in one region."""

    @property
    def region(self) -> str:
        """The region, as `eu-west-1`."""
        ...

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        """Call an operation and return its answer, without a wait before it or another try.

        Raises `CallError` where AWS did not do it, and `ReviewError` where nobody can call anything: without
        credentials, say.

        :param service: as `sesv2`.
        :param operation: as `GetEmailIdentityPolicies`.
        """
        ...

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the same
        """Do the same at the pace that AWS allows, trying again where that helps: a `CallError` of it is final."""
        ...
