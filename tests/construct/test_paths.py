"""Each error names its construct in words for a person; the sentences are tested where they are raised."""

import inspect
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import assertions
from aws_cdk import aws_ses as ses

from ses_sending_policy import (
    DeclarationError,
    DelegatedIdentity,
    SendingPolicy,
    SendingPolicyDriftCheck,
    SendingPolicyProvider,
)
from tests.construct.mail import DOCUMENT
from tests.docs.test_construct_page import members


def declare(stack: cdk.Stack, identity: Any = "example.com", **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, "Partner", identity=identity, **options)


def beside(stack: cdk.Stack, name: str, region: str) -> cdk.Stack:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return cdk.Stack(app, name, env=cdk.Environment(account="111111111111", region=region))


def in_another_region(stack: cdk.Stack) -> cdk.Stack:
    return beside(stack, "Other", "us-east-1")


def an_identity_elsewhere(stack: cdk.Stack) -> None:
    domain = ses.Identity.domain("example.com")
    declare(stack, ses.EmailIdentity(in_another_region(stack), "Identity", identity=domain))


def a_parameter(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    declare(stack).allow_account("222222222222", from_addresses=[f"News <{name}@example.com>"])


def a_list(stack: cdk.Stack) -> None:
    names = cdk.CfnParameter(stack, "Names", type="CommaDelimitedList").value_as_list
    declare(stack).allow_account("222222222222", from_addresses=names[0])


def a_number(stack: cdk.Stack) -> None:
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    SendingPolicyProvider(stack, "Own", max_concurrency=number)  # type: ignore[arg-type]


@jsii.implements(cdk.IStableStringProducer)
class _Unsettled:
    def produce(self) -> str:
        raise ValueError("not yet")


def what_cannot_be_told_yet(stack: cdk.Stack) -> None:
    declare(stack, f"arn:aws:ses:us-east-1:111111111111:identity/{cdk.Lazy.string(_Unsettled())}")


_ELSEWHERE = (
    "Mail/Partner: identity 'arn:aws:ses:us-east-1:111111111111:identity/{}' has the region 'us-east-1' and not the "
    "stack's 'eu-west-1': SES keeps a policy where the identity is, so declare it in a stack of that account and "
    "region, with env=cdk.Environment(account=..., region=...)"
)
_NAMED = (
    "Mail/Partner: from_addresses holds 'News <${Name}@example.com>': give the address alone, and the name in "
    "from_display_names"
)
SENTENCES: dict[str, tuple[Callable[[cdk.Stack], None], str]] = {
    "an identity of a stack elsewhere": (an_identity_elsewhere, _ELSEWHERE.format("${Identity2D60E2CC}")),
    "a parameter": (a_parameter, _NAMED),
    "a list": (a_list, "Mail/Partner: from_addresses is '${Names}': give a list, as ['${Names}']"),
    "a number": (a_number, "Mail/Own: max_concurrency is a token: give a number, because synth writes DependsOn by it"),
    "what cannot be told yet": (what_cannot_be_told_yet, _ELSEWHERE.format("${a value of the deploy}")),
}


@pytest.mark.parametrize(("fails", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_no_token_is_shown(stack: cdk.Stack, fails: Callable[[cdk.Stack], None], sentence: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        fails(stack)
    assert str(caught.value) == sentence


def test_what_makes_another_construct_names_that_one_alone(stack: cdk.Stack) -> None:
    """The first policy creates the stack's provider."""
    with pytest.raises(DeclarationError) as caught:
        declare(beside(stack, "China", "cn-north-1"))
    assert str(caught.value).startswith("China/SendingPolicyProvider: stack 'China' is in the region 'cn-north-1'")
    assert isinstance(caught.value, ValueError)


def test_no_token_is_shown_in_what_is_told_beside(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    declare(stack, document=DOCUMENT | {"Id": f"by {name}"})
    [told] = assertions.Annotations.from_stack(stack).find_info("*", assertions.Match.string_like_regexp("the Id"))
    assert "the Id 'by ${Name}' of the document is left out" in str(told.entry.data)


# Methods that only this package calls, and those that create a construct, which names its own path.
_NOT_A_USERS = {f"SendingPolicyProvider.{name}" for name in ("add", "check_serves", "keep_log", "of")}


@pytest.mark.parametrize("cls", [SendingPolicy, SendingPolicyProvider, SendingPolicyDriftCheck, DelegatedIdentity])
def test_each_way_to_declare_something_tells_its_construct(cls: type) -> None:
    ways = {"__init__": cls.__dict__["__init__"]} | {
        name: member for name, member in members(cls) if inspect.isfunction(inspect.unwrap(member))
    }
    silent = {f"{cls.__name__}.{name}" for name, member in ways.items() if not hasattr(member, "__wrapped__")}
    assert silent <= _NOT_A_USERS
    assert len(ways) > 1
