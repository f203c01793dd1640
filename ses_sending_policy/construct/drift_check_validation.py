"""Checks a drift check at synth, when all policies and providers of its stack are known."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import aws_cdk as cdk
import jsii
from constructs import IValidation

from ses_sending_policy.construct.function_settings import FunctionSettings
from ses_sending_policy.construct.provider import providers_of
from ses_sending_policy.rules.drift_check import least_interval, most_identities, read_seconds

if TYPE_CHECKING:
    from ses_sending_policy.construct.drift_check import SendingPolicyDriftCheck


@jsii.implements(IValidation)
class DriftCheckValidation:
    """Refuses a drift check that cannot work.

    :param check: the check.
    :param chosen: the settings that the user chose for its function.
    :param taken: the settings that its function has.
    """

    def __init__(self, check: "SendingPolicyDriftCheck", chosen: FunctionSettings, taken: FunctionSettings) -> None:
        self._check = check
        self._chosen = chosen
        self._taken = taken

    def validate(self) -> list[str]:
        """Return a sentence for each fault."""
        return [sentence for sentence in (self._nothing(), too_often(self._check), self._unlike()) if sentence]

    def _nothing(self) -> str:
        if self._check.policies:
            return ""
        return "the drift check has nothing to look at: its stack has no SendingPolicy, so declare one or leave it out"

    def _unlike(self) -> str:
        providers, usual = providers_of(cdk.Stack.of(self._check)), FunctionSettings.usual()
        unlike = [self._taken.differing(self._chosen.over(provider.settings.over(usual))) for provider in providers]
        if not providers or not all(unlike):
            return ""
        return (
            f"the drift check was made before the provider {providers[0].node.path!r}, and has another "
            f"{' and '.join(unlike[0])}: make the provider first, or give that to the check as well"
        )


def usual_in(stack: cdk.Stack) -> FunctionSettings:
    """Return the default settings of a check's function: those of its stack's provider, completed by the usual ones."""
    own = [provider.settings for provider in providers_of(stack)]
    return own[0].over(FunctionSettings.usual()) if own else FunctionSettings.usual()


class _Watched(Protocol):
    @property
    def identity_arn(self) -> str: ...


class _Check(Protocol):
    @property
    def policies(self) -> Sequence[_Watched]: ...

    @property
    def interval(self) -> cdk.Duration: ...


def too_often(check: _Check) -> str:
    """Return the fault of a check whose interval is too short to read its identities at SES's pace; else empty."""
    identities = len({policy.identity_arn for policy in check.policies})
    seconds, least = check.interval.to_seconds(), least_interval(identities)
    if seconds >= least:
        return ""
    return (
        f"interval is {seconds:g} seconds: to read {identities} identities takes {read_seconds(identities):.0f} at "
        f"SES's pace, and as much is left to deploys and to what has to be read again; make it {least // 60} minutes "
        f"or more, or give `policies` of {most_identities(seconds)} identities at most"
    )
