"""Ways to change policies, and one statement of a policy."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.analysis.meaning.evaluator import Policy

Statement = dict[str, Any]
# What replaces one statement: none, one or several.
Rewrite = Callable[[Random, Statement], list[Statement]]
Way = Callable[[Random, list[Policy]], list[Policy]]


def with_statements(some: list[Policy], number: int, statements: list[Statement]) -> list[Policy]:
    """Return policies of which one has other statements; without any it is removed."""
    kept = [some[number]._replace(document={**some[number].document, "Statement": statements})] if statements else []
    return [*some[:number], *kept, *some[number + 1 :]]


def of_one_statement(rewrite: Rewrite) -> Way:
    """Return a way that rewrites one statement of policies."""

    def rewritten(random: Random, some: list[Policy]) -> list[Policy]:
        number = random.randrange(len(some))
        statements: list[Statement] = deepcopy(some[number].document["Statement"])
        place = random.randrange(len(statements))
        statements[place : place + 1] = rewrite(random, statements[place])
        return with_statements(some, number, statements)

    return rewritten
