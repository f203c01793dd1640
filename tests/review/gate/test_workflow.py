"""The workflow for GitHub Actions, run: what it says of a pull request, who approves, and what an approval covers."""

from typing import Any

import pytest

from tests.review.gate.github import BOT, zipped
from tests.review.gate.project import ENVIRONMENT, NARROW, UNREAD, WIDE, Project, app, assembly, copying
from tests.review.gate.test_attacks import ASKED, REFUSED, told, verdict

PASSED = {"judge": "success", "approve": "skipped", "senders": "success"}
APPROVED = {"judge": "success", "approve": "success", "senders": "success"}


def wide(project: Project) -> dict[str, str]:
    return {"app.py": copying(project.shared / "wide")}


def test_what_lets_nobody_new_send_passes(project: Project) -> None:
    project.move_base(wide(project))
    project.github.head = project.base
    project.push({"app.py": app(NARROW)})
    run = project.run()
    assert verdict(run) == PASSED, run.logs
    assert "**narrowed**" in told(project)
    assert "nothing found in 1 policy" in run.summary


def test_a_wider_grant_passes_for_whoever_approves_that_commit(project: Project) -> None:
    of_others = {"<!-- sending-policy diff -->\nlooks good": "somebody", "LGTM, <!-- sending-policy diff -->": BOT}
    for body, login in of_others.items():
        project.github.comment(body, login)
    project.push({"app.py": app(WIDE)})
    first = project.run()
    assert verdict(first) == ASKED, first.logs
    *others, ours = project.github.comments
    assert [each["body"] for each in others] == [
        "<!-- sending-policy diff -->\nlooks good",
        "LGTM, <!-- sending-policy diff -->",
    ]
    assert ours["body"].startswith(
        f"<!-- sending-policy diff -->\nCommit {project.github.head}, merged into {project.base}.\n"
    )
    assert "**broadened**: grant widened" in ours["body"]
    # An approval is for one run, and the next push starts another; a label changes nothing.
    project.github.approved.add(first.number)
    assert verdict(first.go_on()) == APPROVED, first.logs
    project.github.labels.append("senders-approved")
    assert verdict(project.judged()) == ASKED
    assert len(project.github.comments) == 3
    assert project.github.comments[-1]["id"] == ours["id"]
    assert f"Commit {project.github.head}," in project.github.comments[-1]["body"]


@pytest.mark.parametrize(
    "rules",
    [
        None,
        [],
        [{"type": "wait_timer", "wait_timer": 30}],
        [{"type": "required_reviewers", "prevent_self_review": False, "reviewers": [{}]}],
    ],
    ids=["not made", "no rule", "a timer alone", "who asks may approve"],
)
def test_an_environment_that_asks_nobody_approves_nothing(project: Project, rules: list[Any] | None) -> None:
    if rules is None:
        del project.github.environments[ENVIRONMENT]
    else:
        project.github.environments[ENVIRONMENT] = rules
    run = project.judged()
    project.github.approved.add(run.number)
    assert verdict(run.go_on()) == {"judge": "success", "approve": "failure", "senders": "failure"}
    assert "lacks required reviewers, or lets who asks approve" in run.logs["approve"]


def test_what_is_not_read_is_told_and_has_to_be_approved(project: Project) -> None:
    project.push({"app.py": app(NARROW, UNREAD)})
    run = project.run()
    assert verdict(run) == ASKED, run.logs
    assert "**not read** `Mail/Others/Default`" in told(project)
    assert "::error file=app.py,line=11,title=SES100 Mail/Others/Default::" in run.logs["judge"]


def test_who_brings_what_is_not_read_cannot_accept_it(project: Project) -> None:
    accepted = zipped(assembly(project.shared / "accepted"))
    run = project.judged(accepted)
    assert verdict(run) == ASKED, run.logs
    assert "it is fine" in told(project)
    # Whoever approves it accepts it.
    assert verdict(project.judged(accepted, before=accepted)) == PASSED


def test_an_older_commit_does_not_write_over_the_comment_of_a_newer_one(project: Project) -> None:
    project.github.comment("<!-- sending-policy diff -->\nof the newer one")
    run = project.judged(newest="0" * 40)
    assert verdict(run) == ASKED
    assert told(project).endswith("of the newer one")
    assert "another commit was pushed since" in run.logs["judge"]


def test_a_merge_of_another_commit_is_not_judged(project: Project) -> None:
    """GitHub may not have merged the pushed commit yet: the run would look at the commit before it."""
    project.push(wide(project))
    run = project.run(head="0" * 40)
    assert run.results["source"] == "failure"
    assert verdict(run) == {"judge": "skipped", "approve": "skipped", "senders": "failure"}
    assert f"is no merge of {'0' * 40}" in run.logs["source"]


def test_a_merge_queue_compares_with_what_it_merges_into(project: Project) -> None:
    """A queue that rebases adds each commit by itself: the last one alone changes nothing here."""
    project.push(wide(project))
    project.push({"more.txt": "more"})
    project.move_base({"readme.txt": "read me"})
    run = project.queued()
    assert verdict(run) == ASKED, run.logs
    assert "**broadened**: grant widened" in run.summary
    assert project.github.comments == []


def test_a_pull_request_from_a_fork_is_judged_though_it_may_not_comment(project: Project) -> None:
    run = project.judged(fork="somebody/mail")
    assert verdict(run) == ASKED, run.logs
    assert "**broadened**: grant widened" in run.summary
    assert not [call for call in project.github.calls if "comments" in call]


def test_what_is_merged_is_packed_whole(project: Project) -> None:
    """`git archive` would leave out what the pull request tells it to."""
    lines = "import hidden\n" + copying(project.shared / "wide")
    project.push({"app.py": lines, "hidden.py": "", ".gitattributes": "hidden.py export-ignore\n"})
    assert verdict(project.run()) == ASKED


def test_what_is_no_wheel_of_that_hash_judges_nothing(project: Project) -> None:
    project.digest = "0" * 64
    run = project.judged()
    assert verdict(run) == REFUSED
    assert "DO NOT MATCH THE HASHES" in run.logs["judge"]


def test_as_it_is_copied_it_judges_nothing(project: Project) -> None:
    project.digest = "THE-HASH-OF-ITS-WHEEL"
    run = project.judged()
    assert verdict(run) == REFUSED
    assert "Expected sha256 THE-HASH-OF-ITS-WHEEL" in run.logs["judge"]
