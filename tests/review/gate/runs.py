"""A run of a workflow for one event: its jobs in order, each on its own machine."""

import io
import os
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import yaml

from tests.review.gate.expressions import condition, filled
from tests.review.gate.github import REPOSITORY, GitHub, zipped
from tests.review.gate.machine import Machine

Job = dict[str, Any]
_OVER: Final = {"success", "failure", "skipped"}


@dataclass
class Run:
    """A run, which waits if an environment asks for approval.

    :param origin: the repository that is checked out.
    """

    number: int
    workflow: str
    event: Mapping[str, Any]
    name: str
    sha: str
    origin: Path
    github: GitHub
    folder: Path
    shared: Path
    results: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    def go_on(self) -> "Run":
        """Run each job that is due, until all are done or one waits for an approval."""
        declared = yaml.safe_load(self.workflow)
        for name, job in declared["jobs"].items():
            needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            if self.results.get(name) in _OVER or any(self.results[each] not in _OVER for each in needs):
                self.results.setdefault(name, "queued")
                continue
            self.results[name] = self._job(name, declared, job, needs)
        return self

    def _job(self, name: str, declared: Job, job: Job, needs: list[str]) -> str:
        contexts = self._contexts(needs)
        asked = str(job.get("if", "true"))
        well = all(self.results[each] == "success" for each in needs) or "always()" in asked
        if not (well and (asked == "true" or condition(asked, contexts))):
            return "skipped"
        environment = job.get("environment")
        if environment:
            # GitHub creates an environment that does not exist, and it protects nothing.
            rules = self.github.environments.setdefault(environment, [])
            if any(each["type"] == "required_reviewers" for each in rules) and self.number not in self.github.approved:
                return "waiting"
        permissions = job["permissions"] if "permissions" in job else declared["permissions"]
        playing = _Playing(self, name, declared, job, contexts, self.github.token(permissions))
        succeeded = playing.all_steps()
        self.logs[name], self.summary = playing.machine.log, self.summary + playing.machine.summary
        self.outputs[name] = playing.outputs()
        return "success" if succeeded else "failure"

    def _contexts(self, needs: list[str]) -> dict[str, Any]:
        told = {each: {"result": self.results[each], "outputs": self.outputs.get(each, {})} for each in needs}
        about = {"event": self.event, "event_name": self.name, "repository": REPOSITORY, "sha": self.sha}
        return {"github": {**about, "run_id": self.number, "workspace": ""}, "needs": told, "steps": {}}


@dataclass
class _Playing:
    """A job that is running."""

    run: Run
    name: str
    declared: Job
    job: Job
    contexts: dict[str, Any]
    token: str

    def __post_init__(self) -> None:
        runtime = self.run.github.runtime_token(self.run.number)
        self.machine = Machine(self.run.folder, self.run.shared)
        (self.machine.memory / "token").write_text(self.token, encoding="utf-8")
        (self.machine.memory / "runtime").write_text(runtime, encoding="utf-8")
        self.contexts["runner"] = {"temp": str(self.machine.temporary)}
        self.contexts["github"]["token"] = self.token
        self.machine.environment |= {
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(self.run.number),
            "GITHUB_SHA": self.run.sha,
            "GITHUB_API_URL": self.run.github.url,
        }
        self._set(self.machine.environment, {**self.declared.get("env", {}), **self.job.get("env", {})})

    def all_steps(self) -> bool:
        """Run the steps one after the other, until one fails."""
        return all(self._step(step) for step in self.job["steps"])

    def outputs(self) -> dict[str, str]:
        """Return the job's outputs; whoever controls the machine can forge them."""
        said = {name: filled(value, self.contexts) for name, value in self.job.get("outputs", {}).items()}
        forged = self.machine.memory / "outputs.yaml"
        return said | (yaml.safe_load(forged.read_text(encoding="utf-8")) if forged.exists() else {})

    def _set(self, into: dict[str, str], values: Mapping[str, Any]) -> None:
        into |= {name: filled(str(value), self.contexts) for name, value in values.items()}

    def _step(self, step: Job) -> bool:
        if "if" in step and not condition(str(step["if"]), self.contexts):
            return True
        if "uses" in step:
            given: dict[str, str] = {}
            self._set(given, step.get("with", {}))
            succeeded, outputs = True, _ACTIONS[step["uses"].partition("@")[0]](self, given) or {}
        else:
            around: dict[str, str] = {}
            self._set(around, step.get("env", {}))
            shell = self.declared.get("defaults", {}).get("run", {}).get("shell")
            succeeded, outputs = self.machine.run(filled(step["run"], self.contexts), shell, around)
        self.contexts["steps"][step.get("id", "")] = {"outputs": outputs}
        return succeeded

    def checkout(self, given: Mapping[str, str]) -> None:
        """Do what `actions/checkout` does: it stores the token next to the checkout, unless told not to."""
        workspace, depth = self.machine.workspace, given.get("fetch-depth", "1")
        commands = [
            ["init", "--quiet"],
            ["remote", "add", "origin", str(self.run.origin)],
            ["fetch", "--quiet", *([] if depth == "0" else [f"--depth={depth}"]), "origin", self.run.sha],
            ["checkout", "--quiet", "--detach", "FETCH_HEAD"],
        ]
        if given.get("persist-credentials") != "False":
            commands.append(["config", "http.extraheader", f"Authorization: Bearer {self.token}"])
        for command in commands:
            subprocess.run(
                ["git", *command], cwd=workspace, check=True, capture_output=True, timeout=60, env=self._git()
            )

    def _git(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.machine.home), "GIT_CONFIG_NOSYSTEM": "1"}

    def upload(self, given: Mapping[str, str]) -> dict[str, str]:
        """Do what `actions/upload-artifact` does, with one file or all files of a folder that end alike."""
        path, pattern = _split(given["path"])
        found = {str(each.relative_to(path)): each for each in sorted(path.glob(pattern)) if each.is_file()}
        assert found, given
        files = {name: file.read_bytes() for name, file in found.items() if "/." not in f"/{name}"}
        made = self.run.github.upload(self.run.number, given["name"], zipped(files))
        return {"artifact-id": str(made.number)}

    def download(self, given: Mapping[str, str]) -> None:
        """Do what `actions/download-artifact` does, with an artifact's number."""
        found = self.run.github.artifact(given["artifact-ids"])
        assert found, "that artifact is gone"
        zipfile.ZipFile(io.BytesIO(found.content)).extractall(given["path"])

    def python(self, _: Mapping[str, str]) -> None:
        self.machine.set_up_python()

    def nothing(self, _: Mapping[str, str]) -> None:
        """Do nothing, for an action that needs nothing here: Node.js is already installed."""


def _split(pattern: str) -> tuple[Path, str]:
    plain = list(takewhile(lambda part: "*" not in part, Path(pattern).parts))
    rest = Path(pattern).parts[len(plain) :]
    return (Path(*plain), str(Path(*rest))) if rest else (Path(*plain[:-1]), plain[-1])


_ACTIONS: Final[dict[str, Callable[[_Playing, Mapping[str, str]], dict[str, str] | None]]] = {
    "actions/checkout": _Playing.checkout,
    "actions/upload-artifact": _Playing.upload,
    "actions/download-artifact": _Playing.download,
    "actions/setup-python": _Playing.python,
    "actions/setup-node": _Playing.nothing,
}
