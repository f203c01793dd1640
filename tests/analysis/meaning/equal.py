"""Changes that do not change what policies mean: other words, or another order."""

from copy import deepcopy
from random import Random
from typing import Any, Final

from tests.analysis.meaning.documents import CONDITIONS
from tests.analysis.meaning.evaluator import Policy, listed
from tests.analysis.meaning.operators import NEGATIVE, bare
from tests.analysis.meaning.respelled import (
    accounts_as_arns,
    actions_in_capitals,
    all_actions_otherwise,
    everybody_otherwise,
    lists_of_one,
    networks_in_halves,
    operators_otherwise,
    other_order,
    values_otherwise,
    with_values,
)
from tests.analysis.meaning.ways import Rewrite, Statement, Way, of_one_statement, with_statements


def actions_apart(_: Random, one: Statement) -> list[Statement]:
    """Write each action in a statement of its own."""
    return [one | {"Action": each} for each in listed(one["Action"])]


def principals_apart(_: Random, one: Statement) -> list[Statement]:
    """Write each principal in a statement of its own."""
    if not isinstance(one["Principal"], dict):
        return [one]
    return [one | {"Principal": {kind: each}} for kind, values in one["Principal"].items() for each in listed(values)]


def alternatives(random: Random, condition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a condition with each value of one of its keys alone, if one of them is enough for it to hold.

    A variable without a value "might cause the entire statement to be invalid", and not one of several alone.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

    Of "a single negated matching condition operator" the values are "evaluated using a logical NOR", and of a list
    without a quantifier nobody says that one is enough.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
    """
    keys = [
        (operator, key)
        for operator, some in condition.items()
        for key in some
        if ":" not in operator
        and bare(operator) not in NEGATIVE
        and key != "ses:Recipients"
        and "${" not in str(some[key])
    ]
    if not keys:
        return [condition]
    operator, key = random.choice(keys)
    values = listed(condition[operator][key])
    return [deepcopy(condition) | {operator: condition[operator] | {key: value}} for value in values]


def values_apart(random: Random, one: Statement) -> list[Statement]:
    """Write each value of a condition in a statement of its own."""
    return [one | {"Condition": each} for each in alternatives(random, one["Condition"])]


def twice(_: Random, one: Statement) -> list[Statement]:
    """Write a statement twice."""
    return [one, deepcopy(one) | {"Sid": "Again"}]


def narrower_beside(random: Random, one: Statement) -> list[Statement]:
    """Add a statement that allows or denies a part of another."""
    key = random.choice(list(CONDITIONS))
    operators, values = CONDITIONS[key]
    condition = deepcopy(one["Condition"])
    if key in condition.get(operators[0], {}):
        return [one]
    condition.setdefault(operators[0], {})[key] = random.choice(values)
    return [one, one | {"Condition": condition}]


def allowed_in_vain(_: Random, one: Statement) -> list[Statement]:
    """Add an Allow of what a Deny covers."""
    return [one, one | {"Effect": "Allow"}] if one["Effect"] == "Deny" else [one]


def covered_values(random: Random, one: Statement) -> list[Statement]:
    """Add a value that another value covers."""

    def with_more(operator: str, values: Any) -> Any:
        likes = [each for each in listed(values) if isinstance(each, str) and "*" in each and "$" not in each]
        if "Like" not in operator or not likes:
            return values
        return [*listed(values), random.choice(likes).replace("*", "x*", 1)]

    return [with_values(one, with_more)]


def covered_actions(_: Random, one: Statement) -> list[Statement]:
    """Add an action that a pattern of actions covers."""
    actions = listed(one["Action"])
    is_covered = any(each.lower() in ("ses:*", "*", "ses:send*") for each in actions)
    return [one | {"Action": [*actions, "ses:SendEmail"]}] if is_covered else [one]


def two_keys_apart(random: Random, one: Statement) -> list[Statement]:
    """Write each combination of the values of two keys in a statement of its own."""
    return [
        one | {"Condition": second}
        for first in alternatives(random, one["Condition"])
        for second in alternatives(random, first)
    ]


# A sender's domain may be in capitals, or be another domain if the mail has the identity as its return path.
_ALWAYS: Final[tuple[dict[str, Any], ...]] = (
    {"StringLikeIfExists": {"ses:FromAddress": "*"}},
    {"StringLikeIfExists": {"ses:FromAddress": "*@*"}},
    {"StringLikeIfExists": {"ses:FromAddress": ["*@example.com", "*@*"]}},
    {"StringNotEquals": {"ses:FromAddress": "example.com"}},
    {"Bool": {"aws:SecureTransport": ["true", "false"]}},
    {"Null": {"aws:CurrentTime": "false"}},
)


def what_always_holds(random: Random, one: Statement) -> list[Statement]:
    """Add a condition that every request fulfils."""
    more = random.choice(_ALWAYS)
    return [one] if one["Condition"].keys() & more.keys() else [one | {"Condition": {**one["Condition"], **more}}]


# A sender of another domain is not in here, because its mail may have the identity as its return path.
_NEVER: Final[tuple[tuple[Any, dict[str, Any]], ...]] = (
    ({"AWS": "222222222222"}, {"StringEquals": {"aws:SourceAccount": "222222222222"}}),
    ({"AWS": "333333333333"}, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}),
    ({"Service": "cognito-idp.amazonaws.com"}, {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
    ({"AWS": "222222222222"}, {"StringEquals": {"ses:FromAddress": "example.com"}}),
    ({"AWS": "222222222222"}, {"StringEquals": {"ses:FromAddress": "a@example.com,b@example.com"}}),
    ({"AWS": "222222222222"}, {"StringEquals": {"aws:PrincipalAccount": "333333333333"}}),
    (
        {"AWS": "222222222222"},
        {
            "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
            "DateGreaterThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"},
        },
    ),
)


def what_never_holds(random: Random, one: Statement) -> list[Statement]:
    """Add a statement that no request fulfils."""
    principal, condition = random.choice(_NEVER)
    return [one, one | {"Principal": principal, "Condition": condition, "Action": ["ses:SendEmail"]}]


_REWRITES: Final[tuple[Rewrite, ...]] = (
    actions_apart,
    principals_apart,
    values_apart,
    two_keys_apart,
    accounts_as_arns,
    everybody_otherwise,
    actions_in_capitals,
    all_actions_otherwise,
    other_order,
    lists_of_one,
    networks_in_halves,
    values_otherwise,
    operators_otherwise,
    twice,
    narrower_beside,
    allowed_in_vain,
    covered_values,
    covered_actions,
    what_always_holds,
    what_never_holds,
)


def policies_in_other_order(random: Random, some: list[Policy]) -> list[Policy]:
    """Put the policies in another order."""
    return random.sample(some, len(some))


def statements_in_other_order(random: Random, some: list[Policy]) -> list[Policy]:
    """Put the statements in another order."""
    number = random.randrange(len(some))
    statements = some[number].document["Statement"]
    return with_statements(some, number, random.sample(statements, len(statements)))


def in_two_policies(random: Random, some: list[Policy]) -> list[Policy]:
    """Split the statements of a policy over two policies of its identity."""
    number = random.randrange(len(some))
    one = some[number]
    first, *others = one.document["Statement"]
    apart = one._replace(document={**one.document, "Statement": [first]})
    return [*with_statements(some, number, others), apart] if others else some


def other_version(random: Random, some: list[Policy]) -> list[Policy]:
    """Change the Version if there is no variable."""
    number = random.randrange(len(some))
    one = some[number]
    other = one._replace(document={**one.document, "Version": random.choice(("2008-10-17", "2012-10-17"))})
    return some if "${" in str(one.document) else [*some[:number], other, *some[number + 1 :]]


WAYS: Final[dict[str, Way]] = {
    **{each.__name__.replace("_", " "): of_one_statement(each) for each in _REWRITES},
    **{
        each.__name__.replace("_", " "): each
        for each in (policies_in_other_order, statements_in_other_order, in_two_policies, other_version)
    },
}
