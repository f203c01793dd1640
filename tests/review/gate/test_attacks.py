"""The author of a pull request tries to get a wider grant merged, and controls the machine that runs their code."""

import pytest

from tests.review.gate.attacks import REPLACED, SYNTHS, attack
from tests.review.gate.github import BOT
from tests.review.gate.handed_over import ARCHIVES, ODD_NAMES, SAID
from tests.review.gate.project import Project, assembly, copying
from tests.review.gate.runs import Run

ASKED = {"judge": "success", "approve": "waiting", "senders": "queued"}
REFUSED = {"judge": "failure", "approve": "skipped", "senders": "failure"}


def verdict(run: Run) -> dict[str, str]:
    return {name: run.results[name] for name in ASKED}


def told(project: Project) -> str:
    """Return the body of the only comment, which the workflow itself wrote."""
    [comment] = project.github.comments
    assert comment["user"]["login"] == BOT
    return str(comment["body"])


@pytest.mark.parametrize("name", SYNTHS)
def test_whatever_a_synth_does_the_wider_grant_has_to_be_approved(project: Project, name: str) -> None:
    code, files = attack(name)
    project.push({"app.py": copying(project.shared / "wide", code), **files})
    run = project.run()
    assert verdict(run) == ASKED, run.logs
    assert "**broadened**: grant widened" in told(project)
    assert project.github.labels == []


def test_a_baseline_that_was_replaced_is_not_taken(project: Project) -> None:
    project.push({"app.py": copying(project.shared / "wide", REPLACED)})
    run = project.run()
    assert verdict(run) == REFUSED, run.logs
    assert "assembly-before" in {each.name for each in project.github.artifacts}


@pytest.mark.parametrize("name", ARCHIVES)
def test_what_is_no_assembly_gets_no_verdict(project: Project, name: str) -> None:
    run = project.judged(ARCHIVES[name](assembly(project.shared / "wide")))
    assert verdict(run) == REFUSED, run.logs
    assert project.github.comments == []
    assert ("or 50 MB and more" in run.logs["judge"]) == (name == "what is too large")
    assert ("File too large" in run.logs["judge"]) == (name == "what is large when it is unpacked")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_what_is_an_assembly_and_more_is_judged_as_one(project: Project, name: str) -> None:
    run = project.judged(ODD_NAMES[name](assembly(project.shared / "wide")))
    assert verdict(run) == ASKED, run.logs
    assert "**broadened**: grant widened" in told(project)
    assert list(project.folder.rglob("pwned")) == []


@pytest.mark.parametrize("said", SAID)
def test_what_is_no_artifact_of_this_run_gets_no_verdict(project: Project, said: str) -> None:
    run = project.judged(said)
    assert verdict(run) == REFUSED, run.logs
    assert ("no assembly of 'after' was handed over" in run.logs["judge"]) != said.isdecimal()
    assert list(project.folder.rglob("pwned")) == []


def test_an_artifact_of_another_run_gets_no_verdict(project: Project) -> None:
    other = project.github.upload(99, "assembly-after", b"")
    run = project.judged(str(other.number))
    assert verdict(run) == REFUSED, run.logs
    assert "is not of this run" in run.logs["judge"]
