"""The identity that the probe creates, and removes even if something fails."""

import secrets
from dataclasses import dataclass
from typing import Final

from probe.pace import Pace, StoppedError
from probe.port import PREFIX
from probe.reading import ALREADY_EXISTS, NOT_FOUND, SesAnswer
from probe.scratch_calls import said_by
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.rules.clock import Clock

# ".invalid" is intended for use in online construction of domain names that are sure to be invalid, and nobody can
# own a name below "example.com": https://www.rfc-editor.org/rfc/rfc2606. It is not documented whether SES accepts the
# first; it accepted names below ".internal" in https://github.com/binxio/cfn-ses-provider, so a domain need not exist.
# A domain and never an address: "When you verify an email address, Amazon SES sends an email to the address."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentity.html
_PARENTS: Final = ("invalid", "example.com")

_TAGS: Final = [{"Key": "made-by", "Value": "sending-policy-probe"}]

# The seconds before each further attempt to remove the identity. They are few, because a user waits.
_REMOVE_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the identities of one run, unique by 64 random bits.

    :param token: the random part.
    """

    token: str

    @classmethod
    def random(cls) -> "Names":
        """Return new names."""
        return cls(secrets.token_hex(8))

    @property
    def identities(self) -> tuple[str, ...]:
        """The possible names of the identity to create: it gets the first one that SES accepts."""
        return tuple(f"{PREFIX}{self.token}.{parent}" for parent in _PARENTS)

    @property
    def missing(self) -> str:
        """The name of an identity that is never created."""
        return f"{PREFIX}{self.token}-missing.{_PARENTS[0]}"

    @property
    def unicode(self) -> str:
        """A name that is not ASCII, of an identity that is never created. In Punycode it begins with the prefix too."""
        return f"{PREFIX}{self.token}-missing.b\u00fccher.{_PARENTS[0]}"


class Scratch:
    """The identity that a run of the probe creates and removes.

    :param calls: calls AWS.
    :param pace: the pace of the calls that create it.
    :param clock: the clock for the removal, which no signal interrupts.
    :param names: the possible names of the identity.
    """

    def __init__(self, calls: Calls, pace: Pace, clock: Clock, names: Names) -> None:
        self._calls = calls
        self._pace = pace
        self._clock = clock
        self._names = names
        self.identity = names.identities[0]
        # Whether the identity may exist: from the first call on, until SES answers that it created none or removed it.
        self.may_be_there = False

    def make(self) -> None:
        """Create the identity, or raise `StoppedError` with the reason."""
        said = self._made(self.identity, is_tagged=True)
        is_tagged = not said.is_denial
        if not is_tagged:
            said = self._made(self.identity, is_tagged=False)
        for identity in self._names.identities[1:]:
            if said.code != "BadRequestException" or self.may_be_there:
                break
            self.identity = identity
            said = self._made(self.identity, is_tagged=is_tagged)
        if said.code:
            raise StoppedError(f"no identity could be made to try it on, {said}")

    def _made(self, identity: str, *, is_tagged: bool) -> SesAnswer:
        parameters = {"EmailIdentity": identity} | ({"Tags": _TAGS} if is_tagged else {})

        def ask() -> SesAnswer:
            self.may_be_there = True
            return said_by(self._calls, "CreateEmailIdentity", parameters)

        said = self._pace.call(ask)
        if said.code == ALREADY_EXISTS and said.is_again:
            return SesAnswer("CreateEmailIdentity")  # an earlier attempt without an answer created it
        self.may_be_there = not said.code or said.is_doubtful or said.is_again
        return said

    def remove(self) -> str:
        """Remove the identity if it may exist, in several attempts; return why that failed, or an empty text."""
        if not self.may_be_there:
            return ""
        for pause in (*_REMOVE_PAUSES, 0.0):
            try:
                said = said_by(self._calls, "DeleteEmailIdentity", {"EmailIdentity": self.identity})
            except ReviewError as fault:
                return str(fault)
            if said.code in {"", NOT_FOUND}:
                self.may_be_there = False
                return ""
            if not said.fault:
                break
            self._clock.sleep(pause)
        return str(said)
