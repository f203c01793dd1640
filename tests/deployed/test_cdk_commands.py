"""docs/reference/cdk-commands.md, as far as the local AWS supports it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from ses_sending_policy import SendingPolicy
from tests.deployed.conftest import Cdk
from tests.support.events import ACCOUNT, REGION, document, statement

pytestmark = pytest.mark.xdist_group("stories")

IDENTITY = "commands.example"


@dataclass(frozen=True)
class Cli:
    """The CDK CLI on assemblies of one stack."""

    cdk: Cdk
    folder: Path

    def run(
        self, account: str, *arguments: str, fails: bool = False, id_: str = "Partner", broken: bool = False
    ) -> str:
        """Run a command on a policy that lets `account` send; if `broken`, with another policy that fails."""
        name = f"{account}{id_}{broken}"
        if not (self.folder / name).exists():
            self._synthesized(name, account, id_, broken=broken)
        return self.cdk.run(*arguments, assembly=self.folder / name, fails=fails)

    def _synthesized(self, name: str, account: str, id_: str, *, broken: bool) -> None:
        app = cdk.App(outdir=str(self.folder / name), builtin_cloud_formation_validation=False)
        stack = cdk.Stack(app, "Commands", env=cdk.Environment(account=ACCOUNT, region=REGION))
        policy = SendingPolicy(stack, id_, identity=IDENTITY, policy_name="partner")
        policy.allow_account(account, from_addresses=["*@commands.example"])
        if broken:
            last = SendingPolicy(stack, "Last", identity="missing.example", policy_name="last")
            last.allow_account(account, from_addresses=["*@missing.example"])
            last.node.add_dependency(policy)
        app.synth()

    def sends(self) -> Any:
        """Return who may send, from the policy at SES."""
        [policy] = [each for each in self.cdk.aws.ses.policies() if each.identity == IDENTITY]
        [granted] = json.loads(policy.document)["Statement"]
        return granted["Principal"]["AWS"]


# Over 40 lines: one command after the other, each on what the one before left.
def test_each_does_with_a_policy_what_its_page_says(cdk: Cdk, tmp_path: Path) -> None:
    ses = cdk.aws.client("sesv2")
    ses.create_email_identity(EmailIdentity=IDENTITY)
    cli = Cli(cdk, tmp_path)
    first, second, third = (f"arn:aws:iam::{each * 12}:root" for each in "234")

    cli.run("2" * 12, "deploy", "--require-approval=never", "--method=direct")
    assert cli.sends() == first

    # `--hotswap` prints "(no changes)" although the app has a change, and deploys nothing.
    said = cli.run("3" * 12, "deploy", "--hotswap")
    assert "(no changes)" in said
    assert cli.sends() == first

    by_hand = document(statement("9" * 12, IDENTITY))
    ses.update_email_identity_policy(EmailIdentity=IDENTITY, PolicyName="partner", Policy=json.dumps(by_hand))
    assert "No drift detected" in cli.run("2" * 12, "drift", "--fail")

    said = cli.run("4" * 12, "deploy", "--require-approval=never", "--no-rollback", broken=True, fails=True)
    assert "no identity 'missing.example'" in said
    assert "Update Partner776273A3: policy written" in said, "the log is there, and the CLI shows it"
    assert cli.sends() == third
    cli.run("4" * 12, "rollback", "--force", broken=True)
    assert cli.sends() == first

    said = cli.run("2" * 12, "refactor", "--unstable=refactor", "--dry-run", id_="Renamed")
    assert "Commands.Partner776273A3" in said
    assert "Commands.Renamed9CF9602B" in said

    cli.run("3" * 12, "deploy", "--require-approval=never")
    assert cli.sends() == second
    cdk.aws.client("cloudformation").delete_stack(StackName="Commands")
