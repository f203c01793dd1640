"""The function's calls go where plain boto3's go, and are signed for the same region, although it reads less."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.provider.function import endpoints
from tests.provider.function.endpoints import SETTINGS


def compared(asset: Path, *asked: str) -> dict[str, int]:
    """Return how many cases were compared, how many differ, and how many calls plain boto3 would send."""
    done = subprocess.run(
        [sys.executable, "-B", endpoints.__file__, str(asset), *asked],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"]},
        timeout=300,
    )
    *differences, counted = done.stdout.splitlines()
    assert differences == []
    assert "botocore is another one" not in done.stdout
    found: dict[str, int] = json.loads(counted)
    return found


@pytest.mark.parametrize("service", ["sesv2", "cloudformation"])
def test_in_every_region_that_botocore_knows(asset: Path, service: str) -> None:
    found = compared(asset, service, "usual")
    assert found["compared"] > 60
    assert found["sent"] > 50


@pytest.mark.parametrize("setting", SETTINGS)
def test_whatever_an_operator_has_set(asset: Path, setting: str) -> None:
    """In one region of each partition, and in some that do not exist."""
    assert compared(asset, "some", "sesv2", "cloudformation", setting)["sent"] > 9
