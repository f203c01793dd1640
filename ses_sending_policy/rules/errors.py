"""The base of all errors that are raised on purpose, and the error of a wrong declaration."""

from collections.abc import Sequence


class SendingPolicyError(Exception):
    """The base of every error that this project raises on purpose; the text is one sentence for the user."""


class DeclarationError(SendingPolicyError, ValueError):
    """SES would not accept what is declared: the user has to change the declaration.

    A `ValueError`, because Python calls a bad argument that.
    """

    @classmethod
    def of(cls, faults: Sequence[str]) -> "DeclarationError":
        """Return one error for all `faults`, each a sentence of its own."""
        return cls("; ".join(faults))
