"""However the process that started it ends, the local AWS ends with it, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
# Starts an emulator, prints its addresses, and waits until its input ends.
RUN = """
import json, sys
from emulator import Emulator
with Emulator() as aws:
    home = aws.environment["AWS_CA_BUNDLE"].rpartition("/")[0]
    print(json.dumps({"url": aws.endpoint, "home": home, "process": aws.process}), flush=True)
    sys.stdin.read()
    if sys.argv[1] == "error":
        raise SystemError("on purpose")
"""


def wait_until(done: Callable[[], bool]) -> None:
    """Wait until another process has done something."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def listens(url: str) -> bool:
    """Return whether anything listens at `url`."""
    address = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex((str(address.hostname), address.port or 0)) == 0


@pytest.mark.parametrize("end", ["return", "error", "terminate", "kill"])
def test_it_ends_with_its_process(end: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, end],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        told = json.loads(process.stdout.readline())
        assert listens(told["url"])
        assert Path(told["home"]).is_dir()
        if end in ("return", "error"):
            process.stdin.close()
        else:
            process.send_signal(signal.SIGKILL if end == "kill" else signal.SIGTERM)
        process.wait(60)
    wait_until(lambda: not listens(told["url"]))
    wait_until(lambda: not Path(told["home"]).exists())


def test_ministack_ends_with_its_supervisor_too() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "return"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin
        assert process.stdout
        told = json.loads(process.stdout.readline())
        os.kill(told["process"], signal.SIGKILL)
        wait_until(lambda: not listens(told["url"]))
        process.stdin.close()
        assert process.wait(60) == 0
    assert not Path(told["home"]).exists()


# Runs a function that connects to the test, and holds the connection as long as its process lives.
BUSY = """
import io, sys, zipfile
from emulator import Emulator
code = "import socket, time\\ndef handler(event, context):\\n"
code += "    held = socket.create_connection(('127.0.0.1', event['port']))\\n    time.sleep(600)\\n"
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as archive:
    archive.writestr("index.py", code)
with Emulator() as aws:
    functions = aws.client("lambda")
    functions.create_function(FunctionName="f", Runtime="python3.13", Handler="index.handler", Timeout=900,
        Role="arn:aws:iam::111111111111:role/r", Code={"ZipFile": packed.getvalue()})
    functions.invoke(FunctionName="f", InvocationType="Event", Payload='{"port": %s}' % sys.argv[1])
    sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["return", "kill"])
def test_a_function_in_the_midst_of_its_work_ends_too(end: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        with subprocess.Popen(
            [sys.executable, "-c", BUSY, str(server.getsockname()[1])], cwd=ROOT, stdin=subprocess.PIPE
        ) as process:
            function, _ = server.accept()
            if end == "kill":
                process.kill()
            process.communicate(timeout=60)
        with function:
            function.settimeout(60)
            assert not received(function)


def received(connection: socket.socket) -> bytes:
    """Return what arrives before the connection ends in any way."""
    try:
        return connection.recv(1)
    except ConnectionResetError:
        return b""
