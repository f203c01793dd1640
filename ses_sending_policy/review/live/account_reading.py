"""Reads the policies of one identity after the other, and keeps what was read if it is interrupted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import Account, DeniedError, NoIdentityError
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.faults import CallError

Watch = Callable[[int, int], None]
"""Called with the number of identities read so far, and of all."""


@dataclass(slots=True)
class AccountReading:
    """What was read of an account.

    :param policies: for each identity its policies by name; None if the account has no such identity.
    :param unread: for each identity that was not read, the reason.
    :param is_interrupted: whether the user interrupted the reading.
    """

    policies: dict[str, Mapping[str, LivePolicy] | None] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    is_interrupted: bool = False


def read(account: Account, identities: Mapping[str, str], watch: Watch) -> AccountReading:
    """Return the policies of `identities`, and for each identity that could not be read the reason.

    :param identities: for the name of each identity in the result, the spelling to ask SES for.
    :param watch: is called with the number of identities read so far, and of all.

    An interrupt or a `ReviewError` is raised only if nothing was read yet. Later it ends the reading without an error:
    it is the reason of all identities that are not read yet, and what was read is not lost.
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
