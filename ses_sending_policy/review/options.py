"""Option names that sentences of the review mention. Apart, so that the command line need not load the analysis."""

from typing import Final

ACCEPT_UNREAD: Final = "--accept-unread"
"""The option that accepts a part that was not read."""
