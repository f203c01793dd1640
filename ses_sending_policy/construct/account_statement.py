"""What is granted to accounts, which the CDK is not asked for: what their principals are is known without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_iam as iam

from ses_sending_policy.analysis.grants.narrowing import Conditions


@dataclass(frozen=True)
class AccountStatement:
    """A statement that lets accounts do something.

    :param accounts: their ids.
    :param partition: where they are.
    :param sid: the statement's id.
    :param actions: what they may do.
    :param conditions: by operator and key.
    """

    accounts: Sequence[str]
    partition: str
    sid: str
    actions: Sequence[str]
    conditions: Conditions

    def to_statement_json(self) -> dict[str, Any]:
        """Return it as `made` would, with three calls to Node less."""
        one = len(self.accounts) == 1
        who = f"arn:{self.partition}:iam::{self.accounts[0]}:root" if one else [*self.accounts]
        condition: Mapping[str, Any] = {"Condition": self.conditions} if self.conditions else {}
        return {
            "Action": [*self.actions],
            **condition,
            "Effect": "Allow",
            "Principal": {"AWS": who},
            "Sid": self.sid,
        }

    def made(self) -> iam.PolicyStatement:
        """Return it as the CDK's, for who asks for that.

        By its digits alone an account takes less than half the bytes of the ARN by which the CDK names it, and SES
        takes 4,096 in all. "AWS": ["123456789012"] is how AWS's own examples name one.
        https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
        """
        one = len(self.accounts) == 1
        several = iam.CompositePrincipal(*map(iam.ArnPrincipal, self.accounts)) if not one else None
        return iam.PolicyStatement(
            sid=self.sid,
            principals=[several or iam.AccountPrincipal(self.accounts[0])],
            actions=[*self.actions],
            conditions=self.conditions or None,
        )


def made(statement: iam.PolicyStatement | AccountStatement) -> iam.PolicyStatement:
    """Return a statement as the CDK's."""
    return statement.made() if isinstance(statement, AccountStatement) else statement
