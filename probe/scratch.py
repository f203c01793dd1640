"""The identity that the probe makes, and removes whatever happens."""

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
# own a name below "example.com": https://www.rfc-editor.org/rfc/rfc2606. Whether SES takes the first, nobody says; it
# took names below ".internal" from https://github.com/binxio/cfn-ses-provider, so it need not exist.
# A domain and never an address: "When you verify an email address, Amazon SES sends an email to the address."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentity.html
_PARENTS: Final = ("invalid", "example.com")

_TAGS: Final = [{"Key": "made-by", "Value": "sending-policy-probe"}]

# Some seconds each: SES may be ill, but nobody waits for minutes.
_REMOVE_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one run, which nobody else has: 64 bits of them are random.

    :param token: what is random.
    """

    token: str

    @classmethod
    def random(cls) -> "Names":
        """Return names that were never used before."""
        return cls(secrets.token_hex(8))

    @property
    def identities(self) -> tuple[str, ...]:
        """What the identity that is made may be called; the first that SES takes is its name."""
        return tuple(f"{PREFIX}{self.token}.{parent}" for parent in _PARENTS)

    @property
    def missing(self) -> str:
        """The name of an identity that is not made."""
        return f"{PREFIX}{self.token}-missing.{_PARENTS[0]}"

    @property
    def unicode(self) -> str:
        """Another such, which is not ASCII; in Punycode as well it begins as all do."""
        return f"{PREFIX}{self.token}-missing.b\u00fccher.{_PARENTS[0]}"


class Scratch:
    """An identity that is made and removed.

    :param calls: reaches SES.
    :param pace: of what is asked before it is there.
    :param clock: of the removal, which stops for nobody.
    :param names: what it may be called.
    """

    def __init__(self, calls: Calls, pace: Pace, clock: Clock, names: Names) -> None:
        self._calls = calls
        self._pace = pace
        self._clock = clock
        self._names = names
        self.identity = names.identities[0]
        # From the moment of the first call on, until SES says that it did nothing, or that it is gone.
        self.may_be_there = False

    def make(self) -> None:
        """Make it, or raise `StoppedError` with the reason."""
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
            return SesAnswer("CreateEmailIdentity")  # by the try before, which had no answer
        self.may_be_there = not said.code or said.is_doubtful or said.is_again
        return said

    def remove(self) -> str:
        """Remove it if it may be there, whatever it takes; return why that failed, or nothing."""
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
