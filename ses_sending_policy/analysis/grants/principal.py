"""The principal of a grant, and which other principals include it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ses_sending_policy.rules.arns import OWN_ACCOUNT, OWN_PARTITION, Arn, is_account
from ses_sending_policy.rules.conditions import has_wildcard


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """A principal, in a form in which equal principals are equal values.

    :param kind: as `AWS` or `Service`; `NotAWS` if everybody else is meant.
    :param name: as the document has it; for a whole account, its twelve digits.
    """

    kind: str
    name: str

    @classmethod
    def of(cls, kind: str, name: str, partition: str | None) -> "Principal":
        """Return the principal of a grant, with a whole account's ARN shortened to the account's digits.

        :param partition: the partition that the identity is in; None counts as `aws`.
        """
        arn = Arn.parse(name) if kind in ("AWS", "NotAWS") else None
        account = arn.whole_account if arn and arn.partition in (partition or "aws", OWN_PARTITION) else ""
        return cls(kind, account if is_account(account) or account == OWN_ACCOUNT else name)

    def covering(self, effect: str, owner: str) -> Iterator["Principal"]:
        """Yield the principals that are known to include this one, itself first.

        :param effect: the effect of the statement that names them.
        :param owner: the account that the identity is in; empty if it is unknown.
        """
        yield self
        if self.kind != "AWS" or self.name == "*":
            return
        yield Principal("AWS", "*")
        account = _account_of_member(self.name)
        # An Allow for a whole account covers a member of it only if it is not the owner's account: there, an
        # administrator has to pass on what is allowed, also to principals that the policy names. In the owner's
        # account, a named principal may send without that.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
        if account and (effect == "Deny" or owner not in ("", account)):
            yield Principal("AWS", account)


def _account_of_member(name: str) -> str:
    """Return the account that one user, role or session is in; empty for any other principal."""
    arn = Arn.parse(name)
    if not arn or not arn.member or not is_account(arn.account):
        return ""
    _, name = arn.member
    return "" if has_wildcard(name) else arn.account
