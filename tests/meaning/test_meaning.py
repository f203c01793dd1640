"""The verdict against every request of a small world, and each witness against an evaluator of its own.

`make test` looks at the same few pairs each time. `make meaning` looks at as many as it is told, and prints what became
of them.
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from random import Random
from typing import Any, Final, NamedTuple

import pytest

from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.reading.declared import Declared, Environment
from ses_sending_policy.analysis.reading.home import Home
from tests.meaning.evaluator import OWNER, Policy, judge
from tests.meaning.families import FAMILIES, Made, made
from tests.meaning.pairs import Pair, pair
from tests.meaning.told import example, sides
from tests.meaning.truth import truths
from tests.meaning.world import World, every_reading, worlds

PAIRS: Final = int(os.environ.get("MEANING_PAIRS", "0"))
FEW: Final = PAIRS or 2000
OF_A_FAMILY: Final = PAIRS // 100 or 300
# What a verdict does not say.
UNSAID: Final = {"unchanged": ("more", "more less", "less"), "narrowed": ("more", "more less")}
FIRST: Final = int(os.environ.get("MEANING_SEED", "0"))


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
            # Two definitions of one condition have one name.
            condition=policy.condition[:1],
            answers=((policy.condition, True, policy.condition[:1]),) if policy.condition else (),
        )
        for number, policy in enumerate(policies)
    ]


def anywhere(policies: Collection[Policy]) -> list[Declared]:
    """Return the policies as stacks declare them that may be deployed anywhere, one stack for those of an account."""
    return [
        replace(each, environment=Environment("aws"), stack=account, home=Home(account, account))
        for each, account in zip(declared(policies), (policy.account for policy in policies), strict=True)
    ]


def unsound(verdict: str, old: list[Policy], new: list[Policy], some: list[World]) -> str:
    """Return what is newly allowed or gone that the verdict does not say, with a request."""
    found = list(truths(old, new, some))
    if verdict in ("unchanged", "narrowed") and any(truth.more for truth in found):
        return f"something is newly allowed\n{sides(old, new)}{example(old, new, some, is_new=True)}"
    if verdict == "unchanged" and any(truth.less for truth in found):
        return f"something is gone\n{sides(old, new)}{example(old, new, some, is_new=False)}"
    return ""


def first(wrong: Sequence[str]) -> str:
    """Return the first of what is wrong, few enough to read."""
    return f"{len(wrong)} wrong\n" + "".join(wrong[:15])


def seeded(seed: int) -> tuple[Random, Pair]:
    """Return what is random of a pair, and the pair."""
    random = Random(FIRST + seed)  # noqa: S311 - nobody's secret
    return random, pair(random)


def test_what_is_new_wherever_stacks_are_is_never_called_the_same_or_less() -> None:
    """Stacks of which nobody knows where they are may be in one place, or each in another."""
    verdicts: Counter[str] = Counter()
    wrong = []
    for seed in range(FEW // 8):
        random, (old, new) = seeded(seed)
        verdict = difference(anywhere(old), anywhere(new)).verdict
        some = worlds(random)
        for one_place in (False, True):
            before, after = (
                [each._replace(account=OWNER) if one_place else each for each in side] for side in (old, new)
            )
            fault = unsound(verdict, before, after, some)
            wrong += [f"seed {seed}: {verdict}, and {fault}"] if fault else []
        verdicts[verdict] += 1
    assert not wrong, first(wrong)
    assert verdicts.keys() == {"broadened", "changed", "narrowed", "unchanged"}


def test_what_is_new_whether_policies_stay_or_not_is_never_called_the_same_or_less() -> None:
    verdicts: Counter[str] = Counter()
    wrong = []
    for seed in range(FEW // 8):
        random, (old, new) = seeded(seed)
        # Most pairs change a policy in place: some of those of before may be there beside it, as after a rename.
        doubtful = [each for each in old if random.random() < 0.7]
        verdict = difference(declared(old), declared(new), declared(doubtful)).verdict
        some = worlds(random)
        faults = [unsound("narrowed", old, new, some)] if verdict in ("unchanged", "narrowed") else []
        for fault in (*faults, unsound(verdict, old, [*new, *doubtful], some)):
            wrong += [f"seed {seed}: {verdict}, and {fault}"] if fault else []
        verdicts[verdict] += 1
    assert not wrong, first(wrong)
    assert verdicts.keys() == {"broadened", "changed", "narrowed", "unchanged"}


class Played(NamedTuple):
    """What became of pairs at random.

    :param table: how often which verdict met which truth.
    :param witnesses: what became of witnesses.
    """

    table: Counter[tuple[str, str]]
    wrong: list[str]
    witnesses: Counter[str]
    refuted: list[str]


@pytest.fixture(scope="module")
def played() -> Played:
    """Return what became of pairs at random, played once."""
    found = Played(Counter(), [], Counter(), [])
    for seed in range(FEW):
        random, (old, new) = seeded(seed)
        some = worlds(random)
        each = list(truths(old, new, some))
        truth = " ".join(word for word in ("more", "less") if any(getattr(one, word) for one in each)) or "same"
        change = difference(declared(old), declared(new))
        found.table[change.verdict, truth] += 1
        fault = unsound(change.verdict, old, new, some) if truth in UNSAID.get(change.verdict, ()) else ""
        found.wrong.extend([f"seed {seed}: {change.verdict}, and {fault}"] if fault else [])
        for account, witness in _witnesses(change):
            before, after = ([policy for policy in side if policy.account == account] for side in (old, new))
            why = refuted(before, after, witness, [*some, *worlds(random)])
            found.witnesses[why.partition(":")[0] or "confirmed"] += 1
            if why not in ("", "not judged"):
                found.refuted.append(f"seed {seed}: {why}\n  {json.dumps(witness)}\n{sides(old, new)}")
    return found


def test_what_is_new_is_never_called_the_same_or_less(played: Played) -> None:
    _print(f"{count:>8} {verdict:<10} {truth}" for (verdict, truth), count in sorted(played.table.items()))
    assert not played.wrong, first(played.wrong)
    assert {verdict for verdict, _ in played.table} == {"broadened", "changed", "narrowed", "unchanged"}


def test_witnesses_are_requests_that_are_newly_allowed(played: Played) -> None:
    _print(f"{count:>8} witnesses {what}" for what, count in sorted(played.witnesses.items()))
    assert not played.refuted, first(played.refuted)


@pytest.mark.parametrize("name", FAMILIES)
def test_most_pairs_of_a_family_are_called_what_they_are(name: str) -> None:
    family = FAMILIES[name]
    others: dict[str, list[str]] = {}
    how: Counter[str] = Counter()
    some = list(islice(made(name, FIRST), OF_A_FAMILY))
    for each in some:
        verdict = difference(declared(each.old), declared(each.new)).verdict
        if verdict != family.verdict:
            how[each.how] += 1
            others.setdefault(each.how, []).append(_told(each, verdict))
    right = len(some) - how.total()
    _print([f"{name}: {right} of {len(some)} {family.verdict}, {right / len(some):.1%}", *map(str, how.most_common())])
    # Of each way to make one, some.
    told = [one for number in range(3) for of_one in others.values() for one in of_one[number : number + 1]]
    assert right >= family.least * len(some), f"{right} of {len(some)} are {family.verdict}\n" + "".join(told[:15])


def _told(each: Made, verdict: str) -> str:
    return f"seed {each.seed}, {each.how}: {verdict}\n{sides(each.old, each.new)}"


def _witnesses(found: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each witness, with the account of its identity."""
    for change in found.changes:
        witness = getattr(change, "witness", None)
        if witness is not None:
            yield change.place.account, witness.as_json()


def refuted(old: list[Policy], new: list[Policy], witness: Mapping[str, Any], some: Iterable[World]) -> str:
    """Return what is wrong with a witness in every world, or nothing."""
    conditions = [each.get("Condition") for side in (old, new) for one in side for each in one.document["Statement"]]
    if "${" in json.dumps(witness) or re.search(r'"(Ref|Fn::If)"', json.dumps(conditions)):
        # A witness takes what only the deploy knows for a text of its own, which it is in no world here.
        return "not judged"
    faults = []
    more = (world for seed in range(60) for world in worlds(Random(seed)))  # noqa: S311 - nobody's secret
    for world in (each for one in chain(some, more) for each in every_reading(one)):
        why_not, before, after = judge(old, new, witness, world)
        if not why_not and after and not before:
            return ""
        faults.append(f"impossible: {why_not}" if why_not else f"not newly allowed: before {before}, after {after}")
    return faults[0]


def _print(lines: Iterable[str]) -> None:
    if PAIRS:
        sys.stdout.write("\n" + "".join(f"{line}\n" for line in lines))
