"""A function serves only its own stack; docs/security.md says what that protects against, and what not."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from provider.cloudformation import ResourceState
from provider.event import RequestType
from provider.own_stack import OUTCOME, EventVerdict, Token, token_of
from ses_sending_policy.rules.ownership import PhysicalId, StackId, owner_token
from ses_sending_policy.rules.wire import STACK_VARIABLE
from tests.support.cloudformation import Described
from tests.support.events import ACCOUNT, REGION, Resource, document, statement
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess

PARTNER = Resource("Mail")
OTHER = Resource("Shop", "Theirs9Z8Y7X")
ELSEWHERE = {
    "another account": (ACCOUNT, "222222222222"),
    "another region": (REGION, "us-east-1"),
    "another partition": ("arn:aws:", "arn:aws-us-gov:"),
}
PLACES = pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE.keys())

Event = dict[str, Any]


def claimed(resource: Resource, stack_id: str = "") -> str:
    return f"example.com|partner|{owner_token(stack_id or resource.stack_id, resource.logical_id)}"


def of(stack_id: str, event: Event) -> Event:
    """Return the same event from another stack."""
    return event | {"StackId": stack_id}


def forward(aws: FakeAws, resource: Resource, physical_id: str) -> list[Event]:
    return [resource.create(aws.url), resource.update(aws.url, physical_id)]


def changed(aws: FakeAws, stack_id: str, resource: Resource, *, made: Resource | None = None) -> Event:
    policy = document(statement(Sid="Changed"))
    return of(stack_id, resource.update(aws.url, claimed(made or resource), Policy=policy))


@pytest.fixture(scope="module")
def _of_mail(_world: FakeAws) -> Iterator[FunctionProcess]:
    with _world.another_function(hurried=True, STACK_ID=PARTNER.stack_id) as function:
        yield function


@pytest.fixture
def mail(aws: FakeAws, _of_mail: FunctionProcess) -> FakeAws:
    """Return a fake AWS whose function was made for the stack Mail."""
    _of_mail.log.clear()
    return replace(aws, hurried=_of_mail)


def test_its_own_stack_s_events_are_handled_in_two_calls_each(mail: FakeAws) -> None:
    mail.cloudformation.says = lambda _: Described("UPDATE_IN_PROGRESS", claimed(PARTNER))
    events = (
        PARTNER.create(mail.url),
        changed(mail, PARTNER.stack_id, PARTNER),
        PARTNER.delete(mail.url, claimed(PARTNER)),
    )
    for event in events:
        assert mail.handle(event)["Status"] == "SUCCESS"
    assert mail.calls == ["Create", "Update", "Get", "Update", "Get", "Delete"]
    assert len(mail.cloudformation.asked) == 2, "by the Update and by the Delete"


@PLACES
def test_an_event_of_a_stack_elsewhere_is_refused(mail: FakeAws, change: tuple[str, str]) -> None:
    """Also with our own token, because no refactoring leads to another account or region."""
    there = PARTNER.stack_id.replace(*change)
    for event in (*forward(mail, PARTNER, claimed(PARTNER, there)), PARTNER.update(mail.url, claimed(PARTNER))):
        answer = mail.handle(of(there, event))
        assert answer["Status"] == "FAILED"
        assert answer["Reason"].startswith("InvalidDeclaration: the event is of stack 'Mail' in ")
    assert mail.calls == []


def test_an_event_of_another_stack_is_refused_and_the_reason_says_what_to_do(mail: FakeAws) -> None:
    for event in forward(mail, OTHER, claimed(OTHER)):
        answer = mail.handle(event)
        assert (answer["Status"], answer["Reason"]) == (
            "FAILED",
            (
                "InvalidDeclaration: the event is of stack 'Shop', and this function works for stack 'Mail' alone: "
                "give the policy a SendingPolicyProvider of its own stack"
            ),
        )
    assert (mail.calls, mail.cloudformation.asked) == ([], [])


def test_another_stack_of_the_same_name_is_told_by_its_number(mail: FakeAws) -> None:
    answer = mail.handle(of(PARTNER.stack_id.replace("0a1b2c3d", "9z8y7x6w"), PARTNER.create(mail.url)))
    assert "stack 'Mail/9z8y7x6w', and this function works for stack 'Mail/0a1b2c3d' alone" in answer["Reason"]


@pytest.mark.parametrize("there", [OTHER.stack_id, PARTNER.stack_id.replace(ACCOUNT, "222222222222")])
def test_the_rollback_of_a_refused_create_succeeds_and_touches_nothing(mail: FakeAws, there: str) -> None:
    theirs = mail.seed(PARTNER.properties()["Policy"]["Version"])
    refused = mail.handle(of(there, PARTNER.create(mail.url)))
    assert refused["PhysicalResourceId"] == "example.com|partner|unclaimed"
    deleted = mail.handle(of(there, PARTNER.delete(mail.url, refused["PhysicalResourceId"])))
    assert (deleted["Status"], mail.live()) == ("SUCCESS", theirs)


@pytest.mark.parametrize("there", [OTHER.stack_id, *(PARTNER.stack_id.replace(*each) for each in ELSEWHERE.values())])
def test_another_stack_s_delete_fails_with_the_command_that_leads_out(mail: FakeAws, there: str) -> None:
    mail.handle(PARTNER.create(mail.url))
    ours = mail.live()
    resource = replace(PARTNER, logical_id="Theirs9Z8Y7X")
    answer = mail.handle(of(there, resource.delete(mail.url, claimed(resource, there))))
    name = StackId.parse(there).stack_name
    assert (answer["Status"], mail.live()) == ("FAILED", ours)
    assert answer["Reason"].startswith(
        "InvalidDeclaration: run "
        f"`aws cloudformation delete-stack --stack-name {name} --retain-resources Theirs9Z8Y7X` "
        "once you know whose policy 'partner' on 'example.com' is; this function works for stack 'Mail'"
    )
    assert mail.calls[-1] == "Get"


def test_the_command_is_whole_also_with_long_names(mail: FakeAws) -> None:
    resource, name = Resource("S" * 60, "L" * 60), "p" * 64
    mail.seed("{}", name)
    answer = mail.handle(resource.delete(mail.url, claimed(resource).replace("partner", name)))
    assert f"--stack-name {resource.stack_name} --retain-resources {resource.logical_id}`" in answer["Reason"]


@pytest.mark.parametrize("there", [OTHER.stack_id, PARTNER.stack_id.replace(ACCOUNT, "222222222222")])
def test_another_stack_s_delete_succeeds_where_the_marker_fits(aws: FakeAws, mail: FakeAws, there: str) -> None:
    """So a policy that the function made before it knew its stack is removed, and gives no access any more."""
    made = aws.handle(of(there, OTHER.create(aws.url)))["PhysicalResourceId"]
    assert mail.handle(of(there, OTHER.delete(mail.url, made)))["Status"] == "SUCCESS"
    assert mail.live() is None


@pytest.mark.parametrize(
    ("there", "status"),
    [(OTHER.stack_id, "SUCCESS"), (PARTNER.stack_id.replace(ACCOUNT, "222222222222"), "FAILED")],
    ids=["another stack", "another account"],
)
@pytest.mark.parametrize("identity", ["example.com", "gone.example"])
def test_nothing_here_proves_nothing_of_another_account(mail: FakeAws, there: str, status: str, identity: str) -> None:
    physical_id = claimed(OTHER, there).replace("example.com", identity)
    assert mail.handle(of(there, OTHER.delete(mail.url, physical_id)))["Status"] == status


@pytest.mark.parametrize("denied", [set(), {"DescribeStackResource"}], ids=["has it", "not to be asked"])
def test_a_policy_that_a_refactoring_moved_is_updated_and_deleted(mail: FakeAws, denied: set[str]) -> None:
    """The token tells that it was made in the function's own stack, and CloudFormation has the same token."""
    mail.cloudformation.denied |= denied
    mail.cloudformation.says = lambda _: Described("UPDATE_IN_PROGRESS", claimed(PARTNER))
    mail.handle(PARTNER.create(mail.url))
    moved = changed(mail, OTHER.stack_id, PARTNER)
    assert mail.handle(moved)["Status"] == "SUCCESS"
    assert mail.handle(of(OTHER.stack_id, PARTNER.delete(mail.url, claimed(PARTNER))))["Status"] == "SUCCESS"
    assert mail.live() is None


