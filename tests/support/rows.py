"""The mark of the tests that play the rows of the fault table."""

import pytest


def row(number: int, fault: str, required: str, *, note: str = "") -> pytest.MarkDecorator:
    """Mark a test as playing a row of the fault table.

    :param number: the number of the row.
    :param fault: what goes wrong.
    :param required: what has to happen.
    :param note: why the design deviates from the row's first text, and how.
    """
    return pytest.mark.row(number=number, fault=fault, required=required, note=note)
