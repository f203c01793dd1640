"""Statements and documents: what is filled in, and what is refused in the line that adds it."""

import json
from copy import deepcopy
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam

from ses_sending_policy import DeclarationError, SendingPolicy
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.construct.mail import ARN, DOCUMENT, acknowledge, policy, resources, said, statement


def declare(stack: cdk.Stack, **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, "Policy", identity="example.com", **options)


def test_a_statement_is_about_the_identity_unless_it_says_otherwise(stack: cdk.Stack) -> None:
    declare(stack, statements=[statement(sid="A"), statement(sid="B", resources=["arn:other"])])
    acknowledge(stack, "SES002")
    assert [item["Resource"] for item in policy(stack)["Statement"]] == [ARN, "arn:other"]


def test_a_statement_that_is_about_all_but_something_stays_so(stack: cdk.Stack) -> None:
    declare(stack, statements=[statement(not_resources=["arn:other"])])
    acknowledge(stack, "SES006")
    assert "Resource" not in policy(stack)["Statement"][0]


def test_a_shared_statement_is_not_changed(stack: cdk.Stack) -> None:
    shared = statement()
    before = shared.to_json()
    for domain in ("example.com", "example.org"):
        SendingPolicy(stack, domain, identity=domain, statements=[shared])
    found = {item["Properties"]["Policy"]["Statement"][0]["Resource"] for item in resources(stack).values()}
    assert found == {ARN, "arn:aws:ses:eu-west-1:111111111111:identity/example.org"}
    assert shared.to_json() == before
    shared.add_actions("ses:SendRawEmail")


def test_what_is_done_to_a_statement_until_synth_counts(stack: cdk.Stack) -> None:
    """As everywhere in the CDK; a copy would silently stay wider than what the user wrote."""
    later = statement()
    declare(stack, statements=[later])
    later.add_condition("StringLike", {"ses:FromAddress": "*@news.example.com"})
    assert policy(stack)["Statement"][0]["Condition"] == {"StringLike": {"ses:FromAddress": "*@news.example.com"}}


def test_a_look_before_synth_is_not_the_last_word(stack: cdk.Stack) -> None:
    """Aspects read resolved properties, and other Aspects change what these come from."""
    later = statement()
    declared = declare(stack, statements=[later])
    resource = declared.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    early = stack.resolve(resource._cfn_properties)  # noqa: SLF001 - what such an aspect sees
    assert early["Policy"]["Statement"][0]["Action"] == "ses:SendEmail"
    later.add_actions("ses:SendRawEmail")
    assert policy(stack)["Statement"][0]["Action"] == ["ses:SendEmail", "ses:SendRawEmail"]


def test_a_synth_is_not_the_last_word(app: cdk.App, stack: cdk.Stack) -> None:
    later = statement("222222222222")
    declared = declare(stack, statements=[later])
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    role = iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal())

    def written() -> list[Any]:
        resources = app.synth(force=True).get_stack_by_name("Mail").template["Resources"]
        [found] = [item for item in resources.values() if item["Type"] == RESOURCE_TYPE]
        statements: list[Any] = found["Properties"]["Policy"]["Statement"]
        return statements

    assert [item["Action"] for item in written()] == ["ses:SendEmail"]
    later.add_actions("ses:SendRawEmail")
    assert [item["Action"] for item in written()] == [["ses:SendEmail", "ses:SendRawEmail"]]
    declared.add_statements(iam.PolicyStatement(sid="Z", actions=["ses:SendEmail"], principals=[role]))
    assert "Fn::ImportValue" in written()[-1]["Principal"]["AWS"]


def test_statements_can_be_added(stack: cdk.Stack) -> None:
    declared = declare(stack)
    declared.add_statements(statement("222222222222"))
    declared.add_statements(statement("333333333333"), statement("444444444444"))
    assert len(policy(stack)["Statement"]) == 3


def test_statements_are_added_to_a_document(stack: cdk.Stack) -> None:
    declare(stack, document=DOCUMENT).add_statements(statement("333333333333"))
    principals = [item["Principal"]["AWS"] for item in policy(stack)["Statement"]]
    assert principals == ["222222222222", "arn:aws:iam::333333333333:root"]


@pytest.mark.parametrize("single", [True, False])
def test_parsed_json_is_a_document(stack: cdk.Stack, single: bool) -> None:
    document = deepcopy(DOCUMENT)
    if single:
        [document["Statement"]] = document["Statement"]
    before = json.dumps(document)
    declare(stack, document=document)
    assert policy(stack) == {"Version": "2012-10-17", "Statement": [DOCUMENT["Statement"][0] | {"Resource": ARN}]}
    assert json.dumps(document) == before


def test_a_document_without_a_version_gets_none(stack: cdk.Stack) -> None:
    declare(stack, document={"Statement": DOCUMENT["Statement"]})
    assert "Version" not in policy(stack)


def test_a_policy_document_is_one_and_stays_the_user_s(stack: cdk.Stack) -> None:
    document = iam.PolicyDocument(statements=[statement()])
    declared = declare(stack, document=document)
    declared.add_statements(statement("333333333333"))
    document.add_statements(statement("444444444444"))
    principals = [item["Principal"]["AWS"][-17:-5] for item in policy(stack)["Statement"]]
    assert principals == ["222222222222", "333333333333", "444444444444"]
    assert document.statement_count == 2