@pytest.mark.parametrize(
    ("present", "status"),
    [
        (Described("UPDATE_IN_PROGRESS", claimed(PARTNER)), "SUCCESS"),
        (None, "SUCCESS"),  # the role may not ask about another stack
        (Described("UPDATE_IN_PROGRESS", claimed(OTHER)), "FAILED"),
        (Described("UPDATE_IN_PROGRESS", "made up"), "FAILED"),
    ],
    ids=["with this token", "not to be asked", "with another token", "with no token"],
)
def test_one_that_has_another_logical_id_too_is_asked_for(
    mail: FakeAws, present: Described | None, status: str
) -> None:
    mail.handle(PARTNER.create(mail.url))
    mail.cloudformation.says = lambda _: present
    if present is None:
        mail.cloudformation.denied.add("DescribeStackResource")
    answer = mail.handle(changed(mail, OTHER.stack_id, OTHER, made=PARTNER))
    assert answer["Status"] == status
    assert set(mail.cloudformation.asked) == {OTHER.logical_id}
    assert ("which may be of a policy that was moved, goes on" in mail.hurried.text) is (present is None)


def test_a_refactored_function_serves_the_stack_that_it_was_moved_to(aws: FakeAws) -> None:
    """The next deploy sets its new stack; policies from before have the token of the old stack."""
    made = aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"]
    with aws.another_function(hurried=True, STACK_ID=OTHER.stack_id) as function:
        there = replace(aws, hurried=function)
        there.cloudformation.says = lambda _: Described("UPDATE_IN_PROGRESS", made)
        assert there.handle(changed(there, OTHER.stack_id, OTHER, made=PARTNER))["Status"] == "SUCCESS"
        assert "Changed" in (there.live() or "")
        assert there.handle(OTHER.delete(there.url, made))["Status"] == "SUCCESS"
        assert there.live() is None


