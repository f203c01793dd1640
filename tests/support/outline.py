"""A page of HTML as a tree, read strictly, unlike in a browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta"}


@dataclass
class Element:
    """An element, with its content in the order of the page."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def all(self, name: str = "") -> Iterator["Element"]:
        """Yield the elements in it, at any depth; only those of one name if it is given."""
        for child in self.children:
            if isinstance(child, Element):
                if name in ("", child.name):
                    yield child
                yield from child.all(name)

    def one(self, name: str, **attributes: str) -> "Element":
        """Return the only element in it with this name and these attributes; `class_` stands for `class`."""
        told = {key.rstrip("_"): value for key, value in attributes.items()}
        (found,) = [each for each in self.all(name) if each.attributes.items() >= told.items()]
        return found

    @property
    def text(self) -> str:
        """Its text, with white space as a browser shows it."""
        return " ".join("".join(self.texts()).split())

    def texts(self) -> Iterator[str]:
        """Yield the pieces of text in it, with their white space."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open[-1].name, f"</{tag}> ends <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def outline(page: str) -> Element:
    """Return the page as a tree; fail if an element is not ended, or is ended in the wrong place."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].name}> never ends"
    return reader.root


def section(written: str, name: str) -> Element:
    """Return the section of a page whose heading has the id `name`."""
    return outline(written).one("section", **{"aria-labelledby": name})


def entries(written: str, name: str) -> list[Element]:
    """Return the entries of such a section."""
    return [each for each in section(written, name).all("li") if each.attributes.get("class") == "row"]