def test_a_document_s_id_is_left_out_and_synth_says_so(stack: cdk.Stack) -> None:
    declare(stack, document=DOCUMENT | {"Id": "Mine"})
    assert "Id" not in policy(stack)
    assertions.Annotations.from_stack(stack).has_info(
        "/Mail/Policy",
        "the Id 'Mine' of the document is left out: it is the place of the owner's marker "
        "[ack: ses-sending-policy:document-id]",
    )


MISSING: list[tuple[dict[str, Any], str]] = [
    ({"principals": []}, "statement 1 has no Principal: every statement needs one"),
    ({"actions": []}, "statement 1 has no Action: every statement needs one"),
    (
        {"principals": [], "actions": []},
        "statement 1 has no Principal: every statement needs one; statement 1 has no Action: every statement needs one",
    ),
]


@pytest.mark.parametrize(("options", "sentence"), MISSING)
def test_a_statement_that_lacks_something_is_refused(stack: cdk.Stack, options: dict[str, Any], sentence: str) -> None:
    bad = statement(**options)
    with pytest.raises(DeclarationError) as caught:
        declare(stack, statements=[statement(), bad])
    assert said(caught.value) == sentence


def test_where_one_statement_is_refused_none_is_added(stack: cdk.Stack) -> None:
    declared = declare(stack, statements=[statement()])
    with pytest.raises(DeclarationError, match=r"^Mail/\w+: statement 2 has no Action"):
        declared.add_statements(statement("333333333333"), statement(actions=[]))
    declared.add_statements(statement("444444444444"))
    assert len(policy(stack)["Statement"]) == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"statements": [statement()], "document": DOCUMENT},
            "statements and document are both given: give the document, and the statements to add_statements",
        ),
        (
            {"statements": [DOCUMENT["Statement"][0]]},
            "statement 0 is a dict: give an iam.PolicyStatement, or the whole document as `document`",
        ),
        (
            {"document": json.dumps(DOCUMENT)},
            "document is a str: give an iam.PolicyDocument, or a dict as json.loads makes it",
        ),
        ({"document": {"Statement": ["x"]}}, "statement 0 is 'x': it must be an object"),
        (
            {"document": {"Statement": DOCUMENT["Statement"][0] | {"Effect": "Grant"}}},
            "statement 0 has the Effect 'Grant': allowed are Allow and Deny",
        ),
        (
            {"document": {"Statement": DOCUMENT["Statement"][0] | {"Resource": []}}},
            "statement 0 has an empty Resource: every statement needs one",
        ),
        (
            {"document": {"Statement": DOCUMENT["Statement"][0] | {"Action": {"ses:SendEmail"}}}},
            (
                "document holds a set: it must be what JSON has, that is objects, lists, strings, numbers, "
                "true, false and null, or a token"
            ),
        ),
        ({"when_exists": "REPLACE"}, "when_exists is 'REPLACE': allowed are FAIL, ADOPT, OVERWRITE"),
        (
            {"policy_name": "not so"},
            "policy name 'not so' is not allowed: use 1 to 64 letters, digits, '-' or '_'",
        ),
        (
            {"removal_policy": cdk.RemovalPolicy.SNAPSHOT},
            "removal_policy is SNAPSHOT, which SES does not have: use DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE",
        ),
    ],
)
def test_bad_input_is_refused(stack: cdk.Stack, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare(stack, **options)
    assert said(caught.value) == sentence


def test_bad_input_is_a_value_error(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match="not so"):
        declare(stack, policy_name="not so")


@pytest.mark.parametrize("document", [None, {"Version": "2012-10-17", "Statement": []}, iam.PolicyDocument()])
def test_a_policy_without_a_statement_is_no_policy(app: cdk.App, stack: cdk.Stack, document: Any) -> None:
    declare(stack, document=document)
    with pytest.raises(RuntimeError, match=r"Mail/Policy: policy document has no statement: it needs at least one"):
        app.synth()


def test_what_is_wrong_only_at_synth_is_refused_then(app: cdk.App, stack: cdk.Stack) -> None:
    document = iam.PolicyDocument()
    declare(stack, document=document)
    document.add_statements(iam.PolicyStatement(actions=["ses:SendEmail"]))
    with pytest.raises(RuntimeError, match=r"Mail/Policy: statement 0 has no Principal: every statement needs one"):
        app.synth()


@pytest.mark.parametrize(
    ("name", "sid"),
    [
        ("NewsSenderECSTask", "AllowNewsSenderECSTask"),
        ("newsSender", "AllowNewsSender"),
        ("news-sender_2x", "AllowNewsSender2x"),
        ("NEWS", "AllowNEWS"),
    ],
)
def test_an_id_keeps_the_capitals_of_whom_it_names(stack: cdk.Stack, name: str, sid: str) -> None:
    role = iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal())
    SendingPolicy(stack, "Partner", identity="example.com").allow_principal(role)
    [allowed] = policy(stack)["Statement"]
    assert allowed["Sid"] == sid
