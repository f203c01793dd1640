"""What is checked with a pair of policies: its verdict against every request of a small world, and each witness.

A play is made from a seed. An evaluator of its own decides whether what the product says is true.
"""

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from random import Random
from typing import Any, Final, NamedTuple

from ses_sending_policy.analysis.grants.difference import Difference, difference
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.home import Home
from tests.analysis.meaning.aws_reading import AwsReading, aws_readings, every_reading
from tests.analysis.meaning.documents import policy
from tests.analysis.meaning.evaluator import OWNER, Policy, judge
from tests.analysis.meaning.families import FAMILIES, Made
from tests.analysis.meaning.pairs import Pair, pair
from tests.analysis.meaning.told import example, sides
from tests.analysis.meaning.truth import truths

FIRST: Final = int(os.environ.get("MEANING_SEED", "0"))
# What a verdict rules out.
UNSAID: Final = {"unchanged": ("more", "more less", "less"), "narrowed": ("more", "more less")}


class Came(NamedTuple):
    """The result of a play.

    :param wrong: what happens although the verdict rules it out, with a request.
    :param truth: what the change does to requests. Default: - not evaluated.
    :param witnesses: the result for each: it is confirmed, not judged, or something else.
    :param refuted: what is wrong with those that are refuted.
    """

    verdict: str
    wrong: Sequence[str]
    truth: str = ""
    witnesses: Sequence[str] = ()
    refuted: Sequence[str] = ()


def declared(policies: Iterable[Policy]) -> list[Declared]:
    """Return the policies as a template declares them."""
    return [
        Declared(
            stack="Stack",
            logical_id=f"Policy{number}",
            identity=policy.identity,
            policy_name="partner",
            document=policy.document,
            environment=KnownEnvironment("aws", "eu-west-1", policy.account),
            # Two definitions of a condition have the same name.
            condition=policy.condition[:1],
            answers=((policy.condition, True, policy.condition[:1]),) if policy.condition else (),
        )
        for number, policy in enumerate(policies)
    ]


def anywhere(policies: Collection[Policy]) -> list[Declared]:
    """Return the policies as declared by stacks that may be deployed anywhere, one stack for each account."""
    return [
        replace(each, environment=KnownEnvironment("aws"), stack=account, home=Home(account, account))
        for each, account in zip(declared(policies), (policy.account for policy in policies), strict=True)
    ]


def unsound(verdict: str, old: list[Policy], new: list[Policy], some: list[AwsReading]) -> str:
    """Return what is newly allowed or no longer allowed although the verdict rules it out, with a request."""
    found = list(truths(old, new, some))
    if verdict in ("unchanged", "narrowed") and any(truth.more for truth in found):
        return f"something is newly allowed\n{sides(old, new)}{example(old, new, some, is_new=True)}"
    if verdict == "unchanged" and any(truth.less for truth in found):
        return f"something is gone\n{sides(old, new)}{example(old, new, some, is_new=False)}"
    return ""


def seeded(seed: int) -> tuple[Random, Pair]:
    """Return the random generator of a pair, and the pair."""
    random = Random(FIRST + seed)
    return random, pair(random)


def wherever_stacks_are(seed: int) -> Came:
    """Play a pair in stacks whose place is unknown: all in one place, or each in another."""
    random, (old, new) = seeded(seed)
    verdict = difference(anywhere(old), anywhere(new)).verdict
    some = aws_readings(random)
    faults = []
    for one_place in (False, True):
        before, after = ([each._replace(account=OWNER) if one_place else each for each in side] for side in (old, new))
        faults.append(unsound(verdict, before, after, some))
    return Came(verdict, [f"seed {seed}: {verdict}, and {fault}" for fault in faults if fault])


