"""Errors that say whose fault it is."""

from collections.abc import Sequence


class SendingPolicyError(Exception):
    """Base of every error that this project raises on purpose; its text is one sentence for a person."""


class DeclarationError(SendingPolicyError, ValueError):
    """What was asked for is nothing that SES takes: the person who declared it has to change it.

    A `ValueError`, because that is what Python calls a bad argument.
    """

    @classmethod
    def of(cls, faults: Sequence[str]) -> "DeclarationError":
        """Return one error for all `faults`, each a sentence of its own."""
        return cls("; ".join(faults))
