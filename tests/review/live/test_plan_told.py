"""What a plan must tell whoever starts the deploy, and what it must never leave out."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from emulator import Emulator
from ses_sending_policy.cli.command import CommandResult
from ses_sending_policy.cli.plan import COMMAND
from ses_sending_policy.review.text_output import TextOutput
from tests.review.live.every_state import policy, statement
from tests.review.live.one_stack import Stacks, hold, made
from tests.review.live.test_plan import json_of, narrow, planned
from tests.review.templates import stack, template, write
from tests.review.test_schemas import names_of_nothing

pytestmark = pytest.mark.xdist_group("live")

TOLD: Final = "told.plan.example"
PARTNER: Final = "333333333333"
PRINTER: Final = "444444444444"


@pytest.fixture(autouse=True)
def identity(aws: Emulator) -> None:
    """Give an identity on which SES holds no policy."""
    client = aws.client("sesv2")
    if TOLD not in {each["IdentityName"] for each in client.list_email_identities()["EmailIdentities"]}:
        client.create_email_identity(EmailIdentity=TOLD)
    for each in aws.ses.policies():
        if each.identity == TOLD:
            client.delete_email_identity_policy(EmailIdentity=TOLD, PolicyName=each.name)


def plan_of(folder: Path, before: Mapping[str, Any], **after: Mapping[str, Any]) -> CommandResult[Any]:
    """Return the plan.

    :param before: the deployed resources of stack Mail.
    :param after: the declared resources of each stack.
    """
    artifacts = {name: stack(f"{name}.template.json") | {"displayName": name} for name in after}
    for name, resources in after.items():
        write(folder / "cdk.out" / f"{name}.template.json", template(**resources))
    write(folder / "cdk.out" / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    deployed = {}
    for logical_id, resource in before.items():
        own = resource["Properties"]
        deployed[logical_id] = (resource, made(own["EmailIdentity"], own["PolicyName"], logical_id))
    return planned(Stacks(deployed), folder / "cdk.out")


def written(answer: CommandResult[Any], form: str) -> str:
    """Return the plan as a person reads it, without line breaks."""
    return " ".join(COMMAND.formats[form](answer.value, TextOutput()).replace("`", "").replace("**", "").split())


def when_exists(resource: dict[str, Any], when: str) -> dict[str, Any]:
    """Return a policy with its `WhenExists`."""
    return resource | {"Properties": resource["Properties"] | {"WhenExists": when}}


def steady(count: int, aws: Emulator) -> dict[str, Any]:
    """Let SES hold some policies exactly as they are deployed, and return these."""
    found = {}
    for number in range(count):
        hold(aws, TOLD, f"p{number}", owner=f"P{number}")
        found[f"P{number}"] = policy(TOLD, f"p{number}")
    return found


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize(
    ("count", "line"),
    [
        (1, f"unchanged: policy p0 on {TOLD}"),
        (5, f"unchanged: policies p0, p1, p2, p3, p4 on {TOLD}"),
        (7, f"unchanged: policies p0, p1, p2, p3, p4 on {TOLD}, and 2 more"),
    ],
)
def test_what_stays_as_it_is_has_its_name(tmp_path: Path, aws: Emulator, form: str, count: int, line: str) -> None:
    same = steady(count, aws)
    answer = plan_of(tmp_path, same, Mail={**same, "New": policy(TOLD, "new")})
    assert re.search(f"{re.escape(line)}(?! and| on|,)", written(answer, form))
    told = json_of(answer)
    assert [each["policy_name"] for each in told["unchanged"]] == [f"p{number}" for number in range(count)]
    assert names_of_nothing("plan", told) == []


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_stack_in_which_nothing_changes_is_told(tmp_path: Path, aws: Emulator, form: str) -> None:
    same = steady(1, aws)
    answer = plan_of(tmp_path, same, Mail=same)
    told = written(answer, form).replace("- ", "")
    assert "stack Mail, UPDATE_COMPLETE, at SES unchanged: policy p0" in told


KEPT: Final = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize(
    ("more", "marker"),
    [(KEPT, {"owner": "Archive"}), ({}, {"Id": f"Other/Theirs/{16 * '0'}"})],
    ids=["retained", "somebody else's"],
)
def test_what_stays_says_who_may_send_by_it(tmp_path: Path, aws: Emulator, form: str, more: Any, marker: Any) -> None:
    """As SES holds it, not as the deployed template has it."""
    hold(aws, TOLD, "archive", statement(TOLD, PARTNER), **marker)
    answer = plan_of(tmp_path, {"Archive": policy(TOLD, "archive", **more)}, Mail={})
    said = f"account {PARTNER} may send as any address of {TOLD}"
    assert f"it goes on to say: {said}" in written(answer, form)
    [step] = json_of(answer)["steps"]
    assert (step["action"], step["stays"]) == ("leave", [said])


def test_what_stays_says_some_of_much(tmp_path: Path, aws: Emulator) -> None:
    many = [narrow(TOLD, f"a{number}") for number in range(6)]
    hold(aws, TOLD, "archive", *many, owner="Archive")
    answer = plan_of(tmp_path, {"Archive": policy(TOLD, "archive", *many, **KEPT)}, Mail={})
    told = written(answer, "text")
    assert told.count("it goes on to say") == 3
    assert "and 3 more grants" in told
    assert len(json_of(answer)["steps"][0]["stays"]) == 6


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_policies_of_others_are_one_line_for_whose_they_are(tmp_path: Path, aws: Emulator, form: str) -> None:
    for number in range(8):
        hold(aws, TOLD, f"p{number}")
    for name, owner in (("a", "Here"), ("b", "There")):
        hold(aws, TOLD, name, Id=f"Shop/{owner}/{16 * '0'}")
    workmail = {"Service": "workmail.eu-west-1.amazonaws.com"}
    hold(aws, TOLD, "WorkMail", statement(TOLD, Principal=workmail, Action=["ses:*"]))
    answer = plan_of(tmp_path, {}, Mail={"New": policy(TOLD, "new")})
    told = written(answer, form)
    for line in (
        f"policies p0, p1, p2, p3, p4 on {TOLD}, and 3 more: nobody's marker is on them",
        f"policies a, b on {TOLD}: they belong to stack Shop",
        f"policy WorkMail on {TOLD}: Amazon WorkMail put it there for itself",
    ):
        assert told.count(line) == 1
    assert len(json_of(answer)["bystanders"]) == 11


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_a_failing_stack_is_to_grant_stands_behind_that_it_fails(tmp_path: Path, aws: Emulator, form: str) -> None:
    hold(aws, TOLD, "taken", statement(TOLD, PRINTER), Id=f"Other/Theirs/{16 * '0'}")
    answer = plan_of(
        tmp_path,
        {},
        Mail={"Taken": policy(TOLD, "taken", narrow(TOLD)), "Beside": policy(TOLD, "beside", narrow(TOLD, "beside"))},
        Shop={"Fine": policy(TOLD, "fine", statement(TOLD, PARTNER))},
    )
    told = written(answer, form)
    sentence = "if the deploy of stack Mail did not fail"
    grants = ("any address of ", "weekly@", "beside@")
    fine, taken, beside = (told.index(f"may send as {each}{TOLD}") for each in grants)
    assert fine < told.index(sentence) < min(taken, beside)
    assert told.index("the deploy of stack Mail fails, and is rolled back") < told.index("broadened: something")
    assert (answer.code, answer.value.comparison.verdict) == (1, "broadened")


def test_nothing_is_said_of_failing_where_nothing_fails(tmp_path: Path) -> None:
    told = written(plan_of(tmp_path, {}, Mail={"New": policy(TOLD, "new")}), "markdown")
    assert "did not fail" not in told
    assert "eu-west-1: broadened" in told


@pytest.mark.parametrize(
    ("held", "declared", "verdict"),
    [("*", "orders", "narrowed"), ("orders", "*", "broadened"), ("orders", "weekly", "broadened")],
    ids=["less", "more", "else"],
)
def test_what_a_refused_adoption_is_compared_with_is_there(
    tmp_path: Path, aws: Emulator, held: str, declared: str, verdict: str
) -> None:
    hold(aws, TOLD, "legacy", narrow(TOLD, held))
    legacy = when_exists(policy(TOLD, "legacy", narrow(TOLD, declared)), "ADOPT")
    answer = plan_of(tmp_path, {}, Mail={"Legacy": legacy})
    assert [each["reason"] for each in json_of(answer)["steps"]] == ["NotEquivalent"]
    assert (answer.value.comparison.verdict, answer.code) == (verdict, 1)
    told = written(answer, "text")
    assert told.index("if the deploy of stack Mail did not fail") < told.index(f"{declared}@{TOLD}")


@pytest.mark.parametrize("when", ["ADOPT", "OVERWRITE"])
def test_what_one_step_writes_is_new_though_another_comes_to_it(tmp_path: Path, when: str) -> None:
    """SES holds nothing at first: the second step finds what the same deploy has made."""
    first = policy(TOLD, "shared", statement(TOLD, PARTNER))
    second = when_exists(policy(TOLD, "shared", statement(TOLD, PARTNER)), when)
    answer = plan_of(tmp_path, {}, Mail={"First": first}, Shop={"Second": second})
    assert answer.value.comparison.verdict == "broadened"


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_old_name_of_a_renamed_policy_says_so(tmp_path: Path, aws: Emulator, form: str) -> None:
    hold(aws, TOLD, "old", narrow(TOLD), owner="Renamed")
    before = {"Renamed": policy(TOLD, "old", narrow(TOLD))}
    told = written(plan_of(tmp_path, before, Mail={"Renamed": policy(TOLD, "new", narrow(TOLD))}), form)
    assert re.search(rf"delete: policy old on {TOLD}, Mail/Renamed (- )?the old name of policy 'new' on '{TOLD}'", told)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_new_name_that_only_the_deploy_knows_is_told_as_such(tmp_path: Path, aws: Emulator, form: str) -> None:
    hold(aws, TOLD, "old", narrow(TOLD), owner="Renamed")
    before = {"Renamed": policy(TOLD, "old", narrow(TOLD))}
    renamed = policy(TOLD, "new", narrow(TOLD))
    renamed["Properties"]["PolicyName"] = {"Fn::ImportValue": "name"}
    told = written(plan_of(tmp_path, before, Mail={"Renamed": renamed}), form)
    assert f"the old name of policy '${{Fn::ImportValue name}}' on '{TOLD}'" in told


DENIED: Final = statement(TOLD, PARTNER, Effect="Deny", Action=["ses:*"])


def test_what_a_failing_stack_is_to_deny_takes_nothing_away(tmp_path: Path, aws: Emulator) -> None:
    """Stack Mail lets somebody send, and the Deny of stack Shop is never written."""
    hold(aws, TOLD, "taken", statement(TOLD, PRINTER), Id=f"Other/Theirs/{16 * '0'}")
    answer = plan_of(
        tmp_path,
        {},
        Mail={"Fine": policy(TOLD, "fine", statement(TOLD, PARTNER))},
        Shop={"Taken": policy(TOLD, "taken", DENIED)},
    )
    told, sentence = written(answer, "text"), f"account {PARTNER} may now send as"
    assert told.index(sentence) < told.index("if the deploy of stack Shop did not fail")
    assert "what comes all the same is broadened" in told
    found = json_of(answer)
    assert (found["verdict"], found["may_allow_more"]) == ("broadened", True)
    assert [each["witness"] is not None for each in found["changes"]] == [True, False]


def test_what_a_failing_stack_is_to_take_away_stays(tmp_path: Path, aws: Emulator) -> None:
    """The stack has a Deny, which its deploy would drop: it is rolled back, so the Deny stays."""
    hold(aws, TOLD, "guard", DENIED, owner="Guard")
    hold(aws, TOLD, "taken", statement(TOLD, PRINTER), Id=f"Other/Theirs/{16 * '0'}")
    before = {"Guard": policy(TOLD, "guard", DENIED)}
    answer = plan_of(
        tmp_path,
        before,
        Mail={"Taken": policy(TOLD, "taken", narrow(TOLD))},
        Shop={"Fine": policy(TOLD, "fine", statement(TOLD, PARTNER))},
    )
    told = written(answer, "text")
    assert told.index("if the deploy of stack Mail did not fail") < told.index(f"account {PARTNER} may now send as")
    assert "what comes all the same is unchanged" in told


def test_what_somebody_narrowed_and_a_rollback_writes_again_is_broadened(tmp_path: Path, aws: Emulator) -> None:
    hold(aws, TOLD, "own", narrow(TOLD), owner="Own")
    hold(aws, TOLD, "taken", statement(TOLD, PRINTER), Id=f"Other/Theirs/{16 * '0'}")
    answer = plan_of(
        tmp_path,
        {"Own": policy(TOLD, "own", narrow(TOLD, "*"))},
        Mail={"Own": policy(TOLD, "own", narrow(TOLD, "daily")), "Taken": policy(TOLD, "taken", narrow(TOLD))},
    )
    told = written(answer, "text")
    assert told.index(f"+ account 222222222222 may send as *@{TOLD}") < told.index("if the deploy of")
    assert "what comes all the same is broadened" in told
