"""A condition that is read where a test runs, and not where its table is made: `make mutants` sees the test come by."""

from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import Assumptions, KeyCondition, comparison

USUAL: Final = Assumptions()


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition, and how it is read."""

    operator: str
    values: tuple[str, ...]
    key: str = "ses:FromAddress"
    assumed: Assumptions = USUAL
    has_variables: bool = True

    @property
    def read(self) -> KeyCondition:
        """What it asks of a request."""
        condition = Condition("", self.operator, self.key, self.values)
        return comparison(condition, self.values, self.assumed, has_variables=self.has_variables)


def asked(
    operator: str,
    *values: str,
    key: str = "ses:FromAddress",
    assumed: Assumptions = USUAL,
    has_variables: bool = True,
) -> Asked:
    """Return a condition with its values one after the other."""
    return Asked(operator, values, key, assumed, has_variables)
