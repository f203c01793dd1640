"""The layout elements that all sections of the review page share."""

from ses_sending_policy.review.html.markup import Html, element, joined


def section(name: str, title: str, *children: Html) -> Html:
    """Return a section of the page with its heading."""
    return element("section", element("h2", title, id=name), *children, aria_labelledby=name)


def row(margin: Html, *children: Html) -> Html:
    """Return an entry of a section: its subject in the margin, and its content beside it, or on a phone below it."""
    return element("li", element("div", margin, class_="margin"), element("div", *children), class_="row")


def rows(*entries: Html) -> Html:
    """Return a list of entries, each made by `row`."""
    return element("ul", *entries, class_="rows")


def muted(*texts: str) -> Html:
    """Return less important texts in a muted colour, each on a line of its own. Empty texts are left out."""
    return joined(*(element("p", each, class_="muted") for each in texts if each))


def disclosure(title: str, *children: Html, name: str = "") -> Html:
    """Return content that the page shows when its title is clicked. It works without a script, and by keyboard."""
    return element("details", element("summary", title), *children, id=name)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number and a noun: `one` for 1, else `many`, which by default is `one` with an "s"."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
