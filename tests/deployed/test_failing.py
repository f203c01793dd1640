"""Eight deploys that fail: what `plan` says before, and the terminal afterwards, as in docs/lifecycle.md."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from emulator import Emulator, ScriptedFault, StoredPolicy
from tests.conftest import ROOT
from tests.deployed.conftest import Cdk
from tests.support.events import ACCOUNT, REGION, document, statement

pytestmark = pytest.mark.xdist_group("stories")

PAGE: Final = ROOT / "docs" / "lifecycle.md"
_BLOCK: Final = re.compile(r"(<!-- seen: failures -->\n).*?(<!-- end -->)", re.DOTALL)

_CREATE: Final = "CreateEmailIdentityPolicy"
# IAM's wording: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_DENIED: Final = (
    "User: arn:aws:sts::111111111111:assumed-role/{0}-Role-1Q2W3E4R5T6Z/{0}-Function-7U8I9O0P is not authorized to "
    f"perform: ses:{_CREATE} on resource: arn:aws:ses:eu-west-1:111111111111:identity/{{1}} {{2}}"
)
_BY_ORGANIZATION: Final = "with an explicit deny in a service control policy"
_BY_ROLE: Final = f"because no identity-based policy allows the ses:{_CREATE} action"
_UNKNOWN: Final = 'Invalid principal in policy: "AWS":"arn:aws:iam::222222222222:role/newsletter"'


@dataclass(frozen=True)
class Case:
    """A deploy that fails.

    :param title: why it fails, as on the page.
    :param planned: the action in the plan, and the reason code of the failure if the plan can know it.
    :param reason: the reason code in the terminal.
    :param cause: a part of the cause in the terminal.
    :param step: a part of the next step in the terminal.
    """

    title: str
    planned: tuple[str, str]
    reason: str
    cause: str
    step: str


CASES: Final[Mapping[str, Case]] = {
    "Missing": Case(
        "The identity is missing",
        ("refuse", "IdentityNotFound"),
        "IdentityNotFound",
        "account 111111111111 has no identity 'missing.example' in eu-west-1",
        "make it there first",
    ),
    "Foreign": Case(
        "Another stack has a policy of that name",
        ("refuse", "PolicyExists"),
        "PolicyExists",
        "policy 'partner' on 'foreign.example' exists and belongs to stack Other (Theirs)",
        "choose another policy_name",
    ),
    "Different": Case(
        "`ADOPT` finds something else",
        ("refuse", "NotEquivalent"),
        "NotEquivalent",
        "Principal AWS is account 333333333333 live and account 222222222222 declared",
        "declare what is there",
    ),
    "Full": Case(
        "The identity has 20 policies",
        ("refuse", "PolicyLimit"),
        "PolicyLimit",
        "'full.example' has 20 policies already",
        "put 'partner' together with another, or delete one",
    ),
    "Denied": Case(
        "A service control policy denies the call",
        ("create", ""),
        "AccessDenied",
        "Denied-Role-1Q2W3E4R5T6Z … with an explicit deny in a service control policy",
        "lift any deny",
    ),
    "Stranger": Case(
        "A principal does not exist",
        ("create", ""),
        "InvalidPrincipal",
        "arn:aws:iam::222222222222:role/newsletter",
        "check that each principal exists",
    ),
    "Large": Case(
        "The document is too large, by a parameter",
        ("refuse", "InvalidDeclaration"),
        "InvalidDeclaration",
        "policy document is too large: 4275 bytes",
        "spread its statements over several policies",
    ),
    "Role": Case(
        "The function's role may not call SES",
        ("create", ""),
        "AccessDenied",
        "because no identity-based policy allows the ses:CreateEmailIdentityPolicy action",
        "allow it to the function's role",
    ),
}


@dataclass(frozen=True)
class Seen:
    """What the plan and the deploys showed.

    :param planned: each step of the plan, by its stack.
    :param told: the plan in the terminal.
    :param said: the output of each deploy, by its stack.
    :param written: the policies that SES has afterwards and had not before.
    :param logged: the stacks whose log groups still exist.
    """

    planned: Mapping[str, Mapping[str, Any]]
    told: str
    said: Mapping[str, str]
    written: frozenset[StoredPolicy]
    logged: frozenset[str]


def identity(name: str) -> str:
    return f"{name.lower()}.example"


def prepare(aws: Emulator) -> None:
    """Prepare the account for each of the stacks."""
    ses = aws.client("sesv2")
    for name in CASES.keys() - {"Missing"}:
        ses.create_email_identity(EmailIdentity=identity(name))
    hold(aws, "Foreign", "partner", {"Id": "Other/Theirs/0123456789abcdef"})
    hold(aws, "Different", "partner")
    for number in range(20):
        hold(aws, "Full", f"partner-{number}")
    for name, status, code, message, operation in (
        ("Denied", 403, "AccessDeniedException", _DENIED.format("Denied", "denied.example", _BY_ORGANIZATION), _CREATE),
        ("Role", 403, "AccessDeniedException", _DENIED.format("Role", "role.example", _BY_ROLE), _CREATE),
        ("Stranger", 400, "BadRequestException", _UNKNOWN, _CREATE),
    ):
        always: Any = {"times": 10_000, "operation": operation, "identity": identity(name)}
        aws.ses.fail(ScriptedFault("refusal", status=status, code=code, message=message, **always))


def hold(aws: Emulator, name: str, policy: str, more: Mapping[str, str] | None = None) -> None:
    whole = {**(more or {}), **document(statement("333333333333", identity(name)))}
    aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, identity(name), policy, json.dumps(whole)))


def plan(aws: Emulator, assembly: Path, file: Path) -> str:
    """Return the output of `plan`."""
    command = [str(Path(sys.executable).with_name("sending-policy")), "plan", f"--out={file}", str(assembly)]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env=shell(aws), timeout=120, cwd=assembly.parent
    )
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout


def shell(aws: Emulator) -> dict[str, str]:
    return aws.shell() | {"PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def seen(cdk: Cdk, local_aws: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Plan one app, deploy all of its stacks at once, and yield what that showed."""
    folder = tmp_path_factory.mktemp("failing")
    cli = replace(cdk, folder=folder / "cdk.out", app="tests/deployed/failing.py")
    cli.run("synth", "--quiet")
    prepare(local_aws)
    before = frozenset(local_aws.ses.policies())
    try:
        told = plan(local_aws, cli.folder, folder / "plan.json")
        with ThreadPoolExecutor(len(CASES)) as pool:
            said = pool.map(
                lambda name: cli.run("deploy", name, "--require-approval=never", assembly=cli.folder, fails=True), CASES
            )
            deploys = dict(zip(CASES, said, strict=True))
        steps = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["steps"]
        written = frozenset(local_aws.ses.policies()) - before
        groups = {each["logGroupName"] for each in local_aws.client("logs").describe_log_groups()["logGroups"]}
        logged = frozenset(name for name in CASES if any(f"/{name}/" in group for group in groups))
        yield Seen({each["stack"]: each for each in steps}, told, deploys, written, logged)
    finally:
        local_aws.ses.clear_faults()
        cloudformation = local_aws.client("cloudformation")
        for name in CASES:
            cloudformation.delete_stack(StackName=name)
            local_aws.client("sesv2").delete_email_identity(EmailIdentity=identity(name))


