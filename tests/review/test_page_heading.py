"""The review page's heading: what it is about, in the caller's words, and whose policies it shows, in the author's."""

from pathlib import Path
from typing import Final

import pytest

from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.heading import Heading
from tests.review.conftest import sending_policy
from tests.review.templates import STATEMENT, assembly, resource
from tests.support.outline import outline, section
from tests.support.reviewed import (
    DIFFERENCE,
    EXPLAINED,
    PARTNER,
    change,
    difference,
    explained,
    finding,
    findings,
    page_of,
    policy,
    staying,
)

TIME: Final = "2026-11-28T22:00:00Z"


@pytest.mark.parametrize(
    ("commit", "time", "told"),
    [
        ("", "", []),
        ("4f2a9c1", "", ["commit 4f2a9c1"]),
        ("", TIME, [TIME]),
        ("<b>", TIME, [f"commit <b> · {TIME}"]),
    ],
)
def test_commit_and_time_stand_under_the_title(commit: str, time: str, told: list[str]) -> None:
    header = outline(page_of(EXPLAINED, title="Let the agency send offers", commit=commit, time=time)).one("header")
    assert header.one("h1").text == "Let the agency send offers"
    assert [each.text for each in header.all("p") if each.attributes.get("class") == "muted"] == told
    assert [each.attributes["datetime"] for each in header.all("time")] == ([TIME] if time else [])


def test_without_a_title_it_has_its_own() -> None:
    assert outline(page_of(EXPLAINED)).one("h1").text == "Who may send as what"
    assert outline(page_of(changed=DIFFERENCE)).one("title").text == "What changes in who may send"


@pytest.mark.parametrize("time", ["now", "2026-11-28", "2026-11-28T22:00:00", "1795903200", "2026-02-30T00:00:00Z"])
def test_a_time_needs_a_zone(time: str) -> None:
    with pytest.raises(ReviewError, match="is not allowed: give a date and a time with its zone, as 2026-11-28T22"):
        Heading(time=time)


WINDOW = STATEMENT | {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"}}}


@pytest.mark.parametrize("command", [("explain", "cdk.out"), ("diff", "cdk.out", "cdk.out")], ids=" ".join)
def test_the_command_puts_them_there_and_tells_what_was_past_then(tmp_path: Path, command: tuple[str, ...]) -> None:
    assembly(tmp_path / "cdk.out", resource(WINDOW))

    def told(time: str) -> str:
        options = ["--format=html", "--title=Offers", "--commit=4f2a9c1", f"--time={time}"]
        done = sending_policy(*command, *options, folder=tmp_path)
        assert (done.stderr, done.returncode) == ("", 0)
        return done.stdout

    before, after = told("2026-05-31T23:59:59Z"), told("2026-06-01T02:00:01+02:00")
    assert [outline(before).one(name).text for name in ("title", "h1")] == ["Offers", "Offers"]
    assert "commit 4f2a9c1 · 2026-05-31T23:59:59Z" in outline(before).one("header").text
    assert ["SES105" in section(each, "findings").text for each in (before, after)] == [False, True]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--title=Offers"], "--title is for the HTML page only: use it with --format=html"),
        (["--commit=4f2a9c1", "--format=json"], "--commit is for the HTML page only: use it with --format=html"),
        (["--time=now"], "--time is for the HTML page only: use it with --format=html"),
        (
            ["--time=now", "--format=html"],
            "the time 'now' is not allowed: give a date and a time with its zone, as 2026-11-28T22:00:00Z",
        ),
    ],
)
def test_what_is_not_of_the_page_is_refused(tmp_path: Path, options: list[str], sentence: str) -> None:
    assembly(tmp_path / "cdk.out")
    done = sending_policy("explain", *options, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"sending-policy: {sentence}\n")


PATHS: Final[list[tuple[str | None, str]]] = [
    ("Stack/News/Partner/Resource/Default", "Stack/News/Partner"),
    ("Stack/Partner/Resource", "Stack/Partner"),
    ("Stack/Partner/Default", "Stack/Partner"),
    ("Stack/Partner", "Stack/Partner"),
    # Names that users give their own constructs.
    ("Stack/Resource/Resource/Default", "Stack/Resource"),
    ("Stack/Resource", "Stack/Resource"),
    ("Stack/My Resource", "Stack/My Resource"),
    ("Stack/Default/Partner/Resource", "Stack/Default/Partner"),
    (None, "Prod/Mail/P776273A3"),
]


@pytest.mark.parametrize(("path", "name"), PATHS)
def test_a_policy_is_called_what_its_author_called_it(path: str | None, name: str) -> None:
    told = policy("example.com", "P", *PARTNER["grants"]) | {"path": path}
    changed = difference(
        Verdict.CHANGED, change(Kind.ADDED, told, "s", [], PARTNER["grants"]), stays=[staying(told, "r")]
    )
    found = finding(told, "SES102", "m", "f") | {"acknowledged": {"reason": "r", "at": path or name}}
    written = page_of(explained(told), findings(found), changed)
    for part in ("changes", "stays", "findings", "who"):
        assert name in section(written, part).text, part
    assert f"r, said on {name}" in section(written, "findings").text
    assert path in {None, name} or path not in outline(written).one("main").text
