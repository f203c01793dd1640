"""A grant on the review page: its sentence, and its exact JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Final

from ses_sending_policy.review.html.markup import Html, element, joined, text
from ses_sending_policy.review.html.page_json import GrantJson

# A word of a grant's sentence: white space, a quoted text, other text up to a quote or comma, or one character. The
# sentence quotes each value that could be mistaken for its own words.
_WORDS: Final = re.compile(r'\s+|"(?:[^"\\]|\\.)*"|[^\s",]+|.', re.DOTALL)

_IN_WORDS: Final = frozenset({"sentence", "policy", "hidden_for"})


def said(grant: GrantJson) -> Html:
    """Return the sentence of a grant: who may do what, and each condition on a line of its own."""
    return _shown([[text(word) for word in clause] for clause in _clauses(grant)])


def compared(grant: GrantJson, other: GrantJson, mark: str) -> Html:
    """Return the sentence of `grant`, in HTML. Words that `other` lacks are in elements named `mark`, such as `ins`."""
    return _shown(list(_marked(_clauses(grant), _clauses(other), mark)))


def exact(grants: Iterable[GrantJson]) -> Html:
    """Return `grants` as JSON, without the keys whose values the page shows as text."""
    values = [{name: value for name, value in grant.items() if name not in _IN_WORDS} for grant in grants]
    shown = values[0] if len(values) == 1 else values
    return element("pre", element("code", json.dumps(shown, indent=2, ensure_ascii=False)))


def _clauses(grant: GrantJson) -> list[list[str]]:
    """Return the clauses of a grant's sentence, each as words and spaces: who may do what, then each condition."""
    clauses: list[list[str]] = [[]]
    words = _WORDS.findall(grant["sentence"])
    for word, following in pairwise([*words, ""]):
        if (word, following) == (",", " "):
            clauses.append([])
        elif clauses[-1] or word.strip():
            clauses[-1].append(word)
    return clauses


def _marked(clauses: Sequence[list[str]], others: Sequence[list[str]], mark: str) -> Iterator[list[Html]]:
    """Yield the clauses of a grant. Words that the clauses of another grant, `others`, lack are in `mark` elements."""
    first, *conditions = clauses
    yield _marked_words(first, others[0], mark)
    for condition in conditions:
        # A condition is compared with one of the same kind, which begins with the same word: "only", "before" etc.
        alike = [other for other in others[1:] if other[:1] == condition[:1]]
        yield _marked_words(condition, condition if condition in alike else next(iter(alike), []), mark)


def _marked_words(words: Sequence[str], others: Sequence[str], mark: str) -> list[Html]:
    same = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    kept = {place for block in same for place in range(block.a, block.a + block.size)}
    runs = groupby(enumerate(words), key=lambda each: each[0] in kept)
    return [part for is_kept, run in runs for part in _run([word for _, word in run], "" if is_kept else mark)]


def _run(words: Sequence[str], mark: str) -> list[Html]:
    told = "".join(words)
    if not mark or told.isspace():
        return [text(word) for word in words]
    before, bare, after = told.partition(told.strip())
    return [text(before), element(mark, bare), text(after)]


def _shown(clauses: Sequence[list[Html]]) -> Html:
    clause, *conditions = clauses
    listed = [element("ul", *(element("li", *each) for each in conditions), class_="conditions")] if conditions else []
    return joined(element("p", *_with_subject(clause), class_="clause"), *listed)


def _with_subject(clause: list[Html]) -> list[Html]:
    """Return the words of a clause, with those before the verb "may" in bold: they say who may send."""
    verb = clause.index(Html("may")) if "may" in clause else 0
    return [element("b", *clause[: verb - 1]), *clause[verb - 1 :]] if verb else clause
