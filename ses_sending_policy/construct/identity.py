"""Reads the `identity` argument: the name and the ARN of the identity in the stack's account and region."""

from dataclasses import dataclass, replace
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk.interfaces.aws_ses import EmailIdentityReference

from ses_sending_policy.construct.tokens import has_token
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity, IdentityArn, canonical_name, identity_name

# The partitions aws-cn and aws-iso... are not among SES's endpoints.
# https://docs.aws.amazon.com/general/latest/gr/ses.html
_WITHOUT_SES: Final = ("cn-", "us-iso", "eu-iso")


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment that a stack is deployed to; each part may be a CDK token.

    :param partition: the partition, as `aws`.
    :param region: the region, as `eu-west-1`.
    :param account: the account's id, twelve digits.
    """

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, stack: cdk.Stack) -> "Environment":
        """Return the environment of `stack`; raise `DeclarationError` if its region does not have SES."""
        # One call to Node for all three.
        arn = cast("Arn", Arn.parse(stack.format_arn(service="ses", resource="identity", resource_name="*")))
        if arn.region.startswith(_WITHOUT_SES):
            raise DeclarationError(
                f"stack {stack.node.path!r} is in the region {arn.region!r}, where SES is not: declare the policy in a "
                "stack of a region that has SES, see https://docs.aws.amazon.com/general/latest/gr/ses.html"
            )
        return cls(arn.partition, arn.region, arn.account)

    def identity_arn(self, name: str) -> str:
        """Return the ARN of the identity `name` in this environment."""
        return str(Arn(self.partition, "ses", self.region, self.account, f"identity/{name}"))


@dataclass(frozen=True, slots=True)
class NamedIdentity:
    """An identity as a template names it; name and ARN may contain CDK tokens.

    :param name: the name, as `example.com` or `a@example.com`.
    :param arn: the ARN.
    :param construct: the user's object, if the identity was not given as a string.
    """

    name: str
    arn: str
    construct: object = None

    @property
    def label(self) -> str:
        """The declared name, also if `name` is a reference to the identity; takes some calls to Node."""
        return _declared_name(self.construct) or self.name


def _check_environment(arn: str, given: Environment, own: Environment) -> None:
    differing = [
        f"{name} {there!r} and not the stack's {here!r}"
        for name, there, here in (
            ("partition", given.partition, own.partition),
            ("region", given.region, own.region),
            ("account", given.account, own.account),
        )
        if there != here and not has_token(there) and not has_token(here)
    ]
    if differing:
        raise DeclarationError(
            f"identity {arn!r} has the {', the '.join(differing)}: SES keeps a policy where the identity is, "
            "so declare it in a stack of that account and region, with env=cdk.Environment(account=..., region=...)"
        )


def _from_arn(text: str, environment: Environment) -> NamedIdentity:
    if not has_token(text):
        text = str(IdentityArn.parse(text))
    arn = Arn.parse(text)
    given = identity_name(arn) if arn else ""
    if not arn or not given:
        # The name is inside a token. The function accepts an ARN as the identity as well, and finds the name.
        return NamedIdentity(text, text)
    _check_environment(text, Environment(arn.partition, arn.region, arn.account), environment)
    name = given if has_token(given) else Identity.parse(given).name
    return NamedIdentity(name, text.removesuffix(given) + name)


def named_identity(identity: object, environment: Environment) -> NamedIdentity:
    """Return the name and the ARN of `identity`; raise `DeclarationError` if it is invalid or not in `environment`.

    :param identity: an `IEmailIdentityRef`, a name or an ARN. A string that begins with a token is taken for a name.
    :param environment: the stack's environment.
    """
    if not isinstance(identity, str):
        return replace(named_identity(_text_of(identity), environment), construct=identity)
    if identity.startswith("arn:"):
        return _from_arn(identity, environment)
    name = identity if has_token(identity) else Identity.parse(identity).name
    return NamedIdentity(name, environment.identity_arn(name))


def _declared_name(identity: object) -> str | None:
    """Return the name in the identity's own resource; None if the identity is imported."""
    resource = identity.node.default_child if isinstance(identity, cdk.Resource) else identity
    name = getattr(resource, "email_identity", None)
    if not isinstance(name, str):
        return None
    return name if has_token(name) else canonical_name(name)


def _text_of(identity: object) -> str:
    # An L2 construct has an ARN, which also tells where an imported identity is; an L1 has only the reference. Their
    # types cannot be used to tell them apart: jsii's protocols do not support `isinstance`.
    arn = getattr(identity, "email_identity_arn", None)
    if isinstance(arn, str):
        return arn
    reference: EmailIdentityReference | None = getattr(identity, "email_identity_ref", None)
    if reference is None:
        raise DeclarationError(
            f"identity is a {type(identity).__name__}: give an EmailIdentity, a name like example.com or "
            "a@example.com, or the ARN of an identity"
        )
    return reference.email_identity
