"""What a cold function loads: counted, not timed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.provider.transport.conftest import proper
from tests.provider.transport.raw import http, says, wire
from tests.support.cloudformation import vouched_by
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws

# Records what Python does during imports and calls, by its audit events.
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


def loaded(aws: FakeAws, code: str) -> dict[str, Any]:
    """Return what a fresh process opens and lists, and which modules it has imported, after `code`."""
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


def test_it_imports_nothing_but_its_own_beside_boto3(aws: FakeAws) -> None:
    ours, least = (set(loaded(aws, code)["modules"]) for code in (_OURS, _LEAST))
    own = {name for name in ours if name.partition(".")[0] in ("crhelper", "provider", "ses_sending_policy")}
    assert ours - least - own == set()


def test_it_opens_one_file_for_all_modules_and_loads_no_rules_of_synth(aws: FakeAws) -> None:
    """Apps without a parameter in a document do not pay for those that have one."""
    found = loaded(aws, _OURS)
    own = [path.rpartition("/")[2] for path in found["opened"] if path.startswith(str(aws.asset))]
    assert own.count("modules.txt") == 1
    assert {name.partition(".")[0] for name in own} == {"__init__", "modules"}, "the package, perhaps compiled"
    assert [name for name in found["modules"] if name.startswith("ses_sending_policy.analysis")] == []


def test_it_makes_the_one_client_that_every_event_needs(aws: FakeAws) -> None:
    models = [path for path in loaded(aws, _OURS)["opened"] if "/service-2.json" in path]
    assert [path.split("/")[-3] for path in models] == ["sesv2"]


def test_it_does_not_look_through_the_services_of_aws(aws: FakeAws) -> None:
    """Compared with boto3's own way, which lists the folder of every service."""
    ours, least = (loaded(aws, code)["listed"] for code in (_OURS, _LEAST))
    assert sum("botocore" in path for path in ours) <= 10
    assert sum("botocore" in path for path in least) > 400


def test_it_does_not_read_what_is_particular_in_each_region(aws: FakeAws) -> None:
    """Compared with boto3's own way, which reads a file of 1.25 MB for each client."""
    ours, least = (loaded(aws, code)["opened"] for code in (_OURS, _LEAST))
    read = [sum(path.endswith("/endpoints.json") for path in opened) for opened in (ours, least)]
    assert read == [0, 1]
    assert sum(path.endswith("/partitions.json") for path in ours) == 1


def test_it_reads_the_system_s_authorities_once(aws: FakeAws) -> None:
    assert loaded(aws, _OURS)["opened"].count(aws.environment["SSL_CERT_FILE"]) == 1


# Prints how many authorities each TLS context holds after a Create.
_HELD = """
import gc, json, sys, ssl

sys.path.insert(0, sys.argv[1])
from provider.handler import handler

class Context:
    def get_remaining_time_in_millis(self):
        return 60000

handler(json.loads(sys.argv[2]), Context())
held = [each.cert_store_stats()["x509"] for each in gc.get_objects() if isinstance(each, ssl.SSLContext)]
held = [count for count in held if count]  # those of botocore itself, which it never used
sys.stderr.write(json.dumps(sorted(held)))
"""


@pytest.mark.parametrize(("name", "held"), [("Amazon", [2, 2]), ("Another", [1, 1, 22, 22])], ids=["as AWS", "another"])
def test_of_the_authorities_it_reads_those_of_aws(aws: FakeAws, tmp_path: Path, name: str, held: list[int]) -> None:
    """The others are read if these did not issue the certificate; both connections are made either way."""
    vouches = trustme.CA(organization_name=name)
    others = [trustme.CA(organization_name=f"Authority {number}") for number in range(20)]
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(
        b"".join(each.cert_pem.bytes() for each in (*others, trustme.CA(organization_name="Amazon"), vouches))
    )
    with wire(proper, vouched_by(vouches)) as ses, wire(says(http(200)), vouched_by(vouches)) as answers:
        told = {"AWS_ENDPOINT_URL_SESV2": ses.url, "AWS_CA_BUNDLE": str(bundle), "SSL_CERT_FILE": str(bundle)}
        done = subprocess.run(
            [sys.executable, "-B", "-c", _HELD, str(aws.asset), json.dumps(Resource().create(f"{answers.url}/answer"))],
            check=True,
            capture_output=True,
            encoding="utf-8",
            env={"PATH": os.environ["PATH"], **aws.environment, **told},
            timeout=60,
        )
        assert json.loads(done.stderr) == held
        assert [exchange.partition(b" ")[0] for exchange in ses.requests] == [b"POST", b"PUT"]
        assert [exchange.partition(b" ")[0] for exchange in answers.requests] == [b"PUT"]
        # If the few did not issue the certificate, one connection is wasted, once per function.
        assert (ses.connections, answers.connections) == (len(held) // 2, len(held) // 2)
