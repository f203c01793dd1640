"""What SES does where its own documentation and those who tried it do not agree."""

from itertools import product

import pytest

READINGS = [
    {"update_missing": update, "delete_missing": delete}
    for update, delete in product(("not-found", "upsert", "no-op"), ("not-found", "ok"))
]

every_reading = pytest.mark.parametrize("reading", READINGS, ids=lambda reading: "-".join(reading.values()))
"""Marks a test that gives `reading` to the strict SES: the function is right under each of them."""
