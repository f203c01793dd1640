"""No part of a ResponseURL is ever logged, whatever it is: with it, anybody could answer in the function's place."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.support.cloudformation import vouched_by
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess

PARTNER = Resource()

# Every part but the scheme is secret.
MALFORMED: dict[str, Any] = {
    "a number": 5,
    "a list": ["https://secret.invalid/secret?secret"],
    "an object": {"secret": "secret"},
    "a list in itself": [[["secret"]]],
    "empty": "",
    "one word": "secret",
    "without a scheme": "//secret.invalid/secret?secret",
    "without a host": "https:///secret?secret",
    "a path": "/secret?secret#secret",
    "another scheme": "secret://secret.invalid/secret?secret",
    "http": "http://secret.invalid/secret?secret",
    "a file": "file:///secret",
    "an odd scheme": "ht!tps://secret/secret",
    "a port that is none": "https://host:secret/secret?secret",
    "a port too large": "https://secret.invalid:99999999/secret?secret",
    "brackets": "https://[secret]/secret?secret",
    "half a bracket": "https://[secret/secret?secret",
    "brackets behind": "https://secret]/secret?secret",
    "a slash of Unicode": "https://secret\u2100.invalid/secret?secret",
}

# These have a host, so an answer is tried. Nobody listens there, or the address is not possible.
TRIED: dict[str, str] = {
    "nobody": "https://secret.invalid/secret?X-Amz-Signature=secret#secret",
    "capitals": "HTTPS://SECRET.invalid/SECRET?SECRET",
    "credentials": "https://secret:secret@localhost:{port}/secret?secret",
    "a space in the path": "https://localhost:{port}/secret secret?secret",
    "a space in the query": "https://localhost:{port}/?secret secret",
    "a space in the host": "https://secret secret/secret?secret",
    "a space before it": " https://localhost:{port}/secret?secret",
    "a line's end": "https://localhost:{port}/secret\r\nX-Secret: secret?secret",
    "a NUL": "https://localhost:{port}/secret\0secret?secret",
    "a NUL in the host": "https://secret\0secret/secret",
    "a control character": "https://localhost:{port}/secret\x7fsecret",
    "letters of Unicode": "https://localhost:{port}/secret\u0142?secret\u0142",
    "a host of Unicode": "https://secret\u0142.invalid/secret?secret",
    "a host with half a character": "https://secret\ud800secret/secret?secret",
    "a path with half a character": "https://localhost:{port}/secret\ud800?secret",
    "a host with an empty label": "https://secret..secret.invalid/secret",
    "a host that begins with a dot": "https://.secret.invalid/secret",
    "a host too long": "https://" + "secret" * 50 + "/secret",
    "a label too long": "https://" + "secret" * 12 + ".invalid/secret",
    "an address with a zone": "https://[fe80::1%25secret]/secret?secret",
    "port 0": "https://localhost:0/secret?secret",
    "a date that is none": "https://localhost:{port}/secret?X-Amz-Date=secret&X-Amz-Date=secret",
    "a date of other digits": "https://localhost:{port}/?X-Amz-Date=secret%F0%FF&secret",
}


def told(function: FunctionProcess, url: Any) -> str:
    """Return what a Create with this ResponseURL leaves in the log, and the function's error."""
    said = function(PARTNER.create("") | {"ResponseURL": url})
    assert said is not None
    return (said + function.text).lower()


@pytest.mark.parametrize("url", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_one_is_not_told(aws: FakeAws, url: Any) -> None:
    assert "secret" not in told(aws.function, url)


@pytest.mark.parametrize("url", TRIED.values(), ids=TRIED)
def test_one_that_is_tried_is_not_told(aws: FakeAws, url: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    said = told(aws.hurried, url.replace("{port}", str(port)))
    assert "secret" not in said
    assert "undelivered" in said
    assert str(port) not in said


# Responses that repeat the request: from S3, from a proxy, or from a server that echoes.
ECHOES = {
    "all of it": b"%(line)s\r\n\r\n",
    "a version": b"HTTP/%(target)s 200 OK\r\n\r\n",
    "a status": b"HTTP/1.1 %(target)s\r\n\r\n",
    "a reason": b"HTTP/1.1 400 %(target)s\r\n\r\n",
    "a place": b"HTTP/1.1 307 Moved\r\nLocation: %(target)s\r\n\r\n",
    "a length": b"HTTP/1.1 500 No\r\nContent-Length: %(target)s\r\n\r\n",
    "a long header": b"HTTP/1.1 500 No\r\nX: " + b"%(target)s" * 5000 + b"\r\n\r\n",
    "a header that is none": b"HTTP/1.1 500 No\r\n%(target)s\r\n\r\n",
}


@contextmanager
def echo(context: ssl.SSLContext, template: bytes) -> Iterator[int]:
    """Serve what `template` makes of each request, on the returned port."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                    line = connection.recv(65536).split(b"\r\n")[0]
                    connection.sendall(template % {b"line": line, b"target": line.split()[1]})

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    made = trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "authority.pem"
    made.cert_pem.write_to_path(str(file))
    return vouched_by(made), file


@pytest.fixture
def trusting(aws: FakeAws, authority: tuple[ssl.SSLContext, Path]) -> Iterator[FunctionProcess]:
    """Yield a function that trusts the echo server."""
    with aws.another_function(hurried=True, SSL_CERT_FILE=str(authority[1])) as function:
        yield function


@pytest.mark.parametrize("template", ECHOES.values(), ids=ECHOES)
def test_what_the_other_side_says_of_it_is_not_told(
    trusting: FunctionProcess, authority: tuple[ssl.SSLContext, Path], template: bytes
) -> None:
    with echo(authority[0], template) as port:
        said = told(trusting, f"https://localhost:{port}/secret?X-Amz-Signature=secret")
    assert "answer not accepted" in said
    assert "secret" not in said


def test_an_untrusted_host_is_not_named(aws: FakeAws, authority: tuple[ssl.SSLContext, Path]) -> None:
    """Python's error message for another host's certificate contains the host."""
    with echo(authority[0], b"") as port:
        said = told(aws.hurried, f"https://127.0.0.1:{port}/secret")
    assert "untrusted certificate" in said
    assert "127.0.0.1" not in said
