"""Looking at the policies of one identity after the other, for as long as that works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import Account, DeniedError, NoIdentityError
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.faults import CallError

Watch = Callable[[int, int], None]
"""Is told how many of how many identities were looked at."""


@dataclass(slots=True)
class AccountReading:
    """What was read of an account.

    :param policies: those of each identity, by its name; None where there is no such identity.
    :param unread: why an identity was not looked at, by its name.
    :param is_interrupted: whether somebody broke it off.
    """

    policies: dict[str, Mapping[str, LivePolicy] | None] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    is_interrupted: bool = False


def read(account: Account, identities: Mapping[str, str], watch: Watch) -> AccountReading:
    """Return the policies of `identities`, and why those were not looked at that were not.

    :param identities: how SES spells each, by what it is called here.
    :param watch: is told how far it is.

    What ends it all raises as long as nothing was seen. Later it is a reason like others: what was seen is to be told.
    """
    reading = AccountReading()
    try:
        for number, (identity, spelled) in enumerate(identities.items()):
            watch(number, len(identities))
            _read(account, identity, spelled, reading)
    except (KeyboardInterrupt, ReviewError) as fault:
        if not reading.policies:
            raise
        reading.is_interrupted = isinstance(fault, KeyboardInterrupt)
        reason = str(fault) or "interrupted"
    else:
        return reading
    left = (each for each in identities if each not in reading.policies and each not in reading.unread)
    reading.unread |= dict.fromkeys(left, reason)
    return reading


def _read(account: Account, identity: str, spelled: str, reading: AccountReading) -> None:
    try:
        texts = account.policies(spelled)
    except NoIdentityError:
        reading.policies[identity] = None
    except (DeniedError, CallError) as refusal:
        reading.unread[identity] = str(refusal)
    else:
        reading.policies[identity] = {name: LivePolicy(text) for name, text in texts.items()}
