"""Parameters that say what synth would refuse: told in the terminal, and never in the way of a rollback."""

import json
from dataclasses import replace
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


@pytest.fixture(scope="module")
def cli(cdk: Cdk, tmp_path_factory: pytest.TempPathFactory) -> Cdk:
    return replace(cdk, folder=tmp_path_factory.mktemp("cdk.out"), app="tests/deployed/unknowns.py")


def deploy(cli: Cdk, name: str, value: str, *, fails: bool = False, **wanted: Any) -> str:
    parameter = f"--parameters={name}:Value={value}"
    stacks: dict[str, Any] = {name: wanted}
    return cli.run("deploy", name, "--require-approval=never", parameter, fails=fails, **stacks)


def principal(aws: Emulator, name: str) -> str:
    """Return who may send, by the policy that SES holds."""
    [policy] = [each for each in aws.ses.policies() if each.identity == f"{name.lower()}.example"]
    who: str = json.loads(policy.document)["Statement"][0]["Principal"]["AWS"]
    return who


@pytest.mark.parametrize("kind", REFUSED)
def test_what_synth_could_not_see_is_told_in_the_terminal(cli: Cdk, local_aws: Emulator, kind: str) -> None:
    value, sentence = REFUSED[kind]
    said = deploy(cli, kind.capitalize(), value, kind=kind, fails=True)
    assert sentence in " ".join(said.split())
    assert [each for each in local_aws.ses.policies() if each.identity == f"{kind}.example"] == []
    stacks: dict[str, Any] = {kind.capitalize(): {"kind": kind}}
    cli.destroy(**stacks)


def test_what_is_acknowledged_is_deployed(cli: Cdk, local_aws: Emulator) -> None:
    deploy(cli, "Meant", "*", kind="principal", acknowledged=["SES001"])
    assert principal(local_aws, "Meant") == "*"


def test_an_upgrade_that_fails_is_rolled_back_and_the_next_one_is_not_refused(cli: Cdk, local_aws: Emulator) -> None:
    """An earlier release deployed it, which judged nothing. The new one brings the property, and so an Update."""

    def status() -> str:
        [stack] = local_aws.client("cloudformation").describe_stacks(StackName="Upgraded")["Stacks"]
        found: str = stack["StackStatus"]
        return found

    deploy(cli, "Upgraded", "*", kind="principal", before=True)
    assert principal(local_aws, "Upgraded") == "*"

    said = deploy(cli, "Upgraded", "*", kind="principal", fails=True, fails_last=True)
    assert "IdentityNotFound: " in said
    assert (status(), principal(local_aws, "Upgraded")) == ("UPDATE_ROLLBACK_COMPLETE", "*")

    deploy(cli, "Upgraded", "*", kind="principal")
    assert (status(), principal(local_aws, "Upgraded")) == ("UPDATE_COMPLETE", "*")

    # The rollback of this one declares what no forward Update may.
    said = deploy(cli, "Upgraded", "arn:aws:iam::222222222222:root", kind="principal", fails=True, fails_last=True)
    assert "IdentityNotFound: " in said
    assert (status(), principal(local_aws, "Upgraded")) == ("UPDATE_ROLLBACK_COMPLETE", "*")

    deploy(cli, "Upgraded", "arn:aws:iam::222222222222:root", kind="principal")
    said = deploy(cli, "Upgraded", "*", kind="principal", fails=True)
    assert "InvalidDeclaration: SES001: " in said
    assert (status(), principal(local_aws, "Upgraded")) == (
        "UPDATE_ROLLBACK_COMPLETE",
        "arn:aws:iam::222222222222:root",
    )
