"""The error of a review that could not be done."""

from collections.abc import Iterable

from ses_sending_policy.rules.errors import SendingPolicyError


class ReviewError(SendingPolicyError):
    """Something could not be read, or an option is wrong.

    :param faults: a sentence for each problem.
    """

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))
