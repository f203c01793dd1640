"""The head of the review page: title, commit and time, which the caller gives. A page reads no clock or repository."""

from dataclasses import dataclass
from datetime import datetime

from ses_sending_policy.review.errors import ReviewError


@dataclass(frozen=True, slots=True)
class Heading:
    """The title, commit and time that a review page shows.

    :param title: for instance the title of a pull request. Default: - the page has a title of its own.
    :param commit: the commit that was reviewed. Default: - none is shown.
    :param time: when it was reviewed, for instance `2026-11-28T22:00:00Z`. Default: - none is shown.
    :raises ReviewError: if the time is no date and time with a zone.
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
        """`time` as a datetime, which dates in policies are compared with; None if no time was given."""
        try:
            return datetime.fromisoformat(self.time)
        except ValueError:
            return None
