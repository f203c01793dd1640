"""Benchmarks: ours beside the least that it could be, and beside what a user would reach for without it.

They measure and tell, and judge nobody by an exit code: `make bench`.
"""

import os

# Before anything imports aws_cdk: it starts Node, and prints a banner about these of its versions.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20,22")
