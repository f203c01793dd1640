"""The review page in a browser, as a phone and a desktop show it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ses_sending_policy.analysis.grants.change import Kind, Verdict
from tests.support.browser import Browser, Tab
from tests.support.reviewed import (
    DIFFERENCE,
    EXPLAINED,
    FINDINGS,
    PARTNER,
    change,
    difference,
    explained,
    grant,
    page_of,
    policy,
)

pytestmark = pytest.mark.xdist_group("browser")

PHONE, DESKTOP = 375, 1280
LONG = "a" * 300
PAGES = {
    "difference": page_of(EXPLAINED, FINDINGS, DIFFERENCE),
    "empty": page_of(),
    # None of it can be wrapped at a space.
    "long": page_of(
        explained(
            policy(f"{LONG}@example.com", LONG, grant(f"account {LONG} may send as {LONG}", LONG, (LONG, LONG, LONG)))
        ),
        title=LONG,
    ),
}


def opened(name: str, folder: Path) -> str:
    """Return the address of a page in a file, as a build's artifact has it."""
    file = folder / f"{name}.html"
    file.write_text(PAGES[name], encoding="utf-8")
    return file.as_uri()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def width(request: pytest.FixtureRequest) -> int:
    """Give each width that the page is read at."""
    found: int = request.param
    return found


@pytest.fixture
def tab(browser: Browser, width: int, tmp_path: Path) -> Iterator[Tab]:
    """Give the page of a difference."""
    with browser.tab(opened("difference", tmp_path), width) as shown:
        yield shown


OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out(browser: Browser, width: int, tmp_path: Path, name: str) -> None:
    with browser.tab(opened(name, tmp_path), width) as shown:
        shown.ask(OPEN_ALL)
        assert shown.ask("innerWidth") == width
        room = shown.ask("document.documentElement.clientWidth")
        assert shown.ask("document.documentElement.scrollWidth") == room
        out = f"[...document.body.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > {room})"
        assert shown.ask(f"{out}.map(each => each.outerHTML.slice(0, 80))") == []


@pytest.mark.parametrize("name", PAGES)
def test_the_console_stays_empty_and_nothing_is_asked_for(browser: Browser, tmp_path: Path, name: str) -> None:
    address = opened(name, tmp_path)
    with browser.tab(address, DESKTOP) as shown:
        assert shown.requests == [address]
        assert shown.complaints == []


def test_its_own_style_is_let_in_and_another_is_not(tab: Tab) -> None:
    assert tab.ask("getComputedStyle(document.body).maxWidth") == "1088px"
    tab.ask("document.body.style.cssText; document.body.setAttribute('style', 'max-width: 1px')")
    assert tab.ask("getComputedStyle(document.body).maxWidth") == "1088px"
    assert "Content Security Policy" in "".join(tab.complaints)


def test_before_and_after_are_beside_each_other_where_there_is_room(tab: Tab, width: int) -> None:
    sides = "[...document.querySelector('.pair').children].map(each => each.getBoundingClientRect())"
    (left, top), (other_left, other_top) = tab.ask(f"{sides}.map(each => [each.left, each.top])")
    if width == DESKTOP:
        assert (left < other_left, top) == (True, other_top)
    else:
        assert (left, top < other_top) == (other_left, True)


def test_the_keyboard_reaches_every_link_and_disclosure_in_order(tab: Tab) -> None:
    tab.ask("window.stops = [...document.querySelectorAll('a, summary')]")
    walk = []
    for _ in range(tab.ask("stops.length")):
        tab.press("Tab", 9)
        walk.append(tab.ask("stops.indexOf(document.activeElement)"))
        assert tab.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert walk == list(range(len(walk)))
    assert len(walk) > len(EXPLAINED["policies"])


def test_the_keyboard_opens_a_disclosure_and_closes_it(tab: Tab) -> None:
    tab.ask("document.querySelector('summary').focus()")
    states = []
    for key, code, text in (("Enter", 13, "\r"), (" ", 32, " ")):
        tab.press(key, code, text)
        states.append(tab.ask("document.querySelector('details').open"))
    assert states == [True, False]


def test_on_paper_everything_is_open(tab: Tab) -> None:
    shown = "[...document.querySelectorAll('pre')].map(each => each.checkVisibility() && each.offsetHeight > 0)"
    assert not any(tab.ask(shown))
    tab.show(media="print", scheme="dark")
    found = tab.ask(shown)
    assert found
    assert all(found)
    assert tab.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_it_prints(tab: Tab) -> None:
    paper = tab.pdf()
    assert paper.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) in range(2, 8)


