"""What the log says about each decision, for the person on call; docs/lifecycle.md describes the lines."""

from typing import Any, Final

import pytest

from tests.support.events import statement
from tests.support.inside import Inside
from tests.support.owners import CLAIMED, MARKER, OTHERS_MARKER, PARTNER, TOKEN, text

KNOWN: Final = {"stack": "Mail", "token": TOKEN, "identity": "example.com", "policy": "partner"}
THEIRS: Final = "stack Other (Theirs)"
OURS: Final = "stack Mail (Partner1A2B3C4D)"
ELSE: Final = statement("333333333333")
HELD: Final = text(ELSE, marker=OTHERS_MARKER)


def line(event: str, **details: Any) -> dict[str, Any]:
    return {"event": event, "of": "policy 'partner' on 'example.com'"} | KNOWN | details


def lines_of(aws: Inside) -> list[dict[str, Any]]:
    """Return the lines of the log without their `message`."""
    return [{name: value for name, value in line.items() if name != "message"} for line in aws.log_lines]


@pytest.mark.parametrize(
    ("live", "properties", "lines"),
    [
        (None, {}, [line("policy created")]),
        (text(marker=MARKER), {}, [line("policy unchanged", found="ours", owner=OURS)]),
        (text(ELSE, marker=MARKER), {}, [line("policy written", found="ours", owner=OURS)]),
        (
            text(marker=OTHERS_MARKER),
            {"WhenExists": "ADOPT"},
            [line("policy adopted", found="foreign", owner=THEIRS)],
        ),
        (text(), {"WhenExists": "ADOPT"}, [line("policy adopted", found="unmarked", owner=None)]),
        (
            HELD,
            {"WhenExists": "OVERWRITE"},
            [
                line("overwrites", document=HELD, owner=THEIRS),
                line("policy overwritten", found="foreign", owner=THEIRS),
            ],
        ),
        (
            HELD,
            {"WhenExists": "ADOPT"},
            [
                line(
                    "not adopted",
                    document=HELD,
                    differences=[
                        (
                            "statement for account 222222222222: "
                            "Principal AWS is account 333333333333 live and account 222222222222 declared"
                        ),
                    ],
                )
            ],
        ),
    ],
)
def test_a_create(live: str | None, properties: dict[str, str], lines: list[dict[str, Any]]) -> None:
    aws = Inside()
    if live is not None:
        aws.seed(live)
    aws.handle(PARTNER.create("", **properties))
    assert lines_of(aws) == lines


@pytest.mark.parametrize(
    ("live", "found", "owner", "on_delete", "event"),
    [
        (text(marker=MARKER), "ours", OURS, "DELETE", "policy deleted"),
        (text(marker=f"{MARKER}/adopted"), "ours, adopted", OURS, "RELEASE", "policy released"),
        (text(marker=OTHERS_MARKER), "foreign", THEIRS, "DELETE", "policy left"),
        (text(), "unmarked", None, "RELEASE", "policy left"),
        (None, "absent", None, "DELETE", "policy absent"),
    ],
)
def test_a_delete(live: str | None, found: str, owner: str | None, on_delete: str, event: str) -> None:
    aws = Inside()
    if live is not None:
        aws.seed(live)
    aws.handle(PARTNER.delete("", CLAIMED, OnDelete=on_delete))
    assert lines_of(aws) == [line(event, found=found, owner=owner)]


def test_what_a_success_gives_to_the_template() -> None:
    ended = Inside().handle(PARTNER.create(""))
    assert ended.data == {
        "EmailIdentity": "example.com",
        "PolicyName": "partner",
        "PolicyHash": ended.data["PolicyHash"],
    }
    assert len(ended.data["PolicyHash"]) == 64


def test_a_delete_gives_nothing() -> None:
    assert Inside().handle(PARTNER.delete("", CLAIMED)).data == {}
