"""A condition that is read while a test runs, not while its table is made, so that `make mutants` sees the test."""

from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import Assumptions, KeyCondition, comparison

USUAL: Final = Assumptions()


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition, and how to read it."""

    operator: str
    values: tuple[str, ...]
    key: str = "ses:FromAddress"
    assumed: Assumptions = USUAL
    has_variables: bool = True

    @property
    def read(self) -> KeyCondition:
        """The condition as read."""
        condition = Condition("", self.operator, self.key, self.values)
        return comparison(condition, self.values, self.assumed, has_variables=self.has_variables)


def asked(
    operator: str,
    *values: str,
    key: str = "ses:FromAddress",
    assumed: Assumptions = USUAL,
    has_variables: bool = True,
) -> Asked:
    """Return a condition with these values."""
    return Asked(operator, values, key, assumed, has_variables)
