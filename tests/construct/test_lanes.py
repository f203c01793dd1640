"""Many policies in a stack: which waits for which, and that a stack below the limit is unchanged."""

from collections.abc import Callable
from graphlib import TopologicalSorter
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns

from ses_sending_policy import DeclarationError, SendingPolicy, SendingPolicyProvider
from ses_sending_policy.construct.lanes import MOST, Lanes
from ses_sending_policy.construct.order import references
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.construct.mail import ENVIRONMENT, new_app, resources, said, statement


def declare(stack: cdk.Stack, count: int, **options: Any) -> list[SendingPolicy]:
    """Declare that many policies, twenty on each identity."""
    return [
        SendingPolicy(stack, f"P{number}", identity=f"{number // 20}.example", statements=[statement()], **options)
        for number in range(count)
    ]


def limited(stack: cdk.Stack, most: int) -> SendingPolicyProvider:
    return SendingPolicyProvider(stack, "SendingPolicyProvider", max_concurrency=most)


def resource(policy: SendingPolicy) -> cdk.CfnResource:
    found = policy.node.default_child
    assert isinstance(found, cdk.CfnResource)
    return found


def waits(stack: cdk.Stack) -> dict[str, list[str]]:
    """Return which policies each policy waits for; fail if the resources wait in a circle."""
    template = assertions.Template.from_stack(stack).to_json()["Resources"]
    needs = {
        name: {*listed(item.get("DependsOn", [])), *references(item.get("Properties", {}))}
        for name, item in template.items()
    }
    assert list(TopologicalSorter(needs).static_order())
    policies = resources(stack)
    return {name: sorted(set(listed(item["DependsOn"])) & policies.keys()) for name, item in policies.items()}


def listed(needed: str | list[str]) -> list[str]:
    return [needed] if isinstance(needed, str) else needed


def first(found: dict[str, list[str]]) -> int:
    """Return how many policies wait for no other."""
    return len([name for name, needed in found.items() if not needed])


def test_up_to_the_limit_nobody_waits(stack: cdk.Stack) -> None:
    declare(stack, MOST)
    assert set(map(tuple, waits(stack).values())) == {()}


def test_up_to_the_limit_node_is_not_asked() -> None:
    """An object without any attribute takes the place of the stack and its resources."""
    lanes = Lanes(cast("cdk.Stack", object()))
    for _ in range(MOST):
        lanes.add(cast("cdk.CfnResource", object()))
    lanes.arrange()
    lanes.add(cast("cdk.CfnResource", object()))
    with pytest.raises(AttributeError):
        lanes.arrange()


def test_above_it_they_wait_in_lanes(stack: cdk.Stack) -> None:
    declare(stack, MOST + 60)
    found = waits(stack)
    assert first(found) <= MOST
    assert max(map(len, found.values())) == 1
    before = [name for needed in found.values() for name in needed]
    assert len(before) == len(set(before)), "each lane is a chain"


def test_one_lane_is_one_chain(stack: cdk.Stack) -> None:
    limited(stack, 1)
    declare(stack, 5)
    assert (first(waits(stack)), sum(map(len, waits(stack).values()))) == (1, 4)


def test_a_template_below_the_limit_is_the_same_to_the_byte() -> None:
    """The limit is the provider's alone: no property and no metadata has it."""

    def template(*most: int) -> Any:
        stack = cdk.Stack(new_app(), "Mail", env=ENVIRONMENT)
        for each in most:
            limited(stack, each)
        declare(stack, 3)
        return assertions.Template.from_stack(stack).to_json()

    assert template() == template(3) == template(500)
    assert template() != template(2)


def test_all_providers_of_a_stack_share_its_lanes(stack: cdk.Stack) -> None:
    limited(stack, 4)
    own = SendingPolicyProvider(stack, "Own", max_concurrency=2)
    declare(stack, 3)
    SendingPolicy(stack, "Fourth", identity="own.example", statements=[statement()], provider=own)
    assert first(waits(stack)) <= 2


def test_a_nested_stack_has_lanes_of_its_own(stack: cdk.Stack) -> None:
    nested = cdk.NestedStack(stack, "Nested")
    limited(nested, 1)
    declare(nested, 3)
    declare(stack, 3)
    assert (first(waits(nested)), first(waits(stack))) == (1, 3)


def test_a_stage_s_stacks_have_lanes_of_their_own() -> None:
    app = new_app()
    stacks = [cdk.Stack(cdk.Stage(app, name, env=ENVIRONMENT), "Mail") for name in ("Test", "Prod")]
    for each in stacks:
        limited(each, 2)
        declare(each, 5)
    assembly = app.synth()
    for name in ("Test", "Prod"):
        template = assembly.get_nested_assembly(f"assembly-{name}").get_stack_by_name(f"{name}-Mail").template
        items = {key: item for key, item in template["Resources"].items() if item["Type"] == RESOURCE_TYPE}
        assert len([item for item in items.values() if not set(item["DependsOn"]) & items.keys()]) <= 2


