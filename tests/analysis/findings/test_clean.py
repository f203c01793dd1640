"""Nothing is found in a policy without a fault."""

from datetime import UTC, datetime

import pytest

from ses_sending_policy.analysis.findings.catalogue import RULES
from tests.analysis.findings.clean import CLEAN

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def test_there_are_enough_of_them() -> None:
    assert len(CLEAN) >= 30


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found(name: str) -> None:
    assert CLEAN[name]
    found = [f"{each.rule}: {each.message}" for rule in RULES for each in rule.findings(CLEAN[name], NOW)]
    assert found == []
