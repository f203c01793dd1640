"""What stands at the head of the review page: the caller has it, for a page reads no clock and asks no repository."""

from dataclasses import dataclass
from datetime import datetime

from ses_sending_policy.review.errors import ReviewError


@dataclass(frozen=True, slots=True)
class Heading:
    """What a page is about, in the words of whoever asks for it.

    :param title: as of a pull request. Default: - what the page tells.
    :param commit: what was looked at. Default: - nothing is said of it.
    :param time: when, as `2026-11-28T22:00:00Z`. Default: - nothing is said of it.
    :raises ReviewError: where the time is none.
    """

    title: str = ""
    commit: str = ""
    time: str = ""

    def __post_init__(self) -> None:
        if self.time and not (self.moment and self.moment.tzinfo):
            wanted = "give a date and a time with its zone, as 2026-11-28T22:00:00Z"
            raise ReviewError([f"the time {self.time!r} is not allowed: {wanted}"])

    @property
    def moment(self) -> datetime | None:
        """The time to compare with, or None where none is told."""
        try:
            return datetime.fromisoformat(self.time)
        except ValueError:
            return None
