"""Draw the tables and the picture of docs/lifecycle.md from the tables that the Lambda runs on.

`python docs/draw.py` writes them into the page; a test fails where the page is older than the code.
"""

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from provider.tables import DROP, KEEP, TAKE, Drop, Found, Take
from ses_sending_policy.rules.wire import OnDelete, WhenExists

PAGE = Path(__file__).parent / "lifecycle.md"
_BLOCK = re.compile(r"(<!-- drawn: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def take() -> str:
    """Return what a Create does with a policy that is there."""
    found = [each for each in Found if (each, WhenExists.FAIL) in TAKE]
    rows = [[each.value, *(TAKE[each, when].value for when in WhenExists)] for each in found]
    return _table(["live policy", *(f"`{when}`" for when in WhenExists)], rows)


def keep() -> str:
    """Return what an Update in place does."""
    found = [each for each in Found if (each, WhenExists.FAIL) in KEEP]
    rows = [[each.value, *(KEEP[each, when].value for when in WhenExists)] for each in found]
    return _table(["live policy", *(f"`{when}`" for when in WhenExists)], rows)


def drop() -> str:
    """Return what a Delete does."""
    rows = [
        [
            "claimed" if claimed else "unclaimed, or invented",
            found.value,
            *(DROP[claimed, found, on].value for on in OnDelete),
        ]
        for claimed in (True, False)
        for found in Found
    ]
    return _table(["physical id", "live policy", *(f"`OnDelete` `{on}`" for on in OnDelete)], rows)


_STATE = {
    Found.ABSENT: "Absent",
    Found.OURS: "Ours",
    Found.ADOPTED: "Adopted",
    Found.FOREIGN: "Foreign",
    Found.UNMARKED: "Unmarked",
}
_AFTER_TAKE = {Take.ADOPT: Found.ADOPTED, Take.OVERWRITE: Found.ADOPTED}
_AFTER_DROP = {Drop.DELETE: Found.ABSENT, Drop.RELEASE: Found.UNMARKED}


def _arrows() -> Iterator[tuple[str, str, str]]:
    yield _STATE[Found.ABSENT], _STATE[Found.OURS], "Create, made"
    for (found, _), did in TAKE.items():
        yield _STATE[found], _STATE[_AFTER_TAKE.get(did, found)], f"Create, {did.value}"
    for (_, found, _), dropped in DROP.items():
        if dropped is not Drop.NOTHING:
            yield _STATE[found], _STATE[_AFTER_DROP.get(dropped, found)], f"Delete, {dropped.value}"


def picture() -> str:
    """Return the states of a policy as its would-be owner sees them, as a Mermaid diagram."""
    lines = ["```mermaid", "stateDiagram-v2"]
    pairs = sorted(set(_arrows()))
    for (before, after), arrows in groupby(pairs, key=lambda arrow: arrow[:2]):
        labels = [label for *_, label in arrows]
        lines.append(f"    {before} --> {after} : {'<br>'.join(labels)}")
    return "\n".join([*lines, "```", ""])


def drawn(page: str) -> str:
    """Return the `page` with each block as the code has it now."""
    blocks = {"take": take, "keep": keep, "drop": drop, "picture": picture}
    return _BLOCK.sub(lambda block: f"{block[1]}{blocks[block[2]]()}{block[3]}", page)


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(drawn(before), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is {'as it was' if drawn(before) == before else 'drawn anew'}\n")
