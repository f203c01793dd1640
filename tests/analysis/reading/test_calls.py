"""Policies that a template writes by a call: what `AwsCustomResource` does with them, and what is no such call."""

import json
from typing import Any

import pytest

from ses_sending_policy.analysis.reading.calls import called_policies
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.template import Template

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]}
IDENTITY = {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "example.com"}}


def call(service: str = "SESv2", action: str = "createEmailIdentityPolicy", **parameters: Any) -> str:
    """Return a call as `AwsCustomResource` writes it."""
    own = {"EmailIdentity": "example.com", "PolicyName": "Partner", "Policy": json.dumps(DOCUMENT)}
    return json.dumps({"service": service, "action": action, "parameters": own | parameters})


def found(properties: Any, **more: Any) -> list[Declared]:
    """Return the policies found in a template with one such resource."""
    # A resource of an AWS type is no call, even with the same properties.
    other = {"Type": "AWS::SQS::Queue", "Properties": properties}
    resources = {"Other": other, "Call": {"Type": "Custom::AWS", "Properties": properties} | more, "Identity": IDENTITY}
    environment = KnownEnvironment("aws", "eu-west-1", "111111111111")
    template = Template("Mail.json", "Mail", environment, {"Resources": resources}, "MailStack")
    return list(called_policies(template, takes_defaults=True))


@pytest.mark.parametrize(
    "text",
    [
        call(),
        call("@aws-sdk/client-sesv2", "CreateEmailIdentityPolicyCommand"),
        call("sesv2", "updateEmailIdentityPolicy"),
        call("SES", "putIdentityPolicy", Identity="example.com", EmailIdentity=None),
        call("@aws-sdk/client-ses", "PutIdentityPolicyCommand", Identity="example.com", EmailIdentity=None),
    ],
)
@pytest.mark.parametrize("event", ["Create", "Update"])
def test_a_call_that_writes_a_policy(text: str, event: str) -> None:
    [policy] = found({event: text})
    assert (policy.identity_text, policy.policy_name, policy.document) == ("example.com", "Partner", DOCUMENT)
    assert (policy.owner, policy.call, policy.environment.region) == ("Mail/Call", event, "eu-west-1")
    assert (policy.template, policy.stack_name, policy.condition) == ("Mail.json", "MailStack", "")


@pytest.mark.parametrize(
    "text",
    [
        call("S3"),
        call("SESv2", "deleteEmailIdentityPolicy"),
        call("SES", "putIdentity"),
        call("SES", "updateEmailIdentityPolicy"),
        call("SESv2", "putIdentityPolicy", Identity="example.com"),
        "text",
        "[]",
        "null",
        None,
        5,
        {"Fn::If": ["A", "B", "C"]},
    ],
)
def test_a_call_that_writes_none(text: Any) -> None:
    assert found({"Create": text}) == []


@pytest.mark.parametrize("properties", [None, [], "text", {}])
def test_what_is_no_call(properties: Any) -> None:
    assert found(properties) == []


def test_the_same_for_create_and_update_is_one_policy() -> None:
    assert [policy.call for policy in found({"Create": call(), "Update": call()})] == ["Create"]
    other = call(PolicyName="Other")
    assert [policy.call for policy in found({"Create": call(), "Update": other})] == ["Create", "Update"]


def test_intrinsic_functions_are_filled_in_or_stay_visible() -> None:
    document = {"Statement": [{"Principal": {"AWS": "<role>"}, "Resource": "arn:aws:ses:<region>:1:identity/<name>"}]}
    text = call(EmailIdentity="<name>", Policy=json.dumps(document))
    references = {
        "<role>": {"Fn::GetAtt": ["Role", "Arn"]},
        "<region>": {"Ref": "AWS::Region"},
        "<name>": {"Ref": "Identity"},
    }
    parts: list[Any] = [text]
    for mark, reference in references.items():
        parts = [
            piece for part in parts for piece in (joined(part, mark, reference) if isinstance(part, str) else [part])
        ]
    [policy] = found({"Create": {"Fn::Join": ["", parts]}})
    [statement] = policy.document["Statement"]
    assert policy.identity_text == "example.com"
    assert statement == {
        "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}},
        "Resource": "arn:aws:ses:eu-west-1:1:identity/example.com",
    }


def joined(text: str, mark: str, reference: Any) -> list[Any]:
    """Return the parts of `text` with a reference in place of each mark."""
    parts = [[part, reference] for part in text.split(mark)]
    return [each for pair in parts for each in pair][:-1]


def test_a_document_that_cannot_be_read_is_still_a_policy() -> None:
    [policy] = found({"Create": call(Policy="${Document}")})
    assert policy.document == "${Document}"
    assert list(policy.statements()) == []


def test_a_document_may_be_an_object_and_has_texts_for_scalars() -> None:
    document = {"Statement": [{"Condition": {"Bool": {"aws:SecureTransport": True}}}]}
    for policy in (document, json.dumps(document)):
        [declared] = found({"Create": call(Policy=policy)})
        assert declared.document == {"Statement": [{"Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}


def test_a_call_of_a_branch_is_one_for_each() -> None:
    either = {"Fn::If": ["C", call(), call(PolicyName="Other")]}
    policies = found({"Create": either, "Update": either})
    assert sorted((each.policy_name, each.condition, each.call) for each in policies) == [
        ("Other", "not C", "Create"),
        ("Partner", "C", "Create"),
    ]


def test_a_call_may_be_written_by_a_function() -> None:
    name = {"Ref": "Name"}
    parts = call(PolicyName="<>").partition("<>")
    [policy] = found({"Create": {"Fn::Sub": ["${a}${b}${c}", {"a": parts[0], "b": name, "c": parts[2]}]}})
    assert (policy.policy_name, policy.document) == (name, DOCUMENT)


def test_a_condition_may_leave_it_out() -> None:
    assert [policy.is_conditional for policy in found({"Create": call()}, Condition="IsProd")] == [True]
    assert [policy.is_conditional for policy in found({"Create": call()})] == [False]
    assert [policy.condition for policy in found({"Create": call()}, Condition=12)] == ["${}"]
