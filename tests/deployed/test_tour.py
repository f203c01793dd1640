"""`make local`, as a newcomer runs it."""

import subprocess
import sys

from tests.conftest import ROOT


def test_it_tells_who_may_send_from_the_first_deploy_to_the_end() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "emulator.tour"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout
    shown = done.stdout.splitlines()
    assert [line for line in shown if len(line) > 80] == []
    told = [
        "    - account 222222222222 may send as *@news.example.com",
        "2 in-sync; 1 identity looked at",
        "SES holds what the stack declares, and nothing else.",
        "    + account 222222222222 may send as *@offers.example.com",
        "  UPDATE_COMPLETE Custom::SendingPolicy Partner",
        "2 in-sync; 1 identity looked at",
        "  DELETE_COMPLETE Custom::SendingPolicy Partner",
        "SES holds no policy: nobody else may send.",
    ]
    rest = iter(shown)
    assert [line for line in told if line not in rest] == []
