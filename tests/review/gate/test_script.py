"""The script for any CI, run like the workflow: the pull request's code runs on a machine of its own."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.review.gate.attacks import PREPARED
from tests.review.gate.github import zipped
from tests.review.gate.handed_over import ARCHIVES, ODD_NAMES
from tests.review.gate.machine import Machine
from tests.review.gate.project import Project, assembly, copying

SCRIPT = ROOT / "docs" / "howto" / "review.sh"


class Scripted:
    """Two machines, one after the other, and what the first hands over to the second."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.folder = project.folder / "machine"
        self.machine = Machine(self.folder, project.shared)
        self.narrow, self.wide = (zipped(assembly(project.shared / name)) for name in ("narrow", "wide"))

    def _play(self, words: str) -> int:
        script = SCRIPT.read_text(encoding="utf-8").replace("THE-HASH-OF-ITS-WHEEL", self.project.digest)
        (self.machine.temporary / "review.sh").write_text(script, encoding="utf-8")
        code = self.machine.temporary / "code"
        self.machine.run(f'bash "$RUNNER_TEMP/review.sh" {words} || echo $? > "{code}"', "bash", {})
        return int(code.read_text(encoding="utf-8")) if code.exists() else 0

    def synthesize(self, app: str) -> bytes:
        """Return what the machine that synthesizes an app hands over."""
        self.machine = Machine(self.folder, self.project.shared)
        self.machine.set_up_python()
        source = self.machine.workspace / "source"
        source.mkdir()
        (source / "cdk.json").write_text('{"app": "python app.py", "notices": false}', encoding="utf-8")
        (source / "requirements.txt").write_text("ses-sending-policy\n", encoding="utf-8")
        (source / "app.py").write_text(app, encoding="utf-8")
        assert self._play("synthesize source assembly.zip") == 0, self.machine.log
        return (self.machine.workspace / "assembly.zip").read_bytes()

    def judge(self, before: bytes, after: bytes) -> int:
        """Return the script's exit code."""
        self.machine = Machine(self.folder, self.project.shared)
        for name, content in (("before.zip", before), ("after.zip", after)):
            (self.machine.workspace / name).write_bytes(content)
        return self._play("judge before.zip after.zip")

    @property
    def change(self) -> Path:
        """The file into which the script writes the difference."""
        return self.machine.workspace / "change.md"


@pytest.fixture
def scripted(project: Project) -> Scripted:
    return Scripted(project)


def test_what_is_the_same_passes(scripted: Scripted) -> None:
    assert scripted.judge(scripted.wide, scripted.synthesize(copying(scripted.project.shared / "wide"))) == 0
    assert "unchanged: the same is allowed as before" in scripted.change.read_text(encoding="utf-8")


def test_whatever_a_synth_does_the_wider_grant_has_to_be_approved(scripted: Scripted) -> None:
    after = scripted.synthesize(copying(scripted.project.shared / "wide", PREPARED))
    assert scripted.judge(scripted.narrow, after) == 1, scripted.machine.log
    assert "**broadened**: grant widened" in scripted.change.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ARCHIVES)
def test_what_is_no_assembly_gets_no_verdict(scripted: Scripted, name: str) -> None:
    after = ARCHIVES[name](assembly(scripted.project.shared / "wide"))
    assert scripted.judge(scripted.narrow, after) == 2, scripted.machine.log


@pytest.mark.parametrize("name", ODD_NAMES)
def test_what_is_an_assembly_and_more_is_judged_as_one(scripted: Scripted, name: str) -> None:
    after = ODD_NAMES[name](assembly(scripted.project.shared / "wide"))
    assert scripted.judge(scripted.narrow, after) == 1, scripted.machine.log


def test_who_brings_what_is_not_read_cannot_accept_it(scripted: Scripted) -> None:
    accepted = zipped(assembly(scripted.project.shared / "accepted"))
    assert scripted.judge(scripted.narrow, accepted) == 1, scripted.machine.log
    assert "it is fine" in scripted.change.read_text(encoding="utf-8")
    assert scripted.judge(accepted, accepted) == 0, scripted.machine.log


def test_as_it_is_copied_it_judges_nothing(scripted: Scripted) -> None:
    scripted.project.digest = "THE-HASH-OF-ITS-WHEEL"
    assert scripted.judge(scripted.narrow, scripted.wide) == 2
    assert "Expected sha256 THE-HASH-OF-ITS-WHEEL" in scripted.machine.log


def test_other_words_are_told_what_there_is(scripted: Scripted) -> None:
    assert scripted._play("compare") == 2  # noqa: SLF001  it plays the script, with any words
    assert "review.sh judge BEFORE AFTER" in scripted.machine.log
