"""AWS by boto3, which only the extra `live` brings: no other module of the package knows it."""

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

# Whose answers are looked at before botocore does; that of a role's credentials is among them.
_CHECKED: Final = ("sesv2", "cloudformation", "sts")

# The protocols whose bodies are known here, and whether they are XML. By another one, botocore's reading has to do.
_IS_XML: Final[Mapping[str, bool]] = {"query": True, "rest-json": False, "json": False}

# What botocore falls over, where it is given what is no answer: by another service that it asks for credentials, say.
_STUMBLES: Final = (AttributeError, LookupError, RecursionError, ResponseParserError, TypeError, ValueError)


class NotAwsError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """What came back was not said by AWS.

    :param status: of HTTP; 0 where that is not known.
    """

    fmt = "{operation}: {said} is no answer of AWS"


# All of an answer: botocore's own limit is one for each part of it, and a part may be a byte.
_ANSWER_SECONDS: Final = 30.0

# botocore's own tries would take their time outside of the pace.
_CONFIG: Final = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})

_SIGN_IN: Final = "sign in, as with `aws sso login` or `aws configure`, or name another profile with --profile"

# By its name, for some came later than others: why botocore cannot call anything, and what to do.
_HELPLESS: Final[Mapping[str, str]] = {
    "NoCredentialsError": f"no AWS credentials were found: {_SIGN_IN}",
    "PartialCredentialsError": f"the AWS credentials are not complete: {{error}}: {_SIGN_IN}",
    "SSOTokenLoadError": "nobody is signed in: {error}: run `aws sso login`",
    "UnauthorizedSSOTokenError": "the AWS session is over: run `aws sso login`",
    "TokenRetrievalError": "the AWS session is over: {error}: run `aws sso login`",
    "LoginTokenLoadError": "nobody is signed in: {error}: run `aws login`",
    "LoginRefreshRequired": "the AWS session is over: run `aws login`",
    "NoRegionError": "no AWS region is known: give one with --region, or set AWS_REGION",
    "InvalidRegionError": "{error}: give a region as eu-west-1 with --region",
}
_NO_CREDENTIALS: Final = f"no AWS credentials could be got: {{error}}: {_SIGN_IN}"

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html, and the same of other services
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

# Measured is where a call begins, and the net delivers some sooner than others: hence a little more than a second.
INTERVAL_SECONDS: Final = 1.05 * QUOTA_SECONDS

# For how long a fault is met with another try: a person waits for it.
_PATIENCE: Final[Mapping[Fault, float]] = {Fault.THROTTLED: 60.0, Fault.UNAVAILABLE: 5.0}
_ADVICE: Final[Mapping[Fault, str]] = {
    Fault.THROTTLED: "try again when less else calls it",
    Fault.UNAVAILABLE: "try again later",
}


def pacer(clock: Clock | None = None, random: Random | None = None) -> Pacer:
    """Return what makes one call after the other, each as soon as SES lets it through.

    :param clock: where time comes from. Default: - the machine's own.
    :param random: where the waits between two tries are drawn from. Default: - nobody knows which come.
    """
    lots = random or Random()  # noqa: S311 - it keeps no secret
    return Pacer(clock or MonotonicClock(), lambda: jitter(lots, first=0.25, growth=2, cap=2.0), _PATIENCE)


class Aws:
    """AWS, by what the AWS CLI would use as well.

    :param profile: of the configuration. Default: - as boto3 finds one.
    :param region: as `eu-west-1`. Default: - `AWS_REGION`, else as boto3 finds one.
    :param paced: decides when a call begins, and whether once more. Default: - one on the machine's own time.
    :param answer_seconds: how long an answer may take to come. Default: - long enough for the longest.
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
            # The AWS CLI asks for AWS_REGION first, boto3 does not know it.
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
        """See `Calls.region`."""
        region: str = self._session.region_name
        return region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        """See `Calls.once`."""
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
            raise self._failed(NotAwsError(operation=operation, said="what came back", status=0), service) from error
        return answer

    def _called(self, service: str, operation: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        try:
            if service not in self._clients:
                self._clients[service] = self._session.client(service, config=_CONFIG)
        except BotoCoreError as error:
            raise self._failed(error, service) from error
        except ValueError as error:
            # An endpoint of the environment that is no address.
            raise ReviewError([f"{service} cannot be called: {_line(error)}"]) from error
        return getattr(self._clients[service], xform_name(operation))

    def _sign_in(self) -> None:
        """Get the credentials, for which a person may be asked: they take the time that they take."""
        credentials = self._session.get_credentials()
        if credentials:
            credentials.get_frozen_credentials()

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the same
        """See `Calls.call`."""
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
        """Return what an error of botocore's own means: nothing can be called, or the network fails."""
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
    """Return what `call` gives, or raise what it raises; `ReadTimeoutError` where that takes longer."""
    answer: Future[_T] = Future()

    def work() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the answer is waited for
            answer.set_exception(error)

    # One that still listens to a drip keeps no process from its end.
    Thread(target=work, daemon=True).start()
    wait([answer], seconds)
    if not answer.done():
        raise ReadTimeoutError(endpoint_url=url)
    return answer.result()


def _check(operation_model: Any, response_dict: Mapping[str, Any], **_: object) -> None:  # noqa: ANN401 - botocore ships no types
    """Raise `NotAwsError` where this is not what AWS says, but what stands between."""
    model = operation_model.service_model
    # botocore chooses among those that a service has come to speak.
    is_xml = _IS_XML.get(getattr(model, "resolved_protocol", model.metadata["protocol"]))
    if is_xml is None:
        return
    status, body = response_dict["status_code"], response_dict["body"]
    headers = {name.lower(): value for name, value in response_dict["headers"].items()}
    if not is_answer(operation_model.name, status, body, headers, is_xml=is_xml):
        said = f"HTTP {status} with {len(body)} bytes of {headers.get('content-type', 'no type')[:40]}"
        raise NotAwsError(operation=operation_model.name, said=said, status=status)


def _refused(error: ClientError, operation: str) -> Exception:
    """Return what a refusal means: of this call, of who calls, or of this moment."""
    code, message = error.response["Error"].get("Code", "Unknown"), _line(error.response["Error"].get("Message", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    said = f"{error.operation_name}: {code}: {message}"
    if code in _EXPIRED:
        return ReviewError([f"the AWS session is over: {code}: {_SIGN_IN}"])
    if code in _UNKNOWN_KEY:
        return ReviewError([f"AWS does not take these credentials: {said}: {_SIGN_IN}; or enable the region"])
    if error.operation_name != operation:
        # It was on the way to credentials, as AssumeRole of a profile with a role.
        return ReviewError([_NO_CREDENTIALS.format(error=said)])
    return CallError(code, message, fault_of(code, message, status))


def _line(said: object) -> str:
    """Return what is said in one line, and without a full stop."""
    return " ".join(str(said).split()).removesuffix(".")
