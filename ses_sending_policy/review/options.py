"""Names of command line options that messages mention. A module without imports, so that the CLI starts fast."""

from typing import Final

ACCEPT_UNREAD: Final = "--accept-unread"
"""The option by which a user accepts a part that was not read."""
