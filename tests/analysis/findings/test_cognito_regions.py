"""Which user pools send by their region's own principal: those in a region that an account must enable."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ses_sending_policy.analysis.findings.services import COGNITO, CognitoRegion, service_of
from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.statement import Statement
from tests.analysis.findings.declare import resource, statement, template

GLOBAL = "cognito-idp.amazonaws.com"

# "Disabled by default" there:
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
OPT_IN = """
    af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
    ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1
"""
USUAL = "us-east-1 us-west-2 eu-west-1 eu-central-1 ap-south-1 ap-southeast-1 ap-northeast-1 ca-central-1 sa-east-1"


def found(
    region: str, *principals: str, pools: tuple[str, ...] = (), kind: str = "Service", operator: str = "ArnLike"
) -> Any:
    """Return the findings for pools in some regions, on an identity in one region."""
    arns = [f"arn:aws:cognito-idp:{each}:111111111111:userpool/{each}_abc" for each in pools or (region,)]
    grant = statement(Principal={kind: list(principals)}, Condition={operator: {"aws:SourceArn": arns}})
    policies = template(environment=KnownEnvironment("aws", region, "111111111111"), P=resource(grant))
    return [each.message for each in CognitoRegion().findings(policies, datetime(2026, 6, 1, tzinfo=UTC))]


@pytest.mark.parametrize("region", OPT_IN.split())
def test_a_pool_of_a_region_to_enable_has_a_principal_of_its_own(region: str) -> None:
    own = f"cognito-idp.{region}.amazonaws.com"
    assert found(region, GLOBAL) == [f"pools of {region!r} may send as {own!r}, and not as {GLOBAL!r}"]
    assert found(region, own) == found(region, GLOBAL, own) == []


@pytest.mark.parametrize("region", USUAL.split())
def test_a_pool_of_a_usual_region_has_none(region: str) -> None:
    assert found(region, GLOBAL) == []


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "ArnEquals", "ArnLike"])
def test_pools_are_named_by_each_operator_and_told_in_one_order(operator: str) -> None:
    pools = ("eu-west-3", "eu-west-2", "us-east-2", "sa-east-1")
    told = [f"the pool is in {pool!r}, and identity 'example.com' in 'eu-west-1'" for pool in sorted(pools)]
    assert found("eu-west-1", GLOBAL, pools=pools, operator=operator) == told


def test_a_principal_of_a_region_is_looked_at_beside_the_other_one() -> None:
    wrong = "cognito-idp.eu-west-2.amazonaws.com"
    told = f"service {wrong!r} sends for pools of 'eu-west-2', and the pool is in 'eu-west-1'"
    assert found("eu-west-1", wrong, "cognito-idp.eu-west-1.amazonaws.com") == [told]


def test_what_is_no_pool_s_principal() -> None:
    assert found("eu-west-1", GLOBAL, pools=("eu-west-2",), kind="AWS") == []
    assert found("eu-west-1", "cognito-idp..amazonaws.com", pools=("eu-west-2",)) == []
    assert found("eu-west-1", GLOBAL, pools=("",)) == []
    assert found("${AWS::Region}", GLOBAL, pools=("eu-west-2",)) == []


@pytest.mark.parametrize(
    ("elements", "service"),
    [
        ({"Principal": {"Service": GLOBAL}}, "Amazon Cognito"),
        (
            {"Principal": {"Service": ["email.cognito-idp.amazonaws.com", "cognito-idp.me-south-1.amazonaws.com"]}},
            COGNITO,
        ),
        ({"Principal": {"Service": [GLOBAL, "s3.amazonaws.com"]}}, ""),
        ({"Principal": {"AWS": GLOBAL}}, ""),
        ({"Principal": {"Service": []}}, ""),
        ({"Principal": {"Service": GLOBAL}, "Effect": "Deny"}, ""),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, ""),
        ({"Principal": {"Service": "workmail.eu-west-1.amazonaws.com"}, "Action": "ses:*"}, "Amazon WorkMail"),
        ({"Principal": {"Service": "workmail.eu-west-1.amazonaws.com"}, "Action": "ses:SendEmail"}, ""),
    ],
    ids=str,
)
def test_the_service_that_a_statement_is_of(elements: dict[str, Any], service: str) -> None:
    assert service_of(Statement("", statement(**elements))) == service
