"""Every cell of the tables in docs/lifecycle.md: the answer, SES afterwards, the calls, and the log."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from ses_sending_policy.rules.decisions import Drop, Found, Take
from tests.support.events import statement
from tests.support.inside import Inside
from tests.support.model import Asked, Seen, bare, expected, meaning, right_id, seen
from tests.support.owners import ADOPTED, CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, TOKEN, UNCLAIMED, text
from tests.support.readings import READINGS

GOLDEN = Path(__file__).with_name("cells.txt")

INVENTED: Final = "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z"
IDS: Final = {"made": MADE, "claimed": CLAIMED, "adopted": ADOPTED, "unclaimed": UNCLAIMED, "invented": INVENTED}
NAMES: Final = {id_: name for name, id_ in IDS.items()}

ELSE: Final = statement("333333333333")
LIVE: Final[dict[str, str | None]] = {
    "absent": None,
    "ours": text(marker=MARKER),
    "ours, else": text(ELSE, marker=MARKER),
    "adopted": text(marker=f"{MARKER}/adopted"),
    "adopted, else": text(ELSE, marker=f"{MARKER}/adopted"),
    "foreign": text(marker=OTHERS_MARKER),
    "foreign, else": text(ELSE, marker=OTHERS_MARKER),
    "unmarked": text(),
    "unmarked, else": text(ELSE),
}
WHEN: Final = ("FAIL", "ADOPT", "OVERWRITE")
ON_DELETE: Final = ("DELETE", "RELEASE")


def cells() -> list[tuple[str, str, str, str, str]]:
    """Return the event, the physical id, what is at SES, `WhenExists` and `OnDelete` of each cell."""
    return [
        *product(("Create",), ("",), LIVE, WHEN, ("DELETE",)),
        *product(("Update",), ("claimed",), LIVE, WHEN, ("DELETE",)),
        *product(("Update",), ("claimed", "made"), ("unmarked", "unmarked, else"), WHEN, ("RELEASE",)),
        *product(("Update",), ("unclaimed", "invented"), LIVE, WHEN, ("DELETE",)),
        *product(("Delete",), IDS, LIVE, ("FAIL",), ON_DELETE),
    ]


def event_of(kind: str, id_: str, **properties: Any) -> dict[str, Any]:
    if kind == "Create":
        return PARTNER.create("", **properties)
    physical_id = IDS[id_]
    if kind == "Delete":
        return PARTNER.delete("", physical_id, **properties)
    return PARTNER.update("", physical_id, **properties)


def what(live: str | None) -> str:
    """Return in short what a policy is."""
    if live is None:
        return "absent"
    seen_ = seen(live)
    whose = {None: "unmarked", TOKEN: "adopted" if seen_.adopted else "ours"}.get(seen_.owner, "foreign")
    return whose if "222222222222" in seen_.says else f"{whose}, else"


def line(cell: tuple[str, str, str, str, str]) -> str:
    """Return the result of a cell: the answer, SES afterwards, the calls, and the log's events or the reason."""
    kind, id_, live, when, on_delete = cell
    aws = Inside()
    if (there := LIVE[live]) is not None:
        aws.seed(there)
    ended = aws.handle(event_of(kind, id_, WhenExists=when, OnDelete=on_delete))
    calls = [*aws.calls, *["asks" for _ in aws.stack.asked]]
    columns = (
        f"{kind:6} {id_:9} {live:14} {when:9} {on_delete:7}",
        f"{ended.status:7} {NAMES[ended.physical_id.partition('=')[0]]:9}",
        f"{what(aws.live()):14}",
        f"{' '.join(calls):21}",
        "; ".join([*aws.told, *ended.reason.partition(":")[:1]]).strip("; "),
    )
    return " | ".join(columns)


def test_every_cell(tmp_path: Path) -> None:
    written = tmp_path / GOLDEN.name
    written.write_text("".join(f"{line(cell)}\n" for cell in cells()), encoding="utf-8")
    assert written.read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8"), (
        f"where that is meant: cp {written} {GOLDEN}"
    )


def test_the_words_of_the_tables() -> None:
    """docs/lifecycle.md and the log use them."""
    assert [each.value for each in Found] == ["absent", "ours", "ours, adopted", "foreign", "unmarked"]
    assert [each.value for each in Take] == ["written", "adopted", "overwritten", "refused"]
    assert [each.value for each in Drop] == ["deleted", "released", "left", "absent"]


# An SES that drops the markers never holds one, so the marked states are left out for it.
FORGETFUL: Final[dict[str, Any]] = {"drops_id": True}
READS: Final[tuple[dict[str, Any], ...]] = (
    {"stale_seconds": 3.0},
    {"canonical": True},
    {"stale_seconds": 2.7, "canonical": True},
)


def by_meaning(policies: dict[tuple[str, str], Seen]) -> dict[tuple[str, str], Seen]:
    return {place: replace(each, says=meaning(each.says)) for place, each in policies.items()}


@pytest.mark.parametrize(
    "reading", [*READINGS, FORGETFUL, *READS], ids=lambda reading: "-".join(map(str, reading.values()))
)
@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_every_cell_is_as_the_model_has_it(kind: str, reading: dict[str, Any]) -> None:
    """The model is a few `if`s that share nothing with the tables, and SES is played in every reading."""
    forgets = reading is FORGETFUL
    # A document in canonical form can only be compared by its meaning.
    shown = by_meaning if reading.get("canonical") else dict
    ids = [""] if kind == "Create" else list(IDS)
    whens = ["FAIL"] if kind == "Delete" else WHEN
    for id_, live, when, on_delete in product(ids, LIVE, whens, ON_DELETE):
        there = LIVE[live]
        if forgets and there and seen(there).owner:
            continue
        aws = Inside(**reading)
        if there is not None:
            aws.seed(there)
        before = {place: seen(each) for place, each in aws.policies.items()}
        event = event_of(kind, id_, WhenExists=when, OnDelete=on_delete)
        asked = Asked.by(event)
        ended = aws.handle(event)
        cell = (id_, live, when, on_delete)
        should = expected(asked, before, {"example.com"}, drops_id=forgets, again=False, itself=False)
        after: dict[tuple[str, str], Seen] = {place: seen(each) for place, each in aws.policies.items()}
        assert (cell, ended.status, shown(after)) == (cell, should.status, shown(should.after))
        right = right_id(asked, event, {"Status": ended.status}, wrote=False)
        assert (cell, bare(ended.physical_id)) == (cell, bare(right))
        if ended.physical_id != event.get("PhysicalResourceId") and ended.status == "SUCCESS" and not forgets:
            [adopted] = [policy.adopted for policy in after.values() if policy.owner == TOKEN]
            assert ended.physical_id.partition("=")[0].rsplit("|", 1)[1] == ("adopted" if adopted else "made")
