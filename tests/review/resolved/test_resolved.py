"""The command says the same of literals and of what CloudFormation evaluates to them.

`make test-all` looks at the same few templates each time. `make resolved` looks at as many as it is told.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.review.resolved.evaluating import Evaluated
from tests.review.resolved.judging import placed, told, verdict
from tests.review.resolved.literal import Policy, policies, smaller, template, with_another_principal
from tests.review.resolved.rewriting import rewritten_template
from tests.review.resolved.scope import Scope

FEW = 200
MORE = {"broadened", "changed"}

Fault = Callable[[Scope, list[Policy], Path], str | None]
"""Returns what is wrong with a template; None if nothing is."""


def scope_of(seed: int, *, has_parameters: bool = False) -> Scope:
    """Return the scope that decides how the templates of a seed are rewritten."""
    return Scope(seed, has_place=seed % 4 > 0, has_parameters=has_parameters)


def rewritings(scope: Scope, some: list[Policy]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the template of the policies, and the rewritten one."""
    return template(some), rewritten_template(scope, template(some))


def says_other(scope: Scope, some: list[Policy], folder: Path) -> str | None:
    """Say where `explain`, `check` or `diff` treat a template otherwise than its literal form."""
    literal, other = (
        placed(folder / name, each, has_place=scope.has_place)
        for name, each in zip("ab", rewritings(scope, some), strict=True)
    )
    is_known = not scope.has_parameters
    one, two = (told(path, in_words=is_known) for path in (literal, other))
    for command in one:
        if one[command] != two[command]:
            return f"{command} says of one {one[command]}\nand of the other {two[command]}"
    if is_known and (found := verdict(literal, other)) != (0, "unchanged", "[]"):
        return f"diff says {found}"
    return None


def says_less(scope: Scope, some: list[Policy], folder: Path) -> str | None:
    """Say where `diff` misses a change of one principal that it sees in literals."""
    changed = with_another_principal(Random(scope.seed), some)
    sides = [rewritings(replace(scope, done=[], sections={}), each) for each in (some, changed)]
    scope.done.extend(_done_of(scope, some))
    old, new = (
        [placed(folder / f"{side}{form}", each, has_place=scope.has_place) for form, each in enumerate(both)]
        for side, both in zip("ab", sides, strict=True)
    )
    (_, literal, _), (_, other, why) = (verdict(*both) for both in zip(old, new, strict=True))
    # Known values are judged as literals; of a parameter, values other than its default also count.
    is_wrong = literal in MORE and other not in MORE if scope.has_parameters else other != literal
    if not is_wrong:
        return None
    return f"diff says {literal} of the literals, and {other} of\n{json.dumps(sides[1][1])}\n{why}"


def _done_of(scope: Scope, some: list[Policy]) -> list[str]:
    alone = replace(scope, done=[], sections={})
    rewritten_template(alone, template(some))
    return alone.done


def smallest(fault: Fault, scope: Scope, some: list[Policy], folder: Path) -> str:
    """Describe a failure from which nothing more can be left out."""
    fresh = (folder / str(number) for number in count())

    def fails(left: frozenset[str], those: list[Policy]) -> tuple[str | None, list[str]]:
        tried = replace(scope, left=left, done=[], sections={}, is_extended=False)
        return fault(tried, those, next(fresh)), tried.done

    left: frozenset[str] = frozenset()
    while less := next((each for each in smaller(some) if fails(left, each)[0]), None):
        some = less
    size = len(fails(left, some)[1])
    while size:
        done = fails(left, some)[1]
        chunks = [left | frozenset(done[start : start + size]) for start in range(0, len(done), size)]
        less_done = next((each for each in chunks if fails(each, some)[0]), None)
        left, size = (less_done, size) if less_done is not None else (left, size // 2)
    final = replace(scope, left=left, done=[], sections={}, is_extended=False)
    literal, other = rewritings(final, some)
    found, _ = fails(left, some)
    return f"seed {scope.seed}: {found}\nliteral: {json.dumps(literal)}\nin other words: {json.dumps(other)}"


def play(fault: Fault, folder: Path, *, has_parameters: bool, share: int = 1) -> None:
    """Judge as many templates as asked for, and fail with the smallest that is wrong.

    :param share: one of how many templates is looked at here. Default: - each.
    """
    asked = int(os.environ.get("RESOLVED_TEMPLATES", "0"))
    first = time.time_ns() if asked else 0
    began = time.monotonic()
    places = 0
    for seed in range(first, first + (asked or FEW) // share):
        scope = scope_of(seed, has_parameters=has_parameters)
        some = policies(Random(seed))
        if fault(scope, some, folder / "now"):
            raise AssertionError(smallest(fault, scope_of(seed, has_parameters=has_parameters), some, folder))
        places += len(scope.done)
    if asked:
        told = f"{asked // share:>8} templates, {places} places in other words,{time.monotonic() - began:>6.0f} s"
        sys.stdout.write(f"\n{told}\n")
    assert asked or places > FEW


def is_something_else(scope: Scope, some: list[Policy], _: Path) -> str | None:
    """Say where a template does not evaluate to its literal form: then these tests are wrong, not the command."""
    literal, other = rewritings(scope, some)
    made = Evaluated(other).resources()
    found = {name: made[name] for name in literal["Resources"]}
    told = [each["Type"] for name, each in made.items() if name not in found]
    if found != literal["Resources"] or {"Custom::SendingPolicy", "Custom::AWS"} & {*told}:
        return f"it is evaluated to {json.dumps(found)}, with {told}"
    return None


@pytest.mark.parametrize("has_parameters", [False, True])
def test_what_is_written_in_other_words_is_evaluated_to_the_literal(tmp_path: Path, *, has_parameters: bool) -> None:
    play(is_something_else, tmp_path, has_parameters=has_parameters)


def test_what_evaluates_to_the_same_is_said_alike(tmp_path: Path) -> None:
    play(says_other, tmp_path, has_parameters=False)


def test_the_default_of_a_parameter_is_judged_and_explained(tmp_path: Path) -> None:
    play(says_other, tmp_path, has_parameters=True, share=2)


def test_another_principal_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    play(says_less, tmp_path, has_parameters=False, share=4)


def test_another_default_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    play(says_less, tmp_path, has_parameters=True, share=4)
