"""The review page: what is on it, in which order, and that it loads nothing and no text becomes markup."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ses_sending_policy.analysis.findings.finding import Severity
from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.html.page_json import AcknowledgementJson, FindingJson
from tests.support.outline import Element, outline, section
from tests.support.planned import PLAN
from tests.support.reviewed import (
    DIFFERENCE,
    EXPLAINED,
    FINDINGS,
    PARTNER,
    RELAY,
    UNCHANGED,
    change,
    difference,
    explained,
    finding,
    findings,
    grant,
    page_of,
    policy,
)

GOLDEN = Path(__file__).with_name("page.html")
TITLE = "Let the agency send offers"
FULL = page_of(EXPLAINED, FINDINGS, DIFFERENCE, title=TITLE)
PAGES = {
    "full": FULL,
    "planned": page_of(EXPLAINED, FINDINGS, PLAN, title=TITLE),
    "checked": page_of(EXPLAINED, FINDINGS),
    "empty": page_of(),
    "settled": page_of(changed=UNCHANGED),
}
every_page = pytest.mark.parametrize("written", PAGES.values(), ids=PAGES)


def verdict(written: str) -> str:
    return outline(written).one("p", class_="word").text


def replaced(value: Any, turn: Callable[[str], str], *kept: str) -> Any:
    """Return JSON in which `turn` has changed each text.

    The words of the product's enums stay, and so does what stands under the names in `kept`.
    """
    if isinstance(value, dict):
        return {name: each if name in kept else replaced(each, turn, *kept) for name, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, turn, *kept) for each in value]
    return turn(value) if type(value) is str else value


def test_the_whole_page() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == FULL, f"where that is meant, write the page to {GOLDEN.name} anew"


@every_page
def test_every_element_ends(written: str) -> None:
    assert written.startswith("<!doctype html>\n")
    assert [each.name for each in outline(written).children if isinstance(each, Element)] == ["html"]


@every_page
def test_who_hears_it_finds_the_way(written: str) -> None:
    root = outline(written)
    assert root.one("html").attributes == {"lang": "en"}
    for landmark in ("header", "main", "footer", "nav"):
        root.one(landmark)
    levels = [int(each.name[1]) for each in root.all() if re.fullmatch("h[1-6]", each.name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels)), levels


@every_page
def test_links_lead_to_what_is_on_the_page(written: str) -> None:
    ids = [each.attributes["id"] for each in outline(written).all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    links = [each.attributes["href"] for each in outline(written).all("a")]
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)


@every_page
def test_it_needs_nothing_else(written: str) -> None:
    root = outline(written)
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & {each.name for each in root.all()}
    assert not {"src", "srcset", "style"} & {name for each in root.all() for name in each.attributes}
    assert not re.search(r"url\(|@import|https?:", root.one("style").text)


@every_page
def test_a_browser_takes_its_own_style_and_nothing_else(written: str) -> None:
    found = re.search(r"<style>(.*?)</style>", written, re.DOTALL)
    assert found
    digest = b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    told = outline(written).one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    assert told == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


MARKUP = """<script>alert(1)</script></style></pre>"'&<b onclick=x>&lt;"""


def names(root: Element) -> list[str]:
    """Return the names of a page's elements, except the marks on changed words."""
    return [each.name for each in root.all() if each.name not in ("del", "ins")]


def test_what_stands_in_a_template_is_never_markup() -> None:
    # The effect decides where a grant is shown.
    given = [replaced(each, lambda told: told + MARKUP, "effect") for each in (EXPLAINED, FINDINGS, PLAN)]
    planted = outline(page_of(*given, title=TITLE + MARKUP))
    assert names(planted) == names(outline(PAGES["planned"]))
    assert planted.one("title").text == planted.one("h1").text == TITLE + MARKUP
    assert PARTNER["identity"] + MARKUP in [each.text for each in planted.all("h3")]
    assert RELAY["grants"][0]["sentence"] + MARKUP in planted.text


def test_neither_are_the_names_in_a_condition() -> None:
    plain, planted = (
        page_of(explained(policy("example.com", "P", grant("a may send", "*", (name, name, name)))))
        for name in ("x", MARKUP)
    )
    assert names(outline(planted)) == names(outline(plain))
    assert json.loads(outline(planted).one("pre").text)["conditions"] == [
        {"operator": MARKUP, "key": MARKUP, "values": MARKUP.split()}
    ]


pieces = st.text(max_size=12) | st.sampled_from(['"', "may", " may ", ", ", '", "', "only to", "\u202e", "\ud800"])


