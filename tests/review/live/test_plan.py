"""What the deploy of an assembly will do and change, in each format, over HTTP: golden files with one of each step."""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from emulator import Emulator, ScriptedFault
from ses_sending_policy.cli import parser
from ses_sending_policy.cli.command import CommandResult
from ses_sending_policy.cli.plan import COMMAND, plan, verified
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.review.live.plan import service_of
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.rules.document import LivePolicy
from tests.review.live.every_state import REGION, policy, statement
from tests.review.live.one_stack import Stacks, hold, made
from tests.review.templates import stack, template, write
from tests.review.test_schemas import names_of_nothing

pytestmark = pytest.mark.xdist_group("live")

GOLDEN = Path(__file__).with_name("planned")
SHOP: Final = "shop.plan.example"
NEWS: Final = "news.plan.example"
FULL: Final = "full.plan.example"


def narrow(identity: str, address: str = "weekly") -> Any:
    return statement(identity, address=f"{address}@{identity}")


# Over 40 lines: one of each step, as it is deployed, as SES holds it, and as it is declared, side by side.
@pytest.fixture
def aws_of(aws: Emulator) -> Stacks:
    """Give an account in which a deploy of `cdk_out` takes one of each step."""
    client = aws.client("sesv2")
    there = {each["IdentityName"] for each in client.list_email_identities()["EmailIdentities"]}
    for identity in {NEWS, SHOP, FULL} - there:
        client.create_email_identity(EmailIdentity=identity)
    for each in aws.ses.policies():
        if each.identity in (NEWS, SHOP, FULL):
            client.delete_email_identity_policy(EmailIdentity=each.identity, PolicyName=each.name)
    deployed = {}
    for logical_id, name, statements in (
        ("Wider", "wider", [narrow(NEWS)]),
        ("Drifted", "drifted", [statement(NEWS, "555555555555")]),
        ("Left", "left", [narrow(NEWS)]),
        ("Renamed", "old", [narrow(NEWS)]),
        ("Gone", "gone", [narrow(NEWS)]),
        ("Taken", "taken", [narrow(NEWS)]),
        ("Lost", "lost", [narrow(NEWS)]),
    ):
        deployed[logical_id] = (policy(NEWS, name, *statements), made(NEWS, name, logical_id))
    for logical_id, name in (("Wider", "wider"), ("Renamed", "old"), ("Gone", "gone")):
        hold(aws, NEWS, name, narrow(NEWS), owner=logical_id)
    # Narrowed by hand: the deploy writes it as it was, and so allows again what SES does not allow now.
    hold(aws, NEWS, "drifted", statement(NEWS, "333333333333"), owner="Drifted")
    hold(aws, NEWS, "left", statement(NEWS, Principal="*"), owner="Left")
    hold(aws, NEWS, "taken", narrow(NEWS), Id=f"Other/Theirs/{16 * '0'}")
    hold(aws, SHOP, "same", narrow(SHOP))
    hold(aws, SHOP, "written", statement(SHOP, "444444444444"))
    hold(aws, SHOP, "theirs", Id=f"Other/Theirs/{16 * '0'}")
    workmail = {"Service": f"workmail.{REGION}.amazonaws.com"}
    hold(aws, SHOP, "WorkMail", statement(SHOP, Principal=workmail, Action=["ses:*"]))
    for number in range(20):
        hold(aws, FULL, f"p{number}")
    return Stacks(deployed)


@pytest.fixture
def cdk_out(tmp_path: Path) -> Path:
    """Give the assembly to deploy."""
    far = {"type": "aws:cloudformation:stack", "environment": "aws://999999999999/us-east-1"}
    artifacts = {
        "Mail": stack(),
        "Shop": stack("Shop.template.json") | {"displayName": "Shop"},
        "Far": far | {"properties": {"templateFile": "Far.template.json"}},
    }
    folder = tmp_path / "cdk.out"
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    mail = {
        "Wider": policy(NEWS, "wider", narrow(NEWS, "*")),
        "Drifted": policy(NEWS, "drifted", statement(NEWS, "555555555555")),
        "Left": policy(NEWS, "left", narrow(NEWS)),
        "Renamed": policy(NEWS, "new", narrow(NEWS)),
        "Lost": policy(NEWS, "lost", narrow(NEWS, "daily")),
        "Perhaps": policy(NEWS, "perhaps", Condition="IsProd"),
    }
    mail["Drifted"]["Properties"]["ServiceTimeout"] = "9"
    shop = {}
    for logical_id, name, when, statements in (
        ("Same", "same", "ADOPT", [narrow(SHOP)]),
        ("Written", "written", "OVERWRITE", [narrow(SHOP)]),
        ("Theirs", "theirs", "FAIL", [narrow(SHOP)]),
        ("Else", "theirs", "ADOPT", [narrow(SHOP)]),
    ):
        shop[logical_id] = policy(SHOP, name, *statements)
        shop[logical_id]["Properties"]["WhenExists"] = when
    shop["Full"] = policy(FULL, "one-more", narrow(FULL))
    shop["Nowhere"] = policy("nowhere.plan.example", "nowhere")
    large = [statement(SHOP, Sid=f"S{number}" + 200 * "x") for number in range(20)]
    shop["Large"] = policy(SHOP, "large", *large)
    write(folder / "Mail.template.json", template(**mail))
    write(folder / "Shop.template.json", template(**shop))
    write(folder / "Far.template.json", template(Far=policy("far.example", "far")))
    return folder


