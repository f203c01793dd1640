"""How a difference is shown, in each format: golden files with a change of every kind."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.request_sentence import caller_words
from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.comparison_formats import comparison_json, comparison_markdown, comparison_text
from ses_sending_policy.review.constructs import Constructs
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.rules.document import Json
from tests.analysis.findings.declare import HERE, REF, resource
from tests.analysis.grants.changes import JANE, deny, like, one, when
from tests.review.test_schemas import names_of_nothing

GOLDEN = Path(__file__).with_name("compared")
COGNITO = {"Service": "cognito-idp.amazonaws.com"}
NEWS = {"EmailIdentity": "news.example.com"}
FORMATS: dict[str, Callable[[Comparison], str]] = {
    "text": lambda comparison: comparison_text(comparison, TextOutput()),
    "markdown": comparison_markdown,
    "json": comparison_json,
}


def compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """Return the comparison of two assemblies, each with one stack that has an environment and one that has none."""
    return Comparison.of(_reviewed("before", old), _reviewed("after", new))


def _reviewed(folder: str, resources_: dict[str, Any]) -> Reviewed:
    constructs = Constructs()
    paths = {f"/App/Mail/{name}": [{"type": "aws:cdk:logicalId", "data": name}] for name in resources_}
    constructs.add_metadata(paths, Path(folder), Path(folder), "Mail.template.json")
    templates = []
    for stack, environment in (("Mail", HERE), ("Anywhere", KnownEnvironment())):
        own = {name: each for name, each in resources_.items() if (stack == "Anywhere") == ("Bare" in name)}
        path = f"{folder}/{stack}.template.json"
        templates.append(Template(path, stack, environment, {"Resources": own}, stack, home=Home(stack, stack)))
    return Reviewed(
        [policy for each in templates for policy in each.policies(takes_defaults=True)], constructs, templates=templates
    )


def bare(*statements: Json) -> dict[str, Any]:
    """Return a policy on an identity that only the deploy knows."""
    arn = {"Fn::Sub": "arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/${Parameter}"}
    return resource(*(each | {"Resource": arn} for each in statements), EmailIdentity=REF)


def every_kind() -> Comparison:
    """Return a comparison with a change of every kind, both of what is allowed and of what is denied."""
    return compared(
        {
            "Partner": resource(like("news@example.com"), one(Principal={"Service": "ses.amazonaws.com"})),
            "Kept": resource(when("StringLike", "kept@example.com"), PolicyName="Kept") | {"DeletionPolicy": "Retain"},
            "Adopted": resource(deny(Principal={"AWS": "444444444444"}), PolicyName="Adopted", OnDelete="RELEASE"),
            "Guard": resource(when("StringLike", "*admin*", Principal="*", Effect="Deny"), deny(Principal=JANE)),
            "News": resource(one(), when("StringLike", "a@example.com", Principal={"AWS": "333333333333"}), **NEWS),
            "Bare": bare(one(Principal={"AWS": {"Fn::GetAtt": ["Role", "Arn"]}})),
        },
        {
            "Partner": resource(like("*@example.com"), PolicyName="Renamed"),
            "Guard": resource(when("StringLike", "*admin@*", Principal="*", Effect="Deny")),
            "Open": resource(
                when("StringLike", "open@example.com", Principal="*"),
                when("StringEquals", "111111111111", key="aws:SourceAccount", Principal=COGNITO),
                PolicyName="Open",
            ),
            "News": resource(like("*@news.example.com"), **NEWS),
            "More": resource(when("StringLike", "b@example.com", Principal={"AWS": "333333333333"}), **NEWS)
            | {"Condition": "IsProd"},
            "Bare": bare(
                one(Principal={"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}),
                one(Principal={"AWS": "`@everyone`\n# <b>"}, Action="ses:SendBulkEmail"),
                deny(Principal=JANE),
            ),
        },
    )


@pytest.mark.parametrize("form", FORMATS)
def test_it_writes(tmp_path: Path, form: str) -> None:
    golden = GOLDEN / f"diff.{form}"
    written = tmp_path / golden.name
    written.write_text(FORMATS[form](every_kind()), encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), (
        f"where that is meant: cp {written} {golden}"
    )


def test_there_is_every_kind_in_it() -> None:
    found = {(change.effect, change.kind) for change in every_kind().difference.changes}
    assert {kind for _, kind in found} == {"added", "removed", "widened", "narrowed", "changed"}
    assert {effect for effect, _ in found} == {"Allow", "Deny"}
    witnesses = [change.witness for change in every_kind().difference.changes]
    assert None in witnesses
    assert {caller_words(each).partition(" ")[0] for each in witnesses if each} == {
        "account",
        "principal",
        "service",
        "user",
    }


def test_text_fits_into_eighty_columns() -> None:
    lines = (GOLDEN / "diff.text").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_json_is_as_its_schema_says() -> None:
    assert names_of_nothing("diff", json.loads(comparison_json(every_kind()))) == []


def test_no_difference_is_said_as_well() -> None:
    same = {"Partner": resource()}
    read = {form: write(compared(same, same)) for form, write in FORMATS.items()}
    assert read["text"] == "unchanged: the same is allowed as before\n"
    assert read["markdown"] == (
        "<!-- sending-policy diff -->\n### Sending policies: unchanged: the same is allowed as before\n"
    )
    assert json.loads(read["json"]) == {
        "version": 1,
        "verdict": "unchanged",
        "may_allow_more": False,
        "changes": [],
        "stays": [],
        "complete": True,
        "unread": [],
    }


def test_a_screen_shows_colours() -> None:
    coloured = comparison_text(every_kind(), TextOutput(is_coloured=True))
    assert "\x1b[1;31mbroadened\x1b[0m: grant widened" in coloured
    # It fails a build in the same way.
    assert "\x1b[1;31mchanged\x1b[0m: grant changed" in coloured
