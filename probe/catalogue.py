"""The questions, in the order in which they are asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.review.probe import limit, missing, quota, text, validation
from ses_sending_policy.review.probe.desk import Desk
from ses_sending_policy.review.probe.reading import Reading, Subject


@dataclass(frozen=True, slots=True)
class Question:
    """A question to SES.

    :param name: as `update-missing`.
    :param subjects: what is known once it is answered.
    :param calls: how many calls it takes at the most where SES is neither busy nor ill.
    :param ask: does it, and tells of each subject.
    :param is_usual: whether it is asked unless somebody chooses.
    """

    name: str
    subjects: tuple[Subject, ...]
    calls: int
    ask: Callable[[Desk], Iterator[Reading]]
    is_usual: bool = True


_ALL: Final = (
    Question("update-missing", (missing.UPDATE_MISSING,), 3, missing.update_missing),
    Question("delete-missing", (missing.DELETE_MISSING,), 1, missing.delete_missing),
    Question("without-identity", missing.NO_IDENTITY, 4, missing.no_identity),
    Question("create-taken", (missing.CREATE_TAKEN,), 2, missing.create_taken),
    Question("text", text.SUBJECTS, 5, text.text),
    Question("validation", validation.SUBJECTS, 10, validation.validation),
    Question("quota", (quota.QUOTA, quota.BURST, quota.SCOPE), 2 * quota.CALLS + 1, quota.quota),
    # Twenty writes more than all others together need: only for who wants to know.
    Question("limit", (limit.LIMIT, limit.FULL_TAKEN), limit.CALLS, limit.limit, is_usual=False),
)

QUESTIONS: Final = {question.name: question for question in _ALL}

USUAL: Final = tuple(question.name for question in _ALL if question.is_usual)
