"""Each claim in docs/security.md names a test that exists."""

import re

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "security.md"
_TEST = re.compile(r"\[`(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)")
_ROWS = re.findall(r"^\| (?!---|what holds|forged)(.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row.partition(" |")[0][:60])
def test_a_claim_is_held_by_a_test(row: str) -> None:
    named = _TEST.findall(row)
    assert len(named) == row.count("test_") - row.count("/test_") > 0
    for name, file in named:
        assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8"), name


def test_all_claims_are_looked_at() -> None:
    assert len(_ROWS) > 30
