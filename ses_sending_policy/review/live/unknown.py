"""Compares a declared document that has unknown parts with the live one that may be its result.

A part that only the deploy knows is assumed to be what SES holds in its place, wherever that is possible. If the
documents still differ then, they differ whatever that part is. If they do not, nothing is proven.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_text, text_of
from ses_sending_policy.rules.document import Json, as_list, is_intrinsic
from ses_sending_policy.rules.equivalence import statement_parts

# A text may contain policy variables, which are `${...}` as well. So an unknown part begins with a character that no
# text contains.
_OPEN: Final = "\ue000"
_UNKNOWN: Final = re.compile(rf"{_OPEN}[^}}]*}}")
# Stands for an intrinsic function that may give no value, so that the deploy leaves its element out.
_MAYBE: Final = f"{_OPEN}}}"


def unknown_parts(value: Json) -> list[str]:
    """Return each part of `value` that only the deploy knows, as `${Role.Arn}`, each once and sorted."""
    return sorted(set(_unknown(value)))


def _unknown(value: Json) -> Iterator[str]:
    if is_intrinsic(value):
        yield text_of(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _unknown(item)
    elif isinstance(value, list):
        for item in value:
            yield from _unknown(item)


def settled(declared: Json, live: Json, partition: str) -> Json:
    """Return the `declared` document with its unknown parts taken from the `live` one, where that is possible.

    :param declared: a document with intrinsic functions in it.
    :param live: a document without intrinsic functions.
    :param partition: the partition of an account's root ARN, for instance `aws`.
    """
    if not isinstance(live, Mapping):
        return {} if is_intrinsic(declared) else declared
    if not isinstance(declared, Mapping) or is_intrinsic(declared):
        return live
    rest = {key: live.get(key) if unknown_parts(value) else value for key, value in declared.items()}
    lives = as_list(live.get("Statement", []))
    return rest | {"Statement": _settled(as_list(declared.get("Statement", [])), lives, partition)}


def _settled(declared: list[Json], live: list[Json], partition: str) -> list[Json]:
    known = [each for each in declared if not unknown_parts(each)]
    parts = [statement_parts(each, partition) for each in known]
    left = [each for each in live if statement_parts(each, partition) not in parts]
    unknown = [each for each in declared if unknown_parts(each) and not is_intrinsic(each)]
    chosen = _chosen(
        [[number for number, other in enumerate(left) if _may_be(each, other, partition)] for each in unknown]
    )
    for number, each in enumerate(unknown):
        # If no statement is left for it, a live one that another declared statement got: they may have become the same.
        same = next((other for other in live if _may_be(each, other, partition)), each)
        known.append(left[chosen[number]] if number in chosen else same)
    # An intrinsic function in place of a statement may give any number of statements: all that are left.
    return known + (left if any(map(is_intrinsic, declared)) else [])


def _chosen(choices: list[list[int]]) -> dict[int, int]:
    """Return for each statement one of its `choices`. No two get the same; as many statements as possible get one."""
    takers: dict[int, int] = {}

    def choose(who: int, asked: set[int]) -> bool:
        for choice in choices[who]:
            if choice not in asked:
                asked.add(choice)
                if choice not in takers or choose(takers[choice], asked):
                    takers[choice] = who
                    return True
        return False

    for who in range(len(choices)):
        choose(who, set())
    return {who: choice for choice, who in takers.items()}


def _may_be(declared: Json, live: Json, partition: str) -> bool:
    """Return whether a deploy may turn the statement `declared` into the statement `live`."""
    plain = _plain(declared)
    mine, others = statement_parts(plain, partition), statement_parts(live, partition)
    optional = {key for key, value in plain.items() if value == _MAYBE}
    return mine.keys() - optional <= others.keys() <= mine.keys() and all(
        _is_anything(plain[key]) or _fits(mine[key], value) for key, value in others.items()
    )


def _plain(value: Json) -> Json:
    if is_intrinsic(value):
        return text_of(value).replace("${", _OPEN) if is_text(value) else _MAYBE
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _is_anything(text: Json) -> bool:
    return isinstance(text, str) and _UNKNOWN.fullmatch(text) is not None


def _fits(declared: Json, live: Json) -> bool:
    """Return whether `live` may be the result of `declared`, both in the form of `statement_parts`."""
    match declared, live:
        case str(text), _ if _is_anything(text):
            return True
        case str(text), str(other) if _OPEN in text:
            return re.fullmatch(".*".join(map(re.escape, _UNKNOWN.split(text))), other, re.DOTALL) is not None
        case (str(key), mine), (str(other_key), others):
            return key == other_key and _fits(mine, others)
        case frozenset(), frozenset():
            return all(any(_fits(each, other) for other in live) or each == _MAYBE for each in declared) and all(
                any(_fits(each, other) for each in declared) for other in live
            )
    return bool(declared == live)
