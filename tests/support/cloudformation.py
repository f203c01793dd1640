"""CloudFormation as the function sees it: the TLS server that takes answers, and the API that can be asked."""

import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4
from xml.sax.saxutils import escape

import trustme


@dataclass(frozen=True)
class Put:
    """A PUT of an answer that arrived.

    :param path: path and query, as they were sent.
    :param body: the bytes.
    :param headers: by lower-case name.
    :param at: when it arrived, in seconds since 1970.
    :param met: how it was treated: a status, or `reset`, `hang`, `slow`, `taken`.
    """

    path: str
    body: bytes
    headers: dict[str, str]
    at: float
    met: int | str = 200

    @property
    def answer(self) -> dict[str, Any]:
        """The body as CloudFormation parses it."""
        answer: dict[str, Any] = json.loads(self.body)
        return answer


@dataclass
class AnswerPlace:
    """The TLS server that presigned answer URLs lead to.

    :param url: its base URL.
    """

    url: str
    puts: list[Put] = field(default_factory=list)
    script: deque[int | str] = field(default_factory=deque)
    """How each of the next PUTs is treated, see `Put.met`; `taken` is accepted and then reset. 200 if it is empty."""
    always: int | str = 200
    arrives: Callable[[Put], object] = lambda _: None
    """Called with each PUT before it is answered."""

    def response_url(self, *, signed_at: float | None = None, path: str = "") -> str:
        """Return a URL like S3's presigned ones; with its date if `signed_at` is given."""
        date = datetime.fromtimestamp(signed_at, UTC).strftime("&X-Amz-Date=%Y%m%dT%H%M%SZ") if signed_at else ""
        return f"{self.url}/{path or uuid4()}?X-Amz-Signature=SECRET{date}&X-Amz-Expires=7200"

    @property
    def arrived(self) -> list[dict[str, Any]]:
        """All answers that arrived, also those whose PUT then failed, in the order of their arrival."""
        return [put.answer for put in self.puts]


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # A client that does not trust the certificate hangs up, which some tests are about.
        handle_error = staticmethod(lambda *_: None)  # type: ignore[assignment]

        def finish_request(self, request: Any, client_address: Any) -> None:
            # The handshake runs in the request's own thread, so that a client that hangs does not block the others.
            if context is not None:
                request.settimeout(30)
                request = context.wrap_socket(request, server_side=True)
            with request:
                handler(request, client_address, self)

    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def vouched_by(authority: trustme.CA) -> ssl.SSLContext:
    """Return the TLS context of a server on localhost, with a certificate that `authority` issued."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@contextmanager
def answer_place(context: ssl.SSLContext) -> Iterator[AnswerPlace]:
    """Serve an answer place on localhost, with the certificate of `context`."""
    place = AnswerPlace("")

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            meets = place.script.popleft() if place.script else place.always
            put = Put(self.path, body, headers, time.time(), meets)
            place.puts.append(put)
            place.arrives(put)
            if meets == "hang":
                time.sleep(30)
            if meets == "slow":
                time.sleep(1)
            if meets in {"reset", "hang", "taken"}:
                self.connection.close()
                return
            status = meets if isinstance(meets, int) else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the tests read `puts`."""

    with _serving(Handler, context) as port:
        place.url = f"https://localhost:{port}"
        yield place


@dataclass(frozen=True)
class Described:
    """What `DescribeStackResource` says of a resource.

    :param status: its status.
    :param physical_id: its present physical id.
    :param updated: when the status changed, in seconds since 1970.
    """

    status: str
    physical_id: str = ""
    updated: float = 0.0


REMOVED = Described("")
"""What is said of a resource that an update removed from its stack: that the stack has none of this name."""


@dataclass(frozen=True)
class Happened:
    """What `DescribeStackEvents` says of one event of a resource.

    :param logical_id: the resource's logical id.
    :param status: its status, for instance `UPDATE_COMPLETE`.
    :param physical_id: its physical id then.
    :param at: seconds since 1970.
    :param properties: its properties then.
    """

    logical_id: str
    status: str
    physical_id: str
    at: float
    properties: Mapping[str, Any]


