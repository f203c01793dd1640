"""The verdict against every request of a small world: what is new is never called the same, or less.

`make test` looks at the same few pairs each time. `make meaning` looks at as many as it is told, and prints what became
of them.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.reading.declared import Declared, Environment
from ses_sending_policy.analysis.reading.home import Home
from tests.review.evaluator import JANE, OWNER, Policy, World, allowed
from tests.review.pairs import pair

FEW = 2000


def declared(policies: Iterable[Policy]) -> list[Declared]:
    """Return the policies as a template declares them."""
    return [
        Declared(
            stack="Stack",
            logical_id=f"Policy{number}",
            identity=policy.identity,
            policy_name="partner",
            document=policy.document,
            environment=Environment("aws", "eu-west-1", policy.account),
        )
        for number, policy in enumerate(policies)
    ]


def worlds(random: Random) -> list[World]:
    """Return a world, and one that is otherwise in all that they can differ in."""
    one, two, three, four = (random.random() < 0.5 for _ in range(4))
    first, second = random.sample(["a@example.com", "*", JANE, "222222222222"], 2)
    return [
        World(one, two, three, _deploy(first, is_so=four)),
        World(not one, not two, not three, _deploy(second, is_so=not four)),
    ]


def _deploy(reference: str, *, is_so: bool) -> Callable[[Any], str]:
    def of(function: dict[str, Any]) -> str:
        return str(function["Fn::If"][1 if is_so else 2]) if "Fn::If" in function else reference

    return of


def anywhere(policies: Collection[Policy]) -> list[Declared]:
    """Return the policies as stacks declare them that may be deployed anywhere, one stack for those of an account."""
    return [
        replace(each, environment=Environment("aws"), stack=account, home=Home(account, account))
        for each, account in zip(declared(policies), (policy.account for policy in policies), strict=True)
    ]


def seen(old: list[Policy], new: list[Policy], some: list[World]) -> tuple[bool, bool]:
    """Return whether a request is newly allowed, and whether one no longer is."""
    is_more = is_less = False
    accounts = {policy.account for policy in (*old, *new)}
    for world in some:
        for account, address in product(accounts, ("a@example.com", "b@example.com")):
            before, after = (allowed(side, account, address, world) for side in (old, new))
            for earlier, later in zip(before, after, strict=True):
                is_more |= bool(later & ~earlier)
                is_less |= bool(earlier & ~later)
    return is_more, is_less


def story(fault: str, seed: int, verdict: str, old: list[Policy], new: list[Policy]) -> str:
    """Return what is wrong, so that somebody can look at it."""
    return f"{fault}, and it is called {verdict}, seed {seed}\n{json.dumps(old)}\n{json.dumps(new)}"


def test_what_is_new_wherever_stacks_are_is_never_called_the_same_or_less() -> None:
    """Stacks of which nobody knows where they are may be in one place, or each in another."""
    verdicts: Counter[str] = Counter()
    for seed in range(FEW // 4):
        random = Random(seed)  # noqa: S311 - nobody's secret
        old, new = pair(random)
        verdict = difference(anywhere(old), anywhere(new)).verdict
        for one_place in (False, True):
            before, after = (
                [each._replace(account=OWNER) if one_place else each for each in side] for side in (old, new)
            )
            is_more, is_less = seen(before, after, worlds(random))
            assert not is_more or verdict in ("broadened", "changed"), story("new", seed, verdict, old, new)
            assert not is_less or verdict != "unchanged", story("something is gone", seed, verdict, old, new)
        verdicts[verdict] += 1
    assert verdicts.keys() == {"broadened", "changed", "narrowed", "unchanged"}


def test_what_is_new_whether_policies_stay_or_not_is_never_called_the_same_or_less() -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(FEW // 4):
        random = Random(seed)  # noqa: S311 - nobody's secret
        old, new = pair(random)
        # Most pairs change a policy in place: some of those of before may be there beside it, as after a rename.
        doubtful = [each for each in old if random.random() < 0.7]
        verdict = difference(declared(old), declared(new), declared(doubtful)).verdict
        for after in (new, [*new, *doubtful]):
            is_more, _ = seen(old, after, worlds(random))
            assert not is_more or verdict in ("broadened", "changed"), story("new", seed, verdict, old, after)
        _, is_less = seen(old, [*new, *doubtful], worlds(random))
        assert not is_less or verdict != "unchanged", story("something is gone", seed, verdict, old, new)
        verdicts[verdict] += 1
    assert verdicts.keys() == {"broadened", "changed", "narrowed", "unchanged"}


def test_what_is_new_is_never_called_the_same_or_less() -> None:
    pairs = int(os.environ.get("MEANING_PAIRS", "0"))
    first = time.time_ns() if pairs else 0
    tally: Counter[tuple[str, bool, bool]] = Counter()
    began = time.monotonic()
    for seed in range(first, first + (pairs or FEW)):
        random = Random(seed)  # noqa: S311 - nobody's secret
        old, new = pair(random)
        is_more, is_less = seen(old, new, worlds(random))
        verdict = difference(declared(old), declared(new)).verdict
        tally[verdict, is_more, is_less] += 1
        assert not is_more or verdict in ("broadened", "changed"), story("something is new", seed, verdict, old, new)
        assert not is_less or verdict != "unchanged", story("something is gone", seed, verdict, old, new)
    if pairs:
        rows = [
            f"{count:>8} {verdict:<10} {'more' if more else '':<5}{'less' if less else ''}".rstrip() + "\n"
            for (verdict, more, less), count in sorted(tally.items())
        ]
        sys.stdout.write(f"\n{''.join(rows)}{time.monotonic() - began:>8.0f} s\n")
    assert {verdict for verdict, _, _ in tally} == {"broadened", "changed", "narrowed", "unchanged"}
