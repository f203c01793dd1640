"""Yes-or-no questions that only the deploy answers, and the truth of conditions under assumed answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import name_of, text_of
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.analysis.reading.texts import is_whole, may_be
from ses_sending_policy.rules.document import Json, as_text, compact, is_intrinsic


@dataclass(frozen=True, slots=True)
class DeployQuestion:
    """A yes-or-no question that only the deploy answers.

    :param stack: the stack whose deploy answers it.
    :param what: the function that is asked about, as JSON; or the whole question.
    :param text: the text that the function may give, if the question is whether it does. Default: - another question.
    :param words: the question as a person would put it. `words` and `scope` do not count in comparisons.
    :param scope: the template that asks it.
    """

    stack: str
    what: str
    text: str | None = None
    words: str = field(default="", compare=False)
    scope: Scope | None = field(default=None, compare=False, repr=False)


Truth = bool | DeployQuestion
"""Whether a condition is true, or the question that has to be answered first."""

Answers = Mapping[DeployQuestion, bool]
"""The assumed answers."""


class UndecidedError(Exception):
    """A value depends on a question that only the deploy answers.

    :param question: the question.
    :param is_said: whether to report the question itself. Default: - the condition that asks it is reported.
    """

    def __init__(self, question: DeployQuestion, *, is_said: bool = False) -> None:
        self.question = question
        self.is_said = is_said
        super().__init__(question.words)


def none_of(truths: Sequence[Truth]) -> Truth:
    """`Fn::Not`, which has one condition."""
    truth = any_of(truths)
    return truth if isinstance(truth, DeployQuestion) else not truth


def all_of(truths: Sequence[Truth]) -> Truth:
    """`Fn::And`."""
    # `in` finds no question here: a question equals neither truth value.
    if False in truths:
        return False
    return next((each for each in truths if isinstance(each, DeployQuestion)), True)


def any_of(truths: Sequence[Truth]) -> Truth:
    """`Fn::Or`."""
    if True in truths:
        return True
    return next((each for each in truths if isinstance(each, DeployQuestion)), False)


JOINED: Final[Mapping[str, Callable[[Sequence[Truth]], Truth]]] = {
    "Fn::And": all_of,
    "Fn::Not": none_of,
    "Fn::Or": any_of,
}
"""By function name, how it combines the truths of other conditions."""

COMPARED: Final = "Fn::Equals"
"""The function that compares two values: all others combine conditions."""

NAMED: Final = "Condition"
"""The mark of a question whether a condition is true."""


def equal(one: Json, other: Json, scope: Scope, answers: Answers, allowed: Sequence[str] | None) -> Truth:
    """`Fn::Equals`: whether two resolved values are the same.

    :param scope: the template that compares them.
    :param answers: the assumed answers.
    :param allowed: all texts that the one with a function may be; None if unknown.
    """
    one, other = as_text(one), as_text(other)
    if compact(one) == compact(other):
        return True
    if is_whole(one) and is_whole(other):
        return False
    text, function = (one, other) if is_whole(one) else (other, one)
    if isinstance(text, str) and is_intrinsic(function):
        return _is_text(function, text, scope, answers, allowed)
    both = sorted((compact(one), compact(other)))
    question = DeployQuestion(scope.stack, compact(both), None, f"{text_of(one)} = {text_of(other)}", scope)
    return answers.get(question, question)


def _is_text(function: Json, text: str, scope: Scope, answers: Answers, allowed: Sequence[str] | None) -> Truth:
    told = told_of(function, scope.stack, answers)
    if text in told:
        return told[text]
    if any(told.values()) or not may_be(function, text) or (allowed is not None and text not in allowed):
        return False
    # All other allowed texts are ruled out.
    if allowed is not None and set(allowed) - {text} <= told.keys():
        return True
    words = f"{name_of(function) or text_of(function)} = {text}"
    return DeployQuestion(scope.stack, compact(function), text, words, scope)


def told_of(function: Json, stack: str, answers: Answers) -> dict[str, bool]:
    """Return the assumed answers about a function: by text, whether it gives that text."""
    mine = compact(function)
    return {
        question.text: truth
        for question, truth in answers.items()
        if question.text is not None and (question.stack, question.what) == (stack, mine)
    }
