"""The ways in which SES may behave where its documentation and those who tried it disagree."""

from itertools import product

import pytest

READINGS = [
    {"update_missing": update, "delete_missing": delete}
    for update, delete in product(("not-found", "upsert", "no-op"), ("not-found", "ok"))
]

every_reading = pytest.mark.parametrize("reading", READINGS, ids=lambda reading: "-".join(reading.values()))
"""Runs a test with each `reading`, the settings for the strict SES: the function must be right under all of them."""
