"""What tests of more than one kind use."""

import os
from pathlib import Path

# Before anything imports aws_cdk, which starts Node: a banner of jsii about older majors is nobody's news here.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20,22")

import pytest

from ses_sending_policy.construct.asset import asset_directory

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def asset() -> Path:
    """Give the folder with the Lambda's code, laid out as a deploy does it."""
    return asset_directory()
