"""Resolve the intrinsic functions of a template, as far as their values are known before the deploy.

A function whose value is unknown stays where it is, with its arguments resolved. Results have one normal form: in a
text that is known in part, the literal text between two functions is one piece.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from ses_sending_policy.analysis.reading.functions import EXTENDED, PLAIN
from ses_sending_policy.analysis.reading.intrinsics import name_of, text_of
from ses_sending_policy.analysis.reading.lookups import HANDLERS, NOTHING, RAW, attribute_name, by_path
from ses_sending_policy.analysis.reading.parameters import allowed_values, default_of, in_its_type, is_by_path
from ses_sending_policy.analysis.reading.questions import (
    COMPARED,
    JOINED,
    NAMED,
    Answers,
    DeployQuestion,
    Truth,
    UndecidedError,
    equal,
    told_of,
)
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.texts import (
    MOST_CHARACTERS,
    MOST_OF_REFERENCE,
    STAYS,
    is_too_large,
    with_paths,
)
from ses_sending_policy.rules.document import Json, as_text, compact, is_intrinsic


class Evaluation:
    """The assumptions under which an app's templates are read: at most one answer to each question about the deploy.

    :param answers: the answers that are assumed of the deploy. Default: - none.
    :param takes_defaults: whether a parameter without a given value takes its default. Default: - its value is unknown.
    :param said: the conditions that the answers stand for, in words. Default: - none.
    :param asks: whether to raise `UndecidedError` if a value depends on a question without an assumed answer. Default:
        - the function that depends on it stays where it is.
    """

    def __init__(
        self,
        answers: Answers | None = None,
        said: Iterable[str] = (),
        *,
        takes_defaults: bool = False,
        asks: bool = False,
    ) -> None:
        self.answers = answers or {}
        self.said = dict.fromkeys(said)
        """In words, the conditions on which the values resolved so far depend."""
        self.takes_defaults = takes_defaults
        self.asks = asks
        self.defaults: dict[str, str] = {}
        """The parameters whose default values were used so far, with these values."""
        self.paths: dict[str, set[tuple[Scope, str]]] = {}
        """By reference to a Systems Manager path, the template parameters that have this path as their value."""
        self._resolvers: dict[int, Resolver] = {}

    def of(self, scope: Scope) -> "Resolver":
        """Return the resolver of the template `scope`; always the same one, which keeps what it has resolved."""
        return self._resolvers.setdefault(id(scope), Resolver(scope, self))

    @cached_property
    def plain(self) -> "Evaluation":
        """The same answers without defaults. Conditions are read like this, because a deploy may set any value."""
        return Evaluation(self.answers)


class Resolver:
    """Resolves the functions of one template.

    :param scope: the template.
    :param evaluation: the assumptions under which the functions are resolved.
    """

    def __init__(self, scope: Scope, evaluation: Evaluation) -> None:
        self.scope = scope
        self.evaluation = evaluation
        self._found: dict[str, Json] = {}
        self._open: dict[str, bool] = {}

    def resolved(self, value: Json) -> Json:
        """Return `value` with its functions resolved; None if that gives `AWS::NoValue`."""
        found = self.value(value)
        return None if found == NOTHING else found

    def value(self, value: Json) -> Json:
        """Return `value` with its functions resolved; `NOTHING` if that gives `AWS::NoValue`."""
        if isinstance(value, str):
            return with_paths(value)
        if isinstance(value, list):
            return [item for item in map(self.value, value) if item != NOTHING]
        if not isinstance(value, Mapping):
            return value
        if is_intrinsic(value):
            return self._function(value)
        items = ((key, self.value(item)) for key, item in value.items())
        return {key: item for key, item in items if item != NOTHING}

    def _function(self, function: Mapping[str, Json]) -> Json:
        [(name, argument)] = function.items()
        found = STAYS
        if name in HANDLERS:
            found = HANDLERS[name](self, argument)
        elif name in PLAIN:
            found = PLAIN[name](self.value(argument))
        elif name in EXTENDED and self.is_extended:
            found = EXTENDED[name](self.value(argument))
        if found is STAYS:
            return {name: self._arguments(name, argument)}
        return with_paths(found)

    def _arguments(self, name: str, argument: Json) -> Json:
        """Return the resolved arguments of a function that stays.

        Arguments that give `AWS::NoValue` are kept, because the positions count.
        """
        if name == "Ref":
            return argument
        if name == "Fn::GetAtt":
            found = attribute_name(self, argument)
            return argument if found is STAYS else found
        if name not in RAW:
            return [self.value(each) for each in argument] if isinstance(argument, list) else self.value(argument)
        # Not resolved: the first argument is a condition's name, or a text with references in it.
        return [*argument[:1], *map(self.value, argument[1:])] if isinstance(argument, list) else argument

    @cached_property
    def is_extended(self) -> bool:
        """Whether the template may use the functions of the transform `AWS::LanguageExtensions`."""
        transforms = at(self.scope.elements, "Transform")
        return "AWS::LanguageExtensions" in (transforms if isinstance(transforms, list) else [transforms])

    def once(self, key: str, find: Callable[[], Json]) -> Json:
        """Return the result of `find`, which is called once per `key`.

        `STAYS` if the result refers to itself or is too large.
        """
        if key in self._found:
            return self._found[key]
        if key in self._open:
            self._open[key] = True
            return STAYS
        self._open[key] = False
        try:
            found = find()
        finally:
            is_circular = self._open.pop(key)
        is_text = isinstance(found, str) or is_intrinsic(found)
        most = MOST_OF_REFERENCE if is_text else MOST_CHARACTERS
        self._found[key] = STAYS if is_circular or is_too_large(found, most) else found
        return self._found[key]

    def parameter(self, name: str, definition: Mapping[str, Json]) -> Json:
        """Return the value of the template parameter `name`; `STAYS` if it is unknown."""
        evaluation, function = self.evaluation, {"Ref": name}
        told = told_of(function, self.scope.stack, evaluation.answers)
        for text, truth in told.items():
            if truth:
                return text
        allowed = allowed_values(definition)
        left = None if allowed is None else set(allowed) - told.keys()
        if left is not None and len(left) == 1:
            return left.pop()
        default = default_of(definition)
        if is_by_path(definition) and default:
            return by_path(self, name, default)
        if not evaluation.takes_defaults or default is None or default in told:
            return STAYS
        evaluation.defaults[name] = default
        return in_its_type(definition, default)

    def is_so(self, condition: Json) -> bool | None:
        """Return whether a condition is true; None if that is unknown.

        If this evaluation asks, it raises `UndecidedError` instead of returning None.
        """
        truth = self.evaluation.plain.of(self.scope).truth(condition)
        if isinstance(truth, DeployQuestion):
            if self.evaluation.asks:
                raise UndecidedError(replace(truth, words=condition) if self._is_named(condition) else truth)
            return None
        question = self.unassuming(self.scope).truth(condition) if self.evaluation.answers else truth
        if isinstance(question, DeployQuestion):
            words = condition if isinstance(condition, str) else question.words
            self.evaluation.said[words if truth else f"not {words}"] = None
        return truth

    def _is_named(self, condition: Json) -> bool:
        """Return whether a condition is a name that stands for a single question.

        Reports then use the name, because people know the question by it.
        """
        definition = at(self.scope.elements, "Conditions", condition) if isinstance(condition, str) else {}
        return definition is None or (isinstance(definition, Mapping) and COMPARED in definition)

    def key_of(self, table: Mapping[str, Json], key: Json, *, must_be: bool) -> Json:
        """Return the key of the mapping `table` that the resolved value `key` names.

        None if the mapping lacks it, `STAYS` if it is unknown.

        :param must_be: whether the deploy fails if the mapping has no such key.
        """
        if not is_intrinsic(key):
            text = as_text(key)
            return text if isinstance(text, str) and text in table else None
        plain = self.evaluation.plain.of(self.scope)
        truths = {each: plain.equal(each, key) for each in table}
        for each, truth in truths.items():
            if truth is True:
                return each
        questions = {each: truth for each, truth in truths.items() if isinstance(truth, DeployQuestion)}
        if len(questions) <= must_be:
            return next(iter(questions), None)
        if self.evaluation.asks:
            raise UndecidedError(next(iter(questions.values())), is_said=True)
        return STAYS

    def truth(self, condition: Json) -> Truth:
        """Return whether a condition, by name or written out, is true; or the question whose answer decides it."""
        match condition:
            case str(name) | {"Condition": str(name)}:
                return self._named(name)
            case {"Fn::Equals": [one, other]}:
                return self.equal(self.value(one), self.value(other))
        for name, join in JOINED.items():
            others = at(condition, name) if is_intrinsic(condition) else None
            if isinstance(others, list):
                return join(list(map(self.truth, others)))
        return self._open_question(condition)

    def _named(self, name: str) -> Truth:
        conditions = at(self.scope.elements, "Conditions")
        if not isinstance(conditions, Mapping) or name not in conditions:
            return self._open_question(name)
        found = self.once(f"Condition {name}", lambda: self.truth(conditions[name]))
        return self._open_question(name) if found is STAYS else found

    def _open_question(self, condition: Json) -> Truth:
        what = compact([NAMED, condition])
        question = DeployQuestion(self.scope.stack, what, None, text_of(condition), self.scope)
        return self.evaluation.answers.get(question, question)

    def equal(self, one: Json, other: Json) -> Truth:
        """Return whether two resolved values are the same; or the question whose answer decides it."""
        names = [name_of(each) for each in (one, other) if is_intrinsic(each)]
        definition = at(self.scope.elements, "Parameters", names[0]) if names else None
        allowed = allowed_values(definition) if isinstance(definition, Mapping) else None
        return equal(one, other, self.scope, self.evaluation.answers, allowed)

    @staticmethod
    def unassuming(scope: Scope) -> "Resolver":
        """Return the resolver of a template under no assumptions: no answers, no defaults, and without raising."""
        found: Resolver = scope.kept.setdefault("unassuming", Evaluation().of(scope))
        return found
