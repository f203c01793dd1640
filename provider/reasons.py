"""Why a deploy failed: the code that a person looks up, and the sentence that tells it."""

from enum import StrEnum

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


class Failure(SendingPolicyError):  # noqa: N818 - what CloudFormation calls it
    """The deploy of this resource fails; CloudFormation shows its text.

    :param reason: the code.
    :param sentence: what happened, with its values, and what to do.
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(f"{reason.value}: {sentence}")
        self.reason = reason
        self.sentence = sentence
        self.doubtful = False
        """Whether the call that failed may have been carried out all the same."""

    def with_rest(self, rest: str) -> "Failure":
        """Return the same failure, telling also what was left behind."""
        # SES's own words may be long, and what was left behind stands nowhere else.
        room = REASON_LENGTH - len(f"{self.reason.value}: ; {rest}")
        return Failure(self.reason, f"{fitting(self.sentence, max(room, len(_CUT)))}; {rest}")


def fitting(text: str, length: int = REASON_LENGTH) -> str:
    """Return `text` cut at its end to what an answer carries, or to `length`."""
    return text if len(text) <= length else text[: length - len(_CUT)] + _CUT
