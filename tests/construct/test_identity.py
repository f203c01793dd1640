"""What may be given as an identity, and how it is read."""

from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ses as ses

from ses_sending_policy import DeclarationError, SendingPolicy
from tests.construct.mail import ARN, ENVIRONMENT, new_app, only, policy, resources, said, statement


def declare(stack: cdk.Stack, identity: Any) -> SendingPolicy:
    return SendingPolicy(stack, "Policy", identity=identity, statements=[statement()])


@pytest.mark.parametrize(
    "identity",
    ["example.com", "Example.COM", ARN, "arn:aws:ses:eu-west-1:111111111111:identity/Example.com"],
)
def test_a_name_and_an_arn_mean_the_same(stack: cdk.Stack, identity: str) -> None:
    declared = declare(stack, identity)
    assert (declared.identity_name, declared.identity_arn) == ("example.com", ARN)
    assert only(stack)["Properties"]["EmailIdentity"] == "example.com"
    assert policy(stack)["Statement"][0]["Resource"] == ARN


def test_an_address_keeps_the_case_of_its_local_part(stack: cdk.Stack) -> None:
    declared = declare(stack, "First.Last@Example.com")
    assert declared.identity_name == "First.Last@example.com"
    assert declared.identity_arn == "arn:aws:ses:eu-west-1:111111111111:identity/First.Last@example.com"


