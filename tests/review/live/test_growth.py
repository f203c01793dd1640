"""How the work of `drift` and `plan` grows with what is declared: counted in lines, the same on any machine."""

import json
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator, StrictSes
from emulator.store import StoredPolicy
from ses_sending_policy.cli import drift, parser, plan
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.rules.ownership import owner_token
from tests.review.live.every_state import policy
from tests.review.live.looking import hurried, looked, written
from tests.review.live.one_stack import MAIL, Stacks, made
from tests.review.live.test_plan import narrow, planned
from tests.review.templates import stack, template, write
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
    for in_form in plan.COMMAND.formats.values():
        in_form(answer.value, TextOutput())


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


def test_no_line_runs_more_often_than_a_stack_has_policies(tmp_path: Path, aws: Emulator) -> None:
    """A third of the deployed policies changes, a third gets another name, and a third goes."""
    with StrictSes(account=ACCOUNT, secret=aws.secret) as ses:
        os.environ["AWS_ENDPOINT_URL_SESV2"] = ses.url
        found = []
        for count in (60, 120, 240):
            for first in range(0, count, _ON_AN_IDENTITY):
                ses.add_identity(f"{first}.example")
            before = {f"P{each}": _policy(each, f"p{each}", "weekly") for each in range(count)}
            after = {
                f"P{each}": _policy(each, f"p{each}" if each % 3 else f"new{each}", "*")
                for each in range(count)
                if each % 3 < 2
            }
            deployed = {}
            for name, declared in before.items():
                own = declared["Properties"]
                deployed[name] = (declared, made(own["EmailIdentity"], own["PolicyName"], name))
                text = json.dumps(own["Policy"] | {"Id": f"Mail/{name}/{owner_token(MAIL, name)}"})
                ses.put_policy(StoredPolicy(ACCOUNT, REGION, own["EmailIdentity"], own["PolicyName"], text))
            folder = tmp_path / str(count)
            write(folder / "Mail.template.json", template(**after))
            write(folder / "manifest.json", {"version": "55.0.0", "artifacts": {"Mail": stack()}})
            found.append(line_counts(partial(_of_stack, deployed, folder)))
    assert too_often(found) == {}


def _policy(number: int, name: str, address: str) -> dict[str, Any]:
    domain = f"{number // _ON_AN_IDENTITY * _ON_AN_IDENTITY}.example"
    return policy(domain, name, narrow(domain, address))


def _of_stack(deployed: Mapping[str, Any], folder: Path) -> None:
    answer = planned(Stacks(deployed), folder)
    assert {action for action, _ in answer.value.counts} == {"update", "replace", "delete"}
    for in_form in plan.COMMAND.formats.values():
        in_form(answer.value, TextOutput())


def _hold(ses: StrictSes, folder: Path) -> None:
    """Let SES hold the declared policies, but for other accounts."""
    templates = [json.loads(each.read_text(encoding="utf-8")) for each in folder.glob("*.template.json")]
    given = [resource["Properties"] for each in templates for resource in each["Resources"].values()]
    for identity in {each["EmailIdentity"] for each in given}:
        ses.add_identity(identity)
    for each in given:
        text = json.dumps(each["Policy"]).replace("arn:aws:iam::0", "arn:aws:iam::9")
        ses.put_policy(StoredPolicy(ACCOUNT, REGION, each["EmailIdentity"], each["PolicyName"], text))
