"""Of the lookups of a real app, those count as unread whose value may be any text."""

import json
import subprocess
import sys
from pathlib import Path

from aws_cdk.cloud_assembly_schema import ContextProvider

from ses_sending_policy.rules.lookups import PROVIDERS_OF_KNOWN_DUMMIES
from tests.conftest import ROOT
from tests.review.conftest import sending_policy
from tests.review.templates import assembly, write

ANY_TEXT = {"ssm", "cc-api-provider"}


def test_each_lookup_of_the_cdk_is_unread_or_gives_no_text_of_a_policy(tmp_path: Path) -> None:
    app = ROOT / "tests" / "review" / "lookups_app.py"
    subprocess.run([sys.executable, app], check=True, capture_output=True, timeout=240, cwd=tmp_path)
    missing = json.loads((tmp_path / "cdk.out" / "manifest.json").read_text(encoding="utf-8"))["missing"]
    assert {each["provider"] for each in missing} == PROVIDERS_OF_KNOWN_DUMMIES | ANY_TEXT
    # The lookups of a plugin are its own, so that the CDK gives no app any.
    assert len(ContextProvider) == len(PROVIDERS_OF_KNOWN_DUMMIES | ANY_TEXT | {"plugin"})
    for number, lookup in enumerate([*missing, {"key": "plugin:mail", "provider": "plugin"}]):
        out = assembly(tmp_path / f"{number}.out")
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        write(out / "manifest.json", manifest | {"missing": [lookup]})
        done = sending_policy("explain", "--format=json", out.name, folder=tmp_path)
        complete = json.loads(done.stdout)["complete"]
        assert (done.returncode, complete) == (
            (0, True) if lookup["provider"] in PROVIDERS_OF_KNOWN_DUMMIES else (2, False)
        )
