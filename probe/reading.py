"""The results of the probe: the answers of SES, and which interpretation of its documentation they support."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from probe.port import Operation
from ses_sending_policy.rules.faults import Fault

UNANSWERED: Final = "unanswered"
"""The answer for a subject if SES gave no usable answer."""

REFUSED: Final = "refused"
"""The answer for a subject if SES refuses a call for a reason that none of the subject's answers expects."""

PASSING: Final = (Fault.THROTTLED, Fault.UNAVAILABLE)
"""The faults that may end by themselves. A call that meets one is repeated."""

ALREADY_EXISTS: Final = "AlreadyExistsException"
NOT_FOUND: Final = "NotFoundException"

_EVERY: Final = {REFUSED: "refused", UNANSWERED: "nobody can tell"}


@dataclass(frozen=True, slots=True)
class SesAnswer:
    """The answer of SES to one call.

    :param operation: the operation that was called.
    :param code: for instance `NotFoundException`; empty for success.
    :param message: the message of SES.
    :param fault: why another attempt may have another answer. Default: - the answer is final.
    :param is_silent: whether there was no answer at all; `message` says why.
    :param is_again: whether an earlier attempt of the same call may have taken effect already.
    :param policies: for a read, the policy documents by name.
    """

    operation: Operation
    code: str = ""
    message: str = ""
    fault: Fault | None = None
    is_silent: bool = False
    is_again: bool = False
    policies: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_throttled(self) -> bool:
        """Whether SES refused the call because it came too fast."""
        return self.fault is Fault.THROTTLED

    @property
    def is_doubtful(self) -> bool:
        """Whether the call may or may not have taken effect."""
        return self.fault is Fault.UNAVAILABLE

    @property
    def is_denial(self) -> bool:
        """Whether the caller's permissions do not allow the call."""
        return self.code.startswith("AccessDenied")

    @property
    def is_answer(self) -> bool:
        """Whether this answers a question: it is no throttling, outage, denial or effect of an earlier attempt."""
        return not (self.fault or self.is_denial or (self.is_again and self.code == ALREADY_EXISTS))

    def __str__(self) -> str:
        return f"{self.operation}: {f'{self.code}: {self.message}' if self.code else 'done'}"


class UnansweredError(Exception):
    """A question has no answer, because SES throttled, failed or denied the call."""

    def __init__(self, said: SesAnswer) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to find out.

    :param name: for instance `update-missing`.
    :param asks: what is tried, in a line, for instance `the order of keys`.
    :param answers: the possible answers and what each means; `unanswered` and `refused` are possible as well.
    """

    name: str
    asks: str
    answers: Mapping[str, str]

    def meaning(self, answer: str) -> str:
        """Return what an answer means, in words; raise `KeyError` for an unknown answer."""
        return _EVERY[answer] if answer in _EVERY else self.answers[answer]


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """What the probe found out about a subject.

    :param subject: the subject.
    :param answer: one of the subject's answers, `refused` or `unanswered`.
    :param note: a remark, or empty.
    :param said: the answers of SES, in the order of the calls.
    :param sent: the document that was written, if the subject is about its text; else empty.
    :param kept: the document that a read then returned; else empty.
    """

    subject: Subject
    answer: str
    note: str = ""
    said: tuple[SesAnswer, ...] = ()
    sent: str = ""
    kept: str = ""

    def __post_init__(self) -> None:
        self.subject.meaning(self.answer)
