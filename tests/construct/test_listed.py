"""A provider for some identities: what its role may do, and what changes in a template with another list."""

from collections.abc import Callable, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ses_sending_policy import SendingPolicyDriftCheck
from tests.construct.listing import ARN, FORMS, POLICY, declare, domain, listed, provider
from tests.construct.mail import ENVIRONMENT, new_app, only, resources


def new_stack(**environment: Any) -> cdk.Stack:
    return cdk.Stack(new_app(), "Mail", env=cdk.Environment(**environment) if environment else ENVIRONMENT)


def role_policy(make: Callable[[cdk.Stack], Sequence[Any]]) -> str:
    """Return the logical id of the role's policy, if the list is what `make` returns."""
    stack = new_stack()
    provider(stack, *make(stack))
    [found] = resources(stack, POLICY)
    return found


def test_the_role_may_do_the_four_calls_on_them_and_on_no_other(stack: cdk.Stack) -> None:
    provider(stack, "example.com", "a@example.com")
    declare(stack)
    found = only(stack, POLICY)["Properties"]["PolicyDocument"]["Statement"]
    assert found[0] == {
        "Effect": "Allow",
        "Action": [
            "ses:CreateEmailIdentityPolicy",
            "ses:DeleteEmailIdentityPolicy",
            "ses:GetEmailIdentityPolicies",
            "ses:UpdateEmailIdentityPolicy",
        ],
        "Resource": [f"{ARN}a@example.com", f"{ARN}example.com"],
    }
    assert "*" not in str(found)


def test_the_function_has_the_logical_id_that_the_stack_s_own_has(stack: cdk.Stack) -> None:
    provider(stack, "example.com")
    declare(stack)
    assert list(resources(stack, "AWS::Lambda::Function")) == ["SendingPolicyProviderFunctionC0605496"]


def test_each_policy_waits_for_the_role_s_policy(stack: cdk.Stack) -> None:
    """So it is deleted before the role's policy, which its deletion needs."""
    provider(stack, "example.com", "a@example.com")
    declare(stack, "example.com", "A")
    declare(stack, "a@example.com", "B")
    [needed] = resources(stack, POLICY)
    assert [needed in each["DependsOn"] for each in resources(stack).values()] == [True, True]
    assert needed in only(stack, "AWS::Lambda::Function")["DependsOn"]


def test_without_a_list_no_policy_waits_for_it(stack: cdk.Stack) -> None:
    """Templates without a list stay as they were."""
    declare(stack)
    assert only(stack)["DependsOn"] == list(resources(stack, "AWS::Lambda::EventInvokeConfig"))


@pytest.mark.parametrize("form", FORMS)
def test_an_identity_is_the_same_however_it_is_listed(stack: cdk.Stack, form: str) -> None:
    provider(stack, FORMS[form](stack))
    declare(stack)
    assert listed(stack) == f"{ARN}example.com"


def test_the_role_has_the_form_of_a_name_that_the_function_calls_with(stack: cdk.Stack) -> None:
    """IAM compares ARNs with case, and a reference would keep the capitals."""
    identity = domain(stack, "Identity", "Example.COM")
    provider(stack, identity)
    declare(stack, identity)
    assert listed(stack) == f"{ARN}example.com"


@pytest.mark.parametrize("form", FORMS)
def test_and_however_its_policy_names_it(stack: cdk.Stack, form: str) -> None:
    provider(stack, "example.com")
    declare(stack, FORMS[form](stack))
    assert listed(stack) == f"{ARN}example.com"


def test_a_role_s_policy_is_another_for_another_list() -> None:
    one = role_policy(lambda _: ["example.com"])
    other = role_policy(lambda _: ["example.com", "example.org"])
    assert one != other
    assert one.startswith("SendingPolicyProviderPolicy")


@pytest.mark.parametrize(
    "identities",
    [
        ["example.org", "example.com"],
        ["example.com", "example.org", "EXAMPLE.com"],
        [f"{ARN}example.com", "example.org"],
    ],
    ids=["another order", "one of them twice", "an ARN"],
)
def test_the_same_list_is_the_same_policy(identities: list[str]) -> None:
    assert role_policy(lambda _: identities) == role_policy(lambda _: ["example.com", "example.org"])