def planned(aws: Calls, *arguments: object) -> CommandResult[Any]:
    """Return the result of `plan`."""
    return plan(aws, parser(["plan"]).parse_args(["plan", *map(str, arguments)]))


def checked(aws: Calls, *arguments: object) -> CommandResult[str]:
    """Return the result of `plan --verify` for a plan made before."""
    return verified(aws, parser(["plan"]).parse_args(["plan", *map(str, arguments)]))


def json_of(answer: CommandResult[Any]) -> Any:
    return json.loads(COMMAND.formats["json"](answer.value, TextOutput()))


@pytest.mark.parametrize("form", COMMAND.formats)
def test_it_writes(tmp_path: Path, cdk_out: Path, aws_of: Stacks, form: str) -> None:
    golden = GOLDEN / f"plan.{form}"
    found = tmp_path / golden.name
    answer = planned(aws_of, cdk_out)
    assert (answer.code, answer.unseen) == (1, [])
    text = COMMAND.formats[form](answer.value, TextOutput())
    found.write_text(text.replace(str(tmp_path), "/tmp"), encoding="utf-8")  # noqa: S108 - no path, a word
    assert found.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), (
        f"where that is meant: cp {found} {golden}"
    )


def test_text_fits_into_eighty_columns() -> None:
    lines = (GOLDEN / "plan.text").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 80 and len(line.split()) > 2] == []


def test_json_is_as_its_schema_says(cdk_out: Path, aws_of: Stacks, aws: Emulator) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code="AccessDeniedException", identity=SHOP))
    answer = planned(aws_of, cdk_out)
    assert names_of_nothing("plan", json_of(answer)) == []
    assert (answer.code, json_of(answer)["complete"]) == (2, False)


def test_what_somebody_narrowed_by_hand_and_a_deploy_writes_again_is_broadened(cdk_out: Path, aws_of: Stacks) -> None:
    """The templates do not show it: both have the same document."""
    found = json_of(planned(aws_of, cdk_out))
    [change] = [each for each in found["changes"] if each["policy"]["policy_name"] == "drifted" and each["after"]]
    assert (change["verdict"], change["kind"]) == ("broadened", "added")
    assert change["witness"]["sentence"].startswith("account 555555555555 may now send")


def test_what_is_adopted_is_nothing_new(cdk_out: Path, aws_of: Stacks) -> None:
    found = json_of(planned(aws_of, cdk_out))
    assert [each for each in found["changes"] if each["policy"]["policy_name"] == "same"] == []


def test_what_a_delete_leaves_is_still_there(cdk_out: Path, aws_of: Stacks) -> None:
    """The policy has another owner by now, so nothing is narrowed."""
    found = json_of(planned(aws_of, cdk_out))
    [step] = [each for each in found["steps"] if each["policy_name"] == "taken"]
    assert (step["action"], step["event"]) == ("leave", "Delete")
    assert [each for each in found["changes"] if each["policy"]["policy_name"] == "taken"] == []


def test_each_identity_is_read_once_and_nothing_is_written(cdk_out: Path, aws_of: Stacks, aws: Emulator) -> None:
    aws.ses.clear_calls()
    planned(aws_of, cdk_out)
    calls = [(each.operation, each.identity) for each in aws.ses.calls()]
    assert calls == [("GetEmailIdentityPolicies", each) for each in (FULL, NEWS, "nowhere.plan.example", SHOP)]


def test_a_stack_that_is_at_work_is_no_plan(cdk_out: Path, aws_of: Stacks) -> None:
    busy = Stacks(aws_of._deployed, "UPDATE_IN_PROGRESS")  # noqa: SLF001 - the same stack, otherwise
    answer = planned(busy, cdk_out)
    assert answer.code == 2
    assert answer.unseen == [
        "stack 'Mail' is in UPDATE_IN_PROGRESS: wait until it has ended, or repair it, and plan again"
    ]