def test_a_second_synth_forgets_the_lanes_of_the_first(app: cdk.App, stack: cdk.Stack) -> None:
    limited(stack, 1)
    for synth in ("AC", "B"):
        for name in synth:
            SendingPolicy(stack, name, identity="example.com", statements=[statement()])
        template = app.synth(force=True).get_stack_by_name("Mail").template["Resources"]
    policies = {name: item for name, item in template.items() if item["Type"] == RESOURCE_TYPE}
    waits_for = {
        name[0]: [each[0] for each in item["DependsOn"] if each in policies] for name, item in policies.items()
    }
    assert waits_for == {"A": [], "B": ["A"], "C": ["B"]}


def explicit(_: cdk.Stack, early: SendingPolicy, late: SendingPolicy) -> None:
    early.node.add_dependency(late)


def between(stack: cdk.Stack, early: SendingPolicy, late: SendingPolicy) -> None:
    """Let one policy wait for a topic that waits for the other, by a dependency and a reference."""
    topic = sns.Topic(stack, "Topic")
    topic.node.add_dependency(late)
    early.allow_principal(iam.ArnPrincipal(topic.topic_arn))


def pool(stack: cdk.Stack, early: SendingPolicy, late: SendingPolicy) -> None:
    """Let a user pool wait for one policy, and be named by the other."""
    users = cognito.UserPool(stack, "Users")
    dependable = late.allow_account("333333333333").policy_dependable
    assert dependable is not None
    users.node.add_dependency(dependable)
    early.allow_cognito_user_pool(users)


def attribute(stack: cdk.Stack, early: SendingPolicy, late: SendingPolicy) -> None:
    """Let one policy wait for a topic that waits for the other, by references alone."""
    topic = sns.CfnTopic(stack, "Topic", topic_name=resource(late).get_att("PolicyHash").to_string())
    early.allow_principal(iam.ArnPrincipal(topic.ref))


def substituted(stack: cdk.Stack, early: SendingPolicy, late: SendingPolicy) -> None:
    name = stack.resolve(resource(late).logical_id)
    topic = cdk.CfnResource(
        stack, "Topic", type="AWS::SNS::Topic", properties={"TopicName": cdk.Fn.sub(f"${{{name}.PolicyHash}}")}
    )
    resource(early).add_resource_dependency(topic)


@pytest.mark.parametrize("ways", [explicit, between, pool, attribute, substituted])
@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("nested", [False, True])
def test_what_a_user_makes_them_wait_for_is_no_circle(
    stack: cdk.Stack, ways: Callable[[cdk.Stack, SendingPolicy, SendingPolicy], None], *, flipped: bool, nested: bool
) -> None:
    home = cdk.NestedStack(stack, "Nested") if nested else stack
    limited(home, 1)
    policies = declare(home, 4)
    one, other = policies[1:3][:: -1 if flipped else 1]
    ways(home, one, other)
    found = waits(home)
    assert sum(map(len, found.values())) >= 3
    assert first(found) == 1


def test_an_identity_that_waits_for_a_policy_is_no_circle(stack: cdk.Stack) -> None:
    limited(stack, 1)
    SendingPolicy(stack, "B", identity="b.example", statements=[statement()])
    SendingPolicy(stack, "A", identity="a.example", statements=[statement()])
    late = SendingPolicy(stack, "Late", identity="late.example", statements=[statement()])
    for name in ("a", "b"):
        identity = ses.EmailIdentity(stack, name, identity=ses.Identity.domain(f"{name}.example"))
        identity.node.add_dependency(late)
    assert first(waits(stack)) == 1


def test_a_nested_stack_between_two_policies_is_no_circle(stack: cdk.Stack) -> None:
    limited(stack, 1)
    early, late, *_ = declare(stack, 4)
    nested = cdk.NestedStack(stack, "Nested")
    topic = sns.Topic(nested, "Topic")
    topic.node.add_dependency(late)
    early.allow_principal(iam.ArnPrincipal(topic.topic_arn))
    assert first(waits(stack)) == 1


@pytest.mark.parametrize("most", [0, -1, 2.5, "many", True])
def test_no_other_limit_can_be_given(stack: cdk.Stack, most: Any) -> None:
    with pytest.raises(DeclarationError) as caught:
        limited(stack, most)
    assert said(caught.value) == f"max_concurrency is {most!r}: give a whole number of 1 or more"
