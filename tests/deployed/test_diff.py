"""A plain `cdk diff` of a deployed stack, without `--method`, which makes a change set."""

import re
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy
from tests.deployed.conftest import Cdk
from tests.support.events import ACCOUNT, REGION

pytestmark = pytest.mark.xdist_group("stories")

IDENTITY = "told.example"


def synthesized(folder: Path, accounts: Mapping[str, str], words: str = "once") -> Path:
    """Write an assembly with a policy for each of the `accounts`, by its name; `inner` is in a nested stack.

    :param words: text in the template's metadata, which another release may have in another form.
    """
    # The context that the CDK CLI gives to an app; without it, it does not find the templates of nested stacks.
    context = {"aws:cdk:enable-asset-metadata": True, "@aws-cdk/core:enablePartitionLiterals": True}
    app = cdk.App(outdir=str(folder), context=context, builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "Told", env=cdk.Environment(account=ACCOUNT, region=REGION))
    stack.add_metadata("Words", words)
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(IDENTITY))
    nested = cdk.NestedStack(stack, "Nested")
    nested.node.add_dependency(identity)
    for name, account in accounts.items():
        policy = SendingPolicy(nested if name == "inner" else stack, name, identity=IDENTITY, policy_name=name)
        policy.allow_account(account, from_addresses=["*@news.told.example"])
    app.synth()
    return folder


def told(said: str) -> list[tuple[str, str, str]]:
    """Return the grants that a diff shows: whether each was added or removed, the policy, and the sentence."""
    return re.findall(r"^(\[.\]) Metadata (\w+)/[0-9a-f]{8}: (.*)$", said, re.MULTILINE)


FIRST = {"outer": "222222222222", "inner": "222222222222"}
OTHER = {"outer": "333333333333", "inner": "333333333333", "added": "444444444444"}
MAY = "account {} may send as *@news.told.example"


def test_a_plain_diff_tells_each_grant_and_other_words_update_nothing(cdk: Cdk, tmp_path: Path) -> None:
    first = synthesized(tmp_path / "first", FIRST)
    cdk.run("deploy", "--require-approval=never", assembly=first)
    try:
        said = cdk.run("diff", assembly=synthesized(tmp_path / "other", OTHER))
        assert "while we create a read-only change set" in said
        assert told(said) == [
            ("[-]", "outer", MAY.format("222222222222")),
            ("[+]", "outer", MAY.format("333333333333")),
            ("[+]", "added", MAY.format("444444444444")),
            ("[-]", "inner", MAY.format("222222222222")),
            ("[+]", "inner", MAY.format("333333333333")),
        ]
        # CloudFormation describes a changed property of every custom resource like this: docs/decisions/0030.
        assert re.search(
            r"^\[~\] Custom::SendingPolicy outer \w+ may be replaced\n └─ \[~\] Policy ", said, re.MULTILINE
        )

        # Only the metadata differ, as in another release: they are deployed when something else changes as well.
        cdk.aws.ses.clear_calls()
        reworded = synthesized(tmp_path / "reworded", FIRST, "twice")
        assert "[~] Metadata Words: once to twice" in cdk.run("diff", assembly=reworded)
        assert "(no changes)" in cdk.run("deploy", "--require-approval=never", assembly=reworded)
        assert cdk.aws.ses.calls() == []
    finally:
        cdk.run("destroy", "--force", assembly=first)
