"""What sends boto3's calls in place of botocore's own transport, each within one limit of time.

It leans on names of botocore that nobody promises. Where one of them is gone, `provider.clients` does without all this.
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

# An identity has at most 20 policies of 4 KB; CloudFormation's answers are smaller.
_MOST: Final = 1024 * 1024

_PORTS: Final = {"http": 80, "https": 443}


class _Body:
    """An answer's body, as botocore reads one."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


class Sender:
    """Sends what one client wants sent, a call within its limit.

    :param seconds: the limit of a call, all tries of it together.
    :param is_error: tells whether a body may be that of a refusal.
    :param is_proper: tells whether a body may be that of an answer, given HTTP's method.
    :param bundle: the authorities that a server's certificate is held against. Default: - botocore's.
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
        # What is missing of botocore is missing now, and not while a call is on its way.
        proxies = ProxyConfiguration(get_environ_proxies(place := "https://aws.example"))
        proxies.proxy_url_for(place)
        proxies.proxy_headers_for(place)
        bytes(AWSResponse(place, 200, {}, _Body(b"")).content)

    def begin(self, **_: object) -> None:
        """Let the time of a call begin."""
        self._limit = Limit.of(self._seconds)

    def send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        """Return the answer; None where botocore must send it, as by a proxy that is spoken to over TLS."""
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
        """Hang up."""
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
            """As botocore makes it; the name on the certificate is checked by urllib3 there, and here by Python."""
            context: ssl.SSLContext = create_urllib3_context()
            context.check_hostname = True
            context.load_verify_locations(None if few else path, cadata=few or None)
            return context

        with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes its time to load
            return Trust(make, file.read())

    def _check(self, method: str, answer: HttpsResponse) -> None:
        """Raise `NoAnswerError` where this is no answer of AWS, but of whatever stands between."""
        is_done = 200 <= answer.status < 300  # noqa: PLR2004 - as HTTP has it
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
