"""A place in a template that is rewritten."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.review.resolved.scope import Scope


@dataclass(frozen=True)
class Spot:
    """A place, and what a rule needs to rewrite what is there.

    :param rewrite: rewrites a value inside the result, by the value and its place.
    """

    scope: Scope
    path: str
    random: Random
    rewrite: Callable[[Scope, Any, str], Any]

    def again(self, value: Any, name: str = "") -> Any:
        """Return a value that is part of the result, perhaps rewritten as well."""
        return self.rewrite(self.scope, value, f"{self.path}>{name}")

    def branch(self, value: Any, other: Any) -> dict[str, Any]:
        """Return an `Fn::If` whose result is `value`."""
        is_so = self.random.random() < 0.5
        name = self.scope.condition(self.random, is_so=is_so)
        return {"Fn::If": [name, value, other] if is_so else [name, other, value]}
