"""A command as a shell takes it."""

import shlex
import sys
from pathlib import Path


def python_app(script: Path) -> str:
    """Return the `--app` of the CDK CLI that runs a script in the Python of the tests, whatever their paths."""
    # Begins with `exec`, because the CLI removes what looks like quotes around the whole.
    return f"exec {shlex.join([sys.executable, str(script)])}"
