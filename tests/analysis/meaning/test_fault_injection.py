"""The table of faults fits the model as it is, and a fault is noticed."""

import subprocess
import sys

import pytest

from tests.analysis.meaning.injected_faults import FAULTS
from tests.conftest import ROOT
from tests.mutants.replacement import Replacement

# In a process that has not loaded the model yet.
TWO = """
from dataclasses import replace
from tests.analysis.meaning.fault_injection import noticed
from tests.analysis.meaning.injected_faults import FAULTS

for name in ("a negation is dropped", "Null asks for the opposite"):
    [fault] = [each for each in FAULTS if each.name == name]
    print(bool(noticed(fault, {}, 40)), noticed(replace(fault, instead=fault.text), {}, 10))
"""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_takes_the_place_of_a_text_that_is_there_once(fault: Replacement) -> None:
    assert fault.instead != fault.text
    compile(fault.changed(), fault.module, "exec")


def test_there_are_twenty_faults_with_a_name_of_their_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 20


def test_a_fault_is_noticed_and_what_is_none_is_not() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TWO], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600, check=True
    )
    assert done.stdout.splitlines() == ["True    14 pairs, NOT NOTICED"] * 2


def test_a_fault_that_nobody_knows_is_not_looked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.analysis.meaning.fault_injection", "nothing"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "no such fault: nothing\n")
