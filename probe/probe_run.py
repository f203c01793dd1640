"""Runs the probe: creates an identity, asks the questions about it, and removes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from probe.catalogue import ProbeQuestion
from probe.pace import INTERVAL, InterruptedProbeError, Pace, StoppedError
from probe.port import ProbeTarget
from probe.reading import UNANSWERED, ProbeReading, UnansweredError
from probe.redaction import Redaction
from probe.scratch import Names, Scratch
from probe.scratch_calls import ScratchCalls
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.rules.clock import Clock

# The calls besides those of the questions: one creates the identity, and one removes it.
_OWN_CALLS: Final = 2


def calls_of(questions: Sequence[ProbeQuestion]) -> int:
    """Return how many calls these questions take if SES neither throttles nor fails."""
    return _OWN_CALLS + sum(question.calls for question in questions)


def seconds_of(questions: Sequence[ProbeQuestion]) -> int:
    """Return how many seconds these questions take if SES neither throttles nor fails, rounded up to tens."""
    return ceil(calls_of(questions) * INTERVAL / 10) * 10


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """What a run of the probe works with.

    :param calls: calls AWS.
    :param place: the account and region.
    :param clock: the clock to use.
    :param is_interrupted: tells whether a signal asked to end; called before each call.
    :param names: the names of the identities.
    :param progress: is called with the number of calls made so far, and of those expected.
    """

    calls: Calls
    place: ProbeTarget
    clock: Clock
    is_interrupted: Callable[[], bool]
    names: Names
    progress: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Probe:
    """The result of a probe. Its readings contain no data of the account.

    :param region: the region.
    :param readings: one for each subject of the chosen questions.
    :param calls: how many calls the probe made, without the removal of the identity.
    :param faults: a sentence for each question without an answer, for an early end, and for a failed removal.
    :param left: the identity that could not be removed, or empty.
    :param is_interrupted: whether a signal ended the probe.
    """

    region: str
    readings: tuple[ProbeReading, ...]
    calls: int
    faults: tuple[str, ...] = ()
    left: str = ""
    is_interrupted: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every question was asked completely, and the identity was removed."""
        return not self.faults and not self.is_interrupted

    @property
    def has_answers(self) -> bool:
        """Whether any question has an answer."""
        return any(each.answer != UNANSWERED for each in self.readings)


def probe(run: ProbeRun, questions: Sequence[ProbeQuestion]) -> Probe:
    """Create an identity, ask the questions about it, and remove it. If that fails, `left` in the result names it."""
    pace = Pace(run.clock, run.is_interrupted, calls_of(questions), run.progress)
    scratch = Scratch(run.calls, pace, run.clock, run.names)
    readings: dict[str, ProbeReading] = {}
    faults: list[str] = []
    is_interrupted = False
    try:
        scratch.make()
        names = run.names
        ses = ScratchCalls(run.calls, pace, run.place, scratch.identity, missing=names.missing, unicode=names.unicode)
        for question in questions:
            faults += _asked(question, ses, readings)
    except InterruptedProbeError:
        is_interrupted = True
    except (StoppedError, ReviewError) as fault:
        faults.append(str(fault))
    finally:
        why_left = scratch.remove()
    if why_left:
        faults.append(f"identity {scratch.identity!r} may be left: {why_left}")
    hide = Redaction(run.place, run.names).reading
    subjects = [subject for question in questions for subject in question.subjects]
    return Probe(
        region=run.place.region,
        readings=tuple(hide(readings.get(each.name) or ProbeReading(each, UNANSWERED)) for each in subjects),
        calls=pace.calls,
        faults=tuple(faults),
        left=scratch.identity if why_left else "",
        is_interrupted=is_interrupted,
    )


def _asked(question: ProbeQuestion, ses: ScratchCalls, readings: dict[str, ProbeReading]) -> list[str]:
    """Ask a question and add its readings to `readings`; return a sentence if it got no answer, else an empty list."""
    try:
        for reading in question.ask(ses):
            readings[reading.subject.name] = reading
    except UnansweredError as error:
        for subject in question.subjects:
            readings.setdefault(subject.name, ProbeReading(subject, UNANSWERED, said=(error.said,)))
        return [f"question {question.name!r} has no answer: {error.said}"]
    return []
