"""Calls AWS by boto3. Only this module of the package imports boto3, which the extra `live` installs."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from random import Random
from threading import Thread
from typing import Any, Final, TypeVar

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound, ReadTimeoutError
from botocore.parsers import ResponseParserError

from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.aws_answers import is_answer, lacks
from ses_sending_policy.rules.clock import Clock, MonotonicClock
from ses_sending_policy.rules.faults import CallError, Fault, fault_of
from ses_sending_policy.rules.pacer import QUOTA_SECONDS, Pacer, jitter

_T = TypeVar("_T")

_ADVICE_OF_NETWORK: Final = "check the network, the proxy and whether this is the right region"

# The services whose answers are checked before botocore parses them. `sts` also gives the credentials of a role.
_CHECKED: Final = ("sesv2", "cloudformation", "sts")

# The protocols whose answers can be checked, and whether their bodies are XML. Other answers are not checked.
_IS_XML: Final[Mapping[str, bool]] = {"query": True, "rest-json": False, "json": False}

# What botocore raises if it cannot parse a response, for instance of a service that it gets credentials from.
_STUMBLES: Final = (AttributeError, LookupError, RecursionError, ResponseParserError, TypeError, ValueError)


class NotAwsError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """The response does not come from AWS, but for instance from a proxy.

    :param status: the HTTP status; 0 if it is not known.
    """

    fmt = "{operation}: {said} is no answer of AWS"


# The time limit for a whole answer. botocore's limit is for each part of an answer, and a part may be one byte.
_ANSWER_SECONDS: Final = 30.0

# One attempt: retries of botocore would not keep to the pace.
_CONFIG: Final = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})

_SIGN_IN: Final = "sign in, as with `aws sso login` or `aws configure`, or name another profile with --profile"

# What to tell if botocore cannot call anything, by the name of its error's class: not every version has each class.
_HELPLESS: Final[Mapping[str, str]] = {
    "NoCredentialsError": f"no AWS credentials were found: {_SIGN_IN}",
    "PartialCredentialsError": f"the AWS credentials are not complete: {{error}}: {_SIGN_IN}",
    "SSOTokenLoadError": "you are not signed in: {error}: run `aws sso login`",
    "UnauthorizedSSOTokenError": "the AWS session is over: run `aws sso login`",
    "TokenRetrievalError": "the AWS session is over: {error}: run `aws sso login`",
    "LoginTokenLoadError": "you are not signed in: {error}: run `aws login`",
    "LoginRefreshRequired": "the AWS session is over: run `aws login`",
    "NoRegionError": "no AWS region is known: give one with --region, or set AWS_REGION",
    "InvalidRegionError": "{error}: give a region as eu-west-1 with --region",
}
_NO_CREDENTIALS: Final = f"no AWS credentials could be obtained: {{error}}: {_SIGN_IN}"

# The codes of refused credentials: those of SES, and those that other services use for the same.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html
_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_UNKNOWN_KEY: Final = frozenset(
    {
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

# A little more than a second between the starts of two calls, because the network may deliver the second one faster.
INTERVAL_SECONDS: Final = 1.05 * QUOTA_SECONDS

# For how many seconds a call is repeated after each fault. They are few, because a person waits for it.
_PATIENCE: Final[Mapping[Fault, float]] = {Fault.THROTTLED: 60.0, Fault.UNAVAILABLE: 5.0}
_ADVICE: Final[Mapping[Fault, str]] = {
    Fault.THROTTLED: "try again when less else calls it",
    Fault.UNAVAILABLE: "try again later",
}


def pacer(clock: Clock | None = None, random: Random | None = None) -> Pacer:
    """Return a pacer that makes one call after the other, each as soon as SES allows it, and repeats failed ones.

    :param clock: the clock to use. Default: - the machine's own.
    :param random: draws the random part of the waits between attempts. Default: - a new generator.
    """
    lots = random or Random()  # noqa: S311 - it keeps no secret
    return Pacer(clock or MonotonicClock(), lambda: jitter(lots, first=0.25, growth=2, cap=2.0), _PATIENCE)


class Aws:
    """Calls AWS with the credentials and region that the AWS CLI would use.

    :param profile: the profile of the AWS configuration. Default: - the one that boto3 finds.
    :param region: for instance `eu-west-1`. Default: - `AWS_REGION`, else the one that boto3 finds.
    :param paced: decides when a call begins, and whether it is repeated. Default: - `pacer()`.
    :param answer_seconds: how long an answer may take in all, in seconds. Default: - 30.
    :raises ReviewError: if the profile does not exist, the configuration cannot be read, or no region is known.
    """

    def __init__(
        self,
        profile: str | None = None,
        region: str | None = None,
        paced: Pacer | None = None,
        answer_seconds: float = _ANSWER_SECONDS,
    ) -> None:
        self._pacer = paced or pacer()
        self._answer_seconds = answer_seconds
        self._clients: dict[str, Any] = {}
        try:
            # The AWS CLI reads AWS_REGION first; boto3 does not read it.
            self._session = boto3.Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION"))
        except ProfileNotFound as error:
            said = f"the AWS configuration has no profile {error.kwargs['profile']!r}: name another with --profile"
            raise ReviewError([said]) from error
        except BotoCoreError as error:
            raise ReviewError([f"the AWS configuration cannot be read: {_line(error)}"]) from error
        for each in _CHECKED:
            self._session.events.register(f"before-parse.{each}", _check)
        if not self._session.region_name:
            raise ReviewError([_HELPLESS["NoRegionError"]])

    @property
    def region(self) -> str:
        """The region, for instance `eu-west-1`."""
        region: str = self._session.region_name
        return region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        """Call an operation once, without waiting before it, and return its answer.

        Raises `CallError` if AWS refused or failed, and `ReviewError` if nothing can be called.
        """
        call = self._called(service, operation)
        try:
            self._sign_in()
            answer: Mapping[str, Any] = _within(
                self._answer_seconds, lambda: call(**parameters), self._clients[service].meta.endpoint_url
            )
            missing = lacks(operation, answer)
            if missing:
                said = f"HTTP 200 without a proper {missing[0]}"
                raise NotAwsError(operation=operation, said=said, status=0)
        except ClientError as error:
            raise _refused(error, operation) from error
        except BotoCoreError as error:
            raise self._failed(error, service) from error
        except _STUMBLES as error:
            raise self._failed(NotAwsError(operation=operation, said="the response", status=0), service) from error
        return answer

    def _called(self, service: str, operation: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        try:
            if service not in self._clients:
                self._clients[service] = self._session.client(service, config=_CONFIG)
        except BotoCoreError as error:
            raise self._failed(error, service) from error
        except ValueError as error:
            # boto3 raises ValueError if an endpoint from the environment is no valid URL.
            raise ReviewError([f"{service} cannot be called: {_line(error)}"]) from error
        return getattr(self._clients[service], xform_name(operation))

    def _sign_in(self) -> None:
        """Get the credentials before the time limit of the call begins: a person may have to enter a code for them."""
        credentials = self._session.get_credentials()
        if credentials:
            credentials.get_frozen_credentials()

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the same
        """Call an operation at the pace that AWS allows, repeat it after a temporary fault, and return its answer.

        Raises `CallError` if AWS refused, and `ReviewError` if the fault lasts or nothing can be called.
        """
        interval = INTERVAL_SECONDS if service == "sesv2" else 0.0
        try:
            return self._pacer.call(operation, lambda: self.once(service, operation, **parameters), interval)
        except CallError as error:
            advice = _ADVICE.get(error.fault) if error.fault else None
            if advice is None:
                raise
            told = f"{operation}: {error}: {advice}" if error.code else str(error)
            raise ReviewError([told]) from error

    def _failed(self, error: BotoCoreError, service: str) -> Exception:
        """Return the error to raise for botocore's `error`: `ReviewError` if no call can succeed, else `CallError`."""
        kind = type(error).__name__
        if kind in _HELPLESS:
            return ReviewError([_HELPLESS[kind].format(error=_line(error))])
        if isinstance(error, NotAwsError):
            fault = fault_of("", "", error.kwargs["status"]) or Fault.UNAVAILABLE
            return CallError("", self._unreached(error, service), fault)
        if any(word in kind for word in ("Credential", "Token", "SSO", "Login", "MFA", "Metadata")):
            return ReviewError([_NO_CREDENTIALS.format(error=_line(error))])
        if any(each.__name__ in {"HTTPClientError", "ConnectionError"} for each in type(error).__mro__):
            return CallError("", self._unreached(error, service), Fault.UNAVAILABLE)
        return ReviewError([f"{service} cannot be called: {_line(error)}"])

    def _unreached(self, error: BotoCoreError, service: str) -> str:
        return f"{service} cannot be reached in {self.region}: {_line(error)}: {_ADVICE_OF_NETWORK}"


