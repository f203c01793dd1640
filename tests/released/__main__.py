"""Write down what a release leaves in accounts: run `python -m tests.released 0.1.0` on its commit."""

import json
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from emulator import StoredPolicy
from emulator.account_region import AccountRegion
from ses_sending_policy.construct.asset import asset_directory
from tests.released.app import BY_HAND, ELSEWHERE, IDENTITY, written
from tests.released.release import FOLDER, STACKS, properties, stack
from tests.support.async_invoker import AsyncInvoker
from tests.support.events import ACCOUNT, REGION
from tests.support.fake_aws import FakeAws, fake_aws

# Artifacts that deploy nothing: the construct tree, and the report of feature flags that the app did not set.
_IDLE: Final = frozenset({"cdk:tree", "cdk:feature-flag-report"})
# The earliest time that an archive can have: the same code gives the same bytes.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def main(version: str) -> None:
    """Write the folder of a version."""
    folder = FOLDER / version
    folder.mkdir()
    with TemporaryDirectory() as temporary:
        assembly = written(Path(temporary, "assembly"))
        for path in (*assembly.glob("*.template.json"), *assembly.glob("*.assets.json")):
            _write(folder / path.name, json.loads(path.read_text(encoding="utf-8")))
        _write(folder / "manifest.json", _manifest(json.loads((assembly / "manifest.json").read_text("utf-8"))))
        with zipfile.ZipFile(folder / "function.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(each for each in asset_directory().rglob("*.py")):
                place = zipfile.ZipInfo(path.relative_to(asset_directory()).as_posix(), _NO_TIME)
                place.external_attr = 0o100644 << 16
                archive.writestr(place, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
        with fake_aws(asset_directory(), Path(temporary)) as aws:
            _write(folder / "deployed.json", {name: _deployed(aws, folder, name) for name in STACKS})


def _manifest(manifest: dict[str, Any]) -> dict[str, Any]:
    artifacts = {name: each for name, each in manifest["artifacts"].items() if each["type"] not in _IDLE}
    for each in artifacts.values():
        each.pop("additionalMetadataFile", None)
    return {"version": manifest["version"], "artifacts": artifacts}


def _deployed(aws: FakeAws, folder: Path, name: str) -> dict[str, Any]:
    region = ELSEWHERE if name == "Elsewhere" else REGION
    aws.ses.add_identity(IDENTITY, AccountRegion(ACCOUNT, region))
    aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, IDENTITY, "by-hand", json.dumps(BY_HAND)))
    template = json.loads((folder / f"{name}.template.json").read_text(encoding="utf-8"))
    with aws.another_function(hurried=True, AWS_REGION=region) as function:
        made = stack(AsyncInvoker(aws, function), name)
        status = made.deploy(properties(template))
        if status != "CREATE_COMPLETE":
            raise SystemExit(f"stack {name} ended with {status}:\n{function.text}")
    documents = {each.name: json.loads(each.document) for each in aws.ses.policies()}
    return {
        logical_id: {
            "properties": kept.properties,
            "physical_id": kept.physical_id,
            "document": documents[kept.properties["PolicyName"]],
        }
        for logical_id, kept in made.resources.items()
    }


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
