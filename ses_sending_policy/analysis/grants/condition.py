"""Whether a request that fulfils one condition fulfils another."""

from dataclasses import replace
from functools import lru_cache

from ses_sending_policy.analysis.grants.values import matches
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import NEGATIONS
from ses_sending_policy.rules.condition_keys import SINGLE_KEYS
from ses_sending_policy.rules.conditions import COMPARISONS, QUANTIFIERS


def canonical(condition: Condition) -> Condition:
    """Return `condition` in a form that does not depend on its path or on the order of its values."""
    return replace(condition, path="", values=tuple(sorted(set(condition.values))))


# Cached, because the same two conditions are compared once for each action.
@lru_cache(maxsize=65_536)
def implies(one: Condition, other: Condition) -> bool:
    """Return whether every request that fulfils `one` is known to fulfil `other`.

    Both are `canonical`. A condition that AWS does not document, or that has no value, implies only itself.
    """
    if one == other:
        return True
    if (one.key, one.quantifier) != (other.key, other.quantifier) or not (
        _is_documented(one) and _is_documented(other)
    ):
        return False
    return _holds_without_key(one, other) and _holds_with_key(one, other)


def _is_documented(condition: Condition) -> bool:
    return bool(condition.values) and condition.quantifier in QUANTIFIERS and condition.comparison in COMPARISONS


def is_any_of(condition: Condition) -> bool:
    """Return whether `condition` is known to hold exactly when it would hold with some one of its values alone."""
    is_one = condition.key in SINGLE_KEYS and not condition.quantifier
    return is_one and _is_documented(condition) and condition.comparison not in NEGATIONS


def _holds_without_key(one: Condition, other: Condition) -> bool:
    """Return whether `other` is known to hold for each request without the key for which `one` holds."""
    # "If the key is not present, evaluate the condition element as true."
    if other.operator.endswith("IfExists") or not one.operator.endswith("IfExists"):
        return True
    # "If the policy condition requires that the key is not matched, such as StringNotLike or ArnNotLike, and the right
    # key is not present, the condition is true."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    # Of ForAllValues: "It also returns true if there are no context keys in the request".
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    return other.quantifier == "ForAllValues" or (not other.quantifier and other.comparison in NEGATIONS)


def _holds_with_key(one: Condition, other: Condition) -> bool:
    negates = one.comparison in NEGATIONS
    if negates != (other.comparison in NEGATIONS):
        # Not known, because the key may have many values: one of them may fulfil `one`, and another one may break
        # `other`.
        return False
    # "If a single condition operator includes multiple values for a context key, those values are evaluated using a
    # logical OR", and those of "a single negated matching condition operator [...] using a logical NOR".
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
    fewer, more = (other, one) if negates else (one, other)
    # Equal values need no comparison. This saves time, because long lists are often nearly the same.
    same = set(more.values) if fewer.comparison == more.comparison else set()
    covering = matches(more)
    pairs = zip(fewer.values, matches(fewer), strict=True)
    return all(text in same or any(value.within(each) for each in covering) for text, value in pairs)
