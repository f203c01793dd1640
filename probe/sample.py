"""A text that is written, and what is looked at once it is read."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from probe.reading import REFUSED, UNANSWERED, ProbeReading, Subject
from probe.scratch_calls import ScratchCalls

Look = Callable[[str, str], str]
"""Gives the answer to a subject, from what was sent and what came back."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text that is written, and what is looked at once it is read.

    :param name: of the policy.
    :param text: of the policy.
    :param looks: at each subject.
    """

    name: str
    text: str
    looks: tuple[tuple[Subject, Look], ...]


def parsed(text: str) -> object:
    """Return what a text says, or None where it is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def at(text: str, *path: str | int) -> object:
    """Return what stands somewhere in a text, or None where nothing does."""
    value: Any = parsed(text)
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def compared(ses: ScratchCalls, samples: Sequence[Sample]) -> Iterator[ProbeReading]:
    """Write each sample, read them all at once, and compare."""
    written = [(each, ses.ask("CreateEmailIdentityPolicy", PolicyName=each.name, Policy=each.text)) for each in samples]
    # Where the last one shows, the others do.
    made = [sample.name for sample, said in written if not said.code]
    policies = ses.read(made[-1]).policies if made else {}
    for sample, said in written:
        kept = policies.get(sample.name)
        for subject, answer in sample.looks:
            if said.code:
                yield ProbeReading(subject, REFUSED, said=(said,))
            elif kept is None:
                yield ProbeReading(subject, UNANSWERED, "it was made, and does not come back", (said,))
            else:
                yield ProbeReading(subject, answer(sample.text, kept), said=(said,), sent=sample.text, kept=kept)
