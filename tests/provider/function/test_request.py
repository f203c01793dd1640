"""The original request for this project, word for word, as a test.

A construct `SendingPolicy` deploys a Lambda-backed custom resource (crhelper, boto3). Its handler calls SESv2
`update_email_identity_policy` on create and on update, and deletes the policy on teardown.
"""

import re
import subprocess
import sys

from tests.conftest import ROOT
from tests.support.events import document, statement
from tests.support.fake_aws import FakeAws
from tests.support.owners import CLAIMED, PARTNER, declared, parsed

# Run with the asset only, and nothing else of this project.
_REGISTERED = """
import sys
sys.path.insert(0, sys.argv[1])
from crhelper import CfnResource
from provider import handler

helper = handler._function
assert isinstance(helper, CfnResource), helper
print(*(vars(helper)[f"_{name}_func"].__name__ for name in ("create", "update", "delete")))
print(*(vars(helper)[f"_poll_{name}_func"] for name in ("create", "update", "delete")))
"""


def test_crhelper_calls_a_function_of_its_own_for_create_update_and_delete(aws: FakeAws) -> None:
    command = [sys.executable, "-B", "-c", _REGISTERED, str(aws.asset)]
    done = subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", cwd=aws.asset, env=aws.environment, timeout=60
    )
    assert done.stdout.splitlines() == ["create update delete", "None None None"]


def test_create_and_update_call_update_email_identity_policy_and_teardown_deletes(aws: FakeAws) -> None:
    """In the staged asset, one event after the other."""
    assert aws.handle(PARTNER.create(aws.url))["Status"] == "SUCCESS"
    assert "UpdateEmailIdentityPolicy" in operations(aws)
    assert parsed(aws.live()) == declared()

    another = document(statement("333333333333"))
    assert aws.handle(PARTNER.update(aws.url, CLAIMED, Policy=another))["Status"] == "SUCCESS"
    assert "UpdateEmailIdentityPolicy" in operations(aws)
    assert parsed(aws.live())["Statement"][0]["Principal"] == {"AWS": "333333333333"}

    assert aws.handle(PARTNER.delete(aws.url, CLAIMED, Policy=another))["Status"] == "SUCCESS"
    assert "DeleteEmailIdentityPolicy" in operations(aws)
    assert aws.live() is None


def operations(aws: FakeAws) -> list[str]:
    """Return the operations that were called since the last time."""
    called = [call.operation for call in aws.ses.calls()]
    aws.ses.clear_calls()
    return called


def test_the_packages_and_the_places_that_were_named() -> None:
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([\w-]+)==", requirements, re.MULTILINE))
    assert {"aws-cdk-lib", "constructs", "boto3", "crhelper", "pytest"} <= listed
    for place in ("app.py", "cdk.json", "requirements.txt", "provider", "stacks", "tests"):
        assert (ROOT / place).exists(), place


def test_the_readme_has_two_commands_and_no_other_step() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Try it\n(.*?)^## ", readme, re.MULTILINE | re.DOTALL)
    assert section
    commands = re.findall(r"^    (\S.*?)(?:\s+#.*)?$", section[1], re.MULTILINE)
    assert commands == ["make local", "make test"]
