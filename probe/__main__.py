"""Runs the command `python -m probe`."""

import sys

from probe.command import run

sys.exit(run())
