"""What a shell is told."""

import shlex
import sys
from pathlib import Path


def python_app(script: Path) -> str:
    """Return the `--app` of the CDK CLI that runs a script in the Python of the tests, wherever both are."""
    # Not as two quoted words alone: the CLI takes away what looks like quotes around the whole.
    return f"exec {shlex.join([sys.executable, str(script)])}"
