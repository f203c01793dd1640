"""Reads the date texts that AWS's date operators can compare, checks them, and writes them as AWS's examples do."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from ses_sending_policy.rules.errors import DeclarationError

# "You must specify date/time values with one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX)
# time."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# "YYYY-MM", "YYYY-MM-DD", "YYYY-MM-DDThh:mmTZD", "YYYY-MM-DDThh:mm:ssTZD", "YYYY-MM-DDThh:mm:ss.sTZD"
# https://www.w3.org/TR/NOTE-datetime
_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):(\d\d)))?)?", re.ASCII
)
# That page also has "YYYY", but AWS reads digits alone as epoch seconds. From 1973 to 2286 these have nine or ten
# digits. Fewer digits may be a year or a date without dashes, and more are milliseconds.
_EPOCH: Final = re.compile(r"[1-9]\d{8,9}", re.ASCII)

_YEAR: Final = re.compile(r"\d{4}", re.ASCII)

_1970: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point in time.

    :param seconds: the seconds since 1970, in UTC.
    """

    seconds: Decimal

    @classmethod
    def read(cls, text: str) -> "Moment | None":
        """Return the moment that a date operator reads `text` as, or None if that is not certain.

        A month or a day is read as the midnight that it begins with, in UTC.
        """
        if _EPOCH.fullmatch(text):
            return cls(Decimal(text))
        parts = _ISO.fullmatch(text)
        if not parts:
            return None
        day, (hour, minute, second) = int(parts[3] or 1), (int(parts[group] or 0) for group in (4, 5, 6))
        fraction = Decimal(f"0.{parts[7] or 0}")
        try:
            at = datetime(int(parts[1]), int(parts[2]), day, hour, minute, second, tzinfo=UTC)
            offset = timedelta(hours=_below(parts[9], 24), minutes=_below(parts[10], 60))
            # Python's dates end at the years 1 and 9999.
            return cls.of(at + (offset if parts[8] == "-" else -offset), fraction)
        except (ValueError, OverflowError):
            return None

    @classmethod
    def of(cls, at: datetime, fraction: Decimal | int = 0) -> "Moment":
        """Return the moment of a datetime that has a time zone.

        :param fraction: the fraction of a second to add.
        """
        return cls(Decimal((at - _1970) // timedelta(microseconds=1)).scaleb(-6) + fraction)

    def __str__(self) -> str:
        """Return the moment as AWS's examples write one, as `2031-01-01T00:00Z`; with seconds only if there are any."""
        whole = self.seconds.to_integral_value(ROUND_FLOOR)
        at = (_1970 + timedelta(seconds=int(whole))).replace(tzinfo=None).isoformat()
        fraction = f"{self.seconds - whole:f}".removeprefix("0").rstrip(".0")
        return f"{at}{fraction}Z" if fraction else f"{at.removesuffix(':00')}Z"


def _below(digits: str | None, bound: int) -> int:
    number = int(digits or 0)
    if number >= bound:
        raise ValueError(digits)
    return number


def check_moment(name: str, text: str) -> str:
    """Return `text`; raise `DeclarationError`, which tells what to write, if no date operator can compare with it.

    :param name: the name of the value in the error's text.
    """
    if Moment.read(text):
        return text
    raise DeclarationError(f"{name} is {text!r}{_instead(text)}")


_ANY: Final = "give a datetime with a time zone, or a string as 2031-01-01T00:00Z"


def _instead(text: str) -> str:
    """Return the end of the error's sentence: why `text` is not a moment, if that is known, and what to write."""
    try:
        meant = datetime.fromisoformat(f"{text}-01-01" if _YEAR.fullmatch(text) else text)
        right = str(Moment.of(meant if meant.tzinfo else meant.replace(tzinfo=UTC)))
    except (ValueError, OverflowError):
        return f": {_ANY}"
    if text.isdecimal():
        return f", which may be taken for seconds since 1970: write {right}"
    if meant.tzinfo is None and ":" in text:
        return f", which has no time zone: write {right} if it is UTC"
    return f", which is not one of the forms that AWS reads: write {right}"
