"""A whole account: every planted policy is found, and no other, with one read of each identity."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from emulator import Emulator, StrictSes
from tests.review.live.looking import looked, written
from tests.support.drifted_account import IDENTITIES, PLANTED, POLICIES, planted
from tests.support.events import ACCOUNT

pytestmark = pytest.mark.xdist_group("live")


def test_it_is_right_about_every_policy_of_a_hundred_identities(tmp_path: Path, aws: Emulator) -> None:
    world = planted()
    with StrictSes(account=ACCOUNT, secret=aws.secret) as ses:
        world.hold(ses)
        os.environ["AWS_ENDPOINT_URL_SESV2"] = ses.url
        answer = looked(world.write(tmp_path / "cdk.out"))
        assert len(ses.calls()) == IDENTITIES
    found = json.loads(written(answer, "json"))["policies"]
    assert {(each["identity"], each["policy_name"]): each["state"] for each in found} == world.states
    lost = sum(each["lacks_marker"] for each in found)
    counts = Counter(world.states.values())
    assert lost + sum(counts.values()) - counts["in-sync"] == PLANTED + counts["undeclared"] // 2
    assert (answer.code, len(world.states)) == (1, IDENTITIES * POLICIES + counts["undeclared"] // 2)
    assert set(counts) == {"in-sync", "changed", "missing", "foreign", "undeclared", "undecided"}
