"""Sends the response to CloudFormation: cuts its body to the allowed size, and retries until it is accepted.

It needs the standard library alone, so that a response is sent even if every other import fails.
"""

import http.client
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from provider.connect import Limit
from provider.json_log import JsonLog, to_json
from provider.transport import Connection, HttpsRequest, LostError, UnsentError
from provider.trust import Trust
from ses_sending_policy.rules.clock import Clock, Deadline

# "The total size of the response body can't exceed 4096 bytes."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
BODY_BYTES: Final = 4096

_TRIES: Final = 8
_TRY_SECONDS: Final = 5.0
_PAUSE_SECONDS: Final = 0.25
_LONGEST_PAUSE_SECONDS: Final = 8.0

_HTTPS: Final = 443
_TOO_MANY_REQUESTS: Final = 429


class UndeliveredError(Exception):
    """CloudFormation did not accept the answer. The function raises this, so that Lambda delivers the event again."""


@cache
def trust() -> Trust:
    """Return the certificate authorities that the answer URL's server is verified against: the system's own."""
    bundle = b""
    # If there is no bundle file, or it cannot be read, OpenSSL uses the system's folder of certificates, if any.
    with suppress(OSError), open(ssl.get_default_verify_paths().cafile or "", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
        bundle = file.read()
    return Trust(lambda few: ssl.create_default_context(cadata=few), bundle)


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return `body` as JSON; if that is longer than `BODY_BYTES`, with an empty `Data`."""
    text = to_json(body).encode()
    return text if len(text) <= BODY_BYTES else to_json({**body, "Data": {}}).encode()


def deliver(url: str, body: Mapping[str, Any], deadline: Deadline, clock: Clock, log: JsonLog) -> bool:
    """PUT `body` to the answer URL, and return whether CloudFormation accepted it; never raises.

    Tries again on 5xx, on 429 and if the connection failed, up to eight times and until `deadline`.
    """
    payload = encoded(body)
    for tries in range(1, _TRIES + 1):
        outcome, final = _put(url, payload, min(_TRY_SECONDS, deadline.left()))
        if outcome == "accepted":
            return True
        pause = min(_PAUSE_SECONDS * 2**tries, _LONGEST_PAUSE_SECONDS)
        last = final or tries == _TRIES or deadline.left() <= pause
        log.write("answer not accepted", outcome=outcome, tries=tries, gives_up=last)
        if last:
            return False
        clock.sleep(pause)
    return False


def _put(url: str, payload: bytes, seconds: float) -> tuple[str, bool]:
    """Return the outcome of one try in words, and whether trying again is useless; never quotes the presigned URL."""
    if seconds <= 0:
        return "no time left", True
    try:
        parts = urlsplit(url)
        connection = Connection(parts.hostname or "", parts.port or _HTTPS, trust())
        # The URL is signed for an empty Content-Type: S3 refuses any other.
        headers = {"Content-Type": "", "Content-Length": str(len(payload))}
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        status = connection.exchange(HttpsRequest("PUT", target, headers, payload), Limit.of(seconds)).status
    except ValueError:
        return "the URL is none", True
    except (UnsentError, LostError) as error:
        return _told(error)
    if http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES:
        return "accepted", True
    return f"HTTP {status}", status < http.HTTPStatus.INTERNAL_SERVER_ERROR and status != _TOO_MANY_REQUESTS


def _told(error: OSError) -> tuple[str, bool]:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        # Cut off the rest of the message, which may name the host of the presigned URL.
        return str(error).partition(",")[0], True
    # The messages of these two errors quote the server's response, which may contain the presigned URL: leave them out.
    is_quote = type(cause) in {http.client.BadStatusLine, http.client.UnknownProtocol}
    return type(cause).__name__ if is_quote else str(error), False
