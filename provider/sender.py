"""Sends boto3's requests in place of botocore's own transport, each call within one time limit.

It uses names of botocore that are not a public API. If one is gone, `provider.clients` leaves this module out.
"""

import ssl
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import ProxyConfiguration, create_urllib3_context, get_cert_path
from botocore.utils import get_environ_proxies

from provider.clients import NoAnswerError, NotSentError
from provider.connect import Limit
from provider.transport import Connection, HttpsRequest, HttpsResponse, LostError, Proxy, UnsentError
from provider.trust import Trust

# The most bytes of a response. An identity has at most 20 policies of 4 KB; CloudFormation's answers are smaller.
_MOST: Final = 1024 * 1024

_PORTS: Final = {"http": 80, "https": 443}


class _Body:
    """The body of a response, in the form that botocore reads."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


class Sender:
    """Sends the requests of one client, each call within its time limit.

    :param seconds: the limit of a call, with all of its tries.
    :param is_error: tells whether a body can be that of the service's error response.
    :param is_proper: tells whether a body can be that of a successful response to this HTTP method.
    :param bundle: the file of certificate authorities that servers are verified against. Default: - botocore's.
    """

    def __init__(
        self,
        seconds: float,
        is_error: Callable[[str, bytes], bool],
        is_proper: Callable[[str, bytes], bool],
        bundle: str | None,
    ) -> None:
        self._seconds = seconds
        self._is_error = is_error
        self._is_proper = is_proper
        self._bundle = bundle
        self._limit: Limit | None = None
        self._connections: dict[tuple[str, str, int], Connection] = {}
        # Use every name of botocore once, so that a missing one is found now, and not during a call.
        proxies = ProxyConfiguration(get_environ_proxies(place := "https://aws.example"))
        proxies.proxy_url_for(place)
        proxies.proxy_headers_for(place)
        bytes(AWSResponse(place, 200, {}, _Body(b"")).content)

    def begin(self, **_: object) -> None:
        """Start the time limit of a call."""
        self._limit = Limit.of(self._seconds)

    def send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        """Return the response; None if botocore must send the request, because it goes through an HTTPS proxy."""
        parts = urlsplit(request.url)
        proxies = ProxyConfiguration(get_environ_proxies(request.url))
        proxy = proxies.proxy_url_for(request.url)
        if proxy and urlsplit(proxy).scheme != "http":
            return None
        body = request.body.encode() if isinstance(request.body, str) else request.body
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            sent = HttpsRequest(request.method, target, dict(request.headers.items()), body or b"")
            limit = self._limit or Limit.of(self._seconds)
            answer = self._connection(request.url, proxy, proxies).exchange(sent, limit, _MOST)
        except UnsentError as error:
            raise NotSentError(error=f"{parts.hostname}: {error}") from error
        except (LostError, ValueError) as error:
            raise NoAnswerError(error=f"{parts.hostname}: {error}") from error
        self._check(request.method, answer)
        return AWSResponse(request.url, answer.status, answer.headers, _Body(answer.body))

    def close(self) -> None:
        """Close every connection."""
        for connection in self._connections.values():
            connection.close()

    def _connection(self, url: str, proxy: str | None, proxies: ProxyConfiguration) -> Connection:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        place = (parts.scheme, host, port)
        if place not in self._connections:
            by = proxy and urlsplit(proxy)
            self._connections[place] = Connection(
                host,
                port,
                self._trust if parts.scheme == "https" else None,
                Proxy(by.hostname or "", by.port or _PORTS["http"], proxies.proxy_headers_for(proxy)) if by else None,
            )
        return self._connections[place]

    @cached_property
    def _trust(self) -> Trust:
        path = get_cert_path(self._bundle or True)

        def make(few: bytes) -> ssl.SSLContext:
            """Return a TLS context like botocore's, but let Python check the host name, as urllib3 does there."""
            context: ssl.SSLContext = create_urllib3_context()
            context.check_hostname = True
            context.load_verify_locations(None if few else path, cadata=few or None)
            return context

        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            return Trust(make, file.read())

    def _check(self, method: str, answer: HttpsResponse) -> None:
        """Raise `NoAnswerError` if the response cannot be AWS's, but is that of a proxy or of another server."""
        is_done = 200 <= answer.status < 300  # noqa: PLR2004 - HTTP's statuses of success
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if is_done:
            is_proper = self._is_proper(method, answer.body)
        else:
            is_proper = "x-amzn-errortype" in headers or self._is_error(method, answer.body)
        if not is_proper:
            kind = headers.get("content-type", "no type")[:40]
            raise NoAnswerError(
                error=f"HTTP {answer.status} with {len(answer.body)} bytes of {kind}, which is no answer of AWS"
            )
