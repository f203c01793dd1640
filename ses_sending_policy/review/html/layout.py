"""What all parts of the page are laid out with."""

from ses_sending_policy.review.html.markup import Html, element, joined


def section(name: str, title: str, *children: Html) -> Html:
    """Return a part of the page under a heading of its own."""
    return element("section", element("h2", title, id=name), *children, aria_labelledby=name)


def row(margin: Html, *children: Html) -> Html:
    """Return an entry: what it is about in the margin, and beside it what there is to say; below it on a phone."""
    return element("li", element("div", margin, class_="margin"), element("div", *children), class_="row")


def rows(*entries: Html) -> Html:
    """Return a list of entries."""
    return element("ul", *entries, class_="rows")


def muted(*texts: str) -> Html:
    """Return what is not read at first sight, each in a line of its own."""
    return joined(*(element("p", each, class_="muted") for each in texts if each))


def disclosure(title: str, *children: Html, name: str = "") -> Html:
    """Return what is shown on demand. It needs no script, and opens by keyboard."""
    return element("details", element("summary", title), *children, id=name)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
