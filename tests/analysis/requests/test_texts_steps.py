"""Which text a search finds, and in how many steps: with too many steps, a real question would stay undecided."""

from collections.abc import Sequence

import pytest

from ses_sending_policy.analysis.requests.pattern import Pattern, arn_like, exactly, like, one_of, some_of
from ses_sending_policy.analysis.requests.texts import Budget, find_text

MANY = 1_000


def arn(text: str) -> Pattern:
    found = arn_like(text)
    assert found
    return found


def likes(*texts: str) -> list[Pattern]:
    return list(map(like, texts))


# Patterns of which all must match, those of which none may, the text, and the steps.
STEPS: dict[str, tuple[Sequence[list[Pattern]], list[Pattern], str | None, int]] = {
    "nothing is asked": ([], [], "", 0),
    "texts are looked through": ([[exactly("ab"), exactly("cd")], likes("*d")], [], "cd", 0),
    "also where some are kept out": ([[exactly("a"), exactly("b")]], [exactly("a")], "b", 0),
    "one pattern alone has the first of its characters": ([[some_of("a-")]], [], "-", 0),
    "one pattern has its shortest text": ([likes("a?*")], [], "ax", 0),
    "two that have no end in common": ([likes("a*"), likes("b*")], [], None, 0),
    "the shortest text of one fits the others": ([likes("*"), likes("a?c*"), likes("*c")], [], "axc", 0),
    "of several patterns the shortest counts": ([likes("*"), likes("bc*", "a*")], [], "a", 0),
    "in whatever order they are": ([likes("*"), likes("a*", "bc*", "bcd*")], [], "a", 0),
    "of two as short the search knows the first": ([likes("*"), likes("b*", "a*")], [], "a", 3),
    "of three as short as well": ([likes("*"), likes("b*", "a*", "c*")], [], "a", 4),
    "two who cross": ([likes("a*"), likes("*b")], [], "ab", 6),
    "the text of one does not fit the one before": ([likes("*b"), likes("a*c?")], [], "acb", 20),
    "the text of one does not fit the one behind": ([likes("a*c?"), likes("*b")], [], "acb", 20),
    "a kept-out text that is far away": ([likes("a*")], likes("b*"), "a", 0),
    "some that keep all out": ([likes("ab*", "ac*")], likes("ab*", "ac*"), None, 24),
    "one that keeps all out": ([likes("a*b*")], likes("a*", "*c"), None, 0),
    "the shortest is kept out": ([likes("a*")], [exactly("a")], "ax", 4),
    "all but one of them are kept out": ([likes("a*")], [exactly("a"), like("a?"), like("*b")], "axx", 12),
    "what keeps nothing out is not looked at": ([likes("a*")], [exactly("a"), *likes("b*", "c*")], "ax", 4),
    "lower case comes first": ([[some_of("-Aa"), some_of("ZYa-")]], [], "a", 4),
    "then letters": ([[some_of("-A"), some_of("B-A")]], [], "A", 3),
    "no colon in a part of either": ([[arn("arn:*:s3:::b?")], [arn("arn:*:x:s3:::*")]], [], None, 54),
    "nor the other way round": ([[arn("arn:*:x:s3:::*")], [arn("arn:*:s3:::b?")]], [], None, 54),
    "one of some characters for each place": ([[one_of("ab", times=2)], likes("*b?", "a*")], [exactly("aa")], "ab", 12),
}


@pytest.mark.parametrize("name", STEPS)
def test_how_many_steps_a_text_takes(name: str) -> None:
    all_of, none_of, text, steps = STEPS[name]
    budget = Budget(MANY)
    assert find_text(all_of, none_of, budget) == text
    assert MANY - budget.steps == steps
