"""An AWS account in one region, as a review reads it: its SES identities and their policies."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final, Protocol

from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.calls import Calls, pages
from ses_sending_policy.rules.faults import CallError, Fault

# "The value you specify has to be at least 0, and can be no more than 1000."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListEmailIdentities.html
MOST_ON_A_PAGE: Final = 1000


class NoIdentityError(Exception):
    """The account has no SES identity of this name in the region."""


class DeniedError(Exception):
    """AWS denied a call.

    :param action: for instance `ses:GetEmailIdentityPolicies`.
    :param message: AWS's message.
    """

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"{action} is denied: {message}")
        self.action = action


class Account(Protocol):
    """One AWS account in one region.

    Each method and property raises `ReviewError` if AWS cannot be called, for instance without credentials.
    """

    @property
    def id(self) -> str:
        """The account's twelve digits."""
        ...

    @property
    def partition(self) -> str:
        """The partition of the account's ARNs, for instance `aws`."""
        ...

    @property
    def region(self) -> str:
        """The region, for instance `eu-west-1`."""
        ...

    def policies(self, identity: str) -> Mapping[str, str]:
        """Return the text of each policy of an identity, by the policy's name.

        Raises `NoIdentityError` if there is no such identity, `DeniedError` if AWS denies the call, and `CallError` if
        it fails for another reason.
        """
        ...

    def identities(self) -> Iterator[str]:
        """Yield the name of each identity, or raise `DeniedError`."""
        ...


class SesAccount:
    """An account that is read by calls of AWS.

    :param calls: makes the calls.
    :param page: how many identities to list in one call.
    """

    def __init__(self, calls: Calls, page: int = MOST_ON_A_PAGE) -> None:
        self._calls = calls
        self._page = page
        self._caller: tuple[str, str] | None = None

    @property
    def id(self) -> str:
        """The account's twelve digits."""
        return self._who()[0]

    @property
    def partition(self) -> str:
        """The partition of the account's ARNs, for instance `aws`."""
        return self._who()[1]

    @property
    def region(self) -> str:
        """The region, for instance `eu-west-1`."""
        return self._calls.region

    def policies(self, identity: str) -> Mapping[str, str]:
        """Return the text of each policy of an identity, by the policy's name.

        Raises `NoIdentityError` if there is no such identity, `DeniedError` if AWS denies the call, and `CallError` if
        it fails for another reason.
        """
        try:
            answer = self._ses("GetEmailIdentityPolicies", EmailIdentity=identity)
        except CallError as refusal:
            if refusal.code == "NotFoundException":
                raise NoIdentityError(identity) from refusal
            raise
        policies: Mapping[str, str] = answer["Policies"]
        return policies

    def identities(self) -> Iterator[str]:
        """Yield the name of each identity, or raise `DeniedError`."""
        for answer in pages(partial(self._ses, "ListEmailIdentities"), PageSize=self._page):
            yield from (each["IdentityName"] for each in answer["EmailIdentities"])

    def _ses(self, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        try:
            return self._calls.call("sesv2", operation, **parameters)
        except CallError as refusal:
            if refusal.fault is Fault.DENIED:
                raise DeniedError(f"ses:{operation}", refusal.message) from refusal
            raise

    def _who(self) -> tuple[str, str]:
        # "No permissions are required to perform this operation. If an administrator attaches a policy to your identity
        # that explicitly denies access to the sts:GetCallerIdentity action, you can still perform this operation."
        # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        if self._caller is None:
            try:
                answer = self._calls.call("sts", "GetCallerIdentity")
            except CallError as refusal:
                raise ReviewError([f"the account id could not be read: GetCallerIdentity: {refusal}"]) from refusal
            self._caller = (answer["Account"], answer["Arn"].split(":")[1])
        return self._caller