def test_a_template_alone_is_no_plan(cdk_out: Path, aws_of: Stacks) -> None:
    with pytest.raises(ReviewError, match="name an assembly"):
        planned(aws_of, cdk_out / "Mail.template.json")


def test_nothing_moved(tmp_path: Path, cdk_out: Path, aws_of: Stacks) -> None:
    file = tmp_path / "plan.json"
    planned(aws_of, cdk_out, "--out", file)
    write(cdk_out / "read.1.lock", "the CLI's own")
    answer = checked(aws_of, cdk_out, "--verify", file)
    assert (answer.code, answer.value) == (0, f"nothing has changed since the plan: npx cdk deploy --app {cdk_out}\n")


def test_what_moved_is_one_sentence(tmp_path: Path, cdk_out: Path, aws_of: Stacks, aws: Emulator) -> None:
    file = tmp_path / "plan.json"
    planned(aws_of, cdk_out, "--out", file)
    hold(aws, SHOP, "same", statement(SHOP, "555555555555"))
    with pytest.raises(ReviewError) as moved:
        checked(aws_of, cdk_out, "--verify", file)
    assert moved.value.faults == (f"SES changed since the plan: policy 'same' on '{SHOP}' has changed: plan again",)


def test_the_assembly_and_the_stacks_may_move_as_well(tmp_path: Path, cdk_out: Path, aws_of: Stacks) -> None:
    file = tmp_path / "plan.json"
    planned(aws_of, cdk_out, "--out", file)
    write(cdk_out / "Shop.template.json", template())
    with pytest.raises(ReviewError) as moved:
        checked(Stacks({}), cdk_out, "--verify", file)
    assert moved.value.faults == (
        "the assembly changed since the plan: Shop.template.json has changed: plan again",
        "stack 'Mail' changed since the plan: somebody deployed, changed or deleted it: plan again",
    )


@pytest.mark.parametrize("text", ["", "[]", '{"version": 1}'])
def test_what_is_no_plan_is_told(tmp_path: Path, cdk_out: Path, aws_of: Stacks, text: str) -> None:
    with pytest.raises(ReviewError, match="is no plan: write one with `sending-policy plan --out FILE`"):
        checked(aws_of, cdk_out, "--verify", write(tmp_path / "plan.json", text))


def test_a_plan_that_is_a_pipe_is_not_waited_for(tmp_path: Path, cdk_out: Path, aws_of: Stacks) -> None:
    os.mkfifo(tmp_path / "plan.json")
    with pytest.raises(ReviewError, match="is no plan: write one with `sending-policy plan --out FILE`"):
        checked(aws_of, cdk_out, "--verify", tmp_path / "plan.json")


@pytest.mark.skipif(not Path("/proc/kmsg").exists(), reason="this file is Linux's")
def test_a_link_in_an_assembly_is_what_it_says(tmp_path: Path, cdk_out: Path, aws_of: Stacks) -> None:
    (cdk_out / "odd.txt").symlink_to("/proc/kmsg")
    planned(aws_of, cdk_out, "--out", tmp_path / "plan.json")
    (cdk_out / "odd.txt").unlink()
    (cdk_out / "odd.txt").symlink_to("/dev/zero")
    with pytest.raises(ReviewError) as moved:
        checked(aws_of, cdk_out, "--verify", tmp_path / "plan.json")
    assert moved.value.faults == ("the assembly changed since the plan: odd.txt has changed: plan again",)


COGNITO: Final = {"Service": "email.cognito-idp.amazonaws.com"}


@pytest.mark.parametrize(
    ("principals", "marker", "service"),
    [
        ([COGNITO], "", "Amazon Cognito"),
        ([COGNITO, {"Service": "cognito-idp.me-central-1.amazonaws.com"}], "", "Amazon Cognito"),
        ([COGNITO], f"Mail/Users/{16 * '0'}", ""),
        ([COGNITO, {"AWS": "222222222222"}], "", ""),
        ([COGNITO | {"AWS": "222222222222"}], "", ""),
        ([{"Service": "ses.amazonaws.com"}], "", ""),
    ],
)
def test_a_policy_is_for_a_service_alone(principals: list[Any], marker: str, service: str) -> None:
    """A policy that one of our stacks declares for Cognito counts as ours, not as the service's."""
    said = [statement(SHOP, Principal=each) for each in principals]
    assert service_of(LivePolicy(json.dumps({"Id": marker, "Statement": said}))) == service
