"""Writes sample policies, reads them back, and compares the texts."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from probe.reading import REFUSED, UNANSWERED, ProbeReading, Subject
from probe.scratch_calls import ScratchCalls

Compare = Callable[[str, str], str]
"""Returns the answer for a subject, given the policy text that was written and the text that was read."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A policy to write, and what to compare once it is read.

    :param name: the policy's name.
    :param text: the policy's text.
    :param compares: for each subject, the function that compares the text written with the text read.
    """

    name: str
    text: str
    compares: tuple[tuple[Subject, Compare], ...]


def parsed(text: str) -> object:
    """Return the value of a JSON text, or None if the text is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def at(text: str, *path: str | int) -> object:
    """Return the value at a path of a JSON text, or None if there is none."""
    value: Any = parsed(text)
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def compared(ses: ScratchCalls, samples: Sequence[Sample]) -> Iterator[ProbeReading]:
    """Write each sample, read all of them in one call, and yield the reading for each subject."""
    written = [(each, ses.ask("CreateEmailIdentityPolicy", PolicyName=each.name, Policy=each.text)) for each in samples]
    # Only the last sample is waited for: a read that returns it returns the earlier ones too.
    made = [sample.name for sample, said in written if not said.code]
    policies = ses.read(made[-1]).policies if made else {}
    for sample, said in written:
        kept = policies.get(sample.name)
        for subject, answer in sample.compares:
            if said.code:
                yield ProbeReading(subject, REFUSED, said=(said,))
            elif kept is None:
                yield ProbeReading(subject, UNANSWERED, "it was made, and does not come back", (said,))
            else:
                yield ProbeReading(subject, answer(sample.text, kept), said=(said,), sent=sample.text, kept=kept)
