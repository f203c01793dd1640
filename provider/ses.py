"""SES's four policy operations: the protocol that the rest of the function uses, and its adapter on boto3."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NoReturn, Protocol

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
)

from provider.clients import NoAnswerError, client, is_json
from provider.retry_policy import CONNECT_SECONDS, READ_SECONDS, failure_of
from ses_sending_policy.rules.faults import CallError, Fault, fault_of
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Target
from ses_sending_policy.rules.pacer import Pacer

# botocore's own retries cannot be told apart from the first try, and no write may start after the answer is sent.
# So botocore tries once, and the pacer decides about every further try.
CONFIG: Final = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 1},
)


class NotFoundError(Exception):
    """SES has no such identity or no such policy: its error code is the same for both."""


class AlreadyExistsError(Exception):
    """The identity has a policy of this name.

    :param doubtful: whether an earlier try of the same call may have made the policy.
    """

    def __init__(self, *, doubtful: bool) -> None:
        super().__init__()
        self.doubtful = doubtful


class LimitExceededError(Exception):
    """The identity already has as many policies as SES allows."""


class Policies(Protocol):
    """The policies of one account's identities in one region."""

    def read(self, target: Target) -> str | None:
        """Return the policy's text, None if there is no such policy; raise `NotFoundError` if there is no identity."""
        ...

    def create(self, target: Target, text: str) -> None:
        """Make the policy; raise `NotFoundError`, `AlreadyExistsError` or `LimitExceededError`."""
        ...

    def update(self, target: Target, text: str) -> None:
        """Write the policy; if there is none, raise `NotFoundError`, make it or do nothing: AWS does not say which."""
        ...

    def delete(self, target: Target) -> None:
        """Remove the policy; if there is none, raise `NotFoundError` or do nothing: AWS does not say which."""
        ...


class SesPolicies:
    """The policies at SES itself.

    :param client: boto3's client for `sesv2`, made with `CONFIG`.
    :param pacer: decides when a call is made, and whether it is tried again.
    :param interval: the least seconds from the start of a call to the start of the next one of the same operation.
        Default: - a call is made at once.
    :param hears: called with the `Date` header of each response. Default: - nothing is called.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - boto3 makes its clients at run time
        pacer: Pacer,
        interval: float = 0.0,
        hears: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._pacer = pacer
        self._interval = interval
        self._hears = hears

    def read(self, target: Target) -> str | None:
        """Return the policy's text, None if there is no such policy; raise `NotFoundError` if there is no identity."""
        return self.of(target.identity).get(target.policy_name)

    def of(self, identity: Identity) -> Mapping[str, str]:
        """Return the texts of an identity's policies by their names; raise `NotFoundError` if there is no identity."""
        answer = self._call("GetEmailIdentityPolicies", self._client.get_email_identity_policies, identity)
        policies: Mapping[str, str] = answer["Policies"]
        return policies

    def create(self, target: Target, text: str) -> None:
        """Make the policy; raise `NotFoundError`, `AlreadyExistsError`, `LimitExceededError` or else `Failure`."""
        call = self._client.create_email_identity_policy
        self._call("CreateEmailIdentityPolicy", call, target.identity, PolicyName=target.policy_name, Policy=text)

    def update(self, target: Target, text: str) -> None:
        """Write the policy; raise `NotFoundError` if SES has no such identity or policy, else `Failure`."""
        call = self._client.update_email_identity_policy
        self._call("UpdateEmailIdentityPolicy", call, target.identity, PolicyName=target.policy_name, Policy=text)

    def delete(self, target: Target) -> None:
        """Remove the policy; raise `NotFoundError` if SES has no such identity or policy, else `Failure`."""
        call = self._client.delete_email_identity_policy
        self._call("DeleteEmailIdentityPolicy", call, target.identity, PolicyName=target.policy_name)

    def _call(
        self, operation: str, call: Callable[..., Mapping[str, Any]], identity: Identity, **arguments: str
    ) -> Mapping[str, Any]:
        try:
            attempt = partial(_tried, call, self._hears, EmailIdentity=identity.name, **arguments)
            return self._pacer.call(operation, attempt, self._interval)
        except CallError as error:
            _raise(operation, error)


def _tried(call: Callable[..., Mapping[str, Any]], hears: Callable[[str], None], **arguments: str) -> Mapping[str, Any]:
    """Make one try of a call, and return SES's response; raise `CallError` if the try fails."""
    try:
        answer = call(**arguments)
        hears(_date(answer))
    except ClientError as error:
        hears(_date(error.response))
        code, message = error.response["Error"].get("Code", "Unknown"), error.response["Error"].get("Message", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        raise CallError(code, message, fault_of(code, message, status)) from error
    except BotoCoreError as error:
        raise CallError("", str(error), Fault.UNSENT if _is_unsent(error) else Fault.UNAVAILABLE) from error
    return answer


def _date(answer: Mapping[str, Any]) -> str:
    return str(answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", ""))


def _is_unsent(error: BotoCoreError) -> bool:
    """Return whether nothing of a call was sent, as without credentials or without a connection."""
    # botocore's own transport raises `HTTPClientError` for a request that may have been sent, and others before that.
    return not isinstance(error, NoAnswerError | HTTPClientError)


def is_proper(method: str, body: bytes) -> bool:
    """Return whether `body` can be SES's response to a call that it carried out.

    "If the action is successful, the service sends back an HTTP 200 response with an empty HTTP body."
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_UpdateEmailIdentityPolicy.html
    """
    if method != "GET":
        return not body or is_json(method, body)
    policies = json.loads(body).get("Policies") if is_json(method, body) else None
    return isinstance(policies, dict) and all(isinstance(text, str) for text in policies.values())


def _raise(operation: str, error: CallError) -> NoReturn:
    # If the error has a fault, the call may succeed on another try, and its code says nothing about the policy.
    match error.code if error.fault is None else "", operation:
        case "NotFoundException", _:
            raise NotFoundError from error
        # From any other operation these codes are unexpected, and fail as every other code does.
        case "AlreadyExistsException", "CreateEmailIdentityPolicy":
            raise AlreadyExistsError(doubtful=error.doubtful) from error
        case "LimitExceededException", "CreateEmailIdentityPolicy":
            raise LimitExceededError from error
    raise failure_of(operation, error) from error


def ses_client(region: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for SES in the function's own account."""
    return client("sesv2", region, CONFIG, is_proper)
