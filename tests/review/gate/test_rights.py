"""Which rights each job of the workflow has, read from its YAML: GitHub enforces them, and our emulation does not."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.review.gate.project import WORKFLOW

TEXT = WORKFLOW.read_text(encoding="utf-8")
WORKFLOW_ITSELF = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = WORKFLOW_ITSELF["jobs"]
# YAML reads the key `on` as true.
EVENTS: dict[str, Any] = WORKFLOW_ITSELF[True]


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, step) for name, job in JOBS.items() for step in job["steps"])


def test_each_job_has_the_rights_that_it_needs_and_no_other() -> None:
    assert WORKFLOW_ITSELF["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "source": {"contents": "read"},
        "before": {},
        "after": {},
        "judge": {"actions": "read", "pull-requests": "write"},
        "approve": {"actions": "read"},
        "senders": {},
    }
    assert "secrets" not in TEXT


def test_the_code_of_the_repository_runs_where_there_are_no_rights() -> None:
    running = {
        name for name, step in steps() if re.search(r"\b(npx|npm|pip install --requirement requirements)", str(step))
    }
    assert running == {"before", "after"}
    assert [name for name, step in steps() if "checkout" in step.get("uses", "")] == ["source"]
    assert {name for name, step in steps() if "github.token" in str(step)} == {"judge", "approve"}
    [checkout] = [step for _, step in steps() if "checkout" in step.get("uses", "")]
    assert checkout["with"]["persist-credentials"] is False


def test_only_jobs_without_rights_run_actions_beside_the_checkout() -> None:
    using = {name: {s["uses"].split("@")[0] for s in job["steps"] if "uses" in s} for name, job in JOBS.items()}
    assert using["source"] == {"actions/checkout", "actions/upload-artifact"}
    assert using["judge"] == using["approve"] == using["senders"] == set()


def test_nothing_is_cached() -> None:
    assert "actions/cache" not in TEXT
    assert not [step for _, step in steps() if "cache" in step.get("with", {})]
    nodes = [step["with"] for _, step in steps() if "setup-node" in step.get("uses", "")]
    assert [each["package-manager-cache"] for each in nodes] == [False, False]


def test_each_action_is_pinned_by_a_commit_with_its_tag_beside_it() -> None:
    used = re.findall(r"uses: (.*)", TEXT)
    assert len(used) == 11
    assert [each for each in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", each)] == []
    assert len({each.split("@")[0] for each in used}) == len(set(used))


def test_no_word_of_anybody_is_written_into_a_script() -> None:
    assert [step["run"] for _, step in steps() if "${{" in step.get("run", "")] == []


def test_a_job_ends_by_itself() -> None:
    assert [name for name, job in JOBS.items() if not 0 < job.get("timeout-minutes", 0) <= 20] == []


def test_what_a_merge_waits_for_is_never_skipped() -> None:
    """GitHub counts a skipped job as passed, and also a job that does not run for an event."""
    assert JOBS["senders"]["if"] == "${{ always() }}"
    assert [name for name, job in JOBS.items() if "if" in job] == ["approve", "senders"]
    assert EVENTS == {"pull_request": {"types": ["opened", "synchronize", "reopened", "edited"]}, "merge_group": None}


def test_nothing_cancels_a_run() -> None:
    """A workflow that a ruleset requires must never be cancelled.

    https://docs.github.com/en/repositories, *Troubleshooting rules*
    """
    assert "cancel-in-progress" not in TEXT
    assert "concurrency" not in WORKFLOW_ITSELF
