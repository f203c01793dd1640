"""What a cold function loads, counted and not timed."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.support.world import World

# What Python does while it imports and calls, by its own audit events.
_WATCHED = """
import json, sys

opened, listed = [], []

def watch(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
    elif event == "os.listdir":
        listed.append(str(arguments[0]))

sys.addaudithook(watch)
sys.path.insert(0, sys.argv[1])
{}
json.dump({{"opened": opened, "listed": listed, "modules": sorted(sys.modules)}}, sys.stdout)
"""

_OURS = "import provider.handler"
_LEAST = "import boto3; boto3.client('sesv2', region_name='eu-west-1')"


def loaded(aws: World, code: str) -> dict[str, Any]:
    """Return what a fresh process opens, lists and has imported after `code`."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", _WATCHED.format(code), str(aws.asset)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], **aws.environment},
        timeout=60,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_it_imports_nothing_but_its_own_beside_boto3(aws: World) -> None:
    ours, least = (set(loaded(aws, code)["modules"]) for code in (_OURS, _LEAST))
    own = {name for name in ours if name.partition(".")[0] in ("crhelper", "provider", "ses_sending_policy")}
    assert ours - least - own == set()


def test_it_opens_one_file_for_all_modules_and_loads_no_rules_of_synth(aws: World) -> None:
    """Who has no parameter in a document pays nothing for those who have one."""
    found = loaded(aws, _OURS)
    own = [path.rpartition("/")[2] for path in found["opened"] if path.startswith(str(aws.asset))]
    assert own.count("modules.txt") == 1
    assert {name.partition(".")[0] for name in own} == {"__init__", "modules"}, "the package, perhaps compiled"
    assert [name for name in found["modules"] if name.startswith("ses_sending_policy.analysis")] == []


def test_it_makes_the_one_client_that_every_event_needs(aws: World) -> None:
    models = [path for path in loaded(aws, _OURS)["opened"] if "/service-2.json" in path]
    assert [path.split("/")[-3] for path in models] == ["sesv2"]


def test_it_does_not_look_through_the_services_of_aws(aws: World) -> None:
    """boto3's own way is the measure: it lists the folder of every service there is."""
    ours, least = (loaded(aws, code)["listed"] for code in (_OURS, _LEAST))
    assert sum("botocore" in path for path in ours) <= 10
    assert sum("botocore" in path for path in least) > 400
