"""`python -m emulator`, as it is used in a shell."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from emulator.signature import Signer

ROOT = Path(__file__).parents[2]
EMULATOR = [sys.executable, "-m", "emulator"]


def wait_until(done: Callable[[], bool]) -> None:
    """Wait until another process has done something."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def signed(environment: Mapping[str, str], method: str, path: str) -> dict[str, str]:
    """Return the headers that sign a request to the strict SES of this environment."""
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
    return Signer(*(environment[name] for name in names)).headers(
        "ses", method, environment["AWS_ENDPOINT_URL_SESV2"] + path
    )


def runs(environment: Mapping[str, str]) -> bool:
    """Return whether the strict SES of this environment answers."""
    address = urlsplit(environment["AWS_ENDPOINT_URL_SESV2"])
    connection = HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        connection.request("GET", "/_ses/settings", headers=signed(environment, "GET", "/_ses/settings"))
        return connection.getresponse().status == 200
    except ConnectionError:
        return False
    finally:
        connection.close()


def evaluated(lines: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a shell that has evaluated these lines."""
    script = 'eval "$1"; exec "$2" -c "import json, os; print(json.dumps(dict(os.environ)))"'
    shell = ["sh", "-c", script, "sh", lines, sys.executable]
    told: dict[str, str] = json.loads(subprocess.run(shell, env=environment, capture_output=True, check=True).stdout)
    return told


def test_up_points_a_shell_at_it_and_down_at_nothing() -> None:
    before = {
        "PATH": os.environ["PATH"],
        "HOME": "/nowhere",
        "AWS_PROFILE": "it's mine",
        "HTTPS_PROXY": "http://proxy:1",
    }
    up = subprocess.run([*EMULATOR, "up"], cwd=ROOT, env=before, capture_output=True, encoding="utf-8", check=True)
    shell = evaluated(up.stdout, before)
    assert runs(shell)
    assert "AWS_PROFILE" not in shell
    assert "HTTPS_PROXY" not in shell
    assert shell["HOME"] == "/nowhere"
    ask = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    asked = subprocess.run([sys.executable, "-c", ask], env=shell, capture_output=True, encoding="utf-8", check=True)
    assert asked.stdout == "111111111111\n"

    stranger = subprocess.run(
        [*EMULATOR, "down"],
        cwd=ROOT,
        env=shell | {"AWS_SECRET_ACCESS_KEY": "local"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (stranger.returncode, stranger.stdout) == (1, "")
    assert stranger.stderr == (
        f"emulator: the local AWS at {shell['AWS_ENDPOINT_URL_SESV2']} does not take this shell's credentials: "
        "run down in the shell in which up was run, where AWS_SECRET_ACCESS_KEY is as up had set it\n"
    )

    ended = subprocess.run([*EMULATOR, "down"], cwd=ROOT, env=shell, capture_output=True, encoding="utf-8", check=True)
    wait_until(lambda: not runs(shell))
    wait_until(lambda: not Path(shell["AWS_CA_BUNDLE"]).parent.exists())
    after = evaluated(ended.stdout, shell)
    assert {name for name in after if name.startswith(("AWS_", "CDK_")) or name.endswith(("_CERTS", "_FILE"))} == set()

    again = subprocess.run([*EMULATOR, "down"], cwd=ROOT, env=shell, capture_output=True, encoding="utf-8", check=True)
    assert again.stderr == "emulator: the local AWS of this shell had stopped already\n"


def test_it_ends_with_the_terminal_that_it_was_started_from() -> None:
    # The session leader stands for a terminal's shell: it starts the emulator, prints its output, and stays.
    leader = "import subprocess, sys; print(subprocess.check_output(sys.argv[1:], text=True), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", leader, *EMULATOR, "up", "--account=222222222222", "--region=us-east-1"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as terminal:
        assert terminal.stdout
        lines = []
        while line := terminal.stdout.readline().strip():
            lines.append(line)
        shell = evaluated("\n".join(lines), {"PATH": os.environ["PATH"]})
        assert (shell["AWS_ACCESS_KEY_ID"], shell["AWS_REGION"]) == ("222222222222", "us-east-1")
        assert runs(shell)
        terminal.kill()
    wait_until(lambda: not runs(shell))
    wait_until(lambda: not Path(shell["AWS_CA_BUNDLE"]).parent.exists())


def test_it_ends_after_its_time() -> None:
    up = subprocess.run(
        [*EMULATOR, "up", "--hours=0.0001"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    shell = evaluated(up.stdout, {"PATH": os.environ["PATH"]})
    wait_until(lambda: not Path(shell["AWS_CA_BUNDLE"]).parent.exists())
    assert not runs(shell)


def test_in_the_foreground_it_ends_with_the_interrupt() -> None:
    with subprocess.Popen(
        [*EMULATOR, "up", "--foreground"], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True
    ) as process:
        assert process.stdout
        lines: list[str] = []
        while not (lines and lines[-1].startswith("export AWS_REGION=")):
            lines.append(process.stdout.readline())
        shell = evaluated("".join(lines), {"PATH": os.environ["PATH"]})
        assert runs(shell)
        assert process.poll() is None
        process.send_signal(2)
        assert process.wait(60) == 0
    assert not runs(shell)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["up", "--account=12"], 1, "emulator: account '12' must be 12 digits\n"),
        (["up", "--hours=0"], 2, "argument --hours: '0' is not allowed: give a number of hours, more than 0\n"),
        (["up", "--hours=-1"], 2, "argument --hours: '-1' is not allowed: give a number of hours, more than 0\n"),
        (["up", "--hours=nan"], 2, "argument --hours: 'nan' is not allowed: give a number of hours, more than 0\n"),
        (["up", "--hours=some"], 2, "argument --hours: 'some' is not allowed: give a number of hours, more than 0\n"),
        (["down"], 1, "emulator: this shell has no local AWS, AWS_ENDPOINT_URL_SESV2 isn't the address of one: "),
        ([], 2, "the following arguments are required: COMMAND"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(arguments: list[str], status: int, said: str) -> None:
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*EMULATOR, *arguments], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr


def down(address: str) -> subprocess.CompletedProcess[str]:
    """Run `down` in a shell whose SES is at this address."""
    environment = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL_SESV2": address}
    return subprocess.run(
        [*EMULATOR, "down"], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_down_ends_nothing_of_somebody_else_s() -> None:
    """There may be another emulator at such an address, which the shell must keep."""
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        address = f"http://127.0.0.1:{stranger.getsockname()[1]}"

        def answer() -> None:
            connection, _ = stranger.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        Thread(target=answer, daemon=True).start()
        done = down(address)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"emulator: the server at {address} answers 404 and is no local AWS of this program: stop it by hand\n"
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999", "http://127.0.0.1:port", "http://127.0.0.1"])
def test_down_of_an_address_without_a_port_says_so(address: str) -> None:
    done = down(address)
    assert (done.returncode, done.stdout) == (1, "")
    assert "emulator: this shell has no local AWS" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"), [(["--help"], 'eval "$(python -m emulator up)"'), (["up", "--help"], "--hours")]
)
def test_help_tells_how(arguments: list[str], word: str) -> None:
    done = subprocess.run([*EMULATOR, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert word in done.stdout
