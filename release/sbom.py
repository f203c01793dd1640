"""Writes the wheel's bill of materials (SBOM) in CycloneDX: what it brings into an environment and into an account.

It is committed as a file, so that two builds have the same bytes, and a build needs nothing that is not pinned.
"""

import json
import tomllib
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

from ses_sending_policy.construct import crhelper

_ROOT: Final = Path(__file__).parent.parent
FILE: Final = Path(__file__).with_name("ses-sending-policy.cdx.json")

# The SPDX ids of licences that distributions spell in another way.
_SPELLINGS: Final = {"Apache2": "Apache-2.0", "Apache License 2.0": "Apache-2.0"}


def _licence(name: str) -> str:
    said = metadata(name)
    text = said["License-Expression" if "License-Expression" in said else "License"]
    return _SPELLINGS.get(text, text)


def _component(name: str, kind: str, version: str | None = None) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}" + (f"@{version}" if version else "")
    licences = [{"license": {"id": _licence(name)}}]
    component = {"type": kind, "bom-ref": purl, "name": name, "version": version, "licenses": licences, "purl": purl}
    return {key: value for key, value in component.items() if value is not None}


def _required(requirement: Requirement, scope: str) -> dict[str, Any]:
    """Return a dependency as a component, with its requirement, and with its version if that is exact."""
    exact = [each.version for each in requirement.specifier if each.operator == "=="]
    properties = [{"name": "ses-sending-policy:requirement", "value": str(requirement)}]
    component = _component(requirement.name, "library", *exact) | {"scope": scope, "properties": properties}
    if requirement.name == "crhelper":
        # The files that go into the Lambda: the synth checks each against its hash.
        component["components"] = [
            {"type": "file", "name": f"crhelper/{name}", "hashes": [{"alg": "SHA-256", "content": digest}]}
            for name, digest in crhelper.FILES.items()
        ]
    return component


def _requirements(project: dict[str, Any]) -> Iterator[tuple[Requirement, str]]:
    yield from ((Requirement(each), "required") for each in project["dependencies"])
    for wanted in project["optional-dependencies"].values():
        yield from ((Requirement(each), "optional") for each in wanted)


def bill() -> str:
    """Return the bill of materials as it is written to its file."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = _component(project["name"], "library", project["version"])
    components = [_required(requirement, scope) for requirement, scope in _requirements(project)]
    whole = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": sorted(components, key=lambda each: str(each["name"])),
        "dependencies": [{"ref": ours["bom-ref"], "dependsOn": sorted(each["bom-ref"] for each in components)}],
        # Incomplete: the dependencies of our dependencies are only decided where these are installed.
        "compositions": [{"aggregate": "incomplete", "dependencies": [ours["bom-ref"]]}],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(bill(), encoding="utf-8")
