"""A pair, and a request that it changes, in a few lines that help to find the fault."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.analysis.meaning.aws_reading import AwsReading
from tests.analysis.meaning.callers import Caller
from tests.analysis.meaning.evaluator import Policy
from tests.analysis.meaning.every_request import Space, space
from tests.analysis.meaning.keys import is_there
from tests.analysis.meaning.truth import compared


def sides(old: Sequence[Policy], new: Sequence[Policy]) -> str:
    """Return what a pair differs in, and what stays the same."""
    lines = [line for mark, one, other in (("-", old, new), ("+", new, old)) for line in _differing(mark, one, other)]
    stays = [policy for policy in old if policy in new]
    if stays:
        lines.append(f"  = {json.dumps(stays)}")
    return "".join(f"{line}\n" for line in lines)


def _differing(mark: str, one: Sequence[Policy], other: Sequence[Policy]) -> Iterator[str]:
    for policy in one:
        if policy not in other:
            beside = [each for each in other if each[:2] == policy[:2]]
            theirs = [statement for each in beside for statement in each.document["Statement"]]
            mine = policy.document["Statement"]
            apart = [statement for statement in mine if statement not in theirs]
            place = f"{policy.account} {policy.identity} {policy.document.get('Version')} {policy.condition}".rstrip()
            yield f"  {mark} {place}: {json.dumps(apart)} and {len(mine) - len(apart)} that stay"


def example(old: Sequence[Policy], new: Sequence[Policy], some: Sequence[AwsReading], *, is_new: bool) -> str:
    """Return a request that is newly allowed, or no longer allowed, as a witness would describe it."""
    requests = space([*old, *new], some)
    for world in some:
        for each in compared(old, new, world, requests):
            changed = each.after & ~each.before if is_new else each.before & ~each.after
            if changed:
                found = _request(requests, changed & -changed, each.caller, each.action)
                said = {name: value for name, value in vars(world).items() if name != "references"}
                return f"  {json.dumps(found | {'identity': each.identity})}\n  in {said}\n"
    return ""


def _request(requests: Space, bit: int, caller: Caller, action: str) -> dict[str, Any]:
    has = {
        key: value
        for dimension, masks in zip(requests.dimensions, requests.masks, strict=True)
        for choice, mask in zip(dimension, masks, strict=True)
        if mask & bit
        for key, value in choice.items()
        if value and is_there(key, caller.sort, action)[0]
    }
    return {
        "caller": {
            "kind": caller.kind,
            "name": caller.name,
            "account": caller.account,
            "own_iam": caller.own_iam,
        },
        "action": action,
        "keys": {key: value[0] if len(value) == 1 else list(value) for key, value in {**has, **caller.says()}.items()},
    }
