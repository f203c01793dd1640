"""Two sides of a change as files, and what `diff` says of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.review.conftest import Command, sending_policy
from tests.review.templates import template, write

HERE: Final = "aws://111111111111/eu-west-1"
THERE: Final = "aws://222222222222/eu-west-1"
ANYWHERE: Final = "aws://unknown-account/unknown-region"

PARTNER: Final[dict[str, Any]] = {
    "Effect": "Allow",
    "Principal": {"AWS": "333333333333"},
    "Action": ["ses:SendEmail", "ses:SendRawEmail"],
    "Resource": "*",
}
LESS: Final = PARTNER | {"Condition": {"StringLike": {"ses:FromAddress": "news@example.com"}}}
DENIAL: Final = PARTNER | {"Effect": "Deny"}

Side = Mapping[str, Any]
"""A template; or the template of each stack, by the stack's name: see `stacks`."""


def policy(*statements: Any, name: Any = "partner", identity: Any = "example.com", **more: Any) -> dict[str, Any]:
    """Return a policy as the construct writes it.

    :param more: more attributes of the resource; those that begin with `On` or `When` become properties.
    """
    own = {key: value for key, value in more.items() if key.startswith(("On", "When"))}
    properties = {
        "ServiceToken": "x",
        "EmailIdentity": identity,
        "PolicyName": name,
        "Policy": {"Version": "2012-10-17", "Statement": list(statements or [PARTNER])},
        "WhenExists": "FAIL",
        "OnDelete": "DELETE",
        "Wire": "1",
    } | own
    rest = {key: value for key, value in more.items() if key not in own}
    return {"Type": RESOURCE_TYPE, "Properties": properties} | rest


def put(
    *statements: Any, name: Any = "partner", identity: str = "example.com", of: str = "one", **more: Any
) -> dict[str, Any]:
    """Return the call that writes a policy.

    :param of: the physical id.
    :param more: further parameters of the call, for instance `region`.
    """
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements or [PARTNER])})
    return {
        "service": "SES",
        "action": "putIdentityPolicy",
        "parameters": {"Identity": identity, "PolicyName": name, "Policy": document},
        "physicalResourceId": {"id": of},
    } | more


def delete(
    *, name: Any = "partner", identity: str = "example.com", action: Any = "deleteIdentityPolicy", **more: Any
) -> Any:
    """Return the call that deletes a policy.

    :param more: further parameters of the call, for instance `region`.
    """
    key = "EmailIdentity" if "Email" in str(action) else "Identity"
    return {"service": "SES", "action": action, "parameters": {key: identity, "PolicyName": name}} | more


def called(**calls: Any) -> dict[str, Any]:
    """Return an `AwsCustomResource` as the CDK writes it: its calls are JSON in which `${...}` is a reference."""
    texts = {event: json.dumps(call) for event, call in calls.items() if isinstance(call, dict)}
    written = {event: {"Fn::Sub": text} if "${" in text else text for event, text in texts.items()}
    rest = {key: value for key, value in calls.items() if key not in written}
    return {"Type": "Custom::AWS", "Properties": {"ServiceToken": "x"} | written} | rest


def stacks(environment: str = ANYWHERE, **templates: Any) -> dict[str, Any]:
    """Return an assembly of stacks that are all in one environment."""
    return {"assembly": {name: (environment, each) for name, each in templates.items()}}


def written(folder: Path, side: Side) -> Path:
    """Write a side, and return the path for the command line."""
    if "assembly" not in side:
        return write(folder.with_suffix(".json"), side)
    artifacts = {}
    for name, (environment, each) in side["assembly"].items():
        label = name.replace("_", "-")
        write(folder / f"{name}.template.json", each)
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": f"{name}.template.json", "stackName": label},
            "displayName": label,
        }
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    return folder


def diff(folder: Path, before: Side, after: Side, *options: str) -> Command:
    """Run `diff` on two sides."""
    old, new = written(folder / "before", before), written(folder / "after", after)
    return sending_policy("diff", *options, str(old), str(new), folder=folder)


def told(folder: Path, before: Side, after: Side, *options: str) -> Any:
    """Return what `diff` says, read from its JSON."""
    done = diff(folder, before, after, "--format=json", *options)
    assert done.stderr == ""
    return json.loads(done.stdout)


def one(**resources: Any) -> dict[str, Any]:
    """Return a template of a single stack."""
    return template(**resources)
