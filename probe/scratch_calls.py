"""The calls that the probe's questions make: policy operations on its own identity, at the probe's pace."""

import json
from collections.abc import Mapping
from typing import Any, Final

from probe.pace import INTERVAL, Pace, StoppedError
from probe.port import Operation, ProbeTarget
from probe.reading import PASSING, SesAnswer, UnansweredError
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.rules.faults import CallError

_THERE: Final = "there"

# Seconds before a second read. The first read may be stale, which would look as if nothing had been written.
_SECONDS_TO_SHOW: Final = 5.0


def said_by(calls: Calls, operation: Operation, parameters: Mapping[str, Any]) -> SesAnswer:
    """Make one call, and return the answer of SES, even if it is an error."""
    try:
        answer = calls.once("sesv2", operation, **parameters)
    except CallError as error:
        fault = error.fault if error.fault in PASSING else None
        return SesAnswer(operation, error.code or "no answer", error.message, fault, is_silent=not error.code)
    return SesAnswer(operation, policies=answer.get("Policies") or {})


class ScratchCalls:
    """Makes calls for the probe's own identity, and for one that does not exist.

    :param calls: calls AWS.
    :param pace: the pace of the calls.
    :param place: the account and region.
    :param identity: the probe's identity.
    :param missing: the name of an identity that does not exist.
    :param unicode: the name of another identity that does not exist; the name is not ASCII.
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
        """Make a call and return the answer; raise `UnansweredError` if SES throttles, fails or denies it.

        A call without any answer raises `StoppedError`.

        :param identity: the identity. Default: - the probe's own.
        """
        said = self.pace.call(lambda: self._say(operation, identity=identity, **parameters))
        if said.is_silent:
            raise StoppedError(said.message)
        if not said.is_answer:
            raise UnansweredError(said)
        return said

    def ask_once(self, operation: Operation, interval: float = INTERVAL, **parameters: str) -> SesAnswer:
        """Make a call once and return the answer, even if SES throttled it."""
        said = self.pace.once(lambda: self._say(operation, **parameters), interval)
        if not (said.is_answer or said.is_throttled):
            raise UnansweredError(said)
        return said

    def read(self, name: str, *, identity: str = "") -> SesAnswer:
        """Read the policies and return the answer; if `name` is not among them, wait and read once more.

        :param identity: the identity. Default: - the probe's own.
        """
        said = self.ask("GetEmailIdentityPolicies", identity=identity)
        if not said.code and name not in said.policies:
            self.pace.rest(_SECONDS_TO_SHOW)
            said = self.ask("GetEmailIdentityPolicies", identity=identity)
        return said

    def policy_there(self) -> str:
        """Return the name of a policy that exists. The first call creates it."""
        if not self._has_policy:
            made = self.ask("CreateEmailIdentityPolicy", PolicyName=_THERE, Policy=self.text())
            if made.code:
                raise UnansweredError(made)
            self._has_policy = True
        return _THERE

    def statement(self, **elements: object) -> dict[str, Any]:
        """Return a valid statement that allows only the account itself, which may send anyway.

        :param elements: the elements to replace.
        """
        return {
            "Effect": "Allow",
            "Principal": {"AWS": self.place.principal("root")},
            "Action": "ses:SendEmail",
            "Resource": self.place.identity(self.identity),
        } | elements

    def text(self, **elements: object) -> str:
        """Return the text of a policy with the statement that `statement` gives for the same elements."""
        document = {"Version": "2012-10-17", "Statement": [self.statement(**elements)]}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    def _say(self, operation: Operation, *, identity: str = "", **parameters: str) -> SesAnswer:
        return said_by(self._calls, operation, {"EmailIdentity": identity or self.identity, **parameters})
