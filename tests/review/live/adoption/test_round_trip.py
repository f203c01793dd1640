"""An adopted policy stays as it was: after the deploy, and after the stack is deleted.

`make test-all` adopts a few documents, the same each time. `make adoption` adopts as many new ones as it is told.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from ses_sending_policy.rules.limits import POLICY_BYTES
from ses_sending_policy.rules.ownership import Marker, owner_token
from tests.analysis.findings.examples import MANAGING, SENDING
from tests.conftest import ROOT
from tests.review.live.adoption.adopting import App
from tests.review.live.adoption.documents import text
from tests.support.events import document, statement
from tests.support.fake_aws import FakeAws

# SES takes no more.
ON_AN_IDENTITY = 20
FEW = 40


def hold(world: FakeAws, identity: str, texts: dict[str, str]) -> None:
    """Make an identity with these policies."""
    world.ses.add_identity(identity)
    for name, each in texts.items():
        world.seed(each, name, identity)


def held(world: FakeAws) -> dict[tuple[str, str], str]:
    """Return all that SES holds."""
    return {(each.identity, each.name): each.document for each in world.ses.policies()}


def worded(text: str) -> str:
    """Return a policy's text without its `Id` and white space, with everything else word for word and in its order."""
    return json.dumps({key: value for key, value in json.loads(text).items() if key != "Id"})


def round_trip(app: App) -> None:
    """Adopt, synthesize, deploy, look for drift, and delete."""
    before = held(app.world)
    app.adopt()
    assert [reason for each in app.adoptions.values() for reason in each.reasons] == []
    app.synth()
    app.deploy()
    deployed = held(app.world)
    assert {key: worded(each) for key, each in deployed.items()} == {key: worded(each) for key, each in before.items()}
    markers = {
        (properties["EmailIdentity"], properties["PolicyName"]): (
            f"{resource.stack_name}/{resource.logical_id}/{owner_token(resource.stack_id, resource.logical_id)}/adopted"
        )
        for resource, properties in app.resources()
    }
    assert {key: json.loads(each).get("Id") for key, each in deployed.items()} == markers
    assert app.drift() == ["in-sync"] * len(before)
    app.destroy()
    released = held(app.world)
    # Only a rollback restores another owner's marker.
    ids = {key: json.loads(each).get("Id", "") for key, each in before.items()}
    kept = {key: "" if Marker.parse(id_) else id_ for key, id_ in ids.items()}
    assert {key: json.loads(each).get("Id", "") for key, each in released.items()} == kept
    assert {key: worded(each) for key, each in released.items()} == {key: worded(each) for key, each in before.items()}


def examples() -> dict[str, dict[str, str]]:
    """Return AWS's own documents, by the identity that each is on."""
    found: dict[str, dict[str, str]] = {}
    all_of_them = [*SENDING.items(), *((f"managing: {name}", each) for name, (each, _) in MANAGING.items())]
    for name, each in all_of_them:
        arn = each["Statement"][0]["Resource"]
        texts = found.setdefault(arn.partition("identity/")[2], {})
        texts["".join(letter if letter.isalnum() else "-" for letter in name)] = json.dumps(each)
    return found


def test_every_example_of_aws(aws: FakeAws, tmp_path: Path) -> None:
    for identity, texts in examples().items():
        hold(aws, identity, texts)
    round_trip(App(aws, tmp_path, list(examples())))


@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"], ids=["by a grant", "by a document"])
def test_the_largest_document_that_the_marker_fits_in(aws: FakeAws, tmp_path: Path, version: str) -> None:
    marker = '"Id":"SendingPolicies-example-com/Policylarge1A2B3C4D/0123456789abcdef/adopted",'
    # A grant's Sid is counted as if it had the greatest length.
    sid = "AllowAccount222222222222" if version == "2012-10-17" else ""
    addresses = [f"{number:03}@example.com" for number in range(200)]
    narrowed = statement(Sid=64 * "S" if sid else sid, Condition={"StringEquals": {"ses:FromAddress": addresses}})
    found = document(narrowed) | {"Version": version}
    narrowed["Principal"] = {"AWS": "arn:aws:iam::222222222222:root"}
    room = POLICY_BYTES - len(marker) - len(json.dumps(found, separators=(",", ":")))
    addresses[0] = room * "x" + addresses[0]
    hold(aws, "example.com", {"large": json.dumps(found)})
    app = App(aws, tmp_path, ["example.com"])
    app.adopt()
    [policy] = app.adoptions["example.com"].policies
    assert bool(policy.grants) == bool(sid)
    app.synth()
    app.deploy()
    [there] = held(aws).values()
    assert len(there) == POLICY_BYTES
    assert worded(there) == worded(json.dumps(found))


def test_the_module_is_an_app_that_fails_for_nothing(aws: FakeAws, tmp_path: Path) -> None:
    """With everything that the CDK and the findings check, in a process of its own."""
    for identity, texts in examples().items():
        hold(aws, identity, texts)
    app = App(aws, tmp_path, list(examples()))
    app.adopt()
    environment = os.environ | {"CDK_OUTDIR": str(app.assembly)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "stack0.py"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in app.assembly.glob("*.template.json")] == ["SendingPolicies-example-com.template.json"]


def test_what_was_adopted_goes_when_the_user_says_so(aws: FakeAws, tmp_path: Path) -> None:
    texts = examples()["example.com"]
    hold(aws, "example.com", texts)
    app = App(aws, tmp_path, ["example.com"])
    app.adopt()
    app.synth()
    app.deploy()
    path = tmp_path / "stack0.py"
    code = path.read_text(encoding="utf-8")
    destroys = "removal_policy=cdk.RemovalPolicy.DESTROY"
    path.write_text(code.replace("when_exists=WhenExists.ADOPT", destroys), "utf-8")
    app.synth()
    app.deploy()
    assert len(held(aws)) == len(texts)
    app.destroy()
    assert held(aws) == {}


def test_random_documents_in_one_app(aws: FakeAws, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    documents = int(os.environ.get("ADOPTION_DOCUMENTS", "0"))
    seed = time.time_ns() if documents else 1
    random = Random(seed)
    count = (documents or FEW) // ON_AN_IDENTITY
    identities = [random.choice(("", "Jane.O'Neil+news@")) + f"mail-{number}.example" for number in range(count)]
    for identity in identities:
        hold(aws, identity, {name(random, number): text(random, identity) for number in range(ON_AN_IDENTITY)})
    began = time.monotonic()
    app = App(aws, tmp_path, identities)
    try:
        round_trip(app)
    except AssertionError as error:
        error.add_note(f"seed {seed}")
        raise
    if documents:
        tally = Counter(
            "by grants alone" if not each.document else "by both" if each.grants else "by a document alone"
            for adoption in app.adoptions.values()
            for each in adoption.policies
        )
        rows = "".join(f"{number:>8} {how}\n" for how, number in sorted(tally.items()))
        with capfd.disabled():
            sys.stdout.write(f"\n{rows}{time.monotonic() - began:>8.0f} s\n")


def name(random: Random, number: int) -> str:
    """Return a random name of a policy that SES takes, different for each number."""
    return random.choice(("Default", "Resource", "-", "_", "1", "SendingPolicyProvider", "x" * 60)) + f"{number}"