@settings(deadline=None)
@given(st.lists(pieces, min_size=1, max_size=12))
def test_no_text_breaks_it(texts: list[str]) -> None:
    turns = cycle(texts)
    # Equal texts stay equal: each finding still names a policy of the page.
    turn = cache(lambda _: next(turns))
    drawn = [replaced(each, turn) for each in (EXPLAINED, FINDINGS, PLAN)]
    written = page_of(*drawn, title=texts[0])
    root = outline(written)
    assert set(names(root)) <= set(names(outline(PAGES["planned"])))
    ids = [each.attributes["id"] for each in root.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    assert written.encode("utf-8").decode("utf-8") == written


@pytest.mark.parametrize(
    ("unseen", "seen"),
    [("\u202e", r"\u202e"), ("\u200b", r"\u200b"), ("\x00", r"\u0000"), ("\ud800", r"\ud800"), ("\u2028", r"\u2028")],
)
def test_what_a_reader_would_not_see_is_shown(unseen: str, seen: str) -> None:
    written = page_of(explained(policy(f"exa{unseen}mple.com", "P")))
    assert section(written, "who").one("h3").text == f"exa{seen}mple.com"


def test_it_is_the_same_in_whatever_order_it_is_told() -> None:
    turned = (
        EXPLAINED | {"policies": EXPLAINED["policies"][::-1]},
        FINDINGS | {"findings": FINDINGS["findings"][::-1]},
        DIFFERENCE | {"changes": DIFFERENCE["changes"][::-1]},
    )
    assert page_of(*turned, title=TITLE) == FULL


def test_a_policy_costs_as_much_as_it_has_to_say() -> None:
    """A grant takes its sentence and its JSON: with 500 policies the file still opens at once in a browser."""
    bare = len(page_of())
    assert bare < 8 * 1024
    many = [policy(f"{number}.example.com", f"P{number}", *PARTNER["grants"]) for number in range(500)]
    assert len(page_of(explained(*many))) - bare < 500 * 1536


def test_the_verdict_of_a_difference_is_first() -> None:
    written = page_of(EXPLAINED, FINDINGS, difference(Verdict.CHANGED))
    assert verdict(written) == "◆ Changed"
    assert written.index('class="verdict') < written.index("<main>")


WARNING = finding(PARTNER, "SES102", "m", "f")
ERROR = finding(PARTNER, "SES001", "m", "f") | {"severity": Severity.ERROR}
AGREED: AcknowledgementJson = {"reason": "agreed", "at": "Prod"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], "Nothing to settle"),
        ([WARNING | {"acknowledged": AGREED}], "Nothing to settle"),
        ([ERROR | {"acknowledged": AGREED | {"reason": ""}}], "Nothing to settle"),
        ([WARNING], "Warnings"),
        ([WARNING, ERROR], "Errors"),
    ],
)
def test_the_verdict_of_one_state_is_that_of_its_findings(found: list[FindingJson], expected: str) -> None:
    assert verdict(page_of(EXPLAINED, findings(*found))) == expected


def test_it_leaves_nothing_out_that_it_does_not_know() -> None:
    told = grant("only the deploy knows who may send as example.com", "${}", effect="${}")
    changed = change(Kind.CHANGED, PARTNER, "s", [told], [told])
    written = page_of(explained(policy("example.com", "P", told)), changed=difference(Verdict.CHANGED, changed))
    assert [link.text for link in outline(written).one("nav").all("a")] == [
        "1 changed",
        "0 errors, 0 warnings",
        "1 identity, 1 policy, 0 allowed, 0 denied, 1 known to the deploy alone",
    ]


def test_it_counts_what_there_is_to_read() -> None:
    assert [link.text for link in outline(FULL).one("nav").all("a")] == [
        "1 added, 1 widened, 1 removed",
        "1 error, 1 warning, 1 acknowledged",
        "4 identities, 6 policies, 5 allowed, 1 denied",
    ]
    assert [link.text for link in outline(PAGES["settled"]).one("nav").all("a")] == [
        "no change",
        "0 errors, 0 warnings",
        "0 identities, 0 policies, 0 allowed, 0 denied",
    ]


def test_who_looked_at_nothing_is_told_so() -> None:
    assert "nobody is let in by one" in section(PAGES["settled"], "who").text
    assert "Nothing was found" in section(PAGES["settled"], "findings").text
    assert "No grant is added" in section(PAGES["settled"], "changes").text
    sections = outline(PAGES["empty"]).all("section")
    assert [each.attributes["aria-labelledby"] for each in sections] == ["findings", "who"]