@dataclass
class Questions:
    """CloudFormation's API.

    :param url: its base URL.
    """

    url: str
    asked: list[str] = field(default_factory=list)
    """The logical ids that the function asked for."""
    says: Callable[[str], Described | None] = lambda _: None
    """Returns what is said of a logical id; None for an error, as for an unknown stack."""
    happened: Callable[[], list[Happened]] = list
    """Returns what happened in the stack, the oldest first."""
    status: Callable[[], str] = lambda: "UPDATE_IN_PROGRESS"
    """Returns the status of the stack."""
    denied: set[str] = field(default_factory=set)
    """The operations that the function's role is not allowed to call."""

    def reset(self) -> None:
        """Return to the initial state."""
        self.asked.clear()
        self.denied.clear()
        fresh = Questions(self.url)
        self.says, self.happened, self.status = fresh.says, fresh.happened, fresh.status


_RESOURCE = """<DescribeStackResourceResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStackResourceResult><StackResourceDetail><LogicalResourceId>{logical_id}</LogicalResourceId>
<PhysicalResourceId>{physical_id}</PhysicalResourceId><ResourceType>Custom::SendingPolicy</ResourceType>
<ResourceStatus>{status}</ResourceStatus><LastUpdatedTimestamp>{updated}</LastUpdatedTimestamp>
</StackResourceDetail></DescribeStackResourceResult></DescribeStackResourceResponse>"""

_EVENTS = """<DescribeStackEventsResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStackEventsResult><StackEvents>{members}</StackEvents></DescribeStackEventsResult>
</DescribeStackEventsResponse>"""

_EVENT = """<member><EventId>{logical_id}-{status}-{at}</EventId><StackId>{stack_id}</StackId>
<StackName>Mail</StackName>
<LogicalResourceId>{logical_id}</LogicalResourceId><PhysicalResourceId>{physical_id}</PhysicalResourceId>
<ResourceType>Custom::SendingPolicy</ResourceType><ResourceStatus>{status}</ResourceStatus><Timestamp>{at}</Timestamp>
<ResourceProperties>{properties}</ResourceProperties></member>"""

_STACKS = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>
<Stacks><member><StackName>Mail</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>
<StackStatus>{status}</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""

_UNKNOWN = """<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
<Message>{message}</Message></Error></ErrorResponse>"""

_DENIED = """<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
<Message>not authorized to perform: cloudformation:{action}</Message></Error></ErrorResponse>"""


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _resource(place: Questions, logical_id: str) -> tuple[int, str]:
    place.asked.append(logical_id)
    described = place.says(logical_id)
    if described is None:
        return 400, _UNKNOWN.format(message="Stack does not exist")
    if described is REMOVED:
        # The text is AWS's, as in https://github.com/jpsim/AWSPics/issues/14; that AWS says so of a resource that an
        # update removed: https://github.com/localstack/localstack/pull/13269 ("AWS validated").
        return 400, _UNKNOWN.format(message=f"Resource {logical_id} does not exist for stack Mail")
    return 200, _RESOURCE.format(
        logical_id=logical_id,
        physical_id=escape(described.physical_id),
        status=described.status,
        updated=_stamp(described.updated),
    )


def _events(place: Questions, stack_id: str) -> tuple[int, str]:
    members = [
        _EVENT.format(
            logical_id=each.logical_id,
            status=each.status,
            at=_stamp(each.at),
            stack_id=stack_id,
            physical_id=escape(each.physical_id),
            properties=escape(json.dumps(each.properties)),
        )
        for each in reversed(place.happened())
    ]
    return 200, _EVENTS.format(members="".join(members))


def _said(place: Questions, form: Mapping[str, str]) -> tuple[int, str]:
    action = form["Action"]
    if action in place.denied:
        if action == "DescribeStackResource":
            place.asked.append(form["LogicalResourceId"])
        return 403, _DENIED.format(action=action)
    match action:
        case "DescribeStackResource":
            return _resource(place, form["LogicalResourceId"])
        case "DescribeStackEvents":
            return _events(place, form["StackName"])
        case _:
            return 200, _STACKS.format(status=place.status())


@contextmanager
def questions() -> Iterator[Questions]:
    """Serve an endpoint that answers DescribeStackResource, DescribeStackEvents and DescribeStacks."""
    place = Questions("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, text = _said(place, {name: values[0] for name, values in form.items()})
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the tests read `asked`."""

    with _serving(Handler) as port:
        place.url = f"http://127.0.0.1:{port}"
        yield place
