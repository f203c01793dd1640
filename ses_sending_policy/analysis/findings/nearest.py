"""The name that was likely meant by a misspelt one."""

from collections.abc import Iterable


def nearest(text: str, names: Iterable[str]) -> str:
    """Return the name that `text` is nearly, in the same case; nothing where it is like none.

    >>> nearest("ses:SendMail", ["ses:SendEmail", "ses:SendRawEmail"])
    'ses:SendEmail'
    """
    from difflib import get_close_matches  # noqa: PLC0415 - few need it, and each command would take longer to begin

    return next(iter(get_close_matches(text, sorted(names), n=1, cutoff=0.8)), "")
