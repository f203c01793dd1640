"""The place of a nested template in its deployed stack, and why it stays."""

import pytest

from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.removal import Stay

OUTER, INNER = Stay("its DeletionPolicy is Retain"), Stay("its nested stack's DeletionPolicy is Retain")


@pytest.mark.parametrize(
    ("outer", "given", "stay"), [(None, None, None), (None, OUTER, INNER), (OUTER, None, OUTER), (INNER, OUTER, INNER)]
)
def test_a_nested_template_stays_for_its_own_reason_or_that_of_its_parent(
    outer: Stay | None, given: Stay | None, stay: Stay | None
) -> None:
    nested = Home("Mail", "mail", "Campaign", outer).nested("Inner", given)
    assert nested == Home("Mail", "mail", "Campaign/Inner", stay)
