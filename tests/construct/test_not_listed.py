"""What a provider with a list of identities refuses: a policy on another identity, and an invalid list."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ses_sending_policy import DeclarationError, SendingPolicyProvider
from tests.construct.listing import FORMS, POLICY, declare, provider
from tests.construct.mail import ENVIRONMENT, new_app, resources, said

NOT_LISTED = (
    "identity 'example.net' is not among the provider's, which are 'a@example.com', 'example.com': add it to its "
    "identities, or give another provider"
)


def test_a_policy_of_another_identity_is_refused(stack: cdk.Stack) -> None:
    provider(stack, "example.com", "a@example.com")
    with pytest.raises(DeclarationError) as caught:
        declare(stack, "example.net")
    assert str(caught.value) == f"Mail/Policy: {NOT_LISTED}"


@pytest.mark.parametrize("form", ["L2", "L1"])
def test_one_that_a_construct_makes_is_known_by_its_name(stack: cdk.Stack, form: str) -> None:
    provider(stack, "example.org")
    with pytest.raises(
        DeclarationError, match=r"^Mail/Policy: identity 'example.com' is not among the provider's, which are"
    ):
        declare(stack, FORMS[form](stack))


def test_an_address_is_another_identity_than_its_domain(stack: cdk.Stack) -> None:
    provider(stack, "example.com")
    with pytest.raises(DeclarationError) as caught:
        declare(stack, "b@example.com")
    assert said(caught.value) == (
        "identity 'b@example.com' is not among the provider's, which are 'example.com': add it to its identities, for "
        "a policy hangs on the address and not on its domain, or give another provider"
    )


def test_what_only_the_deploy_knows_is_let_be(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    provider(stack, "example.com")
    declare(stack, name)
    other = cdk.Stack(new_app(), "Mail", env=ENVIRONMENT)
    provider(other, cdk.CfnParameter(other, "Name").value_as_string)
    declare(other)


NO_LIST = "identities is {}: give a list of at least one, or leave it out for every identity of the account and region"
NOT_ONE = (
    "identities has '{}', which the policy of a role cannot name exactly because of '{}': give whole names, and for a "
    "name with such a character use a provider without a list"
)


@pytest.mark.parametrize(
    ("identities", "sentence"),
    [
        ([], NO_LIST.format([])),
        ("example.com", NO_LIST.format("'example.com'")),
        (["*@example.com"], NOT_ONE.format("*@example.com", "*")),
        (["a?@example.com"], NOT_ONE.format("a?@example.com", "?")),
        (["a${b}@example.com"], NOT_ONE.format("a${b}@example.com", "${")),
        (["\u0142@example.com"], NOT_ONE.format("\u0142@example.com", "\u0142")),
        (
            ["*"],
            (
                "identity '*' is neither a domain nor an email address: give a name like example.com or a@example.com, "
                "or the ARN of an identity"
            ),
        ),
        (
            ["arn:aws:ses:eu-west-2:111111111111:identity/example.com"],
            (
                "identity 'arn:aws:ses:eu-west-2:111111111111:identity/example.com' has the region 'eu-west-2' and not "
                "the stack's 'eu-west-1': SES keeps a policy where the identity is, so declare it in a stack of that "
                "account and region, with env=cdk.Environment(account=..., region=...)"
            ),
        ),
    ],
)
def test_what_is_no_list_of_identities_is_refused(stack: cdk.Stack, identities: Any, sentence: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        SendingPolicyProvider(stack, "Own", identities=identities)
    assert said(caught.value) == sentence


def test_a_list_of_which_nobody_knows_what_it_has(stack: cdk.Stack) -> None:
    names = cdk.CfnParameter(stack, "Names", type="CommaDelimitedList").value_as_list
    with pytest.raises(DeclarationError) as caught:
        SendingPolicyProvider(stack, "Own", identities=names)
    assert said(caught.value) == (
        "identities contains a token for a list, whose items only the deploy knows: give each identity by itself"
    )
    each = cdk.Fn.select(0, names)
    SendingPolicyProvider(stack, "Other", identities=[each])


def test_a_list_for_which_a_role_has_no_room(stack: cdk.Stack) -> None:
    """A role's inline policies may have 10,240 characters in all, and two lists exist while one replaces the other."""
    names = [f"customer-{number:03}.mail.example.com" for number in range(62)]
    provider(stack, *names[:-2])
    with pytest.raises(DeclarationError) as caught:
        SendingPolicyProvider(stack, "Other", identities=names)
    assert said(caught.value) == (
        "identities are 62, with which the policy of the role has 5159 characters: allowed are 5120, half of what a "
        "role can have, because a changed list is added before the old one is deleted; give some of them to a provider "
        "of their own"
    )


def test_a_role_that_takes_no_policies_keeps_what_it_has(stack: cdk.Stack) -> None:
    """The policies are still checked against the list."""
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    provider(stack, "example.com", role=role.without_policy_updates())
    declare(stack)
    assert resources(stack, POLICY) == {}
    with pytest.raises(DeclarationError, match=r"^Mail/Other: identity 'example.net' is not among the provider's"):
        declare(stack, "example.net", "Other")
