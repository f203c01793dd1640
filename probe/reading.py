"""What the probe finds out, as values: what SES said, and which reading of its documentation that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from probe.port import Operation
from ses_sending_policy.rules.faults import Fault

UNANSWERED: Final = "unanswered"
"""The answer to what could not be told."""

REFUSED: Final = "refused"
"""The answer where SES says no in a way that no reading knows."""

PASSING: Final = (Fault.THROTTLED, Fault.UNAVAILABLE)
"""What SES may say now, and something else a little later; all the rest it means."""

ALREADY_EXISTS: Final = "AlreadyExistsException"
NOT_FOUND: Final = "NotFoundException"

_EVERY: Final = {REFUSED: "refused", UNANSWERED: "nobody can tell"}


@dataclass(frozen=True, slots=True)
class SesAnswer:
    """What SES answered to one call.

    :param operation: what it was asked to do.
    :param code: as `NotFoundException`; empty where it did it.
    :param message: its own words.
    :param fault: why it may say something else a little later. Default: - it means what it says.
    :param is_silent: whether it did not answer at all, and `message` says why.
    :param is_again: whether a try before may have done it already, so that it finds its own work.
    :param policies: the documents by name, where it was asked for them.
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
        """Whether it was asked too fast."""
        return self.fault is Fault.THROTTLED

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody knows if it did what it was asked."""
        return self.fault is Fault.UNAVAILABLE

    @property
    def is_denial(self) -> bool:
        """Whether who asks may not."""
        return self.code.startswith("AccessDenied")

    @property
    def is_answer(self) -> bool:
        """Whether it says something about what it was asked, and not about the moment or about who asks."""
        return not (self.fault or self.is_denial or (self.is_again and self.code == ALREADY_EXISTS))

    def __str__(self) -> str:
        return f"{self.operation}: {f'{self.code}: {self.message}' if self.code else 'done'}"


class UnansweredError(Exception):
    """A question has no answer, because of what SES said."""

    def __init__(self, said: SesAnswer) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to find out.

    :param name: as `update-missing`.
    :param asks: what it is about, in a line.
    :param answers: what each answer means, beside `unanswered` and `refused`.
    """

    name: str
    asks: str
    answers: Mapping[str, str]

    def meaning(self, answer: str) -> str:
        """Return what an answer means, in words; any other is a `KeyError`."""
        return _EVERY[answer] if answer in _EVERY else self.answers[answer]


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """What was found out about a subject.

    :param subject: what it is about.
    :param answer: one of the subject's, `refused` or `unanswered`.
    :param note: what else there is to say, or nothing.
    :param said: what SES said, in the order of the calls.
    :param sent: the document that was written, where its text is the question.
    :param kept: the document that came back.
    """

    subject: Subject
    answer: str
    note: str = ""
    said: tuple[SesAnswer, ...] = ()
    sent: str = ""
    kept: str = ""

    def __post_init__(self) -> None:
        self.subject.meaning(self.answer)