def test_a_replaced_provider_deletes_nothing_of_its_successor(mail: FakeAws) -> None:
    """docs/howto/choose-a-provider.md: another resource adopts, then the old function deletes the old resource."""
    old = mail.handle(PARTNER.create(mail.url))["PhysicalResourceId"]
    on_own = PARTNER.renamed("PartnerOnOwn5E6F7A8B")
    with mail.another_function(hurried=True, STACK_ID=PARTNER.stack_id) as function:
        own = replace(mail, hurried=function)
        new = own.handle(on_own.create(own.url, WhenExists="ADOPT"))
        assert new["Status"] == "SUCCESS"
        assert mail.handle(PARTNER.delete(mail.url, old))["Status"] == "SUCCESS"
        assert own.live() is not None
        assert own.handle(on_own.update(own.url, new["PhysicalResourceId"]))["Status"] == "SUCCESS"
        assert own.handle(on_own.delete(own.url, new["PhysicalResourceId"]))["Status"] == "SUCCESS"
        assert own.live() is None


@pytest.mark.parametrize(
    "told", [{}, {STACK_VARIABLE: ""}, {STACK_VARIABLE: "Mail"}], ids=["no variable", "empty", "a name"]
)
def test_a_function_that_nobody_told_its_stack_serves_any(aws: FakeAws, told: dict[str, Any]) -> None:
    with aws.another_function(hurried=True, **told) as function:
        there = replace(aws, hurried=function)
        made = there.handle(OTHER.create(there.url))
        assert (
            made["Status"] == there.handle(OTHER.delete(there.url, made["PhysicalResourceId"]))["Status"] == "SUCCESS"
        )


COMPUTED = owner_token(PARTNER.stack_id, PARTNER.logical_id)


def says(physical_id: str) -> ResourceState:
    return ResourceState("UPDATE_IN_PROGRESS", physical_id, 0.0)


@pytest.mark.parametrize(
    ("physical_id", "present", "token"),
    [
        ("made up", says(claimed(OTHER)), Token.NONE),
        ("example.com|partner|unclaimed", says(claimed(OTHER)), Token.NONE),
        (claimed(PARTNER), says(claimed(OTHER)), Token.COMPUTED),
        (claimed(OTHER), says(claimed(OTHER)), Token.PRESENT),
        (claimed(OTHER), says(claimed(OTHER).replace("partner", "renamed")), Token.PRESENT),
        (claimed(OTHER), None, Token.UNKNOWN),
        (claimed(OTHER), says(claimed(PARTNER)), Token.FOREIGN),
        (claimed(OTHER), says("example.com|partner|unclaimed"), Token.FOREIGN),
        (claimed(OTHER), ResourceState("DELETE_COMPLETE", "", 0.0), Token.UNKNOWN),
        (claimed(OTHER), ResourceState("DELETE_COMPLETE", claimed(PARTNER), 0.0), Token.FOREIGN),
        (claimed(OTHER), ResourceState("", "", 0.0), Token.FOREIGN),
    ],
)
def test_a_token_is_the_computed_one_or_that_of_the_present_id(
    physical_id: str, present: ResourceState | None, token: Token
) -> None:
    asked = []

    def ask() -> ResourceState | None:
        asked.append(physical_id)
        return present

    assert token_of(PhysicalId.parse(physical_id), COMPUTED, ask) is token
    assert bool(asked) is (token not in {Token.NONE, Token.COMPUTED})
    assert token_of(None, COMPUTED, ask) is Token.NONE


def test_only_a_foreign_token_keeps_an_event_from_being_done() -> None:
    assert OUTCOME.keys() == set(product(RequestType, Token))
    assert {key: outcome for key, outcome in OUTCOME.items() if outcome is not EventVerdict.GOES_ON} == {
        (RequestType.UPDATE, Token.FOREIGN): EventVerdict.IS_REFUSED,
        (RequestType.DELETE, Token.FOREIGN): EventVerdict.IF_OURS,
    }
