"""The six SES operations that the probe calls, the account it calls them in, and the IAM policy that it needs."""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from ses_sending_policy.rules.partitions import partition_of

Operation = Literal[
    "CreateEmailIdentity",
    "DeleteEmailIdentity",
    "CreateEmailIdentityPolicy",
    "UpdateEmailIdentityPolicy",
    "DeleteEmailIdentityPolicy",
    "GetEmailIdentityPolicies",
]

PREFIX: Final = "sending-policy-probe-"
"""The prefix of the names of all identities that the probe creates or calls operations for."""


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """The account and region that the probe runs in.

    :param account: twelve digits.
    :param region: for instance `eu-west-1`.
    :param partition: for instance `aws`.
    """

    account: str
    region: str
    partition: str

    def principal(self, resource: str) -> str:
        """Return the ARN of an IAM principal of the account: `root`, or a user."""
        return f"arn:{self.partition}:iam::{self.account}:{resource}"

    def identity(self, name: str) -> str:
        """Return the ARN of an identity in the account and region."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:identity/{name}"


def permissions(region: str | None = None) -> dict[str, Any]:
    """Return an IAM policy that allows the probe's operations, but only on identities whose names have the prefix.

    :param region: the region that the policy is for. Default: - any.
    """
    # TagResource is for a tag that tells what created the identity. If it is denied, the probe works without the tag.
    actions = ["ses:TagResource", *(f"ses:{operation}" for operation in get_args(Operation))]
    where = region or "*"
    statement = {
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": f"arn:{partition_of(where)}:ses:{where}:*:identity/{PREFIX}*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