def test_an_identity_of_the_stack_is_made_before_the_policy_and_goes_after_it(stack: cdk.Stack) -> None:
    declare(stack, ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com")))
    [identity] = resources(stack, "AWS::SES::EmailIdentity")
    reference = {"Ref": identity}
    assert only(stack)["Properties"]["EmailIdentity"] == reference
    assert policy(stack)["Statement"][0]["Resource"] == {
        "Fn::Join": ["", ["arn:aws:ses:eu-west-1:111111111111:identity/", reference]]
    }


def test_an_l1_identity_is_one_as_well(stack: cdk.Stack) -> None:
    declare(stack, ses.CfnEmailIdentity(stack, "Identity", email_identity="example.com"))
    assert only(stack)["Properties"]["EmailIdentity"] == {"Ref": "Identity"}


def test_imported_identities(stack: cdk.Stack) -> None:
    by_name = ses.EmailIdentity.from_email_identity_name(stack, "ByName", "Example.com")
    by_arn = ses.EmailIdentity.from_email_identity_arn(stack, "ByArn", ARN)
    for number, identity in enumerate((by_name, by_arn)):
        declared = SendingPolicy(stack, f"Policy{number}", identity=identity, statements=[statement()])
        assert (declared.identity_name, declared.identity_arn) == ("example.com", ARN)


def test_a_token_is_taken_for_a_name(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Domain")
    declare(stack, parameter.value_as_string)
    assert only(stack)["Properties"]["EmailIdentity"] == {"Ref": "Domain"}
    assert policy(stack)["Statement"][0]["Resource"] == {
        "Fn::Join": ["", ["arn:aws:ses:eu-west-1:111111111111:identity/", {"Ref": "Domain"}]]
    }


def test_an_arn_with_tokens_in_it_is_reduced_where_its_name_can_be_seen(stack: cdk.Stack) -> None:
    declared = declare(stack, f"arn:{cdk.Aws.PARTITION}:ses:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:identity/Example.com")
    assert declared.identity_name == "example.com"


def test_an_arn_that_ends_in_a_token_goes_to_the_function_as_it_is(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Rest")
    arn = {"Fn::Join": ["", ["arn:aws:ses:", {"Ref": "Rest"}]]}
    declare(stack, f"arn:aws:ses:{parameter.value_as_string}")
    assert only(stack)["Properties"]["EmailIdentity"] == arn
    assert policy(stack)["Statement"][0]["Resource"] == arn


def test_an_arn_stays_what_it_is_where_the_stack_may_be_deployed_anywhere() -> None:
    """If it is wrong, SES refuses it at the deploy: a policy for the same name elsewhere is not what was asked for."""
    stack = cdk.Stack(new_app(), "Mail")
    declare(stack, ARN)
    assert policy(stack)["Statement"][0]["Resource"] == ARN


def test_a_name_is_of_wherever_the_stack_is_deployed() -> None:
    stack = cdk.Stack(new_app(), "Mail")
    declare(stack, "example.com")
    parts = ["arn:", {"Ref": "AWS::Partition"}, ":ses:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    assert policy(stack)["Statement"][0]["Resource"] == {"Fn::Join": ["", [*parts, ":identity/example.com"]]}


def test_the_partition_is_the_stack_s_own() -> None:
    stack = cdk.Stack(new_app(), "Mail", env=cdk.Environment(account="111111111111", region="us-gov-west-1"))
    declared = declare(stack, "example.com")
    assert declared.identity_arn == "arn:aws-us-gov:ses:us-gov-west-1:111111111111:identity/example.com"


@pytest.mark.parametrize(
    "region", ["cn-north-1", "cn-northwest-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1"]
)
def test_a_region_without_ses_is_refused(region: str) -> None:
    stack = cdk.Stack(new_app(), "Mail", env=cdk.Environment(account="111111111111", region=region))
    sentence = f"stack 'Mail' is in the region '{region}', where SES is not: declare the policy in a stack of a region "
    with pytest.raises(DeclarationError, match=sentence):
        declare(stack, "example.com")


HOW = (
    "SES keeps a policy where the identity is, so declare it in a stack of that account and region, "
    "with env=cdk.Environment(account=..., region=...)"
)


@pytest.mark.parametrize(
    ("arn", "differing"),
    [
        (
            "arn:aws:ses:us-east-1:111111111111:identity/example.com",
            "region 'us-east-1' and not the stack's 'eu-west-1'",
        ),
        (
            "arn:aws:ses:eu-west-1:222222222222:identity/example.com",
            "account '222222222222' and not the stack's '111111111111'",
        ),
        (
            "arn:aws-cn:ses:cn-north-1:222222222222:identity/example.com",
            (
                "partition 'aws-cn' and not the stack's 'aws', "
                "the region 'cn-north-1' and not the stack's 'eu-west-1', "
                "the account '222222222222' and not the stack's '111111111111'"
            ),
        ),
    ],
)
def test_an_identity_elsewhere_is_refused(stack: cdk.Stack, arn: str, differing: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare(stack, arn)
    assert said(caught.value) == f"identity '{arn}' has the {differing}: {HOW}"


def test_an_imported_identity_elsewhere_is_refused(stack: cdk.Stack) -> None:
    arn = "arn:aws:ses:us-east-1:111111111111:identity/example.com"
    with pytest.raises(DeclarationError, match=r"has the region 'us-east-1' and not the stack's 'eu-west-1'"):
        declare(stack, ses.EmailIdentity.from_email_identity_arn(stack, "Elsewhere", arn))


def test_an_identity_of_a_stack_elsewhere_is_refused(app: cdk.App, stack: cdk.Stack) -> None:
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="111111111111", region="us-east-1"))
    identity = ses.EmailIdentity(other, "Identity", identity=ses.Identity.domain("example.com"))
    with pytest.raises(DeclarationError, match=r"has the region 'us-east-1' and not the stack's 'eu-west-1'"):
        declare(stack, identity)


def test_an_identity_of_another_stack_in_the_same_place_is_imported(app: cdk.App, stack: cdk.Stack) -> None:
    other = cdk.Stack(app, "Other", env=ENVIRONMENT)
    declare(stack, ses.EmailIdentity(other, "Identity", identity=ses.Identity.domain("example.com")))
    assert "Fn::ImportValue" in only(stack)["Properties"]["EmailIdentity"]


@pytest.mark.parametrize(
    ("identity", "sentence"),
    [
        (
            "not a domain",
            (
                "identity 'not a domain' is neither a domain nor an email address: "
                "give a name like example.com or a@example.com, or the ARN of an identity"
            ),
        ),
        (
            "arn:aws:s3:::example.com",
            (
                "'arn:aws:s3:::example.com' is not the ARN of an email identity: "
                "it must look like arn:aws:ses:eu-west-1:111111111111:identity/example.com"
            ),
        ),
        (
            None,
            (
                "identity is a NoneType: give an EmailIdentity, a name like example.com or a@example.com, "
                "or the ARN of an identity"
            ),
        ),
    ],
)
def test_what_is_no_identity_is_refused(stack: cdk.Stack, identity: object, sentence: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare(stack, identity)
    assert said(caught.value) == sentence


def test_one_object_may_name_another_identity_later(stack: cdk.Stack) -> None:
    """A user's own object, which is no construct."""
    named = SimpleNamespace(email_identity_ref=SimpleNamespace(email_identity="first.example"))
    first = SendingPolicy(stack, "First", identity=named, statements=[statement()])
    named.email_identity_ref = SimpleNamespace(email_identity="second.example")
    second = SendingPolicy(stack, "Second", identity=named, statements=[statement()])
    assert [each.identity_name for each in (first, second)] == ["first.example", "second.example"]
