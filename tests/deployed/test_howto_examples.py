"""The how-tos whose examples are deployed once, exactly as on their pages: SES holds what each declares.

Those that change what is deployed are in test_howtos.py.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from aws_cdk import App
from constructs import Construct

from emulator import Emulator
from emulator.clients import client
from tests.conftest import ROOT
from tests.deployed.conftest import Cdk
from tests.support.pages import Block, python_blocks, step, synthesized

pytestmark = pytest.mark.xdist_group("howtos")

IDENTITIES = ("example.com", "partners.example.com", "billing@example.org")
# What the page does with the AWS CLI.
INVOKES = """\
import boto3
lambda_ = boto3.client("lambda")
[name] = [each["FunctionName"] for each in lambda_.list_functions()["Functions"] if "Sender" in each["FunctionName"]]
payload = '{"to": "success@simulator.amazonses.com"}'
print(lambda_.invoke(FunctionName=name, Payload=payload)["Payload"].read().decode())
"""

# Pages with a test of their own: the first four in test_howtos.py, then in test_pages.py, and below.
FOLLOWED = {
    "adopt-a-policy",
    "hand-over-a-policy",
    "move-a-policy",
    "rename-a-construct",
    "review-a-pull-request",
    "send-from-another-account",
}
# Examples with a test of their own: below, in test_howtos.py, or in test_lookups.py.
OTHERWISE = {"both-regions", "other-region", "declared", "moves", "looks-up", "endpoint", "stages"}
EXAMPLES: dict[str, Block] = {
    f"{page.stem}-{number}": block
    for page in sorted((ROOT / "docs" / "howto").glob("*.md"))
    if page.stem not in FOLLOWED
    for number, block in enumerate(python_blocks(page))
    if block.name not in OTHERWISE
}


@contextmanager
def deployed(cdk: Cdk, assembly: Path, *stacks: str) -> Iterator[str]:
    """Deploy these stacks, yield the output of the CLI, and destroy them afterwards."""
    try:
        yield cdk.run("deploy", *stacks, "--require-approval=never", "--concurrency=8", assembly=assembly)
    finally:
        cdk.run("destroy", *stacks, "--force", "--concurrency=8", assembly=assembly)


def written(block: Block) -> Path:
    """Return the assembly of an example that is a whole app."""
    [app] = {each.node.root for each in block.run({}).values() if isinstance(each, Construct)}
    assert isinstance(app, App)
    return Path(app.synth().directory)


def drift(aws: Emulator, *arguments: str) -> str:
    """Return the output of `drift` for what is deployed."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sending-policy")), "drift", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=aws.shell(),
        timeout=120,
    )
    return f"{done.stdout}{done.stderr}({done.returncode})"


def test_ses_holds_what_the_examples_declare(cdk: Cdk, tmp_path: Path) -> None:
    """All are deployed at once, and then destroyed."""
    ses = cdk.aws.client("sesv2")
    for identity in IDENTITIES:
        ses.create_email_identity(EmailIdentity=identity)
    assembly = synthesized(tmp_path / "cdk.out", {name: [block] for name, block in EXAMPLES.items()})
    # The network's zones are looked up, and kept in the CLI's working directory.
    cdk = replace(cdk, home=tmp_path)
    others = cdk.aws.ses.policies()
    with deployed(cdk, assembly, "--all"):
        made = len(cdk.aws.ses.policies()) - len(others)
        said = drift(cdk.aws, *(f"--stack={name}" for name in EXAMPLES))
        assert said == f"{made} in-sync; {len(IDENTITIES) + 1} identities looked at\n(0)"
        assert made >= len(EXAMPLES)
    assert cdk.aws.ses.policies() == others
    for identity in IDENTITIES:
        ses.delete_email_identity(EmailIdentity=identity)


def test_who_owns_a_domain_and_who_sends_as_it_follow_their_steps(cdk: Cdk) -> None:
    """In two accounts. The local SES refuses the mail, because it only accepts identities of the sender's account."""
    owner, sends, mail = (step("send-from-another-account", name) for name in ("owner", "sender", "mail"))
    sends = sends.with_in_place_of('"# the code of step 3"', repr(mail.code))
    sender = replace(cdk, account="222222222222")
    with deployed(cdk, written(owner), "Mail") as said:
        assert "Mail.IdentityArn = arn:aws:ses:eu-west-1:111111111111:identity/example.com" in said
        assert re.search(r"Mail\.Dkim2 = (\w{32})\._domainkey\.example\.com CNAME \1\.dkim\.amazonses\.com\n", said)
        assembly = written(sends)
        sender.run("bootstrap", assembly=assembly)
        with deployed(sender, assembly, "News"):
            done = subprocess.run(
                [sys.executable, "-c", INVOKES],
                capture_output=True,
                encoding="utf-8",
                check=True,
                env=cdk.aws.shell() | {"AWS_ACCESS_KEY_ID": sender.account},
                timeout=120,
            )
    assert "MessageRejected" in done.stdout
    assert "Email address is not verified" in done.stdout
    assert "weekly@news.example.com" in done.stdout


def test_a_global_endpoint_s_policies_are_in_both_regions(cdk: Cdk) -> None:
    """Cognito's policy is in the region through which a region without SES sends."""
    assembly = written(step("global-endpoints", "both-regions"))
    cdk.run("bootstrap", assembly=assembly)
    with deployed(cdk, assembly, "MailPrimary", "MailSecondary"):
        there = {(each.region, each.name) for each in cdk.aws.ses.policies() if each.identity == "example.com"}
        assert there == {("eu-central-1", "partner"), ("eu-west-1", "partner")}
        with deployed(cdk, written(step("global-endpoints", "endpoint")), "Endpoint") as said:
            assert "✅  Endpoint" in said
        with deployed(cdk, written(step("authorize-cognito", "other-region")), "Frankfurt"):
            [policy] = [each for each in cdk.aws.ses.policies() if each.name.startswith("Frankfurt-")]
            assert (policy.region, policy.identity) == ("eu-central-1", "example.com")
            assert '"cognito-idp.me-central-1.amazonaws.com"' in policy.document


def test_stages_of_two_regions_are_deployed_at_once(cdk: Cdk) -> None:
    """Deployed by the command on the page; each stage gets all of its policies, a hundred in total."""
    regions = ("eu-west-1", "us-east-1")
    for region, number in product(regions, range(3)):
        ses = client("sesv2", replace(cdk.aws.place, region=region), cdk.aws.secret, cdk.aws.ses.url)
        ses.create_email_identity(EmailIdentity=f"mail{number}.example.com")
    assembly = written(step("many-policies", "stages"))
    cdk.run("bootstrap", *(f"aws://111111111111/{region}" for region in regions), assembly=assembly)
    stages = ("--concurrency", "2", *(f"{region}/*" for region in regions))
    try:
        cdk.run("deploy", *stages, "--require-approval=never", assembly=assembly)
        there = Counter((each.region, each.identity) for each in cdk.aws.ses.policies() if each.identity[:4] == "mail")
        assert there == {
            (region, f"mail{number}.example.com"): policies
            for region in regions
            for number, policies in enumerate((20, 20, 10))
        }
    finally:
        cdk.run("destroy", *stages, "--force", assembly=assembly)
    assert not [each for each in cdk.aws.ses.policies() if each.identity[:4] == "mail"]