def _within(seconds: float, call: Callable[[], _T], url: str) -> _T:
    """Return what `call` returns or raise what it raises; raise `ReadTimeoutError` if it takes more than `seconds`."""
    answer: Future[_T] = Future()

    def work() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the answer is waited for
            answer.set_exception(error)

    # A daemon, so that a thread that still waits for a slow answer does not keep the process alive.
    Thread(target=work, daemon=True).start()
    wait([answer], seconds)
    if not answer.done():
        raise ReadTimeoutError(endpoint_url=url)
    return answer.result()


def _check(operation_model: Any, response_dict: Mapping[str, Any], **_: object) -> None:  # noqa: ANN401 - botocore ships no types
    """Raise `NotAwsError` if a response does not come from AWS, but for instance from a proxy."""
    model = operation_model.service_model
    # A service may support several protocols. `resolved_protocol` is the one that botocore chose.
    is_xml = _IS_XML.get(getattr(model, "resolved_protocol", model.metadata["protocol"]))
    if is_xml is None:
        return
    status, body = response_dict["status_code"], response_dict["body"]
    headers = {name.lower(): value for name, value in response_dict["headers"].items()}
    if not is_answer(operation_model.name, status, body, headers, is_xml=is_xml):
        said = f"HTTP {status} with {len(body)} bytes of {headers.get('content-type', 'no type')[:40]}"
        raise NotAwsError(operation=operation_model.name, said=said, status=status)


def _refused(error: ClientError, operation: str) -> Exception:
    """Return the error to raise if AWS refuses a call: `ReviewError` if it is about credentials, else `CallError`."""
    code, message = error.response["Error"].get("Code", "Unknown"), _line(error.response["Error"].get("Message", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    said = f"{error.operation_name}: {code}: {message}"
    if code in _EXPIRED:
        return ReviewError([f"the AWS session is over: {code}: {_SIGN_IN}"])
    if code in _UNKNOWN_KEY:
        return ReviewError([f"AWS does not take these credentials: {said}: {_SIGN_IN}; or enable the region"])
    if error.operation_name != operation:
        # The refused call was one for credentials, for instance AssumeRole of a profile with a role.
        return ReviewError([_NO_CREDENTIALS.format(error=said)])
    return CallError(code, message, fault_of(code, message, status))


def _line(said: object) -> str:
    """Return a message on one line, without the full stop at its end."""
    return " ".join(str(said).split()).removesuffix(".")
