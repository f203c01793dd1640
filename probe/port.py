"""What the probe does in an account: six operations of SES, on identities with names of its own."""

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
"""How the name of every identity begins that the probe makes or asks for."""


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """Whose SES is asked.

    :param account: twelve digits.
    :param region: as `eu-west-1`.
    :param partition: as `aws`.
    """

    account: str
    region: str
    partition: str

    def principal(self, resource: str) -> str:
        """Return the ARN of one of the account's own: `root`, or a user."""
        return f"arn:{self.partition}:iam::{self.account}:{resource}"

    def identity(self, name: str) -> str:
        """Return the ARN of an identity here."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:identity/{name}"


def permissions(region: str | None = None) -> dict[str, Any]:
    """Return an IAM policy that allows what the probe does, and on no identity but one of its own.

    :param region: that it holds for. Default: - any.
    """
    # The tag says what made the identity; the probe does without where this is denied.
    actions = ["ses:TagResource", *(f"ses:{operation}" for operation in get_args(Operation))]
    where = region or "*"
    statement = {
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": f"arn:{partition_of(where)}:ses:{where}:*:identity/{PREFIX}*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