def whether_policies_stay(seed: int) -> Came:
    """Play a pair in which some policies of before may still be there afterwards."""
    random, (old, new) = seeded(seed)
    # Most pairs change a policy in place: some of the old policies may stay beside it, for instance after a rename.
    doubtful = [each for each in old if random.random() < 0.7]
    kept: list[Policy] = []
    seldom = Random(f"stays {seed}")
    if seldom.random() < 0.3:
        # A policy that an earlier change kept may be in neither template.
        kept.append(policy(seldom))
    change = difference(declared(old), declared(new), declared([*doubtful, *kept]))
    verdict = change.verdict
    some = aws_readings(random)
    faults = [unsound("narrowed", old, new, some)] if verdict in ("unchanged", "narrowed") else []
    # No verdict says whether that denies what was allowed before.
    says_less = kept and verdict == "unchanged"
    faults.append(unsound("narrowed" if says_less else verdict, old, [*new, *doubtful, *kept], some))
    wrong = [f"seed {seed}: {verdict}, and {fault}" for fault in faults if fault]
    # A witness must be allowed whether or not the policies stay.
    judged = [_judged(seed, change, old, after, some) for after in (new, [*new, *doubtful, *kept])]
    return Came(verdict, wrong, "", *(tuple(chain(*each)) for each in zip(*judged, strict=True)))


def at_random(seed: int) -> Came:
    """Play a pair with one template on each side, and judge its witnesses."""
    random, (old, new) = seeded(seed)
    some = aws_readings(random)
    each = list(truths(old, new, some))
    truth = " ".join(word for word in ("more", "less") if any(getattr(one, word) for one in each)) or "same"
    change = difference(declared(old), declared(new))
    fault = unsound(change.verdict, old, new, some) if truth in UNSAID.get(change.verdict, ()) else ""
    wrong = [f"seed {seed}: {change.verdict}, and {fault}"] if fault else []
    return Came(change.verdict, wrong, truth, *_judged(seed, change, old, new, [*some, *aws_readings(random)]))


def _judged(
    seed: int, change: Difference, old: list[Policy], new: list[Policy], some: Sequence[AwsReading]
) -> tuple[list[str], list[str]]:
    """Return the result for each witness, and what is wrong with those that are refuted."""
    witnesses, faults = [], []
    for account, witness in _witnesses(change):
        before, after = ([policy for policy in side if policy.account == account] for side in (old, new))
        why = refuted(before, after, witness, some)
        witnesses.append(why.partition(":")[0] or "confirmed")
        if why not in ("", "not judged"):
            faults.append(f"seed {seed}: {why}\n  {json.dumps(witness)}\n{sides(old, new)}")
    return witnesses, faults


def others_than_made(family: str, some: Iterable[Made]) -> list[tuple[Made, str]]:
    """Return the pairs of a family that get another verdict, each with that verdict."""
    verdicts = [(each, str(difference(declared(each.old), declared(each.new)).verdict)) for each in some]
    return [(each, verdict) for each, verdict in verdicts if verdict != FAMILIES[family].verdict]


def _witnesses(found: Difference) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each witness, with the account of its identity."""
    for change in found.changes:
        if change.witness is not None:
            yield change.place.account, change.witness.as_json()


def refuted(old: list[Policy], new: list[Policy], witness: Mapping[str, Any], some: Iterable[AwsReading]) -> str:
    """Return what is wrong with a witness in every world; empty if it is right in one."""
    if re.search(r"\$\{(Reference|Fn::If)\b", json.dumps(witness)):
        # An unknown value has a name there that it has in none of these worlds.
        return "not judged"
    faults = []
    more = (world for seed in range(60) for world in aws_readings(Random(seed)))
    for world in (each for one in chain(some, more) for each in every_reading(one)):
        # A witness treats an unknown value as a text of its own.
        for one in (world, replace(world, references=json.dumps)):
            why_not, before, after = judge(old, new, witness, one)
            if not why_not and after and not before:
                return ""
            faults.append(f"impossible: {why_not}" if why_not else f"not newly allowed: before {before}, after {after}")
    return faults[0]
