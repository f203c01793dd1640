"""The policy's name at SES."""

import re

import aws_cdk as cdk
import pytest
from constructs import Construct
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ses_sending_policy import SendingPolicy
from tests.construct.mail import ENVIRONMENT, new_app, only, resources, statement

# A letter first: the constructs library takes `constructor` for a child that exists already.
CHARACTERS = st.one_of(st.sampled_from("azAZ09-_"), st.characters())
IDS = st.text(CHARACTERS, max_size=80).map(lambda text: f"x{text}")


def declare(scope: Construct, id_: str = "Policy") -> SendingPolicy:
    return SendingPolicy(scope, id_, identity="example.com", statements=[statement()])


def test_a_given_name_is_taken(stack: cdk.Stack) -> None:
    declared = SendingPolicy(stack, "P", identity="example.com", policy_name="partner_2-a", statements=[statement()])
    assert declared.policy_name == only(stack)["Properties"]["PolicyName"] == "partner_2-a"


def test_the_default_name_of_a_deployed_policy_does_not_change(stack: cdk.Stack) -> None:
    assert declare(stack).policy_name == "Mail-Policy-29E242E0", (
        "another default name is another policy: every deploy would replace all policies that were not given a name"
    )


@pytest.mark.parametrize("words", [["Mail"], ["Partners"], ["Partners", "News"]])
def test_a_default_name_tells_where_it_comes_from(stack: cdk.Stack, words: list[str]) -> None:
    scope: Construct = stack
    for word in words:
        scope = Construct(scope, word)
    name = declare(scope, "Allow").policy_name
    assert re.fullmatch(r"Mail-([A-Za-z]+-)*Allow-[0-9A-F]{8}", name), name


def test_a_moved_construct_gets_a_new_name(app: cdk.App, stack: cdk.Stack) -> None:
    names = {declare(stack).policy_name}
    names.add(declare(Construct(stack, "Inner")).policy_name)
    names.add(declare(cdk.NestedStack(stack, "Nested")).policy_name)
    names.add(declare(cdk.Stack(cdk.Stage(app, "Stage"), "Mail")).policy_name)
    assert len(names) == 4


def test_two_stacks_of_the_same_code_get_different_names() -> None:
    """Their policies may be on the same identity."""
    names = {
        declare(cdk.Stack(new_app(), "Mail", env=ENVIRONMENT, stack_name=f"mail-{branch}")).policy_name
        for branch in ("main", "feature")
    }
    assert len(names) == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(IDS, min_size=1, max_size=4, unique=True), IDS)
@example(["a" * 80], "b" * 80)
def test_every_default_name_is_one_that_ses_takes(path: list[str], last: str) -> None:
    stack = cdk.Stack(new_app(), "Mail")
    scope: Construct = stack
    for id_ in path:
        scope = Construct(scope, id_)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", declare(scope, last).policy_name)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text("ab/-_", min_size=1, max_size=3), min_size=2, max_size=6, unique_by=lambda text: text.replace("/", "--")
    )
)
def test_no_two_policies_of_a_stack_get_the_same_name(ids: list[str]) -> None:
    stack = cdk.Stack(new_app(), "Mail")
    for id_ in ids:
        declare(stack, id_)
    names = {item["Properties"]["PolicyName"] for item in resources(stack).values()}
    assert len(names) == len(ids)
