"""Amazon SES sending authorization policies for the AWS CDK.

The names load on first use: the Lambda and the command line pass this door as well, and neither has nor wants the CDK.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ses_sending_policy.construct.delegate import DelegatedIdentity
    from ses_sending_policy.construct.drift_check import SendingPolicyDriftCheck
    from ses_sending_policy.construct.grants import Narrowing
    from ses_sending_policy.construct.provider import SendingPolicyProvider
    from ses_sending_policy.construct.sending_policy import SendingPolicy
    from ses_sending_policy.rules.errors import DeclarationError
    from ses_sending_policy.rules.wire import WhenExists

    __version__: str

__all__ = [
    "DeclarationError",
    "DelegatedIdentity",
    "Narrowing",
    "SendingPolicy",
    "SendingPolicyDriftCheck",
    "SendingPolicyProvider",
    "WhenExists",
    "__version__",
]

_HOMES = {
    "DeclarationError": "ses_sending_policy.rules.errors",
    "DelegatedIdentity": "ses_sending_policy.construct.delegate",
    "Narrowing": "ses_sending_policy.construct.grants",
    "SendingPolicy": "ses_sending_policy.construct.sending_policy",
    "SendingPolicyDriftCheck": "ses_sending_policy.construct.drift_check",
    "SendingPolicyProvider": "ses_sending_policy.construct.provider",
    "WhenExists": "ses_sending_policy.rules.wire",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - each name has its own type, told above
    import importlib  # noqa: PLC0415 - nothing is loaded before it is asked for
    import importlib.metadata  # noqa: PLC0415 - the same

    if name == "__version__":
        value: Any = importlib.metadata.version("ses-sending-policy")
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(globals().keys() | set(__all__))
