"""The lifecycle of a staged asset on the strict SES, in a process of its own: `Inside`, driven by lines of JSON.

All of our code there comes out of the asset's one file, as in Lambda, and a test costs little more than in this
process.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from provider.cloudformation import ResourceEvent, ResourceState
from tests.support.async_invoker import Event
from tests.support.clocks import HandClock
from tests.support.inside import Ended, Inside, ToldStack

_ROOT: Final = Path(__file__).parents[2]
_OURS: Final = ("provider", "ses_sending_policy")
# The asset is the package `provider`, so its import makes all modules of the asset available.
_SERVE: Final = "import provider; from tests.support.inside_staged import serve; serve()"


class StagedInside:
    """The same interface as `Inside` for an invoker.

    :param process: the process that has the asset.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.begin()

    def begin(self) -> None:
        """Start again with a new SES, clock and stack."""
        self.clock = HandClock()
        self.stack = ToldStack(self.clock)
        self.told: list[str] = []
        self._asked("begin")

    def handle(self, event: Event, *, born: float | None = None) -> Ended:
        """Return how `event` ends. What CloudFormation says does not change meanwhile."""
        state = self.stack.says()
        happened = [asdict(each) for each in self.stack.happened()]
        says = {"state": state and asdict(state), "happened": happened, "status": self.stack.stack()}
        found = self._asked("handle", event=event, born=born, time=self.clock.time, **says)
        self.clock.time, self.told = found["time"], found["told"]
        return Ended(**found["ended"])

    def forget(self) -> None:
        """Clear the log."""
        self.told = []

    @property
    def policies(self) -> dict[tuple[str, str], str]:
        """See `Inside.policies`."""
        return {(identity, name): text for identity, name, text in self._asked("policies")}

    def seed(self, text: str, name: str, identity: str) -> None:
        """See `Inside.seed`."""
        self._asked("seed", text=text, name=name, identity=identity)

    def delete(self, identity: str, name: str) -> None:
        """Delete a policy, as somebody else does it."""
        self._asked("delete", identity=identity, name=name)

    def remove_identity(self, identity: str) -> None:
        """See `Inside.remove_identity`."""
        self._asked("remove_identity", identity=identity)

    def _asked(self, what: str, **details: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([what, details]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the process with the asset ended with {self._process.wait()}"
        return json.loads(line)


@contextmanager
def staged_inside(asset: Path) -> Iterator[StagedInside]:
    """Run a process with the lifecycle of an asset."""
    path = os.pathsep.join([str(asset), str(_ROOT)])
    # -P: the working directory is not searched for modules.
    command = [sys.executable, "-P", "-c", _SERVE]
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield StagedInside(process)
        assert process.stdin
        process.stdin.close()


def serve() -> None:
    """Answer each line of standard input with one line, in the process that has the asset."""
    served = _Served()
    for line in sys.stdin:
        what, details = json.loads(line)
        sys.stdout.write(json.dumps(getattr(served, what)(**details)) + "\n")
        sys.stdout.flush()


class _Served:
    """The operations that the lines name."""

    def __init__(self) -> None:
        self._aws = Inside()

    def begin(self) -> None:
        self._aws = Inside()

    def handle(
        self,
        *,
        event: Event,
        born: float,
        time: float,
        state: Mapping[str, Any] | None,
        happened: list[Mapping[str, Any]],
        status: str,
    ) -> dict[str, Any]:
        self._aws.clock.time = time
        self._aws.stack.says = lambda: None if state is None else ResourceState(**state)
        self._aws.stack.happened = lambda: [ResourceEvent(**each) for each in happened]
        self._aws.stack.stack = lambda: status
        ended = self._aws.handle(event, born=born)
        told = self._aws.told
        self._aws.forget()
        _check_staged()
        return {"ended": asdict(ended), "told": told, "time": self._aws.clock.time}

    def policies(self) -> list[tuple[str, str, str]]:
        return [(*place, text) for place, text in self._aws.policies.items()]

    def seed(self, *, text: str, name: str, identity: str) -> None:
        self._aws.seed(text, name, identity)

    def delete(self, *, identity: str, name: str) -> None:
        self._aws.client.delete_email_identity_policy(EmailIdentity=identity, PolicyName=name)

    def remove_identity(self, *, identity: str) -> None:
        self._aws.remove_identity(identity)


def _check_staged() -> None:
    """Raise if a module of ours was not loaded from the asset."""
    ours = [name for name in sys.modules if name.partition(".")[0] in _OURS and name != "provider"]
    places = {name: type(sys.modules[name].__loader__).__name__ for name in ours}
    assert set(places.values()) == {"Bundle"}, places
