"""What a review could not do."""

from collections.abc import Iterable

from ses_sending_policy.rules.errors import SendingPolicyError


class ReviewError(SendingPolicyError):
    """Something could not be looked at.

    :param faults: a sentence for each.
    """

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))
