"""What a user may have meant instead."""

import pytest

from ses_sending_policy.rules.suggestions import closest

KNOWN = ["from_addresses", "recipients", "SendEmail", "SendRawEmail"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("from_adresses", "from_addresses"),
        ("FROM_ADDRESSES", "from_addresses"),
        ("sendemail", "SendEmail"),
        ("region", None),
        ("", None),
    ],
)
def test_the_closest_word(word: str, meant: str | None) -> None:
    assert closest(word, KNOWN) == meant
