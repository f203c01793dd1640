"""The table of mends matches the code, and the removal of a mend is noticed."""

import subprocess
import sys

import pytest

from tests.provider.interleaved.mend import Mend
from tests.provider.interleaved.mends import MENDS


@pytest.mark.parametrize("mend", MENDS, ids=lambda mend: mend.name)
def test_a_mend_is_in_the_code_once(mend: Mend) -> None:
    compile(mend.changed(), mend.module, "exec")


def test_each_mend_has_a_name_of_its_own() -> None:
    assert len({mend.name for mend in MENDS}) == len(MENDS)


def test_a_mend_that_is_missing_is_noticed() -> None:
    names = [
        "a text that SES refuses and holds is unchanged",
        "a former owner gets its policy back in a rollback",
        "it does not write what CloudFormation hides",
    ]
    told = subprocess.run(
        [sys.executable, "-m", "tests.provider.interleaved.without", *names],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "0 of 3 mends are not caught" in told.stdout


def test_a_mend_that_nobody_knows_is_not_caught() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.provider.interleaved.without", "nothing"],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert (told.returncode, told.stdout) == (1, "no such mend: nothing\n")
