"""What the tests of the construct share. They start Node once, and synthesize without the CDK's own validation."""

import aws_cdk as cdk
import pytest

from tests.construct.mail import ENVIRONMENT, new_app


@pytest.fixture
def app() -> cdk.App:
    return new_app()


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    """Return a stack whose account and region are known."""
    return cdk.Stack(app, "Mail", env=ENVIRONMENT)
