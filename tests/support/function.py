"""A function in a process of its own, as Lambda runs it: one event after the other, warm."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

# Does what Lambda's runtime does: give the root logger a handler, import the function once, then call it. The asset
# comes first on the path; boto3 comes from the runtime. `Wall` keeps out modules that a function in AWS does not have.
_RUNTIME = """
import importlib, json, logging, sys, time

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"aws_cdk", "constructs", "jsii"}:
            raise ModuleNotFoundError(f"no {name} in Lambda")

sys.meta_path.insert(0, Wall())
sys.path.insert(0, sys.argv[1])
wire, sys.stdout = sys.stdout, sys.stderr
logging.getLogger().addHandler(logging.StreamHandler())
module, name = sys.argv[2].rsplit(".", 1)
handler = getattr(importlib.import_module(module), name)

class Hurried:
    # A clock on which waiting takes no time: whoever sleeps wakes up later, at once.
    def __init__(self):
        self.slept = 0.0

    def now(self):
        return time.time() + self.slept

    def sleep(self, seconds):
        self.slept += seconds

class Context:
    def __init__(self, seconds):
        self.end = clock.now() + seconds

    def get_remaining_time_in_millis(self):
        return max(0, int((self.end - clock.now()) * 1000))

if sys.argv[3] == "hurried":
    from provider.function import function
    clock = Hurried()
    handler = function(clock)
else:
    class System:
        now = staticmethod(time.time)

    clock = System()

for line in sys.stdin:
    call = json.loads(line)
    if sys.argv[3] == "hurried":
        clock.sleep(max(0, call["at"] - clock.now()))
    try:
        handler(call["event"], Context(call["seconds"]))
        result = None
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print("END", flush=True)
    wire.write(json.dumps({"error": result, "now": clock.now()}) + "\\n")
    wire.flush()
"""

PROCESS_ENDED = "the process ended"


class WarmProcess:
    """A warm Lambda function, in any language.

    :param command: starts its runtime, which reads one call per line and writes one result per line.
    :param folder: the folder with its code.
    :param environment: its environment variables.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=folder,
            env={"PATH": os.environ["PATH"], **environment},
        )
        self.log: list[str] = []
        self.now = 0.0
        """The time on its clock when its last event ended."""
        self.ahead = 0.0
        """How far a hurried clock is ahead of the real one."""
        self._results: Queue[str | None] = Queue()
        self._logged: Queue[None] = Queue()
        self._readers = [
            threading.Thread(target=self._read_log, daemon=True),
            threading.Thread(target=self._read_results, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read_log(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            if line == "END\n":
                self._logged.put(None)
            else:
                self.log.append(line)

    def _read_results(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._results.put(line)
        self._results.put(None)

    def send(self, event: object, *, seconds: float = 60, at: float = 0.0) -> None:
        """Let it handle `event`, with `seconds` until Lambda would end it, and return at once.

        :param at: when the event comes, in seconds since 1970; a hurried clock is put forward to that time.
        """
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"event": event, "seconds": seconds, "at": at}) + "\n")
        self._process.stdin.flush()

    def result(self, *, within: float = 90) -> str | None:
        """Wait for the event to end; return the error that Lambda would see, None if there is none."""
        try:
            line = self._results.get(timeout=within)
        except Empty:
            raise TimeoutError(f"the function hangs; its log:\n{self.text}") from None
        if line is None:
            return PROCESS_ENDED
        self._logged.get(timeout=within)
        told = json.loads(line)
        self.now = told.get("now", 0.0)
        self.ahead = self.now - time.time()
        result: str | None = told["error"]
        return result

    def __call__(self, event: object, *, seconds: float = 60) -> str | None:
        """Let it handle `event`, and wait for its end; return the error that Lambda would see, None for none."""
        self.send(event, seconds=seconds)
        return self.result()

    @property
    def text(self) -> str:
        """The whole log."""
        return "".join(self.log)

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """The lines of the log that are JSON."""
        return [json.loads(line) for line in self.log if line.startswith("{")]

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    def kill(self) -> None:
        """Kill it, as the kernel does if its memory is used up."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()


class FunctionProcess(WarmProcess):
    """A warm Lambda function in Python.

    :param asset: the folder with its code.
    :param environment: its environment variables.
    :param handler: the handler in Lambda's configuration.
    :param hurried: whether it runs on a hurried clock, on which waiting takes no time. The handler is ours then.
    """

    def __init__(
        self,
        asset: Path,
        environment: Mapping[str, str],
        # As in `construct/asset.py`, which `inside_staged.py` has not where it imports this.
        handler: str = "provider.handler.handler",
        *,
        hurried: bool = False,
    ) -> None:
        arguments = [str(asset), handler, "hurried" if hurried else "real"]
        super().__init__([sys.executable, "-B", "-c", _RUNTIME, *arguments], asset, environment)
