"""Which statements for user pools are calls of a grant, by the regions of the pool and the identity."""

import pytest

from ses_sending_policy.analysis.grants.granted import granted
from ses_sending_policy.rules.identity import IdentityArn
from tests.analysis.findings.declare import ARN
from tests.analysis.grants.test_granted import BOTH, EMAIL_COGNITO, POOL


@pytest.mark.parametrize(
    ("identity_region", "pool_region", "service", "method"),
    [
        ("eu-west-1", "ap-south-1", EMAIL_COGNITO, "allow_cognito_user_pool"),
        ("eu-central-1", "me-central-1", "cognito-idp.me-central-1.amazonaws.com", "allow_cognito_user_pool"),
        # The construct would write these otherwise, or refuse, and no other method writes ArnLike without a pattern.
        ("eu-central-1", "me-central-1", EMAIL_COGNITO, ""),
        ("eu-west-1", "ap-south-1", "cognito-idp.ap-south-1.amazonaws.com", ""),
        ("eu-north-1", "ap-south-1", EMAIL_COGNITO, ""),
    ],
)
def test_a_pool_is_one_where_the_construct_writes_the_same(
    identity_region: str, pool_region: str, service: str, method: str
) -> None:
    identity, pool = ARN.replace("eu-west-1", identity_region), POOL.replace("eu-west-1", pool_region)
    conditions = {"StringEquals": {"aws:SourceAccount": "222222222222"}, "ArnLike": {"aws:SourceArn": pool}}
    principal = {"Service": service}
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": BOTH,
        "Resource": identity,
        "Condition": conditions,
    }
    call = granted(statement, IdentityArn.parse(identity))
    assert (call.method if call else "") == method
