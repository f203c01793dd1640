"""Statements that grant to accounts, whose JSON is written without the CDK, because calls to Node are slow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_iam as iam

from ses_sending_policy.analysis.grants.narrowing import Conditions


@dataclass(frozen=True)
class AccountStatement:
    """A statement that allows accounts some actions.

    :param accounts: the accounts' ids.
    :param partition: the accounts' partition.
    :param sid: the statement's id.
    :param actions: the allowed actions.
    :param conditions: the conditions, by operator and key.
    """

    accounts: Sequence[str]
    partition: str
    sid: str
    actions: Sequence[str]
    conditions: Conditions

    def to_statement_json(self) -> dict[str, Any]:
        """Return the JSON of the statement that `made` returns, with three fewer calls to Node."""
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
        """Return the statement as an object of the CDK.

        Several accounts are named by their digits, which are less than half as long as the ARNs of the CDK: SES accepts
        4,096 bytes in all. "AWS": ["123456789012"] is how AWS's own examples name one.
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
    """Return any statement as an object of the CDK."""
    return statement.made() if isinstance(statement, AccountStatement) else statement
