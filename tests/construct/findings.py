"""Policies that a rule finds something in at synth, and the report of what was found."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from constructs import Construct

from ses_sending_policy import SendingPolicy
from tests.construct.mail import statement


def declare(scope: Construct, id: str = "Partner", identity: Any = "example.com", **options: Any) -> SendingPolicy:
    """Declare a policy in which nothing is found, unless the options change that."""
    return SendingPolicy(scope, id, identity=identity, **{"statements": [narrow()]} | options)


def narrow(**options: Any) -> iam.PolicyStatement:
    """Return a statement in which nothing is found."""
    return statement(conditions={"StringLike": {"ses:FromAddress": "*@news.example.com"}}, **options)


def public() -> iam.PolicyStatement:
    """Return a statement that lets everybody send."""
    return statement(principals=[iam.StarPrincipal()])


def report(app: cdk.App, plugin: str = "ses-sending-policy") -> dict[str, Any]:
    """Return the report of a plugin; a plugin that found nothing is missing from the file."""
    found = json.loads(Path(app.outdir, "validation-report.json").read_text(encoding="utf-8"))
    reports = [each for each in found["pluginReports"] if each["pluginName"] == plugin]
    assert len(reports) <= 1
    return reports[0] if reports else {"violations": []}


def places(app: cdk.App) -> list[tuple[str, str]]:
    """Return the rule and the construct of each finding."""
    return [
        (each["ruleName"], construct["constructPath"])
        for each in report(app)["violations"]
        for construct in each["violatingConstructs"]
    ]


def synth_fails(app: cdk.App) -> None:
    """Synthesize `app`, and require that a finding fails the synth."""
    with pytest.raises(RuntimeError, match=r"^ValidationFailed: "):
        app.synth()
