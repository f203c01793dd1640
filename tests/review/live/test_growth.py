"""How the work of `drift` and `plan` grows with what is declared: by the calls of functions, as many on any machine."""

import cProfile
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator import Emulator, StrictSes
from emulator.store import StoredPolicy
from ses_sending_policy.cli import parser
from ses_sending_policy.cli.plan import COMMAND, plan
from ses_sending_policy.review.text_output import TextOutput
from tests.review.live.looking import hurried, looked, written
from tests.support.events import ACCOUNT, REGION
from tests.support.many_policies import many

pytestmark = pytest.mark.xdist_group("live")

IDENTITIES = 12


def _look(folder: Path) -> str:
    return written(looked(folder), "text")


def _plan(folder: Path) -> str:
    options = parser(["plan"]).parse_args(["plan", str(folder)])
    return COMMAND.formats["text"](plan(hurried(), options).value, TextOutput())


@pytest.mark.parametrize("work", [_look, _plan], ids=["drift", "plan"])
def test_twice_the_policies_are_twice_the_work(work: Callable[[Path], str], tmp_path: Path, aws: Emulator) -> None:
    with StrictSes(account=ACCOUNT, secret=aws.secret) as ses:
        os.environ["AWS_ENDPOINT_URL_SESV2"] = ses.url
        found = []
        # The first fills what is kept.
        for count in (12, 120, 240):
            folder = many(count, IDENTITIES, "*@*", tmp_path / str(count))
            _hold(ses, folder)
            profile = cProfile.Profile()
            said = profile.runcall(work, folder)
            assert f"policy{count // IDENTITIES - 1}" in said
            found.append(sum(each.callcount for each in profile.getstats()))
    assert found[2] < 2.2 * found[1]


def _hold(ses: StrictSes, folder: Path) -> None:
    """Let SES hold what is declared, for other accounts."""
    templates = [json.loads(each.read_text(encoding="utf-8")) for each in folder.glob("*.template.json")]
    given = [resource["Properties"] for each in templates for resource in each["Resources"].values()]
    for identity in {each["EmailIdentity"] for each in given}:
        ses.add_identity(identity)
    for each in given:
        text = json.dumps(each["Policy"]).replace("arn:aws:iam::0", "arn:aws:iam::9")
        ses.put_policy(StoredPolicy(ACCOUNT, REGION, each["EmailIdentity"], each["PolicyName"], text))
