"""What a release left in accounts: templates, each policy at CloudFormation and at SES, and the function's code."""

import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from emulator import StoredPolicy
from tests.released.app import ELSEWHERE, IDENTITY
from tests.support.async_invoker import AsyncInvoker
from tests.support.events import ACCOUNT, REGION
from tests.support.kept import Kept, Properties
from tests.support.stack import Stack

FOLDER: Final = Path(__file__).parent
STACKS: Final = ("Literal", "Tokens", "Adopted", "Renamed", "Several", "Elsewhere")

# With this number, the ARN of each stack, and so its markers, are always the same.
_NUMBER: Final = "0a1b2c3d-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Deployed:
    """A policy as a release deployed it.

    :param properties: the properties in the event.
    :param physical_id: the physical id in the function's answer.
    :param document: the document at SES, with the marker in its `Id`.
    """

    properties: Properties
    physical_id: str
    document: dict[str, Any]


@dataclass(frozen=True)
class Release:
    """A release, as `python -m tests.released` wrote it down.

    :param version: its number.
    """

    version: str

    @property
    def folder(self) -> Path:
        """The folder with what was written down."""
        return FOLDER / self.version

    def template(self, stack: str) -> dict[str, Any]:
        """Return the template of a stack."""
        found: dict[str, Any] = json.loads(_text(self.folder / f"{stack}.template.json"))
        return found

    def deployed(self, stack: str) -> dict[str, Deployed]:
        """Return the deployed policies of a stack, by logical id."""
        policies = json.loads(_text(self.folder / "deployed.json"))[stack]
        return {logical_id: Deployed(**each) for logical_id, each in policies.items()}

    def asset(self, folder: Path) -> Path:
        """Unpack the function's code into `folder`, and return `folder`."""
        with zipfile.ZipFile(self.folder / "function.zip") as archive:
            archive.extractall(folder)
        return folder

    def assembly(self, folder: Path) -> Path:
        """Make an assembly in `folder` that the CDK CLI can deploy, and return `folder`."""
        shutil.copytree(self.folder, folder)
        for manifest in folder.glob("*.assets.json"):
            for file in json.loads(_text(manifest))["files"].values():
                if file["source"]["packaging"] == "zip":
                    self.asset(folder / file["source"]["path"])
        return folder


def releases() -> list[Release]:
    """Return every release that was written down, the oldest first."""
    return [Release(each.parent.name) for each in sorted(FOLDER.glob("*/deployed.json"))]


def properties(template: Mapping[str, Any]) -> dict[str, Properties]:
    """Return each policy's properties as CloudFormation sends them, by logical id, in the template's order."""
    known = {name: each["Default"] for name, each in template.get("Parameters", {}).items()}
    return {
        logical_id: _resolved(each["Properties"], known)
        for logical_id, each in template["Resources"].items()
        if each["Type"] == "Custom::SendingPolicy"
    }


def _resolved(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_resolved(each, known) for each in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return known[name]
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return f"arn:aws:iam::{ACCOUNT}:role/{name}"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(_resolved(parts, known))
    return {key: _resolved(each, known) for key, each in value.items()}


def stack(invoker: AsyncInvoker, name: str, resources: Mapping[str, Kept] | None = None) -> Stack:
    """Return a release's stack at CloudFormation, not yet deployed, or with these `resources`."""
    status = "CREATE_COMPLETE" if resources else ""
    return Stack(
        invoker,
        name,
        number=_NUMBER,
        region=ELSEWHERE if name == "Elsewhere" else REGION,
        resources={**(resources or {})},
        status=status,
        doing=status,
        _stable={logical_id: replace(kept) for logical_id, kept in (resources or {}).items()},
    )


def as_left(invoker: AsyncInvoker, release: Release, name: str) -> Stack:
    """Return a stack as a release left it, and let SES hold its policies."""
    kept = {}
    region = ELSEWHERE if name == "Elsewhere" else REGION
    for logical_id, each in release.deployed(name).items():
        kept[logical_id] = Kept(each.properties, each.physical_id, "CREATE_COMPLETE", invoker.now)
        policy = StoredPolicy(ACCOUNT, region, IDENTITY, each.properties["PolicyName"], json.dumps(each.document))
        invoker.aws.ses.put_policy(policy)
    return stack(invoker, name, kept)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
