"""The outputs that the twenty questions are about, as the commands write them now: readers get them without the key."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from emulator import Emulator
from ses_sending_policy.cli.plan import COMMAND
from ses_sending_policy.review.text_output import TextOutput
from tests.review.conftest import sending_policy
from tests.review.live.one_stack import Stacks, hold, made
from tests.review.live.questions.scenarios import SCENARIOS, Scenario
from tests.review.live.test_plan import planned
from tests.review.templates import stack, template, write

pytestmark = pytest.mark.xdist_group("live")

HERE: Final = Path(__file__).parent
OUTPUTS: Final = HERE / "outputs"


def numbered(file: str) -> dict[str, list[int]]:
    """Return the numbers of the questions under each heading of a page."""
    _, *parts = (HERE / file).read_text(encoding="utf-8").split("\n## ")
    numbers = [[int(each) for each in re.findall(r"\n(\d+)\. ", part)] for part in parts]
    return dict(zip((part.splitlines()[0] for part in parts), numbers, strict=True))


def _assembly(folder: Path, scenario: Scenario, side: str) -> Path:
    content = template(**(scenario.after if side == "cdk.out" else scenario.before))
    parameters = {"Parameters": scenario.parameters} if scenario.parameters and side == "cdk.out" else {}
    write(folder / side / "manifest.json", {"version": "55.0.0", "artifacts": {"Mail": stack()}})
    write(folder / side / "Mail.template.json", parameters | content)
    return folder / side


def _diff(folder: Path, scenario: Scenario) -> str:
    for side in ("before.out", "cdk.out"):
        _assembly(folder, scenario, side)
    done = sending_policy("diff", "--format", scenario.form, "before.out", "cdk.out", folder=folder)
    assert done.stderr == ""
    return done.stdout


def _plan(folder: Path, scenario: Scenario, aws: Emulator) -> str:
    client = aws.client("sesv2")
    there = {each["IdentityName"] for each in client.list_email_identities()["EmailIdentities"]}
    for identity in {each.identity for each in scenario.held} - there:
        client.create_email_identity(EmailIdentity=identity)
    for each in scenario.held:
        more = {"Id": each.marker} if each.marker else {}
        hold(aws, each.identity, each.name, *each.statements, owner=each.owner, **more)
    deployed = {}
    for logical_id, resource in scenario.before.items():
        own = resource["Properties"]
        deployed[logical_id] = (resource, made(own["EmailIdentity"], own["PolicyName"], logical_id))
    answer = planned(Stacks(deployed), _assembly(folder, scenario, "cdk.out"))
    assert answer.unseen == []
    return COMMAND.formats[scenario.form](answer.value, TextOutput()).replace(f"{folder}/", "")


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_writes_what_the_readers_get(tmp_path: Path, aws: Emulator, name: str) -> None:
    scenario = SCENARIOS[name]
    text = _diff(tmp_path, scenario) if scenario.command == "diff" else _plan(tmp_path, scenario, aws)
    golden = OUTPUTS / f"{name}.{scenario.form}"
    found = write(tmp_path / golden.name, text)
    assert text == golden.read_text(encoding="utf-8"), f"where that is meant: cp {found} {golden}"


@pytest.mark.parametrize("page", ["questions.md", "key.md"])
def test_each_output_has_two_questions_and_each_question_its_answer(page: str) -> None:
    found = numbered(page)
    numbers: Sequence[int] = [number for each in found.values() for number in each]
    assert list(found) == list(SCENARIOS)
    assert [len(each) for each in found.values()] == [2] * 10
    assert numbers == list(range(1, 21))


def test_half_of_them_are_of_each_command_and_nothing_else_lies_there() -> None:
    commands = [each.command for each in SCENARIOS.values()]
    assert (commands.count("diff"), commands.count("plan")) == (5, 5)
    assert {each.name for each in OUTPUTS.iterdir()} == {f"{name}.{each.form}" for name, each in SCENARIOS.items()}
