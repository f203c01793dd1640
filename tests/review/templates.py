"""Short words for templates and assemblies that a test writes."""

import json
from pathlib import Path
from typing import Any

from ses_sending_policy.rules.wire import RESOURCE_TYPE

STATEMENT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "ses:SendEmail",
    "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/example.com",
}


def resource(statement: Any = None, **properties: Any) -> dict[str, Any]:
    """Return a policy as a template has it; everybody may send unless a statement is given."""
    own = {
        "EmailIdentity": "example.com",
        "PolicyName": "Partner",
        "Policy": {"Version": "2012-10-17", "Statement": [statement or STATEMENT]},
        "Wire": "1",
    }
    return {"Type": RESOURCE_TYPE, "Properties": own | properties}


def template(**resources: Any) -> dict[str, Any]:
    """Return a template with these resources."""
    return {"Resources": resources}


def write(path: Path, content: Any) -> Path:
    """Write JSON, or text as it is, to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return path


def stack(file: str = "Mail.template.json", environment: str = "aws://111111111111/eu-west-1") -> dict[str, Any]:
    """Return a stack as a manifest has it."""
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": file},
        "displayName": "Mail",
    }


def assembly(folder: Path, *resources: Any, **artifacts: Any) -> Path:
    """Write an assembly of one stack, and of further artifacts if they are given."""
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": {"Mail": stack()} | artifacts})
    named = {f"P{number}": each for number, each in enumerate(resources or [resource()])}
    write(folder / "Mail.template.json", template(**named))
    return folder
