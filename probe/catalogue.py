"""The questions that the probe answers by calling SES, in the order in which it asks them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from probe import limit, missing, name, quota, read_back, stale, text, validation
from probe.reading import ProbeReading, Subject
from probe.scratch_calls import ScratchCalls


@dataclass(frozen=True, slots=True)
class ProbeQuestion:
    """A question about SES that is answered by calls of SES.

    :param name: for instance `update-missing`.
    :param tells: what the question finds out, for the help.
    :param subjects: the things that it finds out; each gets an answer of its own.
    :param calls: the most calls that it takes if SES neither throttles nor fails.
    :param ask: makes the calls, and yields a reading for each subject.
    :param is_usual: whether it is asked if the user names no questions.
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
        "whether UpdateEmailIdentityPolicy refuses a policy that does not exist (not-found), creates it (upsert) or "
        "does nothing (no-op)",
        (missing.UPDATE_MISSING,),
        3,
        missing.update_missing,
    ),
    ProbeQuestion(
        "delete-missing",
        "whether DeleteEmailIdentityPolicy refuses a policy that does not exist (not-found) or succeeds (ok)",
        (missing.DELETE_MISSING,),
        1,
        missing.delete_missing,
    ),
    ProbeQuestion(
        "without-identity",
        "what the four policy operations answer for an identity that does not exist",
        missing.NO_IDENTITY,
        4,
        missing.no_identity,
    ),
    ProbeQuestion(
        "create-taken",
        "what CreateEmailIdentityPolicy answers for a policy that exists already",
        (missing.CREATE_TAKEN,),
        2,
        missing.create_taken,
    ),
    ProbeQuestion(
        "name",
        "whether SES finds an identity by its name in capitals, and what it answers for a name with letters that are "
        "not ASCII",
        name.SUBJECTS,
        4,
        name.name,
    ),
    ProbeQuestion(
        "text",
        "whether a policy reads back as written: its Id, white space, order of keys, escapes and booleans",
        text.SUBJECTS,
        5,
        text.text,
    ),
    ProbeQuestion(
        "read-back",
        "how a policy reads back that could be written otherwise: a list of one element, no Version, a principal named "
        "twice, an account id as principal, allow in small letters, a statement without a list",
        read_back.SUBJECTS,
        6,
        read_back.read_back,
    ),
    ProbeQuestion(
        "validation",
        "which faults of a policy SES refuses, and in which words: bad JSON, size, wrong resource, unknown action, key "
        "or principal, bad name",
        validation.SUBJECTS,
        10,
        validation.validation,
    ),
    ProbeQuestion(
        "stale-read",
        "whether a read after a write still shows the old policy, and for how long",
        (stale.STALE_READ,),
        stale.CALLS,
        stale.stale_read,
    ),
    ProbeQuestion(
        "quota",
        "how many calls a second SES takes, whether it forgives a short burst, and whether operations share a quota",
        (quota.QUOTA, quota.BURST, quota.SCOPE),
        2 * quota.CALLS + 1,
        quota.quota,
    ),
    # This question makes more than twenty writes, so it is asked only if the user names it.
    ProbeQuestion(
        "limit",
        "how many policies an identity can have; asked only with --ask=limit",
        (limit.LIMIT, limit.FULL_TAKEN),
        limit.CALLS,
        limit.limit,
        is_usual=False,
    ),
)

QUESTIONS: Final = {question.name: question for question in _ALL}

USUAL: Final = tuple(question.name for question in _ALL if question.is_usual)
