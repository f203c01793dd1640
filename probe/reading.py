"""The results of the probe: the answers of SES, and which reading of its documentation they support."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from probe.port import Operation
from ses_sending_policy.rules.faults import Fault

UNANSWERED: Final = "unanswered"
"""The answer if a question could not be answered."""

REFUSED: Final = "refused"
"""The answer if SES refuses in a way that no reading expects."""

PASSING: Final = (Fault.THROTTLED, Fault.UNAVAILABLE)
"""The faults that may pass by themselves, so that the call is repeated."""

ALREADY_EXISTS: Final = "AlreadyExistsException"
NOT_FOUND: Final = "NotFoundException"

_EVERY: Final = {REFUSED: "refused", UNANSWERED: "nobody can tell"}


@dataclass(frozen=True, slots=True)
class SesAnswer:
    """The answer of SES to one call.

    :param operation: the operation.
    :param code: for instance `NotFoundException`; empty for success.
    :param message: the message of SES.
    :param fault: why another attempt may have another answer. Default: - the answer is final.
    :param is_silent: whether there was no answer at all; `message` says why.
    :param is_again: whether an earlier attempt may have taken effect already.
    :param policies: the documents by name, of a read.
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
        """Whether the call was too fast."""
        return self.fault is Fault.THROTTLED

    @property
    def is_doubtful(self) -> bool:
        """Whether it is not known if the call took effect."""
        return self.fault is Fault.UNAVAILABLE

    @property
    def is_denial(self) -> bool:
        """Whether the caller's permissions do not allow the call."""
        return self.code.startswith("AccessDenied")

    @property
    def is_answer(self) -> bool:
        """Whether it answers the question: it is no throttling, outage, denial or effect of an earlier attempt."""
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
    :param asks: what it is about, in a line.
    :param answers: what each answer means; `unanswered` and `refused` are possible as well.
    """

    name: str
    asks: str
    answers: Mapping[str, str]

    def meaning(self, answer: str) -> str:
        """Return what an answer means, in words; raise `KeyError` for an unknown one."""
        return _EVERY[answer] if answer in _EVERY else self.answers[answer]


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """The result for a subject.

    :param subject: the subject.
    :param answer: one of the subject's answers, `refused` or `unanswered`.
    :param note: a remark, or empty.
    :param said: the answers of SES, in the order of the calls.
    :param sent: the document that was written, if the question is about its text.
    :param kept: the document that a read returned.
    """

    subject: Subject
    answer: str
    note: str = ""
    said: tuple[SesAnswer, ...] = ()
    sent: str = ""
    kept: str = ""

    def __post_init__(self) -> None:
        self.subject.meaning(self.answer)
