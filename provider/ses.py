"""SES's four policy operations: the port that decisions are made over, and its adapter on boto3."""

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
from provider.pace import CONNECT_SECONDS, READ_SECONDS, failure_of
from ses_sending_policy.rules.faults import CallError, Fault, fault_of
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Target
from ses_sending_policy.rules.pacer import Pacer

# botocore's own tries cannot be told apart from the first one, and a write must not start after the answer:
# so it tries once, and the pacer decides about every other try.
CONFIG: Final = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 1},
)


class NotFoundError(Exception):
    """SES knows no such identity, or no such policy: its code is the same for both."""


class AlreadyExistsError(Exception):
    """The identity has a policy of this name.

    :param doubtful: whether an earlier try of this very call may have made it.
    """

    def __init__(self, *, doubtful: bool) -> None:
        super().__init__()
        self.doubtful = doubtful


class LimitExceededError(Exception):
    """The identity has as many policies as it can have."""


class Policies(Protocol):
    """The policies of one account's identities in one region."""

    def read(self, target: Target) -> str | None:
        """Return the policy's text, None where the identity has none of the name; raise `NotFoundError` without one."""
        ...

    def create(self, target: Target, text: str) -> None:
        """Make the policy; raise `NotFoundError`, `AlreadyExistsError` or `LimitExceededError`."""
        ...

    def update(self, target: Target, text: str) -> None:
        """Write the policy; raise `NotFoundError`, or, in another reading of SES, make it or do nothing."""
        ...

    def delete(self, target: Target) -> None:
        """Remove the policy; raise `NotFoundError`, or, in another reading of SES, do nothing."""
        ...


class SesPolicies:
    """The real ones.

    :param client: boto3's client for `sesv2`, made with `CONFIG`.
    :param pacer: decides when a call is made, and whether once more.
    :param interval: the seconds from the beginning of a call to that of the next one of the same operation. Default: -
        a call is made at once.
    :param hears: told of the `Date` of each answer. Default: - nobody is.
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
        """See `Policies.read`."""
        return self.of(target.identity).get(target.policy_name)

    def of(self, identity: Identity) -> Mapping[str, str]:
        """Return the text of each policy of an identity, by the policy's name; raise `NotFoundError` without one."""
        answer = self._call("GetEmailIdentityPolicies", self._client.get_email_identity_policies, identity)
        policies: Mapping[str, str] = answer["Policies"]
        return policies

    def create(self, target: Target, text: str) -> None:
        """See `Policies.create`."""
        call = self._client.create_email_identity_policy
        self._call("CreateEmailIdentityPolicy", call, target.identity, PolicyName=target.policy_name, Policy=text)

    def update(self, target: Target, text: str) -> None:
        """See `Policies.update`."""
        call = self._client.update_email_identity_policy
        self._call("UpdateEmailIdentityPolicy", call, target.identity, PolicyName=target.policy_name, Policy=text)

    def delete(self, target: Target) -> None:
        """See `Policies.delete`."""
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
    """Return what SES answers, or raise `CallError`."""
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
    """Return whether a call never left the machine: nobody to ask, or nobody to ask as."""
    # What fails on the way is an `HTTPClientError` to botocore's own transport; what finds no way is none.
    return not isinstance(error, NoAnswerError | HTTPClientError)


def is_proper(method: str, body: bytes) -> bool:
    """Return whether SES answers this to a call that it did.

    "If the action is successful, the service sends back an HTTP 200 response with an empty HTTP body."
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_UpdateEmailIdentityPolicy.html
    """
    if method != "GET":
        return not body or is_json(method, body)
    policies = json.loads(body).get("Policies") if is_json(method, body) else None
    return isinstance(policies, dict) and all(isinstance(text, str) for text in policies.values())


def _raise(operation: str, error: CallError) -> NoReturn:
    # What SES says while it is ill is no answer, whatever its code.
    match error.code if error.fault is None else "", operation:
        case "NotFoundException", _:
            raise NotFoundError from error
        # Said of another operation these would be as strange as any other code.
        case "AlreadyExistsException", "CreateEmailIdentityPolicy":
            raise AlreadyExistsError(doubtful=error.doubtful) from error
        case "LimitExceededException", "CreateEmailIdentityPolicy":
            raise LimitExceededError from error
    raise failure_of(operation, error) from error


def ses_client(region: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for SES in the function's own account."""
    return client("sesv2", region, CONFIG, is_proper)
