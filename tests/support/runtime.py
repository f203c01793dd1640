"""Lambda's runtime as AWS runs it: its own client in a process of its own, with an API that hands out the events.

"AWS Lambda provides an HTTP API for custom runtimes to receive invocation events from Lambda and send response data
back within the Lambda execution environment."
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from ses_sending_policy.construct.asset import HANDLER
from tests.support.events import ACCOUNT, REGION

_VERSION = "/2018-06-01/runtime/"
_NAME = "Mail-SendingPolicyProvider-1A2B3C4D"

# An event that is not taken within this time was never asked for by the client.
_PATIENCE = 60.0


@dataclass(frozen=True)
class Reported:
    """What the client reported about an invocation, or about the function's start.

    :param kind: `response`, `error` or `init/error`.
    :param request_id: the invocation's; empty for the start.
    :param body: the report.
    """

    kind: str
    request_id: str
    body: Any


class RuntimeApi:
    """The runtime API, served on this machine."""

    def __init__(self) -> None:
        self.events: Queue[tuple[str, object, float]] = Queue()
        self.reported: Queue[Reported] = Queue()
        self._server = _Server(("127.0.0.1", 0), _speaking_for(self))
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A client that is killed while it waits for an event hangs up.
    handle_error = staticmethod(lambda *_: None)  # type: ignore[assignment]


def _speaking_for(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            assert self.path == f"{_VERSION}invocation/next"
            request_id, event, seconds = api.events.get()
            about = {
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + seconds) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{_NAME}",
                "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
            }
            self._say(200, json.dumps(event).encode(), about)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._say(202, b"{}", {})
            of, _, kind = self.path.removeprefix(_VERSION).removeprefix("invocation/").rpartition("/")
            api.reported.put(Reported(f"init/{kind}", "", body) if of == "init" else Reported(kind, of, body))

        def _say(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing: the tests read `reported`."""

    return Handler


class RuntimeClient:
    """A cold function in Lambda's own client.

    :param asset: the folder with its code.
    :param environment: its environment variables.
    :param log_format: `Text` or `JSON`, as in the function's logging configuration.
    """

    def __init__(self, asset: Path, environment: Mapping[str, str], log_format: str = "Text") -> None:
        self._api = RuntimeApi()
        given = {
            "PATH": os.environ["PATH"],
            "_HANDLER": HANDLER,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.14",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_NAME": _NAME,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": log_format,
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{_NAME}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/28/[$LATEST]0a1b2c3d",
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "LAMBDA_TASK_ROOT": str(asset),
            "TZ": ":UTC",
        }
        # Lambda sets a level only if the format is JSON.
        given |= {"AWS_LAMBDA_LOG_LEVEL": "INFO"} if log_format == "JSON" else {}
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", "awslambdaric", given["_HANDLER"]],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=asset,
            env={**given, **environment},
        )
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        # Not read as text, because an error of the client is one line with carriage returns in it.
        self.log += self._process.stdout.read().decode().split("\n")[:-1]

    def __call__(self, event: object, *, seconds: float = 60) -> Reported:
        """Let it handle `event`, and return what Lambda is told about it."""
        request_id = str(uuid4())
        self._api.events.put((request_id, event, seconds))
        reported = self.next_report()
        assert reported.request_id in {request_id, ""}
        return reported

    def next_report(self) -> Reported:
        """Wait for the next report to Lambda, and return it."""
        try:
            return self._api.reported.get(timeout=_PATIENCE)
        except Empty:
            raise TimeoutError(f"the client says nothing; it is {self._process.poll()}") from None

    def end(self) -> list[str]:
        """Kill it, and return the lines of its log."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        return self.log

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        assert self._process.stdout
        self._process.stdout.close()
        self._api.close()
