"""How the work of `drift` and `plan` grows with what is declared: counted in lines, the same on any machine."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from emulator import Emulator, StrictSes
from emulator.store import StoredPolicy
from ses_sending_policy.cli import drift, parser, plan
from ses_sending_policy.review.text_output import TextOutput
from tests.review.live.looking import hurried, looked, written
from tests.support.events import ACCOUNT, REGION
from tests.support.line_counts import line_counts, too_often
from tests.support.many_policies import many

pytestmark = pytest.mark.xdist_group("live")

_ON_AN_IDENTITY = 10


def _look(folder: Path) -> None:
    answer = looked(folder)
    for each in drift.COMMAND.formats:
        written(answer, each)


def _plan(folder: Path) -> None:
    options = parser(["plan"]).parse_args(["plan", str(folder)])
    answer = plan.plan(hurried(), options)
    for write in plan.COMMAND.formats.values():
        write(answer.value, TextOutput())


@pytest.mark.parametrize("work", [_look, _plan], ids=["drift", "plan"])
def test_no_line_runs_more_often_than_there_are_policies(
    work: Callable[[Path], None], tmp_path: Path, aws: Emulator
) -> None:
    with StrictSes(account=ACCOUNT, secret=aws.secret) as ses:
        os.environ["AWS_ENDPOINT_URL_SESV2"] = ses.url
        found = []
        for count in (60, 120, 240):
            folder = many(count, count // _ON_AN_IDENTITY, "*@*", tmp_path / str(count))
            _hold(ses, folder)
            found.append(line_counts(partial(work, folder)))
    assert too_often(found) == {}


def _hold(ses: StrictSes, folder: Path) -> None:
    """Let SES hold the declared policies, but for other accounts."""
    templates = [json.loads(each.read_text(encoding="utf-8")) for each in folder.glob("*.template.json")]
    given = [resource["Properties"] for each in templates for resource in each["Resources"].values()]
    for identity in {each["EmailIdentity"] for each in given}:
        ses.add_identity(identity)
    for each in given:
        text = json.dumps(each["Policy"]).replace("arn:aws:iam::0", "arn:aws:iam::9")
        ses.put_policy(StoredPolicy(ACCOUNT, REGION, each["EmailIdentity"], each["PolicyName"], text))