def test_another_name_of_the_same_construct_is_another_list() -> None:
    """CloudFormation replaces the identity: what referred to it would be updated before the old policy is deleted."""
    one, other = (
        role_policy(lambda stack, name=name: [domain(stack, "Identity", name)])  # type: ignore[misc]  # of this loop
        for name in ("example.com", "example.org")
    )
    assert one != other


def with_tokens(stack: cdk.Stack) -> list[Any]:
    parameter = cdk.CfnParameter(stack, "Name", default="a.example")
    imported = cdk.Fn.import_value("Identity")
    return [parameter.value_as_string, imported, domain(stack, "Identity", "example.com")]


def test_tokens_give_the_same_policy_in_each_synth() -> None:
    def after_others(stack: cdk.Stack) -> list[Any]:
        for number in range(7):
            cdk.CfnParameter(stack, f"Other{number}").value_as_string.upper()
        return with_tokens(stack)[::-1]

    assert role_policy(with_tokens) == role_policy(after_others)
    assert role_policy(with_tokens) != role_policy(lambda stack: with_tokens(stack)[:2])


def test_tokens_are_in_the_role_s_policy(stack: cdk.Stack) -> None:
    provider(stack, *with_tokens(stack))
    assert sorted(map(str, listed(stack))) == sorted(
        [
            *(str({"Fn::Join": ["", [ARN, name]]}) for name in ({"Ref": "Name"}, {"Fn::ImportValue": "Identity"})),
            f"{ARN}example.com",
        ]
    )


def test_an_identity_of_another_stack() -> None:
    app = new_app()
    other, stack = (cdk.Stack(app, name, env=ENVIRONMENT) for name in ("Other", "Mail"))
    identity = domain(other, "Identity", "example.com")
    provider(stack, identity)
    declare(stack, identity)
    assert listed(stack) == f"{ARN}example.com"


def test_an_identity_of_which_only_the_deploy_knows_the_name(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    identity = domain(stack, "Identity", name)
    provider(stack, identity)
    declare(stack, identity)
    assert listed(stack) == {"Fn::Join": ["", [ARN, {"Ref": "Identity2D60E2CC"}]]}


def test_where_only_the_deploy_knows_the_region() -> None:
    stack = cdk.Stack(new_app(), "Mail")
    provider(stack, "example.com")
    declare(stack)
    assert listed(stack)["Fn::Join"][1][-1] == ":identity/example.com"


def test_a_drift_check_beside_it_reads_and_does_nothing_else(stack: cdk.Stack) -> None:
    provider(stack, "example.com")
    declare(stack)
    SendingPolicyDriftCheck(stack, "Drift")
    [own] = [each for id_, each in resources(stack, POLICY).items() if id_.startswith("DriftPolicy")]
    assert own["Properties"]["PolicyDocument"]["Statement"][0] == {
        "Effect": "Allow",
        "Action": "ses:GetEmailIdentityPolicies",
        "Resource": [f"{ARN}example.com"],
    }


def test_in_a_large_stack_each_policy_waits_for_it_and_for_its_turn(stack: cdk.Stack) -> None:
    provider(stack, "example.com", max_concurrency=2)
    for number in range(6):
        declare(stack, id_=f"Policy{number}")
    [needed] = resources(stack, POLICY)
    assert all(needed in each["DependsOn"] for each in resources(stack).values())


def test_two_stacks_with_one_role_have_a_policy_of_it_each(app: cdk.App) -> None:
    """With the same name they would be one policy, deleted with the first of the stacks."""
    other = cdk.Stack(app, "Roles", env=ENVIRONMENT)
    role = iam.Role(other, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    stacks = [cdk.Stack(app, name, env=ENVIRONMENT) for name in ("Mail", "Shop")]
    for stack in stacks:
        provider(stack, "example.com", role=role)
    names = {only(stack, POLICY)["Properties"]["PolicyName"] for stack in stacks}
    assert len(names) == 2


def test_in_a_nested_stack(stack: cdk.Stack) -> None:
    nested = cdk.NestedStack(stack, "Nested")
    identity = domain(nested, "Identity", "example.com")
    provider(nested, identity)
    declare(nested, identity)
    [needed] = resources(nested, POLICY)
    assert needed in only(nested)["DependsOn"]
