"""Parameters with values that synth would refuse: the terminal shows the refusal, and rollbacks are not refused."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from emulator import Emulator
from tests.deployed.conftest import Cdk

pytestmark = pytest.mark.xdist_group("deployed")

REFUSED: Final[dict[str, tuple[str, str]]] = {
    "principal": (
        "*",
        (
            "InvalidDeclaration: SES001: principal '*' lets every AWS account send as 'principal.example'; name the "
            "accounts in Principal, or add a condition on aws:PrincipalOrgID"
        ),
    ),
    "account": (
        "12345",
        (
            "InvalidDeclaration: SES014: principal 'arn:aws:iam::12345:root' has the account '12345', "
            "which has not 12 digits; give an account's 12 digits"
        ),
    ),
    "date": (
        "tomorrow",
        (
            "InvalidDeclaration: SES111: condition on aws:CurrentTime: date is 'tomorrow': give a datetime with a time "
            "zone, or a string as 2031-01-01T00:00Z; write the value"
        ),
    ),
    "addresses": (
        "",
        (
            "InvalidDeclaration: SES112: operator 'StringLike' compares ses:FromAddress with nothing; put something "
            "into the list, or leave the element out"
        ),
    ),
    "action": (
        "ses:*",
        (
            "InvalidDeclaration: SES003: action 'ses:*' gives more than sending; use ses:SendEmail, ses:SendRawEmail, "
            "ses:SendTemplatedEmail, ses:SendBulkTemplatedEmail or ses:SendBulkEmail"
        ),
    ),
}


_REFUSED: Final = {kind.capitalize(): {"kind": kind} for kind in REFUSED}
_MEANT: Final = {"Meant": {"kind": "principal", "acknowledged": ["SES001"]}}
# As an earlier release deployed it; with a resource that fails after the policy; and as it is now.
_UPGRADED: Final = {"before": {"before": True}, "failing": {"fails_last": True}, "after": {}}


@dataclass(frozen=True)
class Deploys:
    """Deploys stacks of ready assemblies, each with a value of its parameter.

    :param cdk: the CLI on the local AWS.
    :param place: the folder of the assemblies.
    """

    cdk: Cdk
    place: Path

    def synthesize(self, assembly: str, stacks: Mapping[str, Any]) -> None:
        """Write an assembly with this name."""
        replace(self.cdk, folder=self.place / assembly, app="tests/deployed/unknowns.py").run("list", **stacks)

    def deploy(self, assembly: str, stack: str, value: str, *, fails: bool = False) -> str:
        """Deploy one stack of an assembly; return the output of the CLI."""
        words = ["deploy", stack, "--require-approval=never", f"--parameters={stack}:Value={value}"]
        return self.cdk.run(*words, fails=fails, assembly=self.place / assembly)


@pytest.fixture(scope="module")
def deploys(cdk: Cdk, tmp_path_factory: pytest.TempPathFactory) -> Deploys:
    made = Deploys(cdk, tmp_path_factory.mktemp("assemblies"))
    made.synthesize("stacks", _REFUSED | _MEANT)
    for name, wanted in _UPGRADED.items():
        made.synthesize(name, {"Upgraded": {"kind": "principal", **wanted}})
    return made


@pytest.fixture(scope="module")
def said(deploys: Deploys) -> Mapping[str, str]:
    """Deploy everything that is refused, at once; return the output of each deploy."""

    def deploy(kind: str) -> str:
        return deploys.deploy("stacks", kind.capitalize(), REFUSED[kind][0], fails=True)

    with ThreadPoolExecutor(len(REFUSED)) as pool:
        return dict(zip(REFUSED, pool.map(deploy, REFUSED), strict=True))


def principal(aws: Emulator, name: str) -> str:
    """Return who may send, from the policy at SES."""
    [policy] = [each for each in aws.ses.policies() if each.identity == f"{name.lower()}.example"]
    who: str = json.loads(policy.document)["Statement"][0]["Principal"]["AWS"]
    return who


@pytest.mark.parametrize("kind", REFUSED)
def test_what_synth_could_not_see_is_told_in_the_terminal(
    said: Mapping[str, str], local_aws: Emulator, kind: str
) -> None:
    _, sentence = REFUSED[kind]
    assert sentence in " ".join(said[kind].split())
    assert [each for each in local_aws.ses.policies() if each.identity == f"{kind}.example"] == []


def test_what_is_acknowledged_is_deployed(deploys: Deploys, local_aws: Emulator) -> None:
    deploys.deploy("stacks", "Meant", "*")
    assert principal(local_aws, "Meant") == "*"


def test_an_upgrade_that_fails_is_rolled_back_and_the_next_one_is_not_refused(
    deploys: Deploys, local_aws: Emulator
) -> None:
    """An earlier release without such rules deployed it. The new one adds the property, which causes an Update."""

    def state() -> tuple[str, str]:
        [stack] = local_aws.client("cloudformation").describe_stacks(StackName="Upgraded")["Stacks"]
        return stack["StackStatus"], principal(local_aws, "Upgraded")

    partner = "arn:aws:iam::222222222222:root"
    deploys.deploy("before", "Upgraded", "*")
    assert state() == ("CREATE_COMPLETE", "*")

    assert "IdentityNotFound: " in deploys.deploy("failing", "Upgraded", "*", fails=True)
    assert state() == ("UPDATE_ROLLBACK_COMPLETE", "*")

    deploys.deploy("after", "Upgraded", "*")
    assert state() == ("UPDATE_COMPLETE", "*")

    # The rollback of this one declares what a forward Update must not.
    assert "IdentityNotFound: " in deploys.deploy("failing", "Upgraded", partner, fails=True)
    assert state() == ("UPDATE_ROLLBACK_COMPLETE", "*")

    deploys.deploy("after", "Upgraded", partner)
    assert "InvalidDeclaration: SES001: " in deploys.deploy("after", "Upgraded", "*", fails=True)
    assert state() == ("UPDATE_ROLLBACK_COMPLETE", partner)
