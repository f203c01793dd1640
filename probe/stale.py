"""Asks SES for how long a read after a write still shows the old policy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from probe.pace import DOUBLE, INTERVAL
from probe.reading import REFUSED, UNANSWERED, ProbeReading, Subject
from probe.scratch_calls import ScratchCalls

# AWS does not say how soon a read shows a write. Reads of other services were seen to be 1 to 2.7 s behind. The Lambda
# function expects up to three seconds.
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

# The seconds before each read; the first comes right after the write. Two calls a second at most, for ten seconds.
_PAUSES: Final = (0.0, INTERVAL, *[DOUBLE] * 16)

# How many calls the question takes: one creates the policy, one writes it, and the others read it.
CALLS: Final = 2 + len(_PAUSES)

_WRITTEN: Final = "after the write"


@dataclass(frozen=True, slots=True)
class Seen:
    """The result of a read.

    :param age: how many seconds after the write's answer the read began.
    :param is_before: whether it showed the old policy.
    """

    age: float
    is_before: bool


def stale_reading(seen: Sequence[Seen]) -> str:
    """Return the answer for `STALE_READ`: for how long reads showed the old policy."""
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
    """Write a policy that exists, and read it for ten seconds."""
    name = ses.policy_there()
    # The new text differs in a condition, because SES may drop other elements, for instance a `Sid`.
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
