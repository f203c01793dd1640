"""The variants of a resource: one for each way in which the conditions that it depends on may turn out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ses_sending_policy.analysis.reading.questions import Answers, UndecidedError
from ses_sending_policy.analysis.reading.resolver import Evaluation, Resolver
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.rules.errors import SendingPolicyError

MOST_VARIANTS: Final = 64
"""The most variants of a resource that are read. Nobody could review a resource with more."""

_T = TypeVar("_T")


class TooManyVariantsError(SendingPolicyError):
    """A resource has too many variants or is too large. The error's text says which resource, and what to do."""


@dataclass(frozen=True, slots=True)
class Variant(Generic[_T]):
    """What was read of a resource under some assumed answers of the deploy.

    :param value: what was read.
    :param evaluation: the evaluation with these answers.
    :param is_certain: whether the resource exists whatever the answers are.
    """

    value: _T
    evaluation: Evaluation
    is_certain: bool

    @property
    def condition(self) -> str:
        """The conditions under which the resource is this variant, in words; empty if it always is."""
        return " and ".join(self.evaluation.said)


def variants(
    scope: Scope, logical_id: str, read: Callable[[Resolver], _T], *, takes_defaults: bool
) -> Iterator[Variant[_T]]:
    """Yield what `read` returns for a resource, once for each way in which its conditions may turn out.

    Nothing is yielded if the resource is known not to exist.

    :param takes_defaults: whether a parameter without a given value takes its default. Otherwise its value is unknown.
    :raises TooManyVariantsError: if there are more than `MOST_VARIANTS`.
    """
    waiting: list[tuple[Answers, tuple[str, ...]]] = [({}, ())]
    done = 0
    while waiting:
        answers, said = waiting.pop()
        evaluation = Evaluation(answers, said, takes_defaults=takes_defaults, asks=True)
        try:
            is_there = _is_there(evaluation, scope, logical_id)
            is_certain = evaluation.said.keys() == set(said)
            found = [read(evaluation.of(scope))] if is_there else []
        except UndecidedError as undecided:
            question = undecided.question
            for truth in (False, True):
                words = question.words if truth else f"not {question.words}"
                waiting.append(({**answers, question: truth}, (*said, words) if undecided.is_said else said))
        else:
            yield from (Variant(value, evaluation, is_certain) for value in found)
            done += len(found)
        if done + len(waiting) > MOST_VARIANTS:
            raise TooManyVariantsError(
                f"the conditions of its template make more than {MOST_VARIANTS} variants of "
                f"{scope.stack}/{logical_id}: split it into resources that depend on fewer conditions each"
            )


def readable(found: Iterator[_T]) -> list[_T]:
    """Return all of `found`; nothing if the variants are too many or too large: they are reported as unread."""
    try:
        return list(found)
    except TooManyVariantsError:
        return []


def is_deployed(scope: Scope, logical_id: str, evaluation: Evaluation | None = None) -> bool | None:
    """Return whether a resource exists, by its own condition and by those of the stacks that nest its template.

    :param evaluation: the assumed answers of the deploy. Default: - none are assumed.
    :returns: None if only the deploy knows.
    """
    if evaluation is None:
        found: Evaluation = Resolver.unassuming(scope).evaluation
        evaluation = found
    around = is_deployed(*scope.parent, evaluation) if scope.parent else True
    resource = at(scope.elements, "Resources", logical_id)
    if around is False or not isinstance(resource, Mapping):
        return False
    own = evaluation.of(scope).is_so(resource["Condition"]) if "Condition" in resource else True
    return own if around else None if own is None or own else False


def _is_there(evaluation: Evaluation, scope: Scope, logical_id: str) -> bool:
    """Return whether no condition of a resource, or of the stacks that nest its template, is known to be false."""
    if scope.parent and not _is_there(evaluation, *scope.parent):
        return False
    resource = at(scope.elements, "Resources", logical_id)
    if not isinstance(resource, Mapping) or "Condition" not in resource:
        return True
    return evaluation.of(scope).is_so(resource["Condition"]) is not False
