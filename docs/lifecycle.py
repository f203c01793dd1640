"""Draw the tables and the picture of docs/lifecycle.md from the tables that the Lambda runs on.

`python docs/lifecycle.py` writes them into the page and into docs/images; a test fails where they are older than the
code.
"""

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from ses_sending_policy.analysis.findings.at_deploy import AT_DEPLOY
from ses_sending_policy.analysis.findings.catalogue import RULES
from ses_sending_policy.rules.decisions import DROP, KEEP, TAKE, Claim, Drop, Found, Take
from ses_sending_policy.rules.wire import OnDelete, WhenExists

PAGE = Path(__file__).parent / "lifecycle.md"
PICTURE = Path(__file__).parent / "images" / "lifecycle.svg"
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


def rules() -> str:
    """Return what is looked for in a document that only the deploy knows."""
    told = (rule for rule in RULES if rule.id in AT_DEPLOY)
    return _table(["finding", "what"], [[f"[{r.id}](reference/findings.md#{r.id.lower()})", r.title] for r in told])


def drop() -> str:
    """Return what a Delete does."""
    rows = [
        [
            claim.value,
            found.value,
            *(DROP[claim, found, on].value for on in OnDelete),
        ]
        for claim in Claim
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


# Where each state is, how wide it is, and what a reader should know of it.
_BOXES: Final = {
    "Absent": (12, 12, 388, "SES has no such policy"),
    "Ours": (130, 196, 174, "our token is on it"),
    "Adopted": (352, 196, 196, "ours, and was there before"),
    "Unmarked": (12, 416, 212, "nobody's marker is on it"),
    "Foreign": (352, 416, 196, "another owner's marker"),
}

# From where to where each arrow goes, and where its words begin, or end.
_WAYS: Final = {
    ("Absent", "Ours"): ((184, 66), (184, 192), (176, 134), "end"),
    ("Ours", "Absent"): ((250, 196), (250, 70), (258, 134), "start"),
    ("Adopted", "Absent"): ((382, 196), (382, 70), (390, 134), "start"),
    ("Unmarked", "Absent"): ((60, 416), (60, 70), (68, 306), "start"),
    ("Adopted", "Unmarked"): ((376, 268), (176, 412), (262, 332), "end"),
    ("Unmarked", "Adopted"): ((212, 416), (424, 272), (300, 380), "start"),
    ("Foreign", "Adopted"): ((500, 416), (500, 272), (492, 330), "end"),
}

_SVG: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {height}" width="560" height="{height}" role="img">
  <title>The states of a policy, and what Create and Delete make of each</title>
  <!-- drawn by docs/lifecycle.py from ses_sending_policy/rules/decisions.py: change it there -->
  <style>
    :root {{ color-scheme: light dark; }}
    svg {{ --ink: #1c2430; --soft: #566274; --line: #8a96a8; --paper: #ffffff; --ours: #e4ecff; --edge: #3b62c4; }}
    @media (prefers-color-scheme: dark) {{
      svg {{ --ink: #e8ecf3; --soft: #a7b1c2; --line: #7d899c; --paper: #1a1f29; --ours: #22345f; --edge: #86a6f5; }}
    }}
    text {{ font: 14px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }}
    .end {{ text-anchor: end; }}
    .name {{ font-weight: 600; font-size: 15px; }}
    .more {{ font-size: 13px; fill: var(--soft); }}
    .word {{ stroke: var(--paper); stroke-width: 5px; paint-order: stroke; stroke-linejoin: round; }}
    .paper {{ fill: var(--paper); }}
    .box {{ fill: var(--paper); stroke: var(--line); }}
    .ours {{ fill: var(--ours); stroke: var(--edge); }}
    .arrow {{ stroke: var(--soft); stroke-width: 1.6; marker-end: url(#head); }}
    #head path {{ fill: var(--soft); }}
  </style>
  <defs>
    <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
      <path d="M0 0 8 4 0 8z"/>
    </marker>
  </defs>
  <rect class="paper" width="560" height="{height}" rx="12"/>
{parts}</svg>
"""


def _text(x: int, y: int, kind: str, words: str) -> str:
    return f'  <text class="{kind}" x="{x}" y="{y}">{words}</text>\n'


def _box(name: str, stays: list[str]) -> str:
    """Return a state with what leaves a policy in it."""
    x, y, width, told = _BOXES[name]
    kind = "ours" if name in {"Ours", "Adopted"} else "box"
    height = 54 + 18 * len(stays)
    rect = f'  <rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>\n'
    rows = [told, *(f"↺ {each}" for each in stays)]
    more = [_text(x + 14, y + 42 + 18 * row, "more", each) for row, each in enumerate(rows)]
    return "".join([rect, _text(x + 14, y + 23, "name", name), *more])


def picture() -> str:
    """Return the states of a policy as its would-be owner sees them, as an SVG."""
    lines, words, stays = [], [], dict[str, list[str]]()
    for (before, after), arrows in groupby(sorted(set(_arrows())), key=lambda arrow: arrow[:2]):
        labels = [label for *_, label in arrows]
        if before == after:
            stays[before] = labels
            continue
        (x, y), (to_x, to_y), (at_x, at_y), side = _WAYS[before, after]
        lines.append(f'  <path class="arrow" d="M{x} {y}L{to_x} {to_y}"/>\n')
        words += [_text(at_x, at_y + 18 * row, f"word {side}", label) for row, label in enumerate(labels)]
    boxes = [_box(name, stays.get(name, [])) for name in _BOXES]
    return _SVG.format(height=520, parts="".join([*lines, *boxes, *words]))


def _shown() -> str:
    return "![The states of a policy, and what Create and Delete make of each](images/lifecycle.svg)\n"


def drawn(page: str) -> str:
    """Return the `page` with each block as the code has it now."""
    blocks = {"take": take, "keep": keep, "rules": rules, "drop": drop, "picture": _shown}
    return _BLOCK.sub(lambda block: f"{block[1]}{blocks[block[2]]()}{block[3]}", page)


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(drawn(before), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is {'as it was' if drawn(before) == before else 'drawn anew'}\n")
