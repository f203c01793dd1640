"""What is said of a request that a change newly lets through: as a sentence, and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.review.policies.cases import (
    COGNITO,
    EVERYBODY,
    NEWS,
    ROLE,
    USER,
    Change,
    account,
    allow,
    both,
    deny,
    on,
    when,
)
from tests.review.policies.playing import played
from tests.review.templates import write
from tests.review.test_schemas import names_of_nothing
from tests.support.outline import outline

ONE = account("222222222222")
EVERYTHING: Any = allow(ONE)
TAG = '"${aws:PrincipalTag/x}@example.com"'
TAGGED = when("StringEquals", "ses:FromAddress", "${aws:PrincipalTag/x}@example.com")
ORGANIZATION = when("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}")

# What there is before and after, and the sentence about the request.
TOLD: dict[str, tuple[Any, Any, str]] = {
    "an account": ([], [allow(ONE, NEWS)], "account 222222222222 may now send as news@example.com"),
    "a user": ([], [allow(USER, NEWS)], "user jane of account 222222222222 may now send as news@example.com"),
    "a role": ([], [allow(ROLE, NEWS)], "role mailer of account 222222222222 may now send as news@example.com"),
    "a service": (
        [],
        [allow(COGNITO, both(NEWS, when("StringEquals", "aws:SourceAccount", "111111111111")))],
        "service cognito-idp.amazonaws.com may now send as news@example.com, for account 111111111111",
    ),
    "everybody": (
        [],
        [allow(EVERYBODY, NEWS)],
        "anybody, as account 999999999999, may now send as news@example.com",
    ),
    "an organization": (
        [],
        [allow(EVERYBODY, both(NEWS, ORGANIZATION))],
        "anybody of the owner's organization, as account 999999999999, may now send as news@example.com",
    ),
    "somebody whom the deploy knows": (
        [],
        [allow({"AWS": {"Ref": "Partner"}}, NEWS)],
        "principal ${Partner} may now send as news@example.com",
    ),
    "any address": ([], [EVERYTHING], "account 222222222222 may now send as y@example.com"),
    "another action": (
        [allow(ONE, NEWS, Action="ses:SendEmail")],
        [allow(ONE, NEWS)],
        "account 222222222222 may now send with ses:SendRawEmail as news@example.com",
    ),
    "a Deny that is gone": (
        [allow(ONE, NEWS), deny(ONE, NEWS)],
        [allow(ONE, NEWS)],
        "account 222222222222 may now send as news@example.com",
    ),
    "a recipient": (
        [allow(ONE, both(NEWS, when("ForAllValues:StringLike", "ses:Recipients", "a@example.org")))],
        [allow(ONE, both(NEWS, when("ForAllValues:StringLike", "ses:Recipients", "a@example.org", "b@example.org")))],
        "account 222222222222 may now send as news@example.com, with b@example.org among the recipients",
    ),
    "TLS": (
        [],
        [allow(ONE, both(NEWS, when("Bool", "aws:securetransport", "false")))],
        "account 222222222222 may now send as news@example.com, without TLS",
    ),
    "a network": (
        [],
        [allow(ONE, both(NEWS, when("IpAddress", "aws:SourceIp", "203.0.113.7/32")))],
        "account 222222222222 may now send as news@example.com, from network 203.0.113.7",
    ),
    "a tag": (
        [],
        [allow(ONE, both(NEWS, when("StringEquals", "aws:PrincipalTag/team", "mail")))],
        "account 222222222222 may now send as news@example.com, where the caller's tag team is mail",
    ),
    "what looks like a variable": (
        [on("example.com", allow(ONE, TAGGED))],
        [on("example.com", allow(ONE, TAGGED), version="2008-10-17")],
        f"account 222222222222 may now send as the text {TAG}, where the caller's tag x is x",
    ),
    "a key without words": (
        [],
        [allow(ONE, both(NEWS, when("StringEquals", "aws:referer", "x")))],
        "account 222222222222 may now send as news@example.com, where aws:referer is x",
    ),
}


def templates(folder: Path, before: Any, after: Any) -> list[str]:
    """Write both sides, and return the paths for the command line."""
    sides = Change("a", "b", tuple(before), tuple(after), ("changed",)).templates()
    return [str(write(folder / name / "mail.json", side)) for name, side in zip(("old", "new"), sides, strict=True)]


def told(folder: Path, before: Any, after: Any) -> Any:
    """Return what `diff` says, read from its JSON."""
    return json.loads(played("diff", "--format=json", *templates(folder, before, after)))


@pytest.mark.parametrize(("before", "after", "sentence"), TOLD.values(), ids=TOLD)
def test_a_request_is_told_in_a_sentence(tmp_path: Path, before: Any, after: Any, sentence: str) -> None:
    report = told(tmp_path, before, after)
    assert [change["witness"]["sentence"] for change in report["changes"]] == [sentence]
    assert names_of_nothing("diff", report) == []


def test_a_request_is_told_in_json(tmp_path: Path) -> None:
    granted = allow(ROLE, both(NEWS, when("ForAnyValue:StringEquals", "ses:Recipients", "a@b.c")))
    (change,) = told(tmp_path, [], [granted])["changes"]
    arn = "arn:aws:sts::222222222222:assumed-role/mailer/x"
    assert change["witness"] == {
        "caller": {"kind": "AWS", "name": arn, "account": "222222222222", "own_iam": True},
        "action": "ses:SendEmail",
        "identity": "example.com",
        "keys": {"ses:FromAddress": "news@example.com", "ses:Recipients": ["a@b.c"]},
        "sentence": "role mailer of account 222222222222 may now send as news@example.com, "
        "with a@b.c among the recipients",
    }


def test_an_identity_that_the_deploy_knows_has_its_name(tmp_path: Path) -> None:
    sides = [{"Resources": {}}, on("x", allow(ONE, NEWS)).resource()]
    sides[1]["Properties"]["EmailIdentity"] = {"Ref": "Domain"}
    sides[1] = {"Resources": {"P": sides[1]}}
    paths = [str(write(tmp_path / f"{number}" / "mail.json", side)) for number, side in enumerate(sides)]
    report = json.loads(played("diff", "--format=json", *paths))
    assert [change["witness"]["identity"] for change in report["changes"]] == ["${Domain}"]


EVERY_FORMAT = {
    "text": "\n    so account 222222222222 may now send as news@example.com\n",
    "markdown": "\n  - so account 222222222222 may now send as `news@example.com`\n",
}


@pytest.mark.parametrize(("form", "line"), EVERY_FORMAT.items())
def test_every_format_tells_it(tmp_path: Path, form: str, line: str) -> None:
    before, after, _ = TOLD["an account"]
    assert line in played("diff", f"--format={form}", *templates(tmp_path, before, after))
    # What cannot be shown is not said.
    assert "so account" not in played("diff", f"--format={form}", *templates(tmp_path, after, before))


def test_the_page_tells_it(tmp_path: Path) -> None:
    before, after, sentence = TOLD["an account"]
    written = played("diff", "--format=html", *templates(tmp_path, before, after))
    assert outline(written).one("p", class_="clause witness").text == f"So {sentence}."
    other = played("diff", "--format=html", *templates(tmp_path, after, before))
    assert "may now" not in outline(other).text


# It is not known what a caller may do: in the owner's account nobody may send by this policy alone.
OWNER = allow(account("111111111111"), NEWS)
MEANING = {
    "broadened": ([], [EVERYTHING], True),
    "changed": ([], [OWNER], True),
    "narrowed": ([EVERYTHING], [], False),
    "unchanged": ([EVERYTHING], [EVERYTHING], False),
}


@pytest.mark.parametrize(("verdict", "sides"), MEANING.items(), ids=MEANING)
def test_who_asks_for_broadened_alone_has_one_key_for_both(tmp_path: Path, verdict: str, sides: Any) -> None:
    before, after, is_more = sides
    report = told(tmp_path, before, after)
    assert (report["verdict"], report["may_allow_more"]) == (verdict, is_more)
    assert [change["may_allow_more"] for change in report["changes"]] == [is_more] * (verdict != "unchanged")
    assert [change["witness"] is not None for change in report["changes"]] == [verdict == "broadened"] * (
        verdict != "unchanged"
    )
