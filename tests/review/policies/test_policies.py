"""What is right to say of a policy, by AWS's pages: tables of cases of every kind, played through the command."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.review.policies.alive import IDLE, LIVE
from tests.review.policies.bound import ALARMS, NARROW
from tests.review.policies.broadened import LESS, MORE
from tests.review.policies.cases import Change, Check, Said
from tests.review.policies.clean import CLEAN
from tests.review.policies.dead import COVERED, DEAD
from tests.review.policies.locked_out import LOCKED, UNLOCKED
from tests.review.policies.moved import LOSSES, NOBODY_KNOWS
from tests.review.policies.narrowing import SLIM, WIDE
from tests.review.policies.playing import confirms, difference, rules, sentences, witnesses
from tests.review.policies.precedence import HIDING, PRECEDENCE
from tests.review.policies.public import PUBLIC, UNBOUND
from tests.review.policies.same import SAME
from tests.review.policies.sentences import SENTENCES
from tests.review.policies.versions import VERSIONED, VERSIONS

CHECKS: dict[str, list[Check]] = {
    "public": PUBLIC,
    "no stranger": NARROW,
    "no alarm": ALARMS,
    "unbound": UNBOUND,
    "dead": DEAD,
    "covered": COVERED,
    "alive": LIVE,
    "idle Deny": IDLE,
    "narrows nothing": WIDE,
    "narrows": SLIM,
    "lock-out": LOCKED,
    "no lock-out": UNLOCKED,
    "Version": VERSIONED,
    "hidden": HIDING,
    "clean": CLEAN,
}
CHANGES: dict[str, list[Change]] = {
    "same": SAME,
    "more": MORE,
    "less": [*LESS, *LOSSES],
    "nobody knows": NOBODY_KNOWS,
    "Version": VERSIONS,
    "precedence": PRECEDENCE,
}


def _named(kinds: Mapping[str, Sequence[Check | Change | Said]]) -> Iterable[object]:
    return [pytest.param(case, id=f"{kind}: {case.name}") for kind, cases in kinds.items() for case in cases]


@pytest.mark.parametrize("case", _named(CHECKS))
def test_a_finding_is_right(case: Check, tmp_path: Path) -> None:
    assert case.faults(rules(case, tmp_path)) == [], case.why


@pytest.mark.parametrize("case", _named(CHANGES))
def test_a_verdict_is_right(case: Change, tmp_path: Path) -> None:
    assert difference(case, tmp_path)["verdict"] in case.verdicts, case.why


@pytest.mark.parametrize("case", _named({"more": MORE}))
def test_a_witness_is_right(case: Change, tmp_path: Path) -> None:
    told = witnesses(difference(case, tmp_path))
    assert case.witness
    assert [each for each in told if confirms(each, case.witness)], f"{case.why}; told: {told}"


@pytest.mark.parametrize("case", _named({"sentences": SENTENCES}))
def test_a_sentence_tells_meanings_apart(case: Said, tmp_path: Path) -> None:
    one, other = sentences(case, tmp_path)
    assert (one == other) is case.means_same, case.why


def test_each_case_has_a_name_of_its_own() -> None:
    for kind, cases in (CHECKS | CHANGES).items():
        names = [case.name for case in cases]
        assert len(names) == len(set(names)), (kind, [name for name in names if names.count(name) > 1])


def test_there_are_enough_of_them() -> None:
    assert len(CLEAN) >= 50
    assert sum(map(len, CHECKS.values())) + sum(map(len, CHANGES.values())) >= 150
