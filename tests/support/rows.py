"""The rows of the fault table, beside the tests that play them."""

import pytest


def row(number: int, fault: str, required: str, *, note: str = "") -> pytest.MarkDecorator:
    """Mark a test as playing a row of the fault table.

    :param number: the row's.
    :param fault: what goes wrong.
    :param required: what has to happen.
    :param note: where the design decides otherwise than the row's first text, what and why.
    """
    return pytest.mark.row(number=number, fault=fault, required=required, note=note)
