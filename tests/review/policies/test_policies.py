"""What is right to say of a policy, by AWS's pages: tables of cases of every kind, run through the command."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.review.policies.broadened import LESS, MORE
from tests.review.policies.cases import NEWS, Change, Check, Said, Witness, both
from tests.review.policies.clean import CLEAN
from tests.review.policies.dead_grants import COVERED, DEAD
from tests.review.policies.equal import SAME
from tests.review.policies.expired import OVER
from tests.review.policies.live_grants import IDLE, LIVE
from tests.review.policies.lock_out import LOCKED, UNLOCKED
from tests.review.policies.lookalikes import TRAPS
from tests.review.policies.narrowed import LOSSES, NOBODY_KNOWS
from tests.review.policies.narrowing import SLIM, WIDE
from tests.review.policies.not_public import ALARMS, NARROW
from tests.review.policies.parliament import PARLIAMENT
from tests.review.policies.peers import Fact
from tests.review.policies.playing import confirms, difference, rules, sentences, severities, witnesses
from tests.review.policies.policyuniverse import POLICYUNIVERSE
from tests.review.policies.precedence import HIDING, PRECEDENCE
from tests.review.policies.prowler import PROWLER
from tests.review.policies.public import PUBLIC, UNBOUND
from tests.review.policies.sentences import SENTENCES
from tests.review.policies.unknown_values import UNKNOWN
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
    "time": OVER,
    "unknown": UNKNOWN,
    "clean": CLEAN,
}
CHANGES: dict[str, list[Change]] = {
    "same": SAME,
    "more": MORE,
    "less": [*LESS, *LOSSES],
    "nobody knows": NOBODY_KNOWS,
    "trap": TRAPS,
    "Version": VERSIONS,
    "precedence": PRECEDENCE,
}

SEVERITIES = {"SES001": "error", "SES010": "error"} | dict.fromkeys(
    ("SES101", "SES102", "SES120", "SES121", "SES122"), "warning"
)

PEERS: dict[str, list[Fact]] = {"Prowler": PROWLER, "policyuniverse": POLICYUNIVERSE, "parliament": PARLIAMENT}


def _named(kinds: Mapping[str, Sequence[Check | Change | Said | Fact]]) -> Iterable[object]:
    return [pytest.param(case, id=f"{kind}: {case.name}") for kind, cases in kinds.items() for case in cases]


@pytest.mark.parametrize("case", _named(CHECKS))
def test_a_finding_is_right(case: Check, tmp_path: Path) -> None:
    assert case.faults(rules(case, tmp_path)) == [], case.why


@pytest.mark.parametrize("case", _named({kind: cases for kind, cases in CHECKS.items() if kind != "unknown"}))
def test_a_call_is_judged_as_a_resource_is(case: Check, tmp_path: Path) -> None:
    assert severities(case.calls(), tmp_path) == severities(case.template(), tmp_path), case.why


@pytest.mark.parametrize(("rule", "severity"), SEVERITIES.items())
def test_a_severity_is_right(rule: str, severity: str, tmp_path: Path) -> None:
    meant = [case for cases in CHECKS.values() for case in cases if case.finds == (rule,)]
    assert {severities(case.template(), tmp_path).get(rule) for case in meant} == {severity}


@pytest.mark.parametrize("case", _named(PEERS))
def test_a_peers_case_is_judged_as_it_is_here(case: Fact, tmp_path: Path) -> None:
    assert case.ours.faults(rules(case.ours, tmp_path)) == [], case.differs or case.ours.why


@pytest.mark.parametrize("case", _named(CHANGES))
def test_a_verdict_is_right(case: Change, tmp_path: Path) -> None:
    assert difference(case, tmp_path)["verdict"] in case.verdicts, case.why


@pytest.mark.parametrize(
    "case", _named({kind: [each for each in cases if each.witness] for kind, cases in CHANGES.items()})
)
def test_a_witness_is_right(case: Change, tmp_path: Path) -> None:
    told = witnesses(difference(case, tmp_path))
    assert case.witness
    assert [each for each in told if confirms(each, case.witness)], f"{case.why}; told: {told}"


@pytest.mark.parametrize("case", _named({"sentences": SENTENCES}))
def test_a_sentence_tells_meanings_apart(case: Said, tmp_path: Path) -> None:
    one, other = sentences(case, tmp_path)
    assert (one == other) is case.means_same, case.why


def test_each_case_has_a_name_of_its_own() -> None:
    for kind, cases in (CHECKS | CHANGES | PEERS).items():
        names = [case.name for case in cases]
        assert len(names) == len(set(names)), (kind, [name for name in names if names.count(name) > 1])


def test_there_are_enough_of_them() -> None:
    assert len(CLEAN) >= 50
    assert sum(map(len, CHECKS.values())) + sum(map(len, CHANGES.values())) >= 150


def test_a_case_checks_itself() -> None:
    with pytest.raises(ValueError, match="are no findings"):
        Check("a", "b", (), ("SES999",))
    with pytest.raises(ValueError, match=r"has .* twice"):
        both(NEWS, NEWS)
    with pytest.raises(ValueError, match="none is named"):
        Check("a", "b", ())
    with pytest.raises(ValueError, match="are no verdicts"):
        Change("a", "b", (), (), ("wider",))
    with pytest.raises(ValueError, match="has a reason"):
        Fact("public", Check("a", "b", (), lacks=("SES001",)))
    with pytest.raises(ValueError, match="has a reason"):
        Fact("public", Check("a", "b", (), ("SES001",)), "it does not differ")


def test_a_case_tells_what_is_wrong() -> None:
    case = Check("a", "b", (), ("SES001|SES006", "SES101"), ("SES102",))
    assert case.faults({"SES006", "SES101", "SES103"}) == []
    assert case.faults({"SES001", "SES102"}) == ["SES101 is missing", "SES102 is a false alarm"]
    assert Check("a", "b", (), ("SES001",), ("*",)).faults({"SES001", "SES103"}) == ["SES103 is a false alarm"]


def test_a_witness_is_looked_for_everywhere_and_compared() -> None:
    told = {"caller": {"account": "222222222222"}, "keys": {"ses:FromAddress": "a@example.com"}}
    assert witnesses({"changes": [{"witness": told}, {"witness": None}]}) == [told]
    right = Witness("222222222222", "*@example.com")
    assert confirms(told, right)
    assert not confirms(told, Witness("333333333333"))
    assert not confirms(told, Witness("222222222222", "b@*"))
