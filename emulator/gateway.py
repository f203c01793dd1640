"""Runs ministack on a socket that is bound already, and lets in only requests that are signed with the secret.

    python gateway.py DESCRIPTOR

It replaces ministack's own `main`, which takes a port number that another process may have taken meanwhile, and which
with TLS also tries to listen on port 443.

ministack accepts every signature, and answers many requests without one. The secret is in the environment.

The file imports nothing of the package, because it is run by its path, from any directory.
"""
# ruff: noqa: ANN401, SLF001 - this replaces functions of ministack, with their types and private names

import asyncio
import json
import os
import resource
import runpy
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, Final
from xml.sax.saxutils import escape

from hypercorn.asyncio import serve
from hypercorn.config import Config

_HERE: Final = Path(__file__).parent
_SIGNATURE: Final = runpy.run_path(str(_HERE / "signature.py"))
_FORBIDDEN: Final = 403
_POLICY_VIOLATION: Final = 1008
# How long presigned URLs are valid. Those for an answer or a signal: longer than CloudFormation waits for it. Those for
# a function's code: ten minutes, as Lambda documents.
_ANSWER_SECONDS: Final = 2 * 3600
_SIGNAL_SECONDS: Final = 13 * 3600
_CODE_SECONDS: Final = 600

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]


def guarded(app: App, secret: str) -> App:
    """Return an ASGI application that passes a request on to `app` only if it is signed with the secret."""

    async def guard(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await app(scope, receive, send)
        headers = [(name.decode("latin-1"), _text(value)) for name, value in scope["headers"]]
        target = b"?".join(part for part in (scope["raw_path"], scope["query_string"]) if part).decode("latin-1")
        try:
            claim = _SIGNATURE["claimed"](scope.get("method", "GET"), target, headers)
            body = await _body(receive) if scope["type"] == "http" else b""
            if body is None:
                return None
            claim.verify(secret, body, time.time())
        except _SIGNATURE["SignatureError"] as error:
            return await _refuse(scope, receive, send, error)
        return await app(scope, _replayed(body, receive) if scope["type"] == "http" else receive, send)

    return guard


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


async def _body(receive: Receive) -> bytes | None:
    """Return the whole body, or None if the client closed the connection."""
    parts = []
    while (message := await receive())["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
    return None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that first gives `body`, which was read already, and then the messages after it."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Any:
        return left.pop() if left else await receive()

    return again


async def _refuse(scope: Any, receive: Receive, send: Send, error: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        return await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
    kind, body = _said(dict(scope["headers"]), error.code, error.message)
    headers = [(b"content-type", kind), (b"x-amzn-errortype", error.code.encode())]
    await send({"type": "http.response.start", "status": _FORBIDDEN, "headers": headers})
    return await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _said(headers: dict[bytes, bytes], code: str, message: str) -> tuple[bytes, bytes]:
    """Return the content type and body of an error, in the format of the requested service: XML or JSON."""
    is_form = headers.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded")
    if is_form or b"/s3/aws4_request" in headers.get(b"authorization", b""):
        told = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        return b"text/xml", (f"<ErrorResponse>{told}</ErrorResponse>" if is_form else told).encode()
    return b"application/json", json.dumps({"__type": code, "message": message}).encode()


def hand_out(secret: str) -> None:
    """Patch ministack so that the credentials and URLs that it gives out are accepted by `guarded`."""
    # Imported late, because `main` must start its thread before ministack is imported.
    from ministack.core.responses import get_account_id, get_region  # noqa: PLC0415 - see above
    from ministack.services import iam, lambda_svc, sts  # noqa: PLC0415 - see above
    from ministack.services.cloudformation import custom_resource, wait_conditions  # noqa: PLC0415 - see above

    def presigned(own: Callable[..., str], method: str, seconds: int) -> Callable[..., str]:
        def url(*given: Any) -> str:
            signer = _SIGNATURE["Signer"](get_account_id(), secret, get_region())
            address = own(*given).partition("?")[0].replace("http:", "https:", 1)
            return str(signer.presigned(method, address, seconds))

        return url

    # All assumed roles get the same secret, because the strict SES in another process must know it too.
    iam._gen_secret = sts._gen_secret = lambda: secret
    custom_resource._response_url = presigned(custom_resource._response_url, "PUT", _ANSWER_SECONDS)
    wait_conditions.handle_url = presigned(wait_conditions.handle_url, "PUT", _SIGNAL_SECONDS)
    lambda_svc._presigned_code_url = presigned(lambda_svc._presigned_code_url, "GET", _CODE_SECONDS)
    lambda_svc._layer_content_url = presigned(lambda_svc._layer_content_url, "GET", _CODE_SECONDS)


def main(descriptor: int) -> None:
    """Serve until standard input ends, which happens when the supervisor ends."""

    def end_with_supervisor() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    Thread(target=end_with_supervisor, daemon=True).start()
    # Bursts open many connections and processes, so raise the limit of open files, as ministack's own main does. macOS
    # reports an infinite limit but refuses to set it. There, the limit stays as it is.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    # Imported after the thread above is started, so that this process ends with the supervisor even if imports fail.
    from ministack.app import app  # noqa: PLC0415 - see above

    secret = os.environ["AWS_SECRET_ACCESS_KEY"]
    hand_out(secret)
    runpy.run_path(str(_HERE / "cloudformation.py"))["install"]()
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.certfile = os.environ["MINISTACK_SSL_CERT"]
    config.keyfile = os.environ["MINISTACK_SSL_KEY"]
    config.keep_alive_timeout = 75
    config.accesslog = None
    asyncio.run(serve(guarded(app, secret), config))


if __name__ == "__main__":
    main(int(sys.argv[1]))
