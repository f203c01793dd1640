"""What only the deploy answers with yes or no, and what follows where an answer is taken for granted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import name_of, text_of
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.analysis.reading.texts import is_whole, may_be
from ses_sending_policy.rules.document import Json, as_text, compact, is_intrinsic


@dataclass(frozen=True, slots=True)
class DeployQuestion:
    """Something that only the deploy answers, with yes or no.

    :param stack: the stack whose deploy that is.
    :param what: the function that is asked for, as JSON; or all that is asked.
    :param text: what the function may give, where that is the question. Default: - it is another one.
    :param words: the question as a person would put it. This and what follows has no part in what is asked.
    :param scope: the template that asks it.
    """

    stack: str
    what: str
    text: str | None = None
    words: str = field(default="", compare=False)
    scope: Scope | None = field(default=None, compare=False, repr=False)


Truth = bool | DeployQuestion
"""What is known of a condition: that it is so or is not, or what has to be asked first."""

Answers = Mapping[DeployQuestion, bool]
"""What is taken for granted."""


class UndecidedError(Exception):
    """A value depends on something that only the deploy knows.

    :param question: what that is.
    :param is_said: whether the question itself says when. Default: - the condition does that asks it.
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
    # A question is equal to no truth value.
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
"""By name, what each function makes of what is known of others."""

COMPARED: Final = "Fn::Equals"
"""The function that a condition begins with: all others are of other conditions."""

NAMED: Final = "Condition"
"""What stands before the name of a condition."""


def equal(one: Json, other: Json, scope: Scope, answers: Answers, allowed: Sequence[str] | None) -> Truth:
    """`Fn::Equals`: whether two resolved values are the same.

    :param scope: where they are compared.
    :param answers: what is taken for granted.
    :param allowed: all texts that the value may be that is a function, where that is known.
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
    # All else that it may be, it is not.
    if allowed is not None and set(allowed) - {text} <= told.keys():
        return True
    words = f"{name_of(function) or text_of(function)} = {text}"
    return DeployQuestion(scope.stack, compact(function), text, words, scope)


def told_of(function: Json, stack: str, answers: Answers) -> dict[str, bool]:
    """Return of each text whether a function gives it, as far as that is taken for granted."""
    mine = compact(function)
    return {
        question.text: truth
        for question, truth in answers.items()
        if question.text is not None and (question.stack, question.what) == (stack, mine)
    }
