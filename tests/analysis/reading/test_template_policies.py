"""The policies of a template, of its file, and of the templates nested in it."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.domains import domains_of
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.template_policies import resources
from ses_sending_policy.rules.identity import Identity
from tests.analysis.reading.declared_policies import DECLARED, HERE, declared_policies, policy
from tests.support.events import document, statement

NOWHERE: Final = KnownEnvironment()


def found(environment: KnownEnvironment = HERE, **resources: Any) -> list[Declared]:
    """Return the policies of a template."""
    return list(declared_policies({"Resources": resources}, stack="Mail", environment=environment))


def test_a_policy_as_it_is_declared() -> None:
    assert found(P=policy()) == [DECLARED]


def test_what_is_told_of_the_template_goes_along() -> None:
    [declared] = declared_policies(
        {"Resources": {"P": policy() | {"Condition": "IsProd"}}},
        stack="Mail",
        environment=HERE,
        path="Mail.json",
        stack_name="MailStack",
    )
    home = Home("Mail", "MailStack")
    assert declared == replace(
        DECLARED, template="Mail.json", stack_name="MailStack", condition="IsProd", home=home, answers=declared.answers
    )
    assert [each.condition for each in found(P=policy() | {"Condition": 12})] == ["${}"]
    assert declared.is_conditional
    assert not DECLARED.is_conditional


def test_nobody_knows_where_a_policy_is_that_does_not_say_so() -> None:
    bare = Declared("Mail", "P", "example.com", "partner", {})
    assert (bare.environment, bare.template, bare.stack_name, bare.may_adopt) == (NOWHERE, "", "", False)
    assert (bare.condition, bare.call) == ("", "")


@pytest.mark.parametrize(("when", "may"), [("FAIL", False), ("ADOPT", True), ("OVERWRITE", True), ({"Ref": "W"}, True)])
def test_who_may_adopt(when: Any, *, may: bool) -> None:
    assert [each.may_adopt for each in found(P=policy(WhenExists=when))] == [may]


def test_scalars_are_texts_and_references_are_filled_in() -> None:
    [declared] = list(
        declared_policies(
            {
                "Resources": {
                    "Identity": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": {"Ref": "Domain"}}},
                    "P": policy(
                        EmailIdentity={"Ref": "Identity"},
                        PolicyName={"Fn::Sub": "p-${AWS::Region}"},
                        Policy={"Statement": [{"Condition": {"Bool": {"k": True}}, "Sid": {"Ref": "Domain"}}]},
                    ),
                }
            },
            stack="Mail",
            environment=HERE,
            parameters={"Domain": "example.com"},
        )
    )
    assert (declared.identity, declared.policy_name) == ("example.com", "p-eu-west-1")
    assert declared.document == {"Statement": [{"Condition": {"Bool": {"k": "true"}}, "Sid": "example.com"}]}


@pytest.mark.parametrize(
    "resource",
    [None, "x", {}, {"Type": "Custom::Other", "Properties": policy()["Properties"]}, {"Type": "Custom::SendingPolicy"}],
)
def test_what_is_no_policy(resource: Any) -> None:
    assert found(A=resource, P=policy()) == [DECLARED]


@pytest.mark.parametrize("template", [None, [], {}, {"Resources": []}, {"Resources": {"A": "x"}}], ids=repr)
def test_what_has_no_resources(template: Any) -> None:
    assert list(resources(template)) == []


ARN = "arn:aws-us-gov:ses:us-gov-west-1:222222222222:identity/example.com"


@pytest.mark.parametrize(
    ("environment", "resource", "told"),
    [
        (NOWHERE, ARN, KnownEnvironment("aws-us-gov", "us-gov-west-1", "222222222222")),
        (HERE, ARN, HERE),
        (KnownEnvironment(region="eu-west-1"), ARN, KnownEnvironment("aws-us-gov", "eu-west-1", "222222222222")),
        (NOWHERE, ARN.replace("us-gov-west-1", "*"), KnownEnvironment("aws-us-gov", None, "222222222222")),
        (NOWHERE, ARN.replace("222222222222", ""), KnownEnvironment("aws-us-gov", "us-gov-west-1", None)),
        (
            NOWHERE,
            ARN.replace("aws-us-gov", "${AWS::Partition}"),
            KnownEnvironment(None, "us-gov-west-1", "222222222222"),
        ),
        (NOWHERE, ARN.replace("us-gov-west-1", "${AWS::Region}"), KnownEnvironment("aws-us-gov", None, "222222222222")),
        (NOWHERE, ["x", ARN], KnownEnvironment("aws-us-gov", "us-gov-west-1", "222222222222")),
        (NOWHERE, ARN.replace("ses", "sns"), NOWHERE),
        (NOWHERE, ARN.replace("arn:", "urn:"), NOWHERE),
        (NOWHERE, "arn:aws:ses:eu-west-1:111111111111", NOWHERE),
        (NOWHERE, "*", NOWHERE),
    ],
)
def test_what_a_stack_does_not_know_the_arn_may(
    environment: KnownEnvironment, resource: Any, told: KnownEnvironment
) -> None:
    [declared] = found(environment, P=policy(Policy=document(statement() | {"Resource": resource})))
    assert declared.environment == told


@pytest.mark.parametrize(
    ("identity", "text", "known", "key"),
    [
        ("example.com", "example.com", Identity("example.com"), ("111111111111", "eu-west-1", "example.com")),
        ("Example.COM", "Example.COM", Identity("example.com"), ("111111111111", "eu-west-1", "example.com")),
        ({"Ref": "Name"}, "${Name}", None, ("Mail", "", '{"Ref":"Name"}')),
        ({"Fn::Sub": "${N}@a.example"}, "${N}@a.example", None, ("Mail", "", '{"Fn::Sub":"${N}@a.example"}')),
        ("nowhere", "nowhere", None, ("Mail", "", '"nowhere"')),
        (None, "${}", None, ("Mail", "", "null")),
    ],
)
def test_an_identity_as_it_is_declared(identity: Any, text: str, known: Identity | None, key: tuple[str, ...]) -> None:
    declared = replace(DECLARED, identity=identity)
    assert (declared.identity_text, declared.known_identity, declared.identity_key) == (text, known, key)


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        (HERE, ("111111111111", "eu-west-1")),
        (KnownEnvironment(region="eu-west-1"), ("Mail",)),
        (KnownEnvironment(account="111111111111"), ("Mail",)),
        (NOWHERE, ("Mail",)),
    ],
)
def test_where_two_policies_meet(environment: KnownEnvironment, place: tuple[str, ...]) -> None:
    declared = replace(DECLARED, environment=environment)
    assert (declared.place, declared.owner) == (place, "Mail/P")


@pytest.mark.parametrize(
    ("name", "domains"),
    [("a@b.c.example", ["b.c.example", "c.example", "example"]), ("b.c.example", []), ("a@b", ["b"]), ("a@", [])],
)
def test_the_domains_of_an_address(name: str, domains: list[str]) -> None:
    assert list(domains_of(name)) == domains
