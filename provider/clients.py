"""boto3's clients, made for a function that has little processor time, and that must not outlast its answer.

What a client sends goes through `provider.transport` in place of botocore's own transport: each wait of that one has a
limit, but a server that says a byte now and then, or has several dead addresses, makes as many waits as it likes.
"""

import json
import ssl
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.httpsession import ProxyConfiguration, create_urllib3_context, get_cert_path
from botocore.loaders import Loader
from botocore.utils import get_environ_proxies

from provider.dial import Limit
from provider.transport import Answer, Connection, LostError, Proxy, Request, UnsentError

# An identity has at most 20 policies of 4 KB; CloudFormation's answers are smaller.
_MOST: Final = 1024 * 1024

_PORTS: Final = {"http": 80, "https": 443}


class NotSentError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """A call that never left the machine."""

    fmt = "{error}"


class NoAnswerError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """A call that may have been carried out: no proper answer came."""

    fmt = "{error}"


class _OneService(Loader):  # type: ignore[misc]  # botocore ships no types
    """Finds the model of a service whose name is known.

    botocore's own looks at the folders of all its services first, some four hundred, and twice for a client: that is a
    quarter of what a client costs.

    :param service: as `sesv2`.
    :param paths: where models are, beside botocore's own.
    """

    def __init__(self, service: str, paths: str | None) -> None:
        super().__init__(paths)
        self._service = service

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's own signature
        return [self._service]


class _Body:
    """An answer's body, as botocore reads one."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def is_json(_method: str, body: bytes) -> bool:
    """Return whether an answer is one that a service of JSON gives."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def is_xml(_method: str, body: bytes) -> bool:
    """Return whether an answer is one that a service of XML gives."""
    try:
        ET.fromstring(body)  # noqa: S314 - botocore parses it the same way, and its size has a limit
    except (ET.ParseError, ValueError, LookupError, RecursionError):
        return False
    return True


class _Sender:
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
        self._limit = Limit.of(seconds)
        self._connections: dict[tuple[str, str, int], Connection] = {}

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
            sent = Request(request.method, target, dict(request.headers.items()), body or b"")
            answer = self._connection(request.url, proxy, proxies).exchange(sent, self._limit, _MOST)
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
                self._context if parts.scheme == "https" else None,
                Proxy(by.hostname or "", by.port or _PORTS["http"], proxies.proxy_headers_for(proxy)) if by else None,
            )
        return self._connections[place]

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """As botocore makes it; the name on the certificate is checked by urllib3 there, and here by Python."""
        context: ssl.SSLContext = create_urllib3_context()
        context.check_hostname = True
        context.load_verify_locations(get_cert_path(self._bundle or True))
        return context

    def _check(self, method: str, answer: Answer) -> None:
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


_senders: Final[list[_Sender]] = []


def client(service: str, region: str, config: Config, is_proper: Callable[[str, bytes], bool] | None = None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for `service` in the function's own account.

    A call takes no longer than the two limits of `config` together. It raises `NotSentError` or `NoAnswerError` where
    nothing proper comes back.

    :param is_proper: tells whether a body may be that of an answer, given HTTP's method. Default: - the service's
        format is looked at.
    """
    session = botocore.session.get_session()
    session.register_component("data_loader", _OneService(service, session.get_config_variable("data_path")))
    made = boto3.Session(botocore_session=session).client(service, region_name=region, config=config)
    model = made.meta.service_model
    is_error = is_json if "json" in model.metadata["protocol"] else is_xml
    seconds = config.connect_timeout + config.read_timeout
    sender = _Sender(seconds, is_error, is_proper or is_error, session.get_config_variable("ca_bundle"))
    made.meta.events.register(f"before-call.{model.service_id.hyphenize()}", sender.begin)
    made.meta.events.register(f"before-send.{model.service_id.hyphenize()}", sender.send)
    _senders.append(sender)
    return made


def hang_up() -> None:
    """End each connection: a function may be frozen for hours, and nothing of it should be halfway then."""
    for sender in _senders:
        sender.close()
