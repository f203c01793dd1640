"""A declaration with the ARN of an identity in another account, region or partition."""

from typing import Any

import pytest

from provider.own_stack import elsewhere
from ses_sending_policy.rules.ownership import StackId
from tests.support.events import ACCOUNT, REGION, document, statement
from tests.support.fake_aws import FakeAws
from tests.support.owners import CLAIMED, PARTNER

HERE = StackId.parse(PARTNER.stack_id)
PLACES = pytest.mark.parametrize(
    "change",
    [(ACCOUNT, "222222222222"), (REGION, "us-east-1"), ("arn:aws:", "arn:aws-us-gov:")],
    ids=["another account", "another region", "another partition"],
)


def identity_arn(old: str = "", new: str = "") -> str:
    return f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.com".replace(old, new)


@PLACES
def test_an_identity_elsewhere_is_refused(aws: FakeAws, change: tuple[str, str]) -> None:
    declared: dict[str, Any] = {"EmailIdentity": identity_arn(*change)}
    old, new = (each.strip(":").removeprefix("arn:") for each in change)
    for event in (
        PARTNER.create(aws.url, **declared),
        PARTNER.update(aws.url, CLAIMED, **declared),
    ):
        answer = aws.handle(event)
        assert answer["Status"] == "FAILED"
        assert answer["Reason"].startswith(f"InvalidDeclaration: EmailIdentity '{identity_arn(*change)}' has the ")
        assert f"{new} and not {old}: SES keeps a policy where its identity is" in answer["Reason"]
    assert aws.calls == []


@PLACES
def test_a_resource_elsewhere_is_refused(aws: FakeAws, change: tuple[str, str]) -> None:
    declared = {"Policy": document(statement(), statement(Sid="Other", Resource=identity_arn(*change)))}
    for event in (
        PARTNER.create(aws.url, **declared),
        PARTNER.update(aws.url, CLAIMED, **declared),
    ):
        answer = aws.handle(event)
        assert answer["Status"] == "FAILED"
        assert answer["Reason"].startswith("InvalidDeclaration: Policy: statement 1 has the Resource ")
        assert answer["Reason"].endswith("leave it out, or name the identity that the policy hangs on")
    assert aws.calls == []


@PLACES
def test_what_is_declared_elsewhere_is_deleted_all_the_same(aws: FakeAws, change: tuple[str, str]) -> None:
    aws.handle(PARTNER.create(aws.url))
    declared = {"EmailIdentity": identity_arn(*change), "Policy": document(statement(Resource=identity_arn(*change)))}
    assert aws.handle(PARTNER.delete(aws.url, CLAIMED, **declared))["Status"] == "SUCCESS"
    assert aws.live() is None


@pytest.mark.parametrize(
    "resource",
    [
        identity_arn(),
        identity_arn(REGION, "*"),
        identity_arn(REGION, "eu-*-1"),
        identity_arn(ACCOUNT, "*"),
        identity_arn(ACCOUNT, "22222222222?"),
        identity_arn(ACCOUNT, "${aws:PrincipalAccount}"),
        identity_arn(REGION, ""),
        identity_arn("arn:aws:", "arn:*:"),
        "arn:aws:ses:us-east-1:222222222222:configuration-set/x",
        "arn:aws:s3:::bucket",
        "*",
        "nonsense",
        7,
        None,
        ["*", [identity_arn(ACCOUNT, "222222222222")]],
    ],
    ids=repr,
)
def test_what_is_not_certainly_elsewhere_is_for_ses_to_decide(resource: Any) -> None:
    properties = PARTNER.properties(Policy=document(statement(Resource=resource)))
    assert list(elsewhere(properties, HERE)) == []


@pytest.mark.parametrize("policy", [None, "x", [], {"Statement": "x"}, {"Statement": [None, "x", {}]}], ids=repr)
def test_a_policy_of_any_shape_is_looked_at(policy: Any) -> None:
    properties = {"EmailIdentity": 7, "Policy": policy}
    assert list(elsewhere(properties, HERE)) == []


def test_what_is_to_be_adopted_may_name_another_resource() -> None:
    """The policy at SES names it already, and adopting it changes nothing."""
    policy = document(statement(Resource=[identity_arn(), identity_arn(REGION, "us-east-1")]))
    assert list(elsewhere(PARTNER.properties(Policy=policy, WhenExists="ADOPT"), HERE)) == []
    assert len(list(elsewhere(PARTNER.properties(Policy=policy), HERE))) == 1
