"""How GitHub evaluates `${{ }}`, as far as our workflows use it.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_EXPRESSION: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_WORD: Final = re.compile(r"\s*('(?:[^']|'')*'|==|!=|&&|\|\||[!().]|[\w-]+)")

Contexts = Mapping[str, Any]


def filled(text: str, contexts: Contexts) -> str:
    """Return a text with each expression replaced by its value."""
    return _EXPRESSION.sub(lambda found: written(evaluated(found[1], contexts)), text)


def condition(text: str, contexts: Contexts) -> bool:
    """Return whether an `if:` holds, with the braces or without."""
    found = _EXPRESSION.fullmatch(text.strip())
    return bool(evaluated(found[1] if found else text, contexts))


def written(value: Any) -> str:
    """Return a value as GitHub writes it into a text: null becomes an empty text."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def evaluated(expression: str, contexts: Contexts) -> Any:
    """Return the value of an expression; null if a context lacks what it names, as at GitHub."""
    words = _WORD.findall(expression)
    assert "".join(words) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", expression), expression
    reader = _Reader(words, contexts)
    value = reader.either()
    assert not reader.words, reader.words
    return value


@dataclass
class _Reader:
    words: list[str]
    contexts: Contexts

    def either(self) -> Any:
        value = self.both()
        while self._next_is("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.equal()
        while self._next_is("&&"):
            other = self.equal()
            value = value and other
        return value

    def equal(self) -> Any:
        value = self.single()
        while self.words[:1] in (["=="], ["!="]):
            same = self.words.pop(0) == "=="
            # GitHub ignores case when it compares texts, and null equals the empty text.
            value = (written(value).lower() == written(self.single()).lower()) is same
        return value

    def single(self) -> Any:
        word = self.words.pop(0)
        if word == "!":
            return not self.single()
        if word == "(":
            value = self.either()
            assert self._next_is(")")
            return value
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        if self._next_is("("):
            return self._called(word)
        return self._looked_up(self.contexts[word])

    def _called(self, name: str) -> Any:
        assert name == "always"
        return self._next_is(")")

    def _looked_up(self, value: Any) -> Any:
        while self._next_is("."):
            name = self.words.pop(0)
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def _next_is(self, word: str) -> bool:
        if self.words[:1] == [word]:
            del self.words[0]
            return True
        return False
