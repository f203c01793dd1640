"""Replaces literals by intrinsic functions that CloudFormation evaluates to them.

What each function does is said in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html. All that is
random at a place depends on the seed and the place alone, so that a template in which one place less is rewritten
stays the same elsewhere.
"""

from random import Random
from typing import Any, Final

from tests.review.resolved.rules import RULES
from tests.review.resolved.scope import NO_VALUE, Scope
from tests.review.resolved.spot import Spot

_DEEPEST: Final = 4
_KEPT: Final = ("Wire", "ServiceToken")
"""The properties that are not rewritten."""


def rewritten(scope: Scope, value: Any, path: str) -> Any:
    """Return something that CloudFormation evaluates to `value`."""
    rules = RULES.get(type(value), ())
    depth = path.count(">")
    random = Random(f"{scope.seed} {path}")
    likely = (0.4 if isinstance(value, str) else 0.2) / (depth + 1)
    if value and depth < _DEEPEST and path not in scope.left and random.random() < likely:
        # The first rule that applies.
        for rule in random.sample(rules, len(rules)):
            result = rule(Spot(scope, path, random, rewritten), value)
            if result is not None:
                scope.done.append(path)
                return result
    return _inside(scope, value, path)


def _inside(scope: Scope, value: Any, path: str) -> Any:
    match value:
        case dict():
            return {
                key: each if key in _KEPT else rewritten(scope, each, f"{path}/{key}") for key, each in value.items()
            }
        case list():
            return [rewritten(scope, each, f"{path}/{place}") for place, each in enumerate(value)]
    return value


def rewritten_template(scope: Scope, template: dict[str, Any]) -> dict[str, Any]:
    """Return a template that declares the same in other words."""
    return scope.written({name: _resource(scope, name, each) for name, each in template["Resources"].items()})


def _resource(scope: Scope, logical_id: str, resource: dict[str, Any]) -> dict[str, Any]:
    random = Random(f"{scope.seed} {logical_id}")

    def is_done(what: str) -> bool:
        path = f"{logical_id} {what}"
        is_so = random.random() < 0.3 and path not in scope.left
        if is_so:
            scope.done.append(path)
        return is_so

    properties = _inside(scope, resource["Properties"], logical_id)
    if is_done("never"):
        scope.add_what_is_never_made(random, resource)
    if is_done("none") and "Policy" in properties and "OnDelete" not in properties:
        properties["OnDelete"] = {"Fn::If": [scope.condition(random, is_so=False), "RELEASE", NO_VALUE]}
    condition = {"Condition": scope.condition(random, is_so=True)} if is_done("condition") else {}
    return resource | condition | {"Properties": properties}
