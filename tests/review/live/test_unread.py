"""What `drift` says of parts of the files that may carry a policy and were not read."""

import json
from pathlib import Path

import pytest

from emulator import Emulator
from tests.review.conftest import sending_policy
from tests.review.live.every_state import GONE, policy
from tests.review.templates import template, write
from tests.review.unread_cases import UNKNOWN, custom

pytestmark = pytest.mark.xdist_group("live")


def test_it_is_told_beside_the_output(tmp_path: Path, aws: Emulator) -> None:
    assert aws.ses
    others = custom(Grants={"Statement": UNKNOWN})
    write(tmp_path / "Mail.json", template(P=policy(GONE, "partner"), U=others))
    done = sending_policy("drift", "--format=json", "Mail.json", folder=tmp_path)
    assert [each["state"] for each in json.loads(done.stdout)["policies"]] == ["missing"]
    assert done.returncode == 1
    assert done.stderr == (
        "sending-policy: 'Mail/U': a resource of the type Custom::Partner may carry a sending policy, and was not "
        "read: it has a statement about actions of SES's\n"
    )
