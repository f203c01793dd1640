"""`make probe`: the same command with its arguments, and what make does with its exit code."""

import json
import os
import signal
from collections.abc import Callable

import pytest

from emulator import Emulator, ScriptedFault
from tests.probe.conftest import left, running, wait_for

pytestmark = pytest.mark.xdist_group("live")

# Without the variables of a make around this one, which a user's shell does not have.
MAKE = ["env", "--unset=MAKEFLAGS", "--unset=MAKELEVEL", "make", "probe"]


def test_it_hands_on_the_arguments_and_the_output(nobody: Emulator) -> None:
    with running(nobody, *MAKE, "ARGS=--yes --ask=delete-missing --format=json") as process:
        out, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert [each["name"] for each in json.loads(out)["readings"]] == ["delete-missing"]
    assert left(nobody) == []


def test_whatever_the_probe_ends_with_make_says_2(nobody: Emulator) -> None:
    with running(nobody, *MAKE, "ARGS=--ask=delete-missing") as process:
        out, told = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert told.startswith("probe: this makes an identity in a real account, and there is no terminal to ask: ")


@pytest.mark.parametrize(
    ("kill", "end"), [(os.killpg, signal.SIGINT), (os.kill, signal.SIGTERM)], ids=["Ctrl-C", "kill"]
)
def test_who_ends_make_waits_for_the_removal(
    nobody: Emulator, kill: Callable[[int, int], None], end: signal.Signals
) -> None:
    """A terminal signals all processes; a build server only the first, which signals its own."""
    nobody.ses.fail(ScriptedFault("answer", applied=True, seconds=0.5, operation="UpdateEmailIdentityPolicy"))
    with running(nobody, *MAKE, "ARGS=--yes") as process:
        wait_for(nobody, "UpdateEmailIdentityPolicy")
        assert len(left(nobody)) == 1
        kill(process.pid, end)
        out, told = process.communicate(timeout=60)
    assert process.returncode == -end
    assert "probe: removing the identity first, some seconds\n" in told
    assert "update-missing             not-found\n" in out
    assert left(nobody) == []
