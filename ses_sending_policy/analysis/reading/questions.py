"""Yes-or-no questions that only the deploy answers, and whether conditions are true if answers are assumed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import name_of, text_of
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.analysis.reading.texts import is_whole, may_be
from ses_sending_policy.rules.document import Json, as_text, compact, is_intrinsic


@dataclass(frozen=True, slots=True)
class DeployQuestion:
    """A yes-or-no question about a template that only the deploy answers, as whether a parameter has a certain value.

    :param stack: the label of the stack whose deploy answers the question.
    :param what: the function whose value the question is about, as JSON; or the whole question, as JSON.
    :param text: the text of which the question asks whether the function gives it. Default: - the question is another
        one.
    :param words: the question in words. `words` and `scope` do not count in comparisons.
    :param scope: the template whose condition or mapping raises the question.
    """

    stack: str
    what: str
    text: str | None = None
    words: str = field(default="", compare=False)
    scope: Scope | None = field(default=None, compare=False, repr=False)


Truth = bool | DeployQuestion
"""Whether a condition is true; or the question whose answer decides it."""

Answers = Mapping[DeployQuestion, bool]
"""The answers that are assumed of the deploy, by question."""


class UndecidedError(Exception):
    """A value depends on a question that only the deploy answers, and no answer is assumed.

    :param question: the question.
    :param is_said: whether reports name the question itself. Default: - they name the condition that raises it.
    """

    def __init__(self, question: DeployQuestion, *, is_said: bool = False) -> None:
        self.question = question
        self.is_said = is_said
        super().__init__(question.words)


def none_of(truths: Sequence[Truth]) -> Truth:
    """`Fn::Not`: whether its one condition is false; or the question whose answer decides it."""
    truth = any_of(truths)
    return truth if isinstance(truth, DeployQuestion) else not truth


def all_of(truths: Sequence[Truth]) -> Truth:
    """`Fn::And`: whether all conditions are true; or the first question whose answer matters."""
    # A question is neither equal to False nor to True, so `in` does not take one for False.
    if False in truths:
        return False
    return next((each for each in truths if isinstance(each, DeployQuestion)), True)


def any_of(truths: Sequence[Truth]) -> Truth:
    """`Fn::Or`: whether any condition is true; or the first question whose answer matters."""
    if True in truths:
        return True
    return next((each for each in truths if isinstance(each, DeployQuestion)), False)


JOINED: Final[Mapping[str, Callable[[Sequence[Truth]], Truth]]] = {
    "Fn::And": all_of,
    "Fn::Not": none_of,
    "Fn::Or": any_of,
}
"""By function name, how the function combines the truths of its conditions."""

COMPARED: Final = "Fn::Equals"
"""The condition function that compares two values. All others combine conditions."""

NAMED: Final = "Condition"
"""The first word of a question that asks whether a named condition, or one that cannot be read, is true."""


def equal(one: Json, other: Json, scope: Scope, answers: Answers, allowed: Sequence[str] | None) -> Truth:
    """`Fn::Equals`: whether two resolved values are the same, or the question whose answer decides it.

    :param scope: the template that compares them.
    :param answers: the answers that are assumed of the deploy.
    :param allowed: all texts that the value with a function may be; None if that is unknown.
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
    # True, because the answers rule out all other allowed texts.
    if allowed is not None and set(allowed) - {text} <= told.keys():
        return True
    words = f"{name_of(function) or text_of(function)} = {text}"
    return DeployQuestion(scope.stack, compact(function), text, words, scope)


def told_of(function: Json, stack: str, answers: Answers) -> dict[str, bool]:
    """Return the assumed answers about a function's value: by text, whether the function gives that text."""
    mine = compact(function)
    return {
        question.text: truth
        for question, truth in answers.items()
        if question.text is not None and (question.stack, question.what) == (stack, mine)
    }
