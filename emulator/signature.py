"""Verifies AWS Signature Version 4, so that only requests signed with the secret of a local AWS are let in.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

botocore computes the expected signature, as it computes that of a client. The file imports nothing of the package,
because `gateway.py` runs it by its path.
"""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_HEADER: Final = re.compile(
    rf"{_ALGORITHM} +Credential=(?P<Credential>[^,\s]+), *SignedHeaders=(?P<SignedHeaders>[^,\s]+), *"
    r"Signature=(?P<Signature>[^,\s]+)"
)
# "The credential scope ... is a string that includes the date, the Region you are targeting, the service".
_CREDENTIAL: Final = re.compile(r"(?P<key>[^/]+)/(?P<day>[0-9]{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_TIME: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
_PARAMETERS: Final = ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")
_MOST_EXPIRES: Final = 604800
# A target has no fragment, because a signature does not cover it, and no characters that parsers read differently.
_TARGET: Final = re.compile(r"/[!-\"$-~]*")

# "the client timestamp included with an authenticated request must be within 15 minutes of the Amazon S3 system time
# when the request is received"
# https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
_SKEW_SECONDS: Final = 900

# S3 accepts an unsigned body: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"
_UNSIGNED_BODIES: Final = (_UNSIGNED, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
_HINT: Final = "the local AWS takes only the credentials that it printed as it started"


class SignatureError(Exception):
    """A request has no valid signature, and is refused.

    :param code: AWS's error code.
    :param message: a sentence.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class SignatureClaim:
    """The signature of a request, well-formed but not proven: only `verify` proves it.

    :param query: the signed parameters of the query, decoded.
    :param headers: the signed headers, by their names in small letters.
    :param time: when the request was signed, for instance `20260101T120000Z`.
    :param expires: for how many seconds a presigned URL is valid; None for a signature in a header.
    :param payload: the body's hash as the request states it, or a word such as `UNSIGNED-PAYLOAD`; None if it has none.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    key: str
    region: str
    service: str
    time: str
    expires: int | None
    payload: str | None
    signature: str

    def verify(self, secret: str, body: bytes, now: float) -> None:
        """Raise `SignatureError` unless this request, with this body, was signed with the secret and is still valid.

        :param now: the time in seconds since 1970.
        """
        payload = self._payload(body)
        self._check_time(now)
        if not hmac.compare_digest(self._expected(secret, payload).encode(), self.signature.encode("utf-8", "replace")):
            raise SignatureError("InvalidSignatureException", f"the signature is of another secret or request: {_HINT}")

    def _payload(self, body: bytes) -> str:
        found = sha256(body).hexdigest()
        if self.payload in _UNSIGNED_BODIES:
            if self.service == "s3":
                return self.payload
            raise SignatureError("InvalidSignatureException", f"{self.payload} is for s3 alone: sign the body's hash")
        if self.payload not in (None, found):
            raise SignatureError(
                "InvalidSignatureException",
                f"X-Amz-Content-Sha256 {self.payload!r} is not allowed: "
                f"it must be the body's hash, or for s3 one of {', '.join(_UNSIGNED_BODIES)}",
            )
        return found

    def _check_time(self, now: float) -> None:
        try:
            signed = datetime.strptime(self.time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError as error:
            raise _incomplete(f"X-Amz-Date {self.time!r} is no time such as 20260101T120000Z") from error
        lasts = _SKEW_SECONDS if self.expires is None else self.expires
        if not signed - _SKEW_SECONDS <= now <= signed + lasts:
            raise SignatureError("RequestExpired", f"signed at {self.time} for {lasts} s: it is over, or not yet begun")

    def _expected(self, secret: str, payload: str) -> str:
        signer = (_S3 if self.service == "s3" else _Signer)(Credentials(self.key, secret), self.service, self.region)
        # The host in this URL does not matter, because the real host is signed as a header.
        request = AWSRequest(self.method, f"https://host{self.path}", dict(self.headers), params=list(self.query))
        request.context |= {"timestamp": self.time, "payload": payload}
        said: str = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        return said


class _Signer(SigV4Auth):  # type: ignore[misc]  # botocore ships no types
    """botocore's signer, but over exactly the headers that the client has signed."""

    def headers_to_sign(self, request: AWSRequest) -> Any:  # noqa: ANN401 - as above
        return request.headers

    def payload(self, request: AWSRequest) -> Any:  # noqa: ANN401 - as above
        return request.context["payload"]


class _S3(_Signer, S3SigV4Auth):  # type: ignore[misc]  # as above
    """botocore's signer for S3, over the headers that the client has signed, and the path as it was sent."""


def claimed(method: str, target: str, headers: Iterable[tuple[str, str]]) -> SignatureClaim:
    """Return the signature of a request, not yet proven; raise `SignatureError` if it has none or a malformed one.

    :param target: the path and query exactly as in the request line.
    """
    path, _, text = target.partition("?")
    query = parse_qsl(text, keep_blank_values=True)
    lines: dict[str, list[str]] = {}
    for name, value in headers:
        lines.setdefault(name.lower(), []).append(value)
    is_presigned = any(name == "X-Amz-Signature" for name, _ in query)
    if is_presigned and "authorization" in lines:
        raise _incomplete("a request is signed in a header or in its URL, and not in both")
    said = _in_url(query) if is_presigned else _in_header(lines)
    scope = _CREDENTIAL.fullmatch(said["Credential"])
    if scope is None or _TIME.fullmatch(said["Date"]) is None or scope["day"] != said["Date"][:8]:
        raise _incomplete(
            f"Credential {said['Credential']!r} of {said['Date']!r} must be KEY/DAY/REGION/SERVICE/aws4_request"
        )
    if _TARGET.fullmatch(target) is None:
        raise _incomplete(f"{target!r} is no path in printable ASCII: percent-encode what else is in it")
    payload = lines.get("x-amz-content-sha256") or [value for name, value in query if name == "X-Amz-Content-Sha256"]
    if is_presigned and scope["service"] == "s3":
        payload = payload or [_UNSIGNED]
    return SignatureClaim(
        method=method,
        path=path,
        query=tuple(pair for pair in query if pair[0] != "X-Amz-Signature"),
        headers=_signed(said["SignedHeaders"].split(";"), lines),
        key=scope["key"],
        region=scope["region"],
        service=scope["service"],
        time=said["Date"],
        expires=_seconds(said["Expires"]) if is_presigned else None,
        payload=",".join(payload) if payload else None,
        signature=said["Signature"],
    )


def _in_header(lines: dict[str, list[str]]) -> dict[str, str]:
    given = lines.get("authorization", [])
    if not given:
        raise SignatureError("MissingAuthenticationTokenException", f"the request is not signed: {_HINT}")
    found = _HEADER.fullmatch(given[0])
    if found is None or len(given) > 1:
        raise SignatureError(
            "MissingAuthenticationTokenException", f"Authorization is no {_ALGORITHM} with its three parts: {_HINT}"
        )
    dates = lines.get("x-amz-date", [])
    if len(dates) != 1:
        raise _incomplete("a signed request needs one X-Amz-Date")
    return found.groupdict() | {"Date": dates[0]}


def _in_url(query: Sequence[tuple[str, str]]) -> dict[str, str]:
    said = {}
    for parameter in _PARAMETERS:
        values = [value for name, value in query if name == f"X-Amz-{parameter}"]
        if len(values) != 1:
            raise _incomplete(f"a presigned URL needs one X-Amz-{parameter}, this has {len(values)}")
        said[parameter] = values[0]
    if said["Algorithm"] != _ALGORITHM:
        raise _incomplete(f"X-Amz-Algorithm {said['Algorithm']!r} must be {_ALGORITHM}")
    return said


def _signed(names: Sequence[str], lines: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """Return the headers that `names` lists; raise `SignatureError` if a header that must be signed is not listed.

    "The CanonicalHeaders list must include the following: HTTP host header. [...] Any x-amz-* headers that you plan to
    include in your request must also be added."
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    """
    needed = {"host"} | {name for name in lines if name.startswith("x-amz-")}
    if unsigned := sorted(needed - set(names)):
        raise _incomplete(f"the header {unsigned[0]} is not signed")
    if absent := sorted(set(names) - set(lines)):
        raise _incomplete(f"the signed header {absent[0]!r} is not there")
    return tuple((name, ",".join(lines[name])) for name in names)


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_EXPIRES)) and int(text) <= _MOST_EXPIRES):
        raise _incomplete(f"X-Amz-Expires {text!r} must be a number of seconds, {_MOST_EXPIRES} at most")
    return int(text)


def _incomplete(message: str) -> SignatureError:
    return SignatureError("IncompleteSignatureException", message)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests as an account in a region.

    :param key: the access key id.
    :param secret: the secret.
    :param region: for instance `eu-west-1`.
    """

    key: str
    secret: str = field(repr=False)
    region: str

    def headers(self, service: str, method: str, url: str, body: bytes = b"") -> dict[str, str]:
        """Return the headers that sign a request without other headers."""
        request = AWSRequest(method, url, data=body)
        SigV4Auth(Credentials(self.key, self.secret), service, self.region).add_auth(request)
        return dict(request.headers.items())

    def presigned(self, method: str, url: str, seconds: int) -> str:
        """Return a presigned URL in the format of S3, which works without credentials for `seconds` seconds."""
        request = AWSRequest(method, url)
        S3SigV4QueryAuth(Credentials(self.key, self.secret), "s3", self.region, seconds).add_auth(request)
        signed: str = request.url
        return signed
