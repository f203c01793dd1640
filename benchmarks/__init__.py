"""Benchmarks: the product compared with the least possible and with its alternatives: `make bench`.

Their exit code does not tell whether goals are reached.
"""

import os

# Set before aws_cdk is imported: it starts Node.js, and prints a warning about these versions of it.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20,22")
