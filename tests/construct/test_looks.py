"""Who reads a policy before the synth is over: Aspects, the user's code, the CDK; and statements that come late."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import IConstruct

from ses_sending_policy import SendingPolicy
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.construct.mail import ENVIRONMENT, new_app, only, policy, resources, statement


def declare(stack: cdk.Stack, id_: str = "Partner", **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, id_, identity="example.com", **options)


@jsii.implements(cdk.IAspect)
class Each:
    """Does something with each construct."""

    def __init__(self, do: Callable[[Any], None]) -> None:
        self._do = do

    def visit(self, node: IConstruct) -> None:
        """Do it with the construct."""
        self._do(node)


def reader(seen: list[Any]) -> Each:
    """Return an Aspect as an account's guard may have: it resolves the properties of each policy's resource."""

    def read(node: Any) -> None:
        if isinstance(node, cdk.CfnResource) and node.cfn_resource_type == RESOURCE_TYPE:
            properties = cdk.Stack.of(node).resolve(node._cfn_properties)  # noqa: SLF001 - what such an Aspect reads
            seen.append({each.get("Sid", "") for each in properties["Policy"]["Statement"]})

    return Each(read)


def adder(sid: str) -> Each:
    def add(node: Any) -> None:
        if isinstance(node, SendingPolicy):
            node.add_statements(statement("444444444444", sid=sid))

    return Each(add)


def test_aspects_see_what_is_declared_by_then(stack: cdk.Stack) -> None:
    """In between, other Aspects add statements, by their priorities."""
    later = statement(sid="First")
    declare(stack, statements=[later])
    seen: list[set[str]] = []
    for priority, aspect in (
        (10, reader(seen)),
        (20, adder("Second")),
        (30, reader(seen)),
        (40, Each(lambda node: setattr(later, "sid", "Renamed") if isinstance(node, SendingPolicy) else None)),
        (50, reader(seen)),
    ):
        cdk.Aspects.of(stack).add(aspect, priority=priority)
    found = {each["Sid"] for each in policy(stack)["Statement"]}
    # All Aspects visit the construct before they visit its resource.
    assert seen == [{"Renamed", "Second"}] * 3
    assert found == {"Renamed", "Second"}


def test_what_an_aspect_sees_is_as_old_as_its_visit(stack: cdk.Stack) -> None:
    first, second = declare(stack, statements=[statement(sid="First")]), declare(stack, "Second")
    seen: list[set[str]] = []
    cdk.Aspects.of(first).add(reader(seen), priority=10)
    cdk.Aspects.of(second).add(reader(seen), priority=10)
    last = Each(lambda node: first.add_statements(statement(sid="Late")) if node is second else None)
    cdk.Aspects.of(second).add(last, priority=5)
    second.allow_account("222222222222")
    template = assertions.Template.from_stack(stack).to_json()["Resources"].values()
    assert seen == [{"First"}, {"AllowAccount222222222222"}]
    written = [
        {each["Sid"] for each in item["Properties"]["Policy"]["Statement"]}
        for item in template
        if item["Type"] == RESOURCE_TYPE
    ]
    assert written == [{"First", "Late"}, {"AllowAccount222222222222"}]


def test_the_properties_are_there_for_who_looks_before_the_synth(stack: cdk.Stack) -> None:
    declared = declare(stack)
    resource = declared.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    assert resource.cfn_resource_type == RESOURCE_TYPE

    def now() -> Any:
        return stack.resolve(resource._cfn_properties)  # noqa: SLF001 - as such an Aspect

    assert now()["Policy"] == {"Version": "2012-10-17", "Statement": []}
    declared.allow_account("222222222222")
    given = statement("333333333333")
    declared.add_statements(given)
    given.add_condition("StringLike", {"ses:FromAddress": "*@news.example.com"})
    before = now()
    assert len(before["Policy"]["Statement"]) == 2
    assert before == only(stack)["Properties"]


def test_a_reference_of_a_late_statement_is_found(app: cdk.App, stack: cdk.Stack) -> None:
    """What an Aspect adds to the policy, what it adds to a statement, and what code of another stack adds."""
    other = cdk.Stack(app, "Other", env=ENVIRONMENT)
    roles = [iam.Role(other, f"Role{number}", assumed_by=iam.AccountRootPrincipal()) for number in range(3)]
    given = statement()
    declared = declare(stack, statements=[given])

    def add(node: Any) -> None:
        if node is declared:
            declared.add_statements(statement(principals=[roles[0]]))
            given.add_principals(roles[1])

    cdk.Aspects.of(stack).add(Each(add))
    declared.allow_principal(roles[2])
    text = str(policy(stack))
    assert text.count("Fn::ImportValue") == 3
    assert len(assertions.Template.from_stack(other).to_json()["Outputs"]) == 3


def test_a_reference_that_somebody_looked_at_is_found(app: cdk.App, stack: cdk.Stack) -> None:
    """Even if somebody resolved the resource or something that depends on it, the CDK still finds the reference."""
    other = cdk.Stack(app, "Other", env=ENVIRONMENT)
    role = iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal())
    given = statement()
    declared = declare(stack, statements=[given])
    seen: list[Any] = []

    def look(node: Any) -> None:
        seen.extend(node.node.dependencies)
        if isinstance(node, cdk.CfnResource) and node.cfn_resource_type == RESOURCE_TYPE:
            seen.append(stack.resolve(node._cfn_properties))  # noqa: SLF001 - as such an Aspect
            given.add_principals(role)

    cdk.Aspects.of(stack).add(Each(look))
    assert "Fn::ImportValue" in str(policy(stack))
    assert seen
    assert declared.node.default_child in stack.node.find_all()


def test_a_reference_of_a_nested_stack_s_policy_is_a_parameter(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    nested = cdk.NestedStack(stack, "Nested")
    given = statement(sid="Given")
    declared = declare(nested, statements=[given])
    cdk.Aspects.of(nested).add(Each(lambda node: given.add_principals(role) if node is declared else None))
    declared.allow_principal(role)
    texts = [str(each["Principal"]) for each in policy(nested)["Statement"]]
    assert all("referencetoMailRole" in text for text in texts)
    assert len(texts) == 2


def test_an_override_is_not_what_the_document_is_written_by(stack: cdk.Stack) -> None:
    """A user may override it, and the override wins."""
    declared = declare(stack, statements=[statement()])
    resource = declared.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    resource.add_property_override("Policy.Version", "2008-10-17")
    assert policy(stack)["Version"] == "2008-10-17"
    assert len(policy(stack)["Statement"]) == 1


def test_an_identity_that_an_aspect_adds_is_waited_for(stack: cdk.Stack) -> None:
    declared = declare(stack, statements=[statement()])
    made: list[ses.CfnEmailIdentity] = []

    def add(node: Any) -> None:
        if node is declared:
            made.append(ses.CfnEmailIdentity(stack, "Late", email_identity="example.com"))

    cdk.Aspects.of(stack).add(Each(add))
    assert "Late" in only(stack)["DependsOn"]
    assert made


@pytest.mark.parametrize("times", [2, 3])
def test_a_synth_can_be_had_again(app: cdk.App, stack: cdk.Stack, times: int) -> None:
    declared = declare(stack)
    for number in range(times):
        declared.allow_account(f"{number}" * 12)
        app.synth(force=True)
        assert assertions.Template.from_stack(stack).to_json() == assertions.Template.from_stack(stack).to_json()
    assert len(policy(stack)["Statement"]) == times
    assert len(resources(stack)) == 1


def test_a_synth_that_skips_validation_has_the_document_and_what_it_waits_for(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack, statements=[statement()])
    ses.CfnEmailIdentity(stack, "Identity", email_identity="example.com")
    template = app.synth(skip_validation=True).get_stack_by_name("Mail").template["Resources"]
    [found] = [each for each in template.values() if each["Type"] == RESOURCE_TYPE]
    assert len(found["Properties"]["Policy"]["Statement"]) == 1
    assert "Identity" in found["DependsOn"]


def test_who_writes_over_how_a_statement_is_added_sees_each_of_them(stack: cdk.Stack) -> None:
    seen: list[Any] = []

    class Guarded(SendingPolicy):
        def add_statements(self, *statements: iam.PolicyStatement) -> None:
            seen.extend(each.principals[0].policy_fragment.principal_json for each in statements)
            super().add_statements(*statements)

    policy_of_mine = Guarded(stack, "Partner", identity="example.com")
    policy_of_mine.allow_account("222222222222")
    assert len(seen) == 1
    assert policy(stack)["Statement"][0]["Sid"] == "AllowAccount222222222222"


@pytest.mark.parametrize("accounts", [["222222222222"], ["222222222222", "333333333333"]])
def test_what_is_granted_to_accounts_is_what_the_cdk_would_write(stack: cdk.Stack, accounts: list[str]) -> None:
    """Also if the partition is unknown, and in the document that a caller gets."""
    anywhere = cdk.Stack(new_app(), "Anywhere")
    for each in (stack, anywhere):
        made = declare(each)
        made.allow_account(*accounts, from_addresses=["*@news.example.com"], actions=["ses:SendEmail"])
        opened = declare(each, "Opened")
        opened.allow_account(*accounts, from_addresses=["*@news.example.com"], actions=["ses:SendEmail"])
        principals = [iam.AccountPrincipal(*accounts)] if len(accounts) == 1 else [*map(iam.ArnPrincipal, accounts)]
        theirs = statement(
            sid=opened.policy_document.to_json()["Statement"][0]["Sid"],
            principals=principals,
            conditions={"StringLike": {"ses:FromAddress": ["*@news.example.com"]}},
        )
        declare(each, "Theirs", statements=[theirs])
        one, other, last = (item["Properties"]["Policy"] for item in resources(each).values())
        assert one == other == last


def test_a_reader_knows_an_identity_by_the_name_that_it_has_in_the_end(app: cdk.App, stack: cdk.Stack) -> None:
    identity = ses.CfnEmailIdentity(stack, "Identity", email_identity="example.com")
    SendingPolicy(stack, "Partner", identity=identity).allow_account("222222222222")
    for name in ("example.org", "example.net"):
        identity.email_identity = name
        [said] = app.synth(force=True).get_stack_by_name("Mail").template["Metadata"].values()
        assert said.endswith(f"of {name}")
