"""Ctrl-C and the progress bar: what was found so far is told, and only a terminal gets a bar."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest

from emulator import Emulator, ScriptedFault
from ses_sending_policy.cli import run
from ses_sending_policy.cli.progress import Progress, bar
from tests.review.conftest import PROGRAM
from tests.review.live.every_state import NEWS, SHOP, declare, hold
from tests.review.live.looking import Guarded, looked, written
from tests.support.terminal import shown_on_a_terminal

pytestmark = pytest.mark.xdist_group("live")

COMMAND = [PROGRAM, "drift", "--format=json"]


@pytest.fixture
def folder(tmp_path: Path, aws: Emulator) -> Path:
    """Give a folder with an assembly of three identities."""
    hold(aws)
    declare(tmp_path / "cdk.out")
    return tmp_path


def test_who_interrupts_hears_what_was_seen(folder: Path) -> None:
    answer = looked(folder / "cdk.out", aws=Guarded(interrupted={"GetEmailIdentityPolicies": 3}))
    assert (answer.code, answer.unseen) == (130, [f"{SHOP} was not looked at: interrupted"])
    found = json.loads(written(answer, "json"))
    assert (found["complete"], found["unread"]) == (False, [{"identity": SHOP, "reason": "interrupted"}])
    assert {each["identity"] for each in found["policies"]} >= {NEWS, "gone.drift.example"}


@pytest.fixture
def heard_by_children() -> Iterator[None]:
    """Let Ctrl-C reach child processes: if the tests run in the background, they start with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard_by_children")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_shell_that_interrupts_hears_no_traceback(folder: Path, aws: Emulator, number: int, code: int) -> None:
    """While SES takes long to answer about the second of three identities."""
    aws.ses.fail(ScriptedFault("answer", seconds=8, identity=NEWS))
    with subprocess.Popen(
        COMMAND, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        while aws.ses.faults_left:
            time.sleep(0.02)
        process.send_signal(number)
        out, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert errors == "sending-policy: 2 identities were not looked at: interrupted\n"
    assert [each["state"] for each in json.loads(out)["policies"]] == ["undecided", "missing"]


def test_a_command_in_a_thread_leaves_signals_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(run, ["check", str(tmp_path / "nowhere")]).result() == 2


def test_a_terminal_shows_a_bar_and_takes_it_away(folder: Path) -> None:
    code, shown = shown_on_a_terminal(COMMAND, "stderr", folder=folder, environment=os.environ)
    assert code == 1
    lines = shown.split("\r\x1b[K")
    assert lines[1:3] == ["asking AWS: GetCallerIdentity, call 1", "[                              ] 0 of 3 identities"]
    assert lines[4].startswith("[####################          ] 2 of 3 identities, ")
    assert lines[4].endswith(" s left")
    assert lines[-1] == ""


@pytest.mark.parametrize(("kind", "shown"), [("xterm", "\r\x1b[Kasking AWS: GetCallerIdentity, call 1"), ("dumb", "")])
def test_what_is_asked_is_shown_where_it_can_be_taken_back(folder: Path, kind: str, shown: str) -> None:
    command = [PROGRAM, "adopt", NEWS]
    found = shown_on_a_terminal(command, "stderr", folder=folder, environment=os.environ | {"TERM": kind})[1]
    assert found.startswith(shown)
    assert ("asking" in found) == bool(shown)


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        (0, 100, 0.0, "[                              ] 0 of 100 identities"),
        (10, 100, 10.5, "[###                           ] 10 of 100 identities, 1 min 34 s left"),
        (99, 100, 104.0, "[############################# ] 99 of 100 identities, 1 s left"),
        (0, 0, 0.0, "[                              ] 0 of 0 identities"),
    ],
)
def test_it_tells_how_long_it_will_be(done: int, total: int, seconds: float, told: str) -> None:
    assert bar("identities", done, total, seconds) == told


def test_a_pipe_hears_nothing_of_it() -> None:
    pipe = StringIO()
    progress = Progress("identities", pipe)
    progress.asks("ListExports")
    progress(1, 2)
    progress.end()
    assert pipe.getvalue() == ""
