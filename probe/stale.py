"""How old what a read shows may be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from probe.pace import DOUBLE, INTERVAL
from probe.reading import REFUSED, UNANSWERED, ProbeReading, Subject
from probe.scratch_calls import ScratchCalls

# AWS does not say how soon a read shows a write. Of other services, reads were seen that were 1 to 2.7 s behind; the
# function counts on three.
COUNTED_ON: Final = 3.0

STALE_READ: Final = Subject(
    "stale-read",
    "reads in the ten seconds after a write",
    {
        "none": "each shows what was written",
        "three-seconds": "some show what was before, and none three seconds after the write",
        "longer": "some show what was before, three seconds after the write or later",
    },
)

# The seconds between two reads, the first right after the write: never more than two calls a second, for ten seconds.
_PAUSES: Final = (0.0, INTERVAL, *[DOUBLE] * 16)

# The policy, the write, and the reads.
CALLS: Final = 2 + len(_PAUSES)

_WRITTEN: Final = "after the write"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a read showed.

    :param age: how many seconds after the answer to the write it began.
    :param is_before: whether it showed what was there before.
    """

    age: float
    is_before: bool


def stale_reading(seen: Sequence[Seen]) -> str:
    """Say for how long reads showed what was before."""
    before = [each.age for each in seen if each.is_before]
    if not seen:
        return UNANSWERED
    return "none" if not before else "three-seconds" if max(before) < COUNTED_ON else "longer"


def _note(seen: Sequence[Seen]) -> str:
    told = f"{len(seen)} of {len(_PAUSES)} reads were answered"
    before = [each.age for each in seen if each.is_before]
    if before:
        return f"{told}, and the last to show what was before began {max(before):.2f} s after the write"
    return f"{told}, the first {seen[0].age:.2f} s after the write" if seen else told


def stale_read(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Write a policy that is there, and read it until ten seconds are over."""
    name = ses.policy_there()
    # In a condition: the name of a statement may be left out.
    text = ses.text(Condition={"StringEquals": {"ses:FromDisplayName": _WRITTEN}})
    write = ses.ask("UpdateEmailIdentityPolicy", PolicyName=name, Policy=text)
    if write.code:
        yield ProbeReading(STALE_READ, REFUSED, said=(write,))
        return
    written, said, seen = ses.pace.ended, [write], []
    for pause in _PAUSES:
        read = ses.ask_once("GetEmailIdentityPolicies", pause)
        said.append(read)
        if not read.code:
            seen.append(Seen(ses.pace.last - written, _WRITTEN not in read.policies.get(name, "")))
    yield ProbeReading(STALE_READ, stale_reading(seen), _note(seen), tuple(said))
