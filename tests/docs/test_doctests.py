"""What a docstring shows after `>>>` is what Python says."""

import doctest
import importlib

import pytest

from tests.conftest import ROOT

FOLDERS = ("ses_sending_policy", "provider", "emulator", "stacks")
SHOWING = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", SHOWING)
def test_it_is_so(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0
