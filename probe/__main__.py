"""Ask the real SES: `python -m probe`."""

import sys

from probe.command import run

sys.exit(run())
