"""What GitHub keeps of a repository while a workflow runs, and its API: tokens with rights, artifacts and comments."""

import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Final

REPOSITORY: Final = "example/mail"
PULL: Final = 7
BOT: Final = "github-actions[bot]"

_RIGHTS: Final = {"read": ["read"], "write": ["read", "write"]}


@dataclass(frozen=True)
class Artifact:
    """A zip that a run uploaded. It never changes: another upload of the same name replaces it under another number."""

    number: int
    run: int
    name: str
    content: bytes


@dataclass
class GitHub:
    """A repository with one pull request.

    :param head: the newest commit of the pull request.
    :param environments: the protection rules of each environment, by its name.
    """

    head: str = ""
    environments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    approved: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._numbers = count(101)
        self._tokens: dict[str, Mapping[str, str]] = {}
        self._machines: dict[str, int] = {}

    def token(self, permissions: Mapping[str, str]) -> str:
        """Return the token of a job, which may do what its `permissions` say and read what is public."""
        token = f"ghs_{next(self._numbers)}"
        self._tokens[token] = permissions
        return token

    def runtime_token(self, run: int) -> str:
        """Return the token with which a job's actions upload artifacts: it reaches all artifacts of the run."""
        token = f"runtime_{next(self._numbers)}"
        self._machines[token] = run
        return token

    def comment(self, body: str, login: str = BOT) -> int:
        """Write a comment and return its number."""
        number = next(self._numbers)
        self.comments.append({"id": number, "user": {"login": login}, "body": body})
        return number

    def upload(self, run: int, name: str, content: bytes) -> Artifact:
        """Keep an artifact; it replaces the run's artifact of that name, if there is one."""
        self.artifacts = [each for each in self.artifacts if (each.run, each.name) != (run, name)]
        made = Artifact(next(self._numbers), run, name, content)
        self.artifacts.append(made)
        return made

    def artifact(self, number: str) -> Artifact | None:
        """Return the artifact of that number, if it still exists."""
        return next((each for each in self.artifacts if str(each.number) == number), None)

    def answer(self, method: str, path: str, token: str, body: bytes) -> tuple[int, bytes]:
        """Return the status and the body of the answer to a request."""
        self.calls.append(f"{method} {path}")
        runtime = re.fullmatch(r"/runtime/([\w-]+)", path)
        if runtime and token in self._machines:
            return 201, str(self.upload(self._machines[token], runtime[1], body).number).encode()
        rights = self._tokens.get(token)
        prefix = f"/repos/{REPOSITORY}/"
        if rights is None or not path.startswith(prefix):
            return 404, b"{}"
        return self._answer(method, path.removeprefix(prefix), rights, body)

    def _answer(self, method: str, path: str, rights: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        may = {f"{kind}:{each}" for kind, right in rights.items() for each in _RIGHTS[right]}
        for (allowed, needs, pattern), answer in {
            ("GET", "actions:read", r"actions/artifacts/(\d+)"): self._told,
            ("GET", "actions:read", r"actions/artifacts/(\d+)/zip"): self._zipped,
            ("GET", "actions:read", r"environments/([\w-]+)"): self._environment,
            ("GET", "pull-requests:read", rf"pulls/{PULL}()"): lambda *_: _json(200, {"head": {"sha": self.head}}),
            ("GET", "pull-requests:read", rf"issues/{PULL}/comments()"): lambda *_: _json(200, self.comments),
            ("POST", "pull-requests:write", rf"issues/{PULL}/comments()"): self._new_comment,
            ("PATCH", "pull-requests:write", r"issues/comments/(\d+)"): self._edited,
            ("POST", "pull-requests:write", rf"issues/{PULL}/labels()"): self._labelled,
        }.items():
            found = re.fullmatch(pattern, path)
            if found and method == allowed:
                return answer(found[1], body) if needs in may else _json(403, {"message": f"needs {needs}"})
        return _json(404, {"message": path})

    def _told(self, number: str, _: bytes) -> tuple[int, bytes]:
        found = self.artifact(number)
        if not found:
            return _json(404, {})
        size, run = len(found.content), {"id": found.run}
        return _json(200, {"id": found.number, "name": found.name, "size_in_bytes": size, "workflow_run": run})

    def _zipped(self, number: str, _: bytes) -> tuple[int, bytes]:
        found = self.artifact(number)
        return (200, found.content) if found else _json(404, {})

    def _environment(self, name: str, _: bytes) -> tuple[int, bytes]:
        rules = self.environments.get(name)
        return _json(404, {}) if rules is None else _json(200, {"name": name, "protection_rules": rules})

    def _new_comment(self, _: str, body: bytes) -> tuple[int, bytes]:
        return _json(201, {"id": self.comment(json.loads(body)["body"])})

    def _edited(self, number: str, body: bytes) -> tuple[int, bytes]:
        [found] = [each for each in self.comments if each["id"] == int(number)]
        found["body"] = json.loads(body)["body"]
        return _json(200, found)

    def _labelled(self, _: str, body: bytes) -> tuple[int, bytes]:
        self.labels += json.loads(body)["labels"]
        return _json(200, [])


def _json(status: int, value: Any) -> tuple[int, bytes]:
    return status, json.dumps(value).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files, as `actions/upload-artifact` makes one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@contextmanager
def served(github: GitHub) -> Iterator[GitHub]:
    """Serve the API at `github.url`, on this machine only, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, answer = github.answer(self.command, self.path, token, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815  the names that http.server asks for

        def log_message(self, format: str, *_: object) -> None:
            """Write nothing: `calls` has every request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    github.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield github
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