# https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
CONTRASTS = """
(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = colour => {
    const [red, green, blue] = numbers(colour).map(
      part => part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return numbers(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim()) continue;
    const [one, other] = [getComputedStyle(element).color, behind(element)].map(luminance);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    found.push([ratio, texts.currentNode.data.slice(0, 40)]);
  }
  return found;
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("verdict", Verdict)
def test_everybody_can_tell_the_text_from_what_is_behind_it(
    browser: Browser, tmp_path: Path, scheme: str, verdict: Verdict
) -> None:
    """Level AA of WCAG: 4.5 to 1."""
    file = tmp_path / "page.html"
    file.write_text(page_of(EXPLAINED, FINDINGS, DIFFERENCE | {"verdict": verdict}), encoding="utf-8")
    with browser.tab(file.as_uri(), DESKTOP, scheme=scheme) as shown:
        shown.ask(OPEN_ALL)
        background = shown.ask("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")
        found = shown.ask(CONTRASTS)
    assert len(found) > 50
    assert [text for ratio, text in found if ratio < 4.5] == []


# For each element that shows text or has its own border: whether the page says there how risky something is, and the
# colours of the text, of the line through or under it, and of the border.
COLOURS = """
[...document.body.querySelectorAll('*')].map(element => {
  const style = getComputedStyle(element);
  const edges = ['Top', 'Right', 'Bottom', 'Left'].filter(side => style[`border${side}Width`] !== '0px')
    .map(side => style[`border${side}Color`]);
  const colours = [style.color, style.textDecorationColor, style.backgroundColor, ...edges]
    .map(colour => colour.match(/[\\d.]+/g).map(Number)).filter(colour => colour[3] !== 0);
  return [Boolean(element.closest('.badge, .verdict')), element.outerHTML.slice(0, 60), colours];
})
"""


def hue(colour: list[float]) -> str:
    """Return whether a colour looks red, green, or neither."""
    red, green, blue = colour[:3]
    if max(red, green, blue) - min(red, green, blue) < 8:
        return ""
    if red >= green and red - max(green, blue) > (green - blue):
        return "red"
    return "green" if green > max(red, blue) else ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_red_and_green_tell_how_risky_something_is_and_nothing_else(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    with browser.tab(opened("difference", tmp_path), DESKTOP, scheme=scheme) as shown:
        shown.ask(OPEN_ALL)
        found = shown.ask(COLOURS)
        assert shown.ask("document.querySelectorAll('del').length * document.querySelectorAll('ins').length") > 0
    told = [(tells_risk, {hue(each) for each in colours} - {""}, html) for tells_risk, html, colours in found]
    assert [(html, hues) for tells_risk, hues, html in told if hues and not tells_risk] == []
    assert set().union(*(hues for _, hues, _ in told)) == {"red", "green"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_before_and_after_are_of_one_colour(browser: Browser, tmp_path: Path, scheme: str) -> None:
    with browser.tab(opened("difference", tmp_path), DESKTOP, scheme=scheme) as shown:
        marks, text = (
            shown.ask(f"[...document.querySelectorAll({names!r})].map(each => getComputedStyle(each).color)")
            for names in (".pair del, .pair ins", "body")
        )
    assert set(marks) == set(text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.BROADENED, "red"),
        (Verdict.CHANGED, "red"),
        (Verdict.NARROWED, "green"),
        (Verdict.UNCHANGED, ""),
    ],
)
def test_a_verdict_has_the_colour_of_its_risk(
    browser: Browser, tmp_path: Path, scheme: str, verdict: Verdict, expected: str
) -> None:
    changes = [change(Kind.CHANGED, PARTNER, "s", [], PARTNER["grants"], verdict=verdict)]
    if verdict is Verdict.UNCHANGED:
        changes = []
    file = tmp_path / "page.html"
    file.write_text(page_of(EXPLAINED, changed=difference(verdict, *changes)), encoding="utf-8")
    with browser.tab(file.as_uri(), DESKTOP, scheme=scheme) as shown:
        found = shown.ask(COLOURS.replace("document.body", "document").replace("'*'", "'.word, .verdict, .badge'"))
    assert len(found) == 2 + len(changes)
    for _, html, colours in found:
        hues = {hue(each) for each in colours} - {""}
        assert hues == ({expected} if expected else set()), html
