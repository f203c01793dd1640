"""A probe: the questions asked on an identity that is made for them, and what came of it."""

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

# The identity is made and removed.
_OWN_CALLS: Final = 2


def calls_of(questions: Sequence[ProbeQuestion]) -> int:
    """Return how many calls these questions take where SES is neither busy nor ill."""
    return _OWN_CALLS + sum(question.calls for question in questions)


def seconds_of(questions: Sequence[ProbeQuestion]) -> int:
    """Return how many seconds they take then, in tens."""
    return ceil(calls_of(questions) * INTERVAL / 10) * 10


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """Where and how questions are asked.

    :param calls: reaches SES.
    :param place: whose SES that is.
    :param clock: where time comes from.
    :param is_interrupted: whether somebody wants it to end; asked before each call.
    :param names: of the identities.
    :param progress: is told how many calls are done, and how many there will be.
    """

    calls: Calls
    place: ProbeTarget
    clock: Clock
    is_interrupted: Callable[[], bool]
    names: Names
    progress: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found out, with nothing in its readings about whose account it was.

    :param region: where.
    :param readings: one for each subject of the questions that were to be asked.
    :param calls: how many calls it took, but for the removal.
    :param faults: a sentence for each thing that could not be asked.
    :param left: the identity that could not be removed, or nothing.
    :param is_interrupted: whether it ended because somebody wanted it to.
    """

    region: str
    readings: tuple[ProbeReading, ...]
    calls: int
    faults: tuple[str, ...] = ()
    left: str = ""
    is_interrupted: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every question was asked to its end."""
        return not self.faults and not self.is_interrupted

    @property
    def has_answers(self) -> bool:
        """Whether anything was found out."""
        return any(each.answer != UNANSWERED for each in self.readings)


def probe(run: ProbeRun, questions: Sequence[ProbeQuestion]) -> Probe:
    """Ask the questions on an identity that is made for them; afterwards it is gone, or `left` names it."""
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
    """Ask a question, put its readings with the others, and return a sentence where SES says nothing about it."""
    try:
        for reading in question.ask(ses):
            readings[reading.subject.name] = reading
    except UnansweredError as error:
        for subject in question.subjects:
            readings.setdefault(subject.name, ProbeReading(subject, UNANSWERED, said=(error.said,)))
        return [f"question {question.name!r} has no answer: {error.said}"]
    return []
