"""A headless browser, driven over the pipe of its DevTools, so that no driver is downloaded and no port is needed."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
"""The names of browsers that these tests can drive; `make browser` looks for the same."""

_PATIENCE: Final = 60
# The browser reads requests from file descriptor 3, and writes answers to 4.
_START: Final = 'exec "$@" 3<"/dev/fd/$READ" 4>"/dev/fd/$WRITE"'
_FLAGS: Final = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-lcd-text",
    "--no-first-run",
    "--disable-background-networking",
    # The /dev/shm of a container is too small for it.
    "--disable-dev-shm-usage",
    # The browser's sandbox does not start for root, which many build machines run as. The pages are our own.
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
)


def installed() -> str | None:
    """Return the path of a browser, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A browser of this machine, with its own profile.

    :param program: the path of the browser.
    :param profile: an empty folder, for its profile and its error output.
    """

    def __init__(self, program: str, profile: Path) -> None:
        theirs, self._requests = os.pipe()
        self._answers, ours = os.pipe()
        self._complaints = profile / "stderr.txt"
        with self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _START, "sh", program, *_FLAGS, f"--user-data-dir={profile}"],
                env=os.environ | {"READ": str(theirs), "WRITE": str(ours)},
                pass_fds=(theirs, ours),
                stderr=complaints,
            )
        os.close(theirs)
        os.close(ours)
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(_PATIENCE)
        os.close(self._requests)
        os.close(self._answers)

    def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Have the browser do something, and return its answer. What happens meanwhile is added to `events`."""
        self._number += 1
        request = {"id": self._number, "method": method, "params": parameters}
        request |= {"sessionId": session} if session else {}
        os.write(self._requests, json.dumps(request).encode() + b"\0")
        while (message := self._next()).get("id") != self._number:
            self.events.append(message)
        assert "error" not in message, f"{method}: {message['error']}"
        answer: dict[str, Any] = message["result"]
        return answer

    def wait_for(self, method: str, session: str) -> None:
        """Wait for an event of a tab."""
        while not any(event["method"] == method and event.get("sessionId") == session for event in self.events):
            self.events.append(self._next())

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._answers], [], [], max(0, until - time.monotonic()))
            piece = os.read(self._answers, 1 << 20) if ready else b""
            assert piece, f"it fell silent: {self._complaints.read_text(encoding='utf-8', errors='replace')[-2000:]}"
            self._buffer += piece
        first, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        return message

    @contextmanager
    def tab(self, url: str, width: int, *, scheme: str = "light") -> Iterator["Tab"]:
        """Open a page, and close it again.

        :param width: the width of the window in CSS pixels; below 600 it is a phone.
        :param scheme: the colour scheme that the reader prefers, `light` or `dark`.
        """
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.call(f"{domain}.enable")
        mobile = width < 600
        tab.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=mobile)
        tab.show(scheme=scheme)
        self.events.clear()
        tab.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired", session)
        yield tab
        self.call("Target.closeTarget", targetId=target)


class Tab:
    """An open page."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have the browser do something with this page."""
        return self._browser.call(method, self._session, **parameters)

    def show(self, *, media: str = "", scheme: str = "light") -> None:
        """Show the page as on paper if `media` is `print`, and in the colour scheme that the reader prefers."""
        self.call(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def ask(self, script: str) -> Any:
        """Run a script on the page, and return its result."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key and release it."""
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text=text)

    def picture(self, height: int = 0) -> bytes:
        """Return the page as a PNG, whole or down to `height`."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        return base64.b64decode(self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])

    def pdf(self) -> bytes:
        """Return the page as a PDF."""
        return base64.b64decode(self.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"])

    @property
    def complaints(self) -> list[str]:
        """What the browser wrote to the console since the page was opened."""
        self.ask("'what happened until here is told before the answer'")
        told = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        return [json.dumps(event["params"]) for event in self._browser.events if event["method"] in told]

    @property
    def requests(self) -> list[str]:
        """The URLs that the page requested since it was opened, its own included."""
        self.ask("'the same'")
        events = [event for event in self._browser.events if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in events]
