"""Why a deploy failed: the code that a person looks up, and the sentence that tells it."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from ses_sending_policy.rules.errors import SendingPolicyError

# crhelper keeps only the last 240 characters of a reason of more than 256, and the code stands in front.
REASON_LENGTH = 250
_CUT = "… (whole in the log)"


class Reason(StrEnum):
    """The codes that a FAILED answer begins with."""

    INVALID_DECLARATION = "InvalidDeclaration"
    POLICY_EXISTS = "PolicyExists"
    NOT_EQUIVALENT = "NotEquivalent"
    IDENTITY_NOT_FOUND = "IdentityNotFound"
    POLICY_LIMIT = "PolicyLimit"
    POLICY_VANISHED = "PolicyVanished"
    ACCESS_DENIED = "AccessDenied"
    INVALID_PRINCIPAL = "InvalidPrincipal"
    REFUSED_BY_SES = "RefusedBySes"
    THROTTLED = "Throttled"
    SES_UNAVAILABLE = "SesUnavailable"
    OUT_OF_TIME = "OutOfTime"
    OVERTAKEN = "Overtaken"
    CRASHED = "Crashed"
    IMPORT_FAILED = "ImportFailed"


def fitting(text: str, length: int = REASON_LENGTH) -> str:
    """Return `text` cut at its end to what an answer carries, or to `length`."""
    return text if len(text) <= length else text[: length - len(_CUT)] + _CUT


class Failure(SendingPolicyError):  # noqa: N818 - what CloudFormation calls it
    """The deploy of this resource fails; CloudFormation shows its text.

    :param reason: the code.
    :param sentence: what happened, with its values, and what to do.
    :param advice: what to do, where the sentence is AWS's and may be long. Default: - the sentence tells it.
    :param cut: makes the sentence fit in front of the advice. Default: - it loses its end.
    """

    def __init__(
        self, reason: Reason, sentence: str, advice: str = "", cut: Callable[[str, int], str] = fitting
    ) -> None:
        self.whole = "; ".join(part for part in (f"{reason.value}: {sentence}", advice) if part)
        """All there is to tell, for the log."""
        super().__init__(_fitted(reason, sentence, advice, cut) if cut is not fitting else self.whole)
        self.reason = reason
        self.sentence = sentence
        self._cut = cut
        self.doubtful = False
        """Whether the call that failed may have been carried out all the same."""

    def with_rest(self, rest: str) -> "Failure":
        """Return the same failure, telling also what was left behind."""
        # SES's own words may be long, and what was left behind stands nowhere else: the advice gives way.
        failure = Failure(self.reason, _shortened(self.reason, self.sentence, rest, self._cut) + f"; {rest}")
        failure.whole = f"{self.whole}; {rest}"
        return failure

    def with_note(self, note: str) -> "Failure":
        """Return the same failure with a note behind it, where there is room for it; it is in the log in any case."""
        told = f"{self}; {note}"
        failure = Failure(self.reason, told.partition(": ")[2]) if len(told) <= REASON_LENGTH else self
        failure.whole = f"{self.whole}; {note}"
        return failure


def _shortened(reason: Reason, sentence: str, rest: str, cut: Callable[[str, int], str]) -> str:
    room = REASON_LENGTH - len(f"{reason.value}: ") - (len(f"; {rest}") if rest else 0)
    return cut(sentence, max(room, len(_CUT)))


def _fitted(reason: Reason, sentence: str, advice: str, cut: Callable[[str, int], str]) -> str:
    words = _shortened(reason, sentence, advice, cut)
    return fitting("; ".join(part for part in (f"{reason.value}: {words}", advice) if part))


def without_middle(sentence: str, length: int) -> str:
    """Return `sentence` with its begin and its end, where it is longer than `length`."""
    if len(sentence) <= length:
        return sentence
    head = length * 3 // 5
    return f"{sentence[:head]}…{sentence[head + 1 - length :]}"


_ARN: Final = re.compile(r"arn:[^\s,;'\"]+")
# "User: arn:... is not authorized to perform: ses:X on resource: arn:... with an explicit deny in a service control
# policy", or "because no identity-based policy allows the ses:X action".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_DENIAL: Final = re.compile(r"(?:\w+: )?User: (\S+) .*?\b((?:with an explicit deny|because) .*)", re.DOTALL)


def with_denial(sentence: str, length: int) -> str:
    """Return a denial with who is denied, by a short name, and with what denies it."""
    if len(sentence) <= length:
        return sentence
    short = _ARN.sub(lambda arn: _short(arn[0]), sentence)
    if len(short) > length:
        short = _DENIAL.sub(r"\1 … \2", short)
    return without_middle(short, length)


def _short(arn: str) -> str:
    """Return the name at an ARN's end; of a role's session, the role's."""
    parts = arn.split("/")
    return parts[1] if ":assumed-role" in parts[0] and len(parts) > 1 else parts[-1].rpartition(":")[2]


# An ARN, an account, or a service.
_PRINCIPAL: Final = re.compile(r"arn:[^\s,;'\"]+|\b\d{12}\b|\b[\w-]+(?:\.[\w-]+)*\.amazonaws\.com(?:\.cn)?\b")


def with_principal(sentence: str, length: int) -> str:
    """Return a refusal of a principal with the whole of that, which may take more than `length`."""
    if len(sentence) <= length:
        return sentence
    operation, _, words = sentence.partition(": ")
    principal = _PRINCIPAL.search(words)
    if principal is None:
        return without_middle(sentence, length)
    rest = f"{operation}: … {words[principal.start() :]}"
    return rest if len(rest) <= length else f"{operation}: … {principal[0]} …"
