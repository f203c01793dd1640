"""A project with a pull request: its repository at GitHub, what the pull request changes, and its runs."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.conftest import ROOT
from tests.review.gate.github import PULL, REPOSITORY, GitHub, zipped
from tests.review.gate.runs import Run

WORKFLOW: Final = ROOT / "docs" / "howto" / "review.github.yml"
ENVIRONMENT: Final = "sending-policies"
PROTECTED: Final = [{"type": "required_reviewers", "prevent_self_review": True, "reviewers": [{}]}]

_APP: Final = """
import aws_cdk as cdk
from ses_sending_policy import SendingPolicy

app = cdk.App(builtin_cloud_formation_validation=False)
stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="eu-west-1"))
policy = SendingPolicy(stack, "Partner", identity="example.com", policy_name="Partner")
policy.allow_account("222222222222", from_addresses=["{address}"])
{more}
app.synth()
"""
NARROW: Final = "weekly@news.example.com"
WIDE: Final = "*@news.example.com"
UNREAD: Final = """
statement = {"Effect": "Allow", "Action": "ses:SendEmail", "Principal": "*"}
others = cdk.CustomResource(stack, "Others", service_token="arn:aws:lambda:eu-west-1:111111111111:function:f",
                            properties={"Grants": [statement]})
"""
ACCEPTED: Final = (
    UNREAD
    + """
reason = cdk.Acknowledgment(id="ses-sending-policy::SES100", reason="it is fine")
cdk.Validations.of(others).acknowledge(reason)
"""
)


def app(address: str, more: str = "") -> str:
    """Return an app whose partner may send from one address.

    :param more: lines before the synth. Default: - none.
    """
    return _APP.format(address=address, more=more)


def copying(assembly: Path, more: str = "") -> str:
    """Return an app that copies an assembly made earlier, which takes a second less than a synth by the CDK.

    :param more: lines after the copy. Default: - none.
    """
    copy = f"shutil.copytree({str(assembly)!r}, os.environ['CDK_OUTDIR'], dirs_exist_ok=True)"
    return f"import os, shutil\n{copy}\n{more}"


def assembly(folder: Path) -> dict[str, bytes]:
    """Return the files of an assembly that are handed over, by name."""
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*.json"))}


@dataclass
class Project:
    """A repository whose `main` has an app, and a pull request that changes it.

    :param shared: what all machines share, and three assemblies: `narrow`, `wide` and `accepted`.
    :param digest: the hash of the command's wheel.
    """

    folder: Path
    shared: Path
    github: GitHub
    digest: str

    def __post_init__(self) -> None:
        self.origin = self.folder / "origin"
        self.origin.mkdir(parents=True)
        self._numbers = count(1)
        self.github.environments[ENVIRONMENT] = list(PROTECTED)
        self._git("init", "--quiet", "--initial-branch=main")
        self._git("config", "uploadpack.allowAnySHA1InWant", "true")
        files = {
            "cdk.json": '{"app": "python app.py", "notices": false}',
            "requirements.txt": "ses-sending-policy\n",
            "app.py": copying(self.shared / "narrow"),
        }
        self.base = self._commit(files)

    @property
    def workflow(self) -> str:
        """Return the workflow as a user has it, with the hash of the command's wheel."""
        return WORKFLOW.read_text(encoding="utf-8").replace("THE-HASH-OF-ITS-WHEEL", self.digest)

    def push(self, files: Mapping[str, str]) -> str:
        """Push a commit to the pull request, and return the commit."""
        self._git("checkout", "--quiet", "-B", "change", self.github.head or "main")
        self.github.head = self._commit(files)
        return self.github.head

    def move_base(self, files: Mapping[str, str]) -> str:
        """Push a commit to `main`, and return the commit."""
        self._git("checkout", "--quiet", "main")
        self.base = self._commit(files)
        return self.base

    def run(self, *, head: str = "") -> Run:
        """Return a run for the pull request as it is now; it runs until it ends or waits for an approval.

        :param head: the commit that the event names. Default: - the newest of the pull request.
        """
        return self._run(*self._merged(head)).go_on()

    def judged(self, after: bytes | str = b"", *, before: bytes = b"", fork: str = REPOSITORY, newest: str = "") -> Run:
        """Return a run for a wider grant, whose first three jobs are done.

        :param after: what the job with the pull request's code handed over, or output. Default: - the wider assembly.
        :param before: what the job with the base's code handed over. Default: - an app that allows less.
        :param fork: the repository that the commit was pushed to. Default: - the repository itself.
        :param newest: the commit that was pushed meanwhile. Default: - none.
        """
        self.push({"app.py": copying(self.shared / "wide")})
        run = self._run(*self._merged(fork=fork))
        self.github.head = newest or self.github.head
        after = after or zipped(assembly(self.shared / "wide"))
        run.results |= dict.fromkeys(["source", "before", "after"], "success")
        before = before or zipped(assembly(self.shared / "narrow"))
        number = self.github.upload(run.number, "assembly-before", before).number
        if isinstance(after, bytes):
            after = str(self.github.upload(run.number, "assembly-after", after).number)
        run.outputs |= {"before": {"assembly": str(number)}, "after": {"assembly": after}}
        return run.go_on()

    def queued(self) -> Run:
        """Return a run for the pull request's commits on top of `main` in a merge queue that rebases."""
        self._git("checkout", "--quiet", "--detach", self.github.head)
        self._git("rebase", "--quiet", "main")
        return self._run("merge_group", {"merge_group": {"base_sha": self.base}}).go_on()

    def _merged(self, head: str = "", fork: str = REPOSITORY) -> tuple[str, dict[str, Any]]:
        self._git("checkout", "--quiet", "--detach", "main")
        self._git("merge", "--quiet", "--no-ff", "--message=merge", self.github.head)
        pull = {
            "head": {"sha": head or self.github.head, "repo": {"full_name": fork}},
            "labels": [{"name": each} for each in self.github.labels],
        }
        return "pull_request", {"number": PULL, "pull_request": pull}

    def _run(self, name: str, event: Mapping[str, Any]) -> Run:
        return Run(
            next(self._numbers),
            self.workflow,
            event,
            name,
            self._git("rev-parse", "HEAD"),
            self.origin,
            self.github,
            self.folder / "machine",
            self.shared,
        )

    def _commit(self, files: Mapping[str, str]) -> str:
        for name, text in files.items():
            (self.origin / name).write_text(text, encoding="utf-8")
            self._git("add", name)
        self._git("commit", "--quiet", "--allow-empty", "--message=a change")
        return self._git("rev-parse", "HEAD")

    def _git(self, *arguments: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        command = ["git", *who, *arguments]
        return subprocess.run(
            command, check=True, cwd=self.origin, capture_output=True, encoding="utf-8", timeout=60
        ).stdout.strip()
