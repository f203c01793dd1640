"""What the tests of the construct share. They start Node once, and synthesize without the CDK's own validation."""

import os

# Before anything imports aws_cdk: it starts Node, and Node 20 prints a banner.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")

import aws_cdk as cdk
import pytest

from tests.construct.mail import ENVIRONMENT, new_app


@pytest.fixture
def app() -> cdk.App:
    return new_app()


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    """Return a stack of which everything is known."""
    return cdk.Stack(app, "Mail", env=ENVIRONMENT)
