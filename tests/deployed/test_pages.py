"""The example changes on the pages have the present output of the commands, and of `cdk diff` on a deployed stack."""

import runpy

import pytest

from tests.conftest import ROOT
from tests.deployed.conftest import Cdk

pytestmark = pytest.mark.xdist_group("howtos")

WRITER = runpy.run_path(str(ROOT / "docs" / "pull_requests.py"))
STACKS = ("SendingPolicyExample", "Mail")


@pytest.mark.parametrize("name", WRITER["PAGES"])
def test_it_shows_what_the_commands_say(cdk: Cdk, name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    assert "```console" in page
    try:
        assert WRITER["filled"](page, cdk.aws.shell()) == page, "run: make drawings"
    finally:
        cloudformation = cdk.aws.client("cloudformation")
        for stack in STACKS:
            cloudformation.delete_stack(StackName=stack)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
