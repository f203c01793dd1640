"""What sentences of a review call options of the command line, which loads none of the analysis for their names."""

from typing import Final

ACCEPT_UNREAD: Final = "--accept-unread"
"""What accepts a part that was not read."""
