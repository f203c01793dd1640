"""Assets that differ from the published one: with a broken module, or without what an earlier release did not have."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_s3_assets as assets

from ses_sending_policy.construct.asset import asset_directory
from tests.support.staged import modules, write_modules

Change = Callable[[dict[str, str]], None]


def code_of(stack: cdk.Stack, change: Change) -> dict[str, Any]:
    """Return the code of a function whose modules are changed."""
    folder = Path(shutil.copytree(asset_directory(), Path(tempfile.mkdtemp()) / "asset"))
    texts = modules(folder)
    change(texts)
    write_modules(folder, texts)
    asset = assets.Asset(stack, "Changed", path=str(folder))
    return {"S3Bucket": asset.s3_bucket_name, "S3Key": asset.s3_object_key}


def broken(texts: dict[str, str]) -> None:
    """Make the function fail to load."""
    texts["provider/function.py"] = f"raise ImportError('no module named gone')\n{texts['provider/function.py']}"


def without_rules(texts: dict[str, str]) -> None:
    """Make the function check no rules, as in releases without rules for the deploy."""
    call = "self._check_unknowns(wanted)"
    assert texts["provider/lifecycle.py"].count(call) == 2
    texts["provider/lifecycle.py"] = texts["provider/lifecycle.py"].replace(call, "pass")
