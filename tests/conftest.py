"""What tests of more than one kind use."""

import os
import time
import tomllib
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

# Before anything imports aws_cdk, which starts Node: a banner of jsii about older majors is nobody's news here.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20,22")

import pytest
from hypothesis import HealthCheck, settings

from ses_sending_policy.construct.asset import asset_directory

ROOT = Path(__file__).parent.parent

# Each sets up its own Node and local AWS, and there are three groups of deploys.
_MOST_WORKERS: Final = 8

# No test fails on a clock, also not on that of a machine that has other things to do.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def slow() -> dict[str, str]:
    """Return why each test is slow that tests/slow.toml names, a whole file of them or one alone."""
    groups = tomllib.loads((ROOT / "tests" / "slow.toml").read_text(encoding="utf-8"))["slow"]
    return {name: group["why"] for group in groups for name in group["tests"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests: `make test` runs the others."""
    named = slow().keys()
    for item in items:
        file = item.path.relative_to(ROOT).as_posix()
        if not named.isdisjoint({file, f"{file}::{getattr(item, 'originalname', item.name)}"}):
            item.add_marker(pytest.mark.slow)


# The trials of `make mutants` run without xdist, and without xdist its hook is unknown.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run the tests: two wait for a deploy or a clock at nearly every time."""
    return min((os.cpu_count() or 1) + 2, _MOST_WORKERS)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say at the very end what was left out: a line among many others is nobody's."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, number in reasons.items():
        terminalreporter.write_line(f"left out: {number} tests, {reason}", yellow=True)


@pytest.fixture(scope="session")
def asset() -> Path:
    """Give the folder with the Lambda's code, laid out as a deploy does it."""
    return asset_directory()


@pytest.fixture
def far_from_greenwich() -> Iterator[None]:
    """Let the machine be where its own time is not UTC."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    yield
    del os.environ["TZ"]
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()
