"""What a question is asked with: the scratch identity, one call after the other."""

import json
from collections.abc import Mapping
from typing import Any, Final

from probe.pace import INTERVAL, Pace, StoppedError
from probe.port import Operation, ProbeTarget
from probe.reading import PASSING, SesAnswer, UnansweredError
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.rules.faults import CallError

_THERE: Final = "there"

# A read that comes too early for a write of just now must not look as if nothing had been written.
_SECONDS_TO_SHOW: Final = 5.0


def said_by(calls: Calls, operation: Operation, parameters: Mapping[str, Any]) -> SesAnswer:
    """Ask once, and return what SES says, also where it says no."""
    try:
        answer = calls.once("sesv2", operation, **parameters)
    except CallError as error:
        fault = error.fault if error.fault in PASSING else None
        return SesAnswer(operation, error.code or "no answer", error.message, fault, is_silent=not error.code)
    return SesAnswer(operation, policies=answer.get("Policies") or {})


class ScratchCalls:
    """Asks about one identity, which is the probe's own, and about one that nobody has.

    :param calls: reaches SES.
    :param pace: how fast it is asked.
    :param place: whose SES it is.
    :param identity: the scratch identity.
    :param missing: the name of an identity that is not there.
    :param unicode: another such, which is not ASCII.
    """

    def __init__(
        self, calls: Calls, pace: Pace, place: ProbeTarget, identity: str, *, missing: str, unicode: str
    ) -> None:
        self._calls = calls
        self.pace = pace
        self.place = place
        self.identity = identity
        self.missing = missing
        self.unicode = unicode
        self._has_policy = False

    def ask(self, operation: Operation, *, identity: str = "", **parameters: str) -> SesAnswer:
        """Return what SES says about the question; `UnansweredError` where it is busy, ill or denies it.

        :param identity: another one. Default: - the scratch identity.
        """
        said = self.pace.call(lambda: self._say(operation, identity=identity, **parameters))
        if said.is_silent:
            raise StoppedError(said.message)
        if not said.is_answer:
            raise UnansweredError(said)
        return said

    def ask_once(self, operation: Operation, interval: float = INTERVAL, **parameters: str) -> SesAnswer:
        """Return what SES says to one call, also where that came too fast."""
        said = self.pace.once(lambda: self._say(operation, **parameters), interval)
        if not (said.is_answer or said.is_throttled):
            raise UnansweredError(said)
        return said

    def read(self, name: str, *, identity: str = "") -> SesAnswer:
        """Return what SES says to a read of the policies, later once more where `name` is not among them.

        :param identity: see `ask`.
        """
        said = self.ask("GetEmailIdentityPolicies", identity=identity)
        if not said.code and name not in said.policies:
            self.pace.rest(_SECONDS_TO_SHOW)
            said = self.ask("GetEmailIdentityPolicies", identity=identity)
        return said

    def policy_there(self) -> str:
        """Return the name of a policy that is there; the first who wants it has it made."""
        if not self._has_policy:
            made = self.ask("CreateEmailIdentityPolicy", PolicyName=_THERE, Policy=self.text())
            if made.code:
                raise UnansweredError(made)
            self._has_policy = True
        return _THERE

    def statement(self, **elements: object) -> dict[str, Any]:
        """Return a statement that SES takes, and that lets nobody send who could not: the account itself.

        :param elements: what stands in place of its own.
        """
        return {
            "Effect": "Allow",
            "Principal": {"AWS": self.place.principal("root")},
            "Action": "ses:SendEmail",
            "Resource": self.place.identity(self.identity),
        } | elements

    def text(self, **elements: object) -> str:
        """Return the text of a policy with such a statement."""
        document = {"Version": "2012-10-17", "Statement": [self.statement(**elements)]}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    def _say(self, operation: Operation, *, identity: str = "", **parameters: str) -> SesAnswer:
        return said_by(self._calls, operation, {"EmailIdentity": identity or self.identity, **parameters})
