"""What a pair of policies is played for: its verdict against every request of a small world, and each witness.

A play is made of a seed. Whether what is said is so, an evaluator of its own decides.
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
# What a verdict does not say.
UNSAID: Final = {"unchanged": ("more", "more less", "less"), "narrowed": ("more", "more less")}


class Came(NamedTuple):
    """What came of a play.

    :param wrong: what the verdict does not say, with a request.
    :param truth: what the change does to requests. Default: - it was not asked for.
    :param witnesses: what became of each: it is confirmed, not judged, or something else.
    :param refuted: what is wrong with those.
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
            # Two definitions of one condition have one name.
            condition=policy.condition[:1],
            answers=((policy.condition, True, policy.condition[:1]),) if policy.condition else (),
        )
        for number, policy in enumerate(policies)
    ]


def anywhere(policies: Collection[Policy]) -> list[Declared]:
    """Return the policies as stacks declare them that may be deployed anywhere, one stack for those of an account."""
    return [
        replace(each, environment=KnownEnvironment("aws"), stack=account, home=Home(account, account))
        for each, account in zip(declared(policies), (policy.account for policy in policies), strict=True)
    ]


def unsound(verdict: str, old: list[Policy], new: list[Policy], some: list[AwsReading]) -> str:
    """Return what is newly allowed or gone that the verdict does not say, with a request."""
    found = list(truths(old, new, some))
    if verdict in ("unchanged", "narrowed") and any(truth.more for truth in found):
        return f"something is newly allowed\n{sides(old, new)}{example(old, new, some, is_new=True)}"
    if verdict == "unchanged" and any(truth.less for truth in found):
        return f"something is gone\n{sides(old, new)}{example(old, new, some, is_new=False)}"
    return ""


def seeded(seed: int) -> tuple[Random, Pair]:
    """Return what is random of a pair, and the pair."""
    random = Random(FIRST + seed)  # noqa: S311 - nobody's secret
    return random, pair(random)


def wherever_stacks_are(seed: int) -> Came:
    """Play a pair in stacks of which nobody knows where they are: in one place, or each in another."""
    random, (old, new) = seeded(seed)
    verdict = difference(anywhere(old), anywhere(new)).verdict
    some = aws_readings(random)
    faults = []
    for one_place in (False, True):
        before, after = ([each._replace(account=OWNER) if one_place else each for each in side] for side in (old, new))
        faults.append(unsound(verdict, before, after, some))
    return Came(verdict, [f"seed {seed}: {verdict}, and {fault}" for fault in faults if fault])


def whether_policies_stay(seed: int) -> Came:
    """Play a pair where some policies of before may be there afterwards, or not."""
    random, (old, new) = seeded(seed)
    # Most pairs change a policy in place: some of those of before may be there beside it, as after a rename.
    doubtful = [each for each in old if random.random() < 0.7]
    kept: list[Policy] = []
    seldom = Random(f"stays {seed}")  # noqa: S311 - nobody's secret
    if seldom.random() < 0.3:
        # What an earlier change has kept may be in neither template.
        kept.append(policy(seldom))
    change = difference(declared(old), declared(new), declared([*doubtful, *kept]))
    verdict = change.verdict
    some = aws_readings(random)
    faults = [unsound("narrowed", old, new, some)] if verdict in ("unchanged", "narrowed") else []
    # Whether that denies what was allowed before, no verdict says.
    says_less = kept and verdict == "unchanged"
    faults.append(unsound("narrowed" if says_less else verdict, old, [*new, *doubtful, *kept], some))
    wrong = [f"seed {seed}: {verdict}, and {fault}" for fault in faults if fault]
    # A witness is allowed whatever becomes of what may stay.
    judged = [_judged(seed, change, old, after, some) for after in (new, [*new, *doubtful, *kept])]
    return Came(verdict, wrong, "", *(tuple(chain(*each)) for each in zip(*judged, strict=True)))


def at_random(seed: int) -> Came:
    """Play a pair of one template, and judge its witnesses."""
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
    """Return what became of each witness, and what is wrong with those that are refuted."""
    witnesses, faults = [], []
    for account, witness in _witnesses(change):
        before, after = ([policy for policy in side if policy.account == account] for side in (old, new))
        why = refuted(before, after, witness, some)
        witnesses.append(why.partition(":")[0] or "confirmed")
        if why not in ("", "not judged"):
            faults.append(f"seed {seed}: {why}\n  {json.dumps(witness)}\n{sides(old, new)}")
    return witnesses, faults


def others_than_made(family: str, some: Iterable[Made]) -> list[tuple[Made, str]]:
    """Return the pairs of a family that are called something else, each with that."""
    verdicts = [(each, str(difference(declared(each.old), declared(each.new)).verdict)) for each in some]
    return [(each, verdict) for each, verdict in verdicts if verdict != FAMILIES[family].verdict]


def _witnesses(found: Difference) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each witness, with the account of its identity."""
    for change in found.changes:
        if change.witness is not None:
            yield change.place.account, change.witness.as_json()


def refuted(old: list[Policy], new: list[Policy], witness: Mapping[str, Any], some: Iterable[AwsReading]) -> str:
    """Return what is wrong with a witness in every world, or nothing."""
    if re.search(r"\$\{(Reference|Fn::If)\b", json.dumps(witness)):
        # What only the deploy knows has a name of its own there, which it has in no world here.
        return "not judged"
    faults = []
    more = (world for seed in range(60) for world in aws_readings(Random(seed)))  # noqa: S311 - nobody's secret
    for world in (each for one in chain(some, more) for each in every_reading(one)):
        # A witness takes what only the deploy knows for a text of its own.
        for one in (world, replace(world, references=json.dumps)):
            why_not, before, after = judge(old, new, witness, one)
            if not why_not and after and not before:
                return ""
            faults.append(f"impossible: {why_not}" if why_not else f"not newly allowed: before {before}, after {after}")
    return faults[0]
