"""Assemblies of stacks that depend on each other."""

from pathlib import Path
from typing import Any

from tests.review.resolving import mail
from tests.review.templates import stack, write


def app(folder: Path, **stacks: Any) -> Path:
    """Write an assembly of stacks in one account and region."""
    for name, template in stacks.items():
        write(folder / f"{name}.template.json", template)
    artifacts = {name: stack(f"{name}.template.json") | {"displayName": name} for name in stacks}
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    return folder


def nested(folder: Path, inner: Any, given: Any, condition: Any = None) -> Path:
    """Write an assembly of a stack with a nested stack, which gets a principal as a parameter."""
    write(folder / "Inner.json", inner)
    write(folder / "Mail.assets.json", {"files": {"abc": {"source": {"path": "Inner.json"}}}})
    properties = {"TemplateURL": "https://bucket.example/abc.json", "Parameters": {"Who": given}}
    child = {"Type": "AWS::CloudFormation::Stack", "Properties": properties} | ({"Condition": "C"} if condition else {})
    role = {"Type": "AWS::IAM::Role"}
    outer = mail({"Fn::GetAtt": ["Child", "Outputs.Other"]}, {"Child": child, "Role": role})
    return app(folder, Mail=outer | ({"Conditions": {"C": condition}} if condition else {}))
