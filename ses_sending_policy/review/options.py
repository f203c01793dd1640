"""Names of options that messages mention. A module of its own, so that the command line need not load the analysis."""

from typing import Final

ACCEPT_UNREAD: Final = "--accept-unread"
"""The option by which a user accepts a part that was not read."""
