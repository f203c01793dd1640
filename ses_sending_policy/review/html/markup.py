"""Builds HTML elements, and escapes each text in them that is not of the class `Html`."""

import html
import unicodedata
from typing import Final

# Each of these elements ends a line, so that the page can be read and compared as text.
_BLOCKS: Final = frozenset(
    {"body", "details", "div", "footer", "h1", "h2", "h3", "h4", "head", "header", "html", "li", "main", "meta", "nav"}
    | {"p", "pre", "section", "style", "summary", "title", "ul"}
)
# Characters that are invisible, or change how others look: a right-to-left override shows an address backwards.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Html(str):
    """Text that is HTML already, so it is not escaped."""

    __slots__ = ()


def text(value: str) -> Html:
    r"""Return `value` escaped for HTML, with invisible characters as escapes such as `\u202e`."""
    return value if isinstance(value, Html) else Html(html.escape("".join(map(_seen, value))))


def _seen(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _UNSEEN:
        return character
    return f"\\u{ord(character):04x}"


def joined(*children: str) -> Html:
    """Return `children` one after the other as HTML; those that are plain texts are escaped."""
    return Html("".join(map(text, children)))


def element(name: str, /, *children: str, **attributes: str) -> Html:
    """Return an element with its children and its end tag.

    :param attributes: `class_` for `class`, and `aria_label` for `aria-label`; an empty one is left out.
    """
    return Html(f"{_start(name, attributes)}{joined(*children)}</{name}>{_end(name)}")


def void(name: str, /, **attributes: str) -> Html:
    """Return an element without children and end tag, for instance `meta`."""
    return Html(f"{_start(name, attributes)}{_end(name)}")


def _start(name: str, attributes: dict[str, str]) -> str:
    written = [f'{key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items() if value]
    return f"<{' '.join([name, *written])}>"


def _end(name: str) -> str:
    return "\n" if name in _BLOCKS else ""