@pytest.mark.parametrize("name", CASES)
def test_the_plan_names_what_it_can_know(seen: Seen, name: str) -> None:
    step = seen.planned[name]
    assert (step["action"], step.get("reason") or "") == CASES[name].planned


@pytest.mark.parametrize("name", CASES)
def test_the_terminal_names_cause_and_next_step(seen: Seen, name: str) -> None:
    case = CASES[name]
    line = " ".join(failure(seen.said[name]).split())
    assert f" {case.reason}: " in line
    assert case.cause in line
    assert case.step in line
    assert "whole in the log" not in line


def test_nothing_is_written(seen: Seen) -> None:
    assert seen.written == frozenset()


def test_the_log_goes_with_the_deploy_where_nothing_can_be_in_it_alone(seen: Seen) -> None:
    assert seen.logged == {"Different"}


def step_of(told: str, name: str) -> str:
    """Return the lines of the plan about a stack's policy."""
    [lines] = re.findall(rf"^stack {name}, not deployed yet, at SES[^\n]*\n(.*?)\n$", told, re.MULTILINE | re.DOTALL)
    return str(lines)


def failure(said: str) -> str:
    """Return the last lines of a deploy: which resource failed, and why."""
    [lines] = re.findall(r"Resource updates failed:\n(.*?)\n(?:Source Location|\n)", said, re.DOTALL)
    return str(lines)


def written(page: str, seen: Seen) -> str:
    """Return the page with the present output."""
    blocks = "\n".join(
        f"{case.title}:\n\n```console\n$ sending-policy plan cdk.out\n{step_of(seen.told, name)}\n"
        f"$ npx cdk deploy {name} --app cdk.out\n{failure(seen.said[name])}\n```\n"
        for name, case in CASES.items()
    )
    return _BLOCK.sub(lambda block: f"{block[1]}{blocks}{block[2]}", page)


def test_the_page_shows_what_was_seen(seen: Seen, tmp_path: Path) -> None:
    before = PAGE.read_text(encoding="utf-8")
    assert "<!-- seen: failures -->" in before
    found = tmp_path / PAGE.name
    found.write_text(written(before, seen), encoding="utf-8")
    assert found.read_text(encoding="utf-8") == before, f"where that is meant: cp {found} {PAGE}"
