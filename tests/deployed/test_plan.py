"""Plan, consent, deploy: `plan` before a deploy with the real CLI, and what `--verify` finds in between."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from emulator import Emulator, StoredPolicy
from tests.conftest import ROOT
from tests.deployed.conftest import Cdk
from tests.deployed.planned import DOMAIN
from tests.support.events import ACCOUNT, REGION, document, statement

pytestmark = pytest.mark.xdist_group("stories")

_FIRST: Final = {"outer": {"outer": "222222222222"}, "nested": {"inner": "222222222222"}}
_NESTED: Final = {"outer": _FIRST["outer"], "nested": {"inner": "333333333333", "added": "444444444444"}}
_OUTER: Final = {"outer": {"outer": "333333333333", "added": "444444444444"}, "nested": {"inner": "333333333333"}}

# As the services' guides write them: see ses_sending_policy/analysis/findings/vendors.py.
_SERVICES: Final = {
    "workmail": (f"workmail.{REGION}.amazonaws.com", ["ses:*"]),
    "pinpoint": ("pinpoint.amazonaws.com", "ses:*"),
    "cognito": ("email.cognito-idp.amazonaws.com", ["ses:SendEmail", "ses:SendRawEmail"]),
}


def environment(aws: Emulator) -> dict[str, str]:
    place = {"CDK_DEFAULT_ACCOUNT": ACCOUNT, "CDK_DEFAULT_REGION": REGION}
    return aws.shell() | {"PYTHONPATH": str(ROOT), "CDK_VALIDATION": "false"} | place


def run(aws: Emulator, *command: object) -> tuple[int, str, str]:
    """Return the exit code of a command, its output and its errors."""
    done = subprocess.run(
        [str(each) for each in command],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(aws),
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def plan(aws: Emulator, *arguments: object) -> tuple[int, str, str]:
    return run(aws, Path(sys.executable).with_name("sending-policy"), "plan", *arguments)


def synthesized(aws: Emulator, folder: Path, accounts: dict[str, dict[str, str]]) -> Path:
    code, _, said = run(aws, sys.executable, ROOT / "tests" / "deployed" / "planned.py", folder, json.dumps(accounts))
    assert code == 0, said
    return folder


def senders(aws: Emulator) -> dict[str, Any]:
    """Return who may send, by each policy of the stack."""
    there = [each for each in aws.ses.policies() if each.identity == DOMAIN and each.name not in _SERVICES]
    return {each.name: json.loads(each.document)["Statement"][0]["Principal"]["AWS"] for each in there}


def root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def put(aws: Emulator, name: str, text: str) -> None:
    aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, DOMAIN, name, text))


@pytest.fixture(scope="module")
def deployed(cdk: Cdk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cdk]:
    """Deploy the stack, with a value for its parameter that is not the default."""
    first = synthesized(cdk.aws, tmp_path_factory.mktemp("first") / "cdk.out", _FIRST)
    given = "--parameters=Planned:Partner=555555555555"
    cdk.run("deploy", "--require-approval=never", given, assembly=first)
    for name, (service, actions) in _SERVICES.items():
        said = statement(identity=DOMAIN, Principal={"Service": service}, Action=actions)
        put(cdk.aws, name, json.dumps(document(said)))
    yield cdk
    client = cdk.aws.client("sesv2")
    for name in _SERVICES:
        client.delete_email_identity_policy(EmailIdentity=DOMAIN, PolicyName=name)
    cdk.run("destroy", "--force", assembly=first)


def test_a_nested_stack_and_what_the_stack_was_given(deployed: Cdk, tmp_path: Path) -> None:
    assembly = synthesized(deployed.aws, tmp_path / "cdk.out", _NESTED)
    code, said, errors = plan(deployed.aws, "--format=json", assembly)
    assert (code, errors) == (1, "")
    found = json.loads(said)
    assert [(each["action"], each["policy_name"], each["path"]) for each in found["steps"]] == [
        ("update", "inner", "Planned/Nested/inner/Resource"),
        ("create", "added", "Planned/Nested/added/Resource"),
    ]
    paths = {each["policy"]["path"] for each in found["changes"]}
    assert paths == {"Planned/Nested/inner/Resource", "Planned/Nested/added/Resource"}
    assert found["parameters"] == [
        "parameter Partner of stack Planned keeps the value that it has, unless --parameters gives another"
    ]


def test_what_services_of_awss_put_there_is_named(deployed: Cdk, tmp_path: Path) -> None:
    assembly = synthesized(deployed.aws, tmp_path / "cdk.out", _OUTER)
    code, said, errors = plan(deployed.aws, assembly)
    assert (code, errors) == (1, "")
    _, _, told = said.partition("on the same identities, and left alone\n")
    assert told.partition("\n\n")[0].splitlines() == [
        "  policy workmail on planned.example: Amazon WorkMail put it there for itself",
        "  policy pinpoint on planned.example: Amazon Pinpoint put it there for itself",
        "  policy cognito on planned.example: it is for Amazon Cognito alone, whose",
        "  console may have put it there",
    ]


@dataclass(frozen=True)
class Planned:
    """A plan in a file, before its deploy.

    :param cli: the CLI.
    :param assembly: the assembly that is planned.
    :param file: the file of the plan.
    :param said: the output of the command.
    """

    cli: Cdk
    assembly: Path
    file: Path
    said: str

    def verified(self) -> tuple[int, str, str]:
        """Return the result of `--verify`."""
        return plan(self.cli.aws, f"--verify={self.file}", self.assembly)

    @property
    def ready(self) -> tuple[int, str, str]:
        """The result of `--verify` if nothing has changed."""
        return 0, f"nothing has changed since the plan: npx cdk deploy --app {self.assembly}\n", ""


@pytest.fixture(scope="module")
def planned(deployed: Cdk, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    folder = tmp_path_factory.mktemp("planned")
    assembly, file = synthesized(deployed.aws, folder / "cdk.out", _OUTER), folder / "plan.json"
    code, said, errors = plan(deployed.aws, f"--out={file}", assembly)
    assert (code, errors) == (1, "")
    found = Planned(deployed, assembly, file, said)
    assert found.verified() == found.ready
    return found


def moved(what: str) -> tuple[int, str, str]:
    return 2, "", f"sending-policy: {what}: plan again\n"


def test_an_assembly_that_moved_is_told(planned: Planned) -> None:
    template = planned.assembly / "Planned.template.json"
    before = template.read_text(encoding="utf-8")
    template.write_text(before.replace("333333333333", "666666666666"), encoding="utf-8")
    what = "the assembly changed since the plan: Planned.template.json has changed"
    assert planned.verified() == moved(what)
    template.write_text(before, encoding="utf-8")
    assert planned.verified() == planned.ready


def test_a_policy_that_moved_is_told(planned: Planned) -> None:
    aws = planned.cli.aws
    [live] = [each.document for each in aws.ses.policies() if (each.identity, each.name) == (DOMAIN, "outer")]
    put(aws, "outer", live.replace("222222222222", "666666666666"))
    assert planned.verified() == moved(f"SES changed since the plan: policy 'outer' on '{DOMAIN}' has changed")
    put(aws, "outer", live)
    assert planned.verified() == planned.ready


def test_what_goes_past_cloudformation_deploys_no_policy(planned: Planned, tmp_path: Path) -> None:
    """The plan remains valid, and a new one shows the same change."""
    aws, before = planned.cli.aws, senders(planned.cli.aws)
    aws.ses.clear_calls()
    for said in (hotswapped(planned), watched(planned, tmp_path)):
        assert "Planned (no changes)" in said
    assert (aws.ses.calls(), senders(aws)) == ([], before)
    assert planned.verified() == planned.ready
    assert plan(aws, planned.assembly) == (1, planned.said, "")


def test_what_was_planned_is_deployed(planned: Planned) -> None:
    aws, before = planned.cli.aws, senders(planned.cli.aws)
    assert before == {"asked": root("555555555555"), "outer": root("222222222222"), "inner": root("222222222222")}
    aws.ses.clear_calls()
    planned.cli.run("deploy", "--require-approval=never", assembly=planned.assembly)
    calls = [(each.operation.partition("Email")[0], each.policy_name) for each in aws.ses.calls() if each.applied]
    written = [(name, policy) for name, policy in calls if name != "Get"]
    assert sorted(written) == [("Create", "added"), ("Update", "added"), ("Update", "inner"), ("Update", "outer")]
    changed = {"outer": root("333333333333"), "inner": root("333333333333"), "added": root("444444444444")}
    assert senders(aws) == before | changed
    code, _, errors = planned.verified()
    assert code == 2
    assert "stack 'Planned' changed since the plan: somebody deployed, changed or deleted it" in errors
    code, said, _ = plan(aws, planned.assembly)
    assert (code, "nothing to do" in said) == (0, True)


def test_a_hotswap_that_falls_back_deploys_it(deployed: Cdk, tmp_path: Path) -> None:
    other = _FIRST | {"outer": {"outer": "777777777777"}}
    assembly = synthesized(deployed.aws, tmp_path / "cdk.out", other)
    deployed.run("deploy", "--hotswap-fallback", "--require-approval=never", assembly=assembly)
    assert senders(deployed.aws)["outer"] == root("777777777777")


def hotswapped(planned: Planned) -> str:
    return planned.cli.run("deploy", "--hotswap", "--require-approval=never", assembly=planned.assembly)


def watched(planned: Planned, home: Path) -> str:
    """Return the output of `cdk watch` until its first deploy is over; it would go on forever."""
    (home / "src").mkdir()
    settings = {"app": str(planned.assembly), "watch": {"include": "src/**"}}
    (home / "cdk.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(ROOT / "node_modules" / ".bin" / "cdk"), "watch", "--no-notices"]
    said = ""
    with subprocess.Popen(
        command,
        cwd=home,
        env=environment(planned.cli.aws),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        for line in process.stdout:
            said += line
            if "Total time" in line or "failed" in line:
                break
        process.terminate()
    return said
