"""What a plain `cdk diff` says of a stack that is deployed, without `--method`: it makes a change set to say it."""

import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy
from tests.deployed.conftest import Cdk
from tests.support.events import ACCOUNT, REGION

pytestmark = pytest.mark.xdist_group("deployed")

IDENTITY = "told.example"


def synthesized(folder: Path, account: str, words: str) -> Path:
    """Write an assembly with a policy in a stack, and one in a nested stack.

    :param words: what the templates tell in their metadata besides, as another release would in other words.
    """
    literals = {"@aws-cdk/core:enablePartitionLiterals": True}
    app = cdk.App(outdir=str(folder), context=literals, builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "Told", env=cdk.Environment(account=ACCOUNT, region=REGION))
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(IDENTITY))
    nested = cdk.NestedStack(stack, "Nested")
    nested.node.add_dependency(identity)
    for name, place in {"outer": stack, "inner": nested}.items():
        place.add_metadata("Words", words)
        policy = SendingPolicy(place, name, identity=IDENTITY, policy_name=name)
        policy.allow_account(account, from_addresses=["*@news.told.example"])
    app.synth()
    return folder


def told(said: str) -> list[tuple[str, str, str]]:
    """Return what a diff tells of grants: whether one came or went, of which policy, and in which words."""
    return re.findall(r"^(\[.\]) Metadata (\w+)/[0-9a-f]{8}: (.*)$", said, re.MULTILINE)


def may(account: str) -> str:
    return f"account {account} may send as *@news.told.example"


def test_a_plain_diff_tells_each_grant(cdk: Cdk, tmp_path: Path) -> None:
    first = synthesized(tmp_path / "first", "222222222222", "once")
    # Of a nested stack that is new the CLI says nothing but that.
    assert told(cdk.run("diff", assembly=first)) == [("[+]", "outer", may("222222222222"))]

    cdk.run("deploy", "--require-approval=never", assembly=first)
    said = cdk.run("diff", assembly=synthesized(tmp_path / "other", "333333333333", "once"))
    assert "while we create a read-only change set" in said
    assert told(said) == [
        (sign, policy, may(account))
        for policy in ("outer", "inner")
        for sign, account in (("[-]", "222222222222"), ("[+]", "333333333333"))
    ]
    # So CloudFormation describes a changed property of any custom resource: its function decides that.
    assert (
        "[~] Custom::SendingPolicy outer outer8A9B0C1D may be replaced\n └─ [~] Policy (may cause replacement)" in said
    )


def test_other_words_update_nothing(cdk: Cdk, tmp_path: Path) -> None:
    """As another release has them: a diff shows them, and a deploy brings them when something else changes as well."""
    reworded = synthesized(tmp_path / "reworded", "222222222222", "twice")
    try:
        cdk.aws.ses.clear_calls()
        assert "[~] Metadata Words: once to twice" in cdk.run("diff", assembly=reworded)
        cdk.run("deploy", "--require-approval=never", assembly=reworded)
        assert cdk.aws.ses.calls() == []
    finally:
        cdk.run("destroy", "--force", assembly=reworded)
