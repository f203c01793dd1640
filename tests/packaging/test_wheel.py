"""What `pip install` brings, tried where nothing of the checkout is to be seen."""

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

APP = """
import sys
sys.path.append(sys.argv[1])      # the dependencies, and not what makes an editable install of the checkout
sys.path.insert(0, sys.argv[2])   # the installed wheel
import ses_sending_policy
assert not {"aws_cdk", "jsii", "boto3"} & sys.modules.keys(), "the front door loads the CDK"
assert ses_sending_policy.__file__.startswith(sys.argv[2]), ses_sending_policy.__file__
assert "SendingPolicy" in dir(ses_sending_policy)
import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from ses_sending_policy import SendingPolicy
app = cdk.App(outdir=sys.argv[3], builtin_cloud_formation_validation=False)
SendingPolicy(
    cdk.Stack(app, "Mail"),
    "Policy",
    identity="example.com",
    statements=[iam.PolicyStatement(principals=[iam.AccountPrincipal("222222222222")], actions=["ses:SendEmail"])],
)
app.synth()
assert "crhelper" not in sys.modules
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True, timeout=120)
    [built] = directory.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--target",
        str(directory),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return directory


def test_it_adds_one_package_and_no_other_module(site: Path) -> None:
    names = {path.name for path in site.iterdir() if not path.name.endswith(".dist-info")}
    # `bin` is pip's, for the commands of a `--target`.
    assert names - {"bin"} == {"ses_sending_policy"}


def test_it_has_types_the_lambda_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"ses_sending_policy/py.typed", "ses_sending_policy/_provider/handler.py"} <= names
    assert not {name for name in names if "__pycache__" in name or "test" in name or name.startswith("provider")}


def assets(directory: Path) -> list[str]:
    manifest = json.loads((directory / "Mail.assets.json").read_text(encoding="utf-8"))
    return sorted(key for key, item in manifest["files"].items() if item["source"]["packaging"] == "zip")


def test_it_synthesizes_the_checkout_s_asset_from_anywhere(site: Path, tmp_path: Path) -> None:
    # As plain folders of modules: the `.pth` file that makes the checkout an editable install has no say there.
    dependencies = sysconfig.get_path("purelib")
    for name, package in (("wheel", site), ("checkout", ROOT)):
        command = [sys.executable, "-I", "-S", "-c", APP, dependencies, str(package), str(tmp_path / name)]
        subprocess.run(command, check=True, cwd=tmp_path, timeout=120)
    assert assets(tmp_path / "wheel") == assets(tmp_path / "checkout")
    assert len(assets(tmp_path / "wheel")) == 1


def test_the_version_is_the_distribution_s(site: Path, tmp_path: Path) -> None:
    check = "import sys; sys.path.insert(0, sys.argv[1]); import ses_sending_policy as s; print(s.__version__)"
    command = [sys.executable, "-I", "-c", check, str(site)]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    [metadata] = site.glob("*.dist-info")
    assert metadata.name == f"ses_sending_policy-{found.stdout.strip()}.dist-info"
