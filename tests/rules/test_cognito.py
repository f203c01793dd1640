"""The region of SES that a Cognito user pool sends through, and the service that it sends as."""

import pytest

from ses_sending_policy.rules.cognito import COGNITO, SENDING_REGIONS, region_fault, service_of_pool

# The rows of Cognito's table: the pool's region, its kind, and the regions of identities.
# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html#user-pool-email-developer-region-mapping
TABLE = """
us-east-1       Backwards  us-east-1 us-west-2 eu-west-1
us-east-2       Backwards  us-east-2 us-east-1 us-west-2 eu-west-1
us-west-1       In-Region  us-west-1
us-west-2       Backwards  us-east-1 us-west-2 eu-west-1
ca-central-1    Backwards  ca-central-1 us-east-1 us-west-2 eu-west-1
ca-west-1       Alternate  ca-central-1 us-west-1
mx-central-1    Alternate  us-east-1 us-west-2
ap-northeast-1  Backwards  ap-northeast-1 us-east-1 us-west-2 eu-west-1
ap-east-1       Alternate  ap-southeast-1 ap-northeast-1
ap-northeast-2  Backwards  ap-northeast-2 us-east-1 us-west-2 eu-west-1
ap-southeast-5  Alternate  ap-southeast-2 ap-southeast-1
ap-southeast-7  Alternate  ap-southeast-1 ap-south-1
ap-south-1      Backwards  ap-south-1 us-east-1 us-west-2 eu-west-1
ap-south-2      Alternate  ap-south-1 ap-southeast-1
ap-southeast-1  Backwards  ap-southeast-1 us-east-1 us-west-2 eu-west-1
ap-southeast-2  Backwards  ap-southeast-2 us-east-1 us-west-2 eu-west-1
ap-northeast-3  In-Region  ap-northeast-3
ap-southeast-3  In-Region  ap-southeast-3
ap-southeast-4  Alternate  ap-southeast-2 ap-southeast-1
eu-west-1       Backwards  us-east-1 us-west-2 eu-west-1
eu-west-2       Backwards  eu-west-2 us-east-1 us-west-2 eu-west-1
eu-west-3       In-Region  eu-west-3
eu-central-1    Backwards  eu-central-1 us-east-1 us-west-2 eu-west-1
eu-central-2    Alternate  eu-central-1 eu-west-2
eu-north-1      In-Region  eu-north-1
eu-south-1      In-Region  eu-south-1
eu-south-2      Alternate  eu-west-3 eu-north-1
me-south-1      In-Region  me-south-1
me-central-1    Alternate  eu-central-1 eu-west-2
sa-east-1       In-Region  sa-east-1
il-central-1    In-Region  il-central-1
af-south-1      In-Region  af-south-1
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


def test_no_other_region_is_known() -> None:
    assert SENDING_REGIONS.keys() == {pool for pool, *_ in ROWS}


@pytest.mark.parametrize(("pool", "kind", "regions"), [(pool, kind, rest) for pool, kind, *rest in ROWS])
def test_a_row_of_the_table(pool: str, kind: str, regions: list[str]) -> None:
    assert sorted(SENDING_REGIONS[pool]) == sorted(regions)
    service = f"cognito-idp.{pool}.amazonaws.com" if kind == "Alternate" else COGNITO
    assert {service_of_pool(pool, each) for each in regions} == {service}
    reached = {each for each in SENDING_REGIONS if not region_fault(pool, each)}
    # Regions that SES has reached since are missing from the table.
    assert reached == {pool, *regions}


def test_in_its_own_region_a_pool_sends_as_everywhere() -> None:
    assert service_of_pool("me-central-1", "me-central-1") == COGNITO


@pytest.mark.parametrize("pool", ["ap-east-2", "us-gov-west-1"])
def test_a_region_that_is_not_in_the_table(pool: str) -> None:
    assert service_of_pool(pool, pool) == COGNITO
    assert service_of_pool(pool, "ap-northeast-2") == f"cognito-idp.{pool}.amazonaws.com"
    assert region_fault(pool, pool) == region_fault(pool, "ap-northeast-2") == ""


@pytest.mark.parametrize(
    ("pool", "where"),
    [
        ("eu-north-1", "eu-north-1"),
        ("me-central-1", "eu-central-1 or eu-west-2"),
        ("us-east-2", "us-east-2, us-east-1, us-west-2 or eu-west-1"),
    ],
)
def test_a_fault_says_where_the_identity_should_be(pool: str, where: str) -> None:
    assert region_fault(pool, "sa-east-1") == (
        f"a Cognito user pool in {pool} sends with an identity in {where}, and never with one in sa-east-1"
    )
