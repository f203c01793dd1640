"""The questions, in the order in which they are asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from probe import limit, missing, name, quota, read_back, stale, text, validation
from probe.reading import ProbeReading, Subject
from probe.scratch_calls import ScratchCalls


@dataclass(frozen=True, slots=True)
class ProbeQuestion:
    """A question to SES.

    :param name: as `update-missing`.
    :param tells: what it finds out, in a line or two.
    :param subjects: what is known once it is answered.
    :param calls: how many calls it takes at the most where SES is neither busy nor ill.
    :param ask: does it, and tells of each subject.
    :param is_usual: whether it is asked unless somebody chooses.
    """

    name: str
    tells: str
    subjects: tuple[Subject, ...]
    calls: int
    ask: Callable[[ScratchCalls], Iterator[ProbeReading]]
    is_usual: bool = True


_ALL: Final = (
    ProbeQuestion(
        "update-missing",
        "what UpdateEmailIdentityPolicy does with a policy that is not there: not-found, upsert or no-op",
        (missing.UPDATE_MISSING,),
        3,
        missing.update_missing,
    ),
    ProbeQuestion(
        "delete-missing",
        "what DeleteEmailIdentityPolicy does with one: not-found or ok",
        (missing.DELETE_MISSING,),
        1,
        missing.delete_missing,
    ),
    ProbeQuestion(
        "without-identity",
        "what the four operations say of an identity that is not there",
        missing.NO_IDENTITY,
        4,
        missing.no_identity,
    ),
    ProbeQuestion(
        "create-taken",
        "what CreateEmailIdentityPolicy does with a name that is taken",
        (missing.CREATE_TAKEN,),
        2,
        missing.create_taken,
    ),
    ProbeQuestion(
        "name",
        "whether capitals in a domain, or letters beyond ASCII, make it the name of another identity or of none",
        name.SUBJECTS,
        4,
        name.name,
    ),
    ProbeQuestion(
        "text",
        "what becomes of Id, white space, the order of keys, escapes and booleans",
        text.SUBJECTS,
        5,
        text.text,
    ),
    ProbeQuestion(
        "read-back",
        "what becomes of lists of one, a missing Version, a principal that stands twice, an account as principal, "
        "allow, and a statement without its list",
        read_back.SUBJECTS,
        6,
        read_back.read_back,
    ),
    ProbeQuestion(
        "validation",
        "what is refused, and in which words: JSON, sizes, resource, action, key, principal, name",
        validation.SUBJECTS,
        10,
        validation.validation,
    ),
    ProbeQuestion(
        "stale-read",
        "whether a read after a write still shows what was before, and for how long",
        (stale.STALE_READ,),
        stale.CALLS,
        stale.stale_read,
    ),
    ProbeQuestion(
        "quota",
        "how many calls a second pass, whether the first may come faster, whether operations share their second",
        (quota.QUOTA, quota.BURST, quota.SCOPE),
        2 * quota.CALLS + 1,
        quota.quota,
    ),
    # Twenty writes more than all others together need: only for who wants to know.
    ProbeQuestion(
        "limit",
        "how many policies an identity takes; only where it is named",
        (limit.LIMIT, limit.FULL_TAKEN),
        limit.CALLS,
        limit.limit,
        is_usual=False,
    ),
)

QUESTIONS: Final = {question.name: question for question in _ALL}

USUAL: Final = tuple(question.name for question in _ALL if question.is_usual)
