"""The workflow for GitHub Actions: its steps, played in a shell on a repository of two commits."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

WORKFLOW = ROOT / "docs" / "howto" / "review.github.yml"
APP = """
import aws_cdk as cdk
from ses_sending_policy import SendingPolicy

app = cdk.App(builtin_cloud_formation_validation=False)
stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="eu-west-1"))
policy = SendingPolicy(stack, "Partner", identity="example.com", policy_name="Partner")
policy.allow_account("222222222222", from_addresses=["{address}"])
{more}
app.synth()
"""
UNREAD = """
statement = {"Effect": "Allow", "Action": "ses:SendEmail", "Principal": "*"}
cdk.CustomResource(stack, "Others", service_token="arn:aws:lambda:eu-west-1:111111111111:function:f",
                   properties={"Grants": [statement]})
"""
# GitHub's own CLI, as far as the workflow asks it: the comments of one pull request, each a file.
FAKE_GH = """#!/bin/sh
set -eu
echo "$*" >> "$COMMENTS/../calls"
body=$(for word; do case $word in body=@*) echo "${word#body=@}";; esac; done)
case "$*" in
*--jq*) cd "$COMMENTS"; grep -l -x -e '<!-- sending-policy diff -->' * 2>/dev/null || true;;
*--method=PATCH*) cp "$body" "$COMMENTS/$(echo "$2 $3" | sed 's,.*comments/,,; s, .*,,')";;
*) cp "$body" "$COMMENTS/$(($(ls "$COMMENTS" | wc -l) + 1))";;
esac
"""


def steps() -> dict[str, Any]:
    """Return the workflow's own steps by name; the others fetch what they name."""
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return {step["name"]: step for step in workflow["jobs"]["review"]["steps"] if "name" in step}


class Runner:
    """A machine of GitHub's on which the repository was checked out, and its requirements installed."""

    def __init__(self, folder: Path) -> None:
        self.workspace, self.temporary, self.comments = (folder / name for name in ("work", "temp", "comments"))
        tools = folder / "tools"
        for made in (self.workspace, self.temporary, self.comments, tools):
            made.mkdir()
        (tools / "gh").write_text(FAKE_GH, encoding="utf-8")
        (tools / "gh").chmod(0o755)
        path = [str(tools), str(ROOT / "node_modules/.bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        self.environment = os.environ | {
            "PATH": ":".join(path),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
            "PULL": "repos/example/mail/issues/7/comments",
            "COMMENTS": str(self.comments),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
        }
        (self.workspace / "node_modules").symlink_to(ROOT / "node_modules")
        (self.workspace / "cdk.json").write_text('{"app": "python app.py", "notices": false}', encoding="utf-8")
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> None:
        """Run git in the repository."""
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *who, *arguments], check=True, cwd=self.workspace, capture_output=True, timeout=60)

    def commit(self, address: str, more: str = "") -> None:
        """Commit an app whose partner may send from `address`, with some more lines."""
        (self.workspace / "app.py").write_text(APP.format(address=address, more=more), encoding="utf-8")
        self.git("add", "app.py", "cdk.json")
        self.git("commit", "--quiet", "--message", address)

    def run(self, name: str) -> int:
        """Run a step as GitHub does, and return its exit code."""
        step = steps()[name]
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            check=False,
            cwd=self.workspace,
            env=self.environment | step.get("env", {}),
            capture_output=True,
            encoding="utf-8",
            timeout=240,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    if shutil.which("git") is None:
        pytest.fail("the workflow is played on a git repository: install git")
    made = Runner(tmp_path_factory.mktemp("runner"))
    made.commit("weekly@news.example.com")
    made.commit("*@news.example.com")
    assert made.run("synthesize before and after") == 0
    return made


def test_it_comments_once_and_keeps_that_up_to_date(runner: Runner) -> None:
    (runner.comments / "1").write_text("looks good\n", encoding="utf-8")
    assert runner.run("comment what changes") == 0
    [others, ours] = sorted(runner.comments.iterdir())
    assert others.read_text(encoding="utf-8") == "looks good\n"
    first = ours.read_text(encoding="utf-8")
    assert "**broadened**: grant widened" in first
    ours.write_text("<!-- sending-policy diff -->\nof the commit before\n", encoding="utf-8")
    assert runner.run("comment what changes") == 0
    assert [path.name for path in sorted(runner.comments.iterdir())] == ["1", "2"]
    assert ours.read_text(encoding="utf-8") == first
    assert "repos/example/mail/issues/comments/2" in (runner.comments.parent / "calls").read_text(encoding="utf-8")


def test_it_writes_what_code_scanning_takes(runner: Runner) -> None:
    assert runner.run("look for what is wrong") == 0
    assert (runner.workspace / "findings.sarif").read_text(encoding="utf-8").startswith("{")


def test_it_stops_what_lets_somebody_new_send_until_that_is_approved(runner: Runner) -> None:
    assert runner.run("stop what lets somebody new send") == 1
    assert "senders-approved" in steps()["stop what lets somebody new send"]["if"]


def test_it_comments_also_where_not_all_was_read(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    runner.commit("weekly@news.example.com")
    runner.commit("weekly@news.example.com", UNREAD)
    assert runner.run("synthesize before and after") == 0
    assert runner.run("comment what changes") == 0
    [comment] = runner.comments.iterdir()
    assert "**not read** `Mail/Others/Default`" in comment.read_text(encoding="utf-8")
    assert runner.run("look for what is wrong") == 0
    assert '"ruleId": "SES100"' in (runner.workspace / "findings.sarif").read_text(encoding="utf-8")
    assert runner.run("stop what lets somebody new send") == 2
    # Where nothing could be read, there is nothing to comment.
    shutil.rmtree(tmp_path / "temp" / "before")
    comment.unlink()
    assert runner.run("comment what changes") != 0
    assert list(runner.comments.iterdir()) == []


def test_a_pull_request_from_a_fork_is_looked_at_though_it_may_not_comment() -> None:
    """GitHub gives its run a token that only reads, whatever `permissions` says."""
    condition = "github.event.pull_request.head.repo.full_name == github.repository"
    conditions = {name: step.get("if", "") for name, step in steps().items()}
    assert [name for name, told in conditions.items() if condition in told] == ["comment what changes"]
    assert [name for name, step in steps().items() if "gh api" in step["run"]] == ["comment what changes"]
