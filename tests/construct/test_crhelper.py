"""The crhelper in the Lambda is what its authors published, whatever is installed in the environment."""

import base64
import importlib.metadata
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ses_sending_policy.construct import asset, crhelper
from tests.conftest import ROOT
from tests.support.staged import modules

LAY_OUT = (
    "import sys; sys.path[:0] = sys.argv[1:]\n"
    "from ses_sending_policy.construct.asset import asset_directory\n"
    "from ses_sending_policy.rules.errors import SendingPolicyError\n"
    "try:\n"
    "    parts = (asset_directory() / 'modules.txt').read_text(encoding='utf-8').split('\\fcrhelper/')[1:]\n"
    "    print(*sorted(part.split('\\n')[0] for part in parts))\n"
    "except SendingPolicyError as fault:\n"
    "    print(fault)\n"
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a folder with a copy of the installed crhelper, which Python finds first."""
    installed = importlib.metadata.distribution("crhelper")
    for name in ("crhelper", f"crhelper-{installed.version}.dist-info"):
        shutil.copytree(str(installed.locate_file(name)), tmp_path / name)
    return tmp_path


def lay_out(site: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-c", LAY_OUT, str(site), str(ROOT)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    return done.stdout.strip()


REPAIR = "install it anew with `pip install --force-reinstall --no-deps crhelper==2.0.12`"


def test_the_hashes_are_those_that_pip_knows() -> None:
    """The wheel's own RECORD has them in another encoding."""
    files = importlib.metadata.files("crhelper") or []
    recorded = {
        path.name: path.hash.value
        for path in files
        if path.parts[0] == "crhelper" and path.suffix == ".py" and path.hash
    }
    spelled = {
        name: base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip("=")
        for name, digest in crhelper.FILES.items()
    }
    assert recorded == spelled
    assert importlib.metadata.version("crhelper") == crhelper.RELEASE


def test_a_file_that_is_not_the_published_one_is_told(site: Path) -> None:
    changed = site / "crhelper" / "utils.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "# patched\n", encoding="utf-8")
    said = lay_out(site)
    assert said.startswith(f"crhelper's file {str(changed)!r} is not that of release 2.0.12: its sha256 is ")
    assert said.endswith(f", published was {crhelper.FILES['utils.py']}: {REPAIR}")


def test_a_file_that_is_not_there_is_told(site: Path) -> None:
    gone = site / "crhelper" / "log_helper.py"
    gone.unlink()
    assert lay_out(site) == f"crhelper's file {str(gone)!r} cannot be read: No such file or directory: {REPAIR}"


def test_another_file_beside_them_is_not_laid_out(site: Path) -> None:
    (site / "crhelper" / "more.py").write_text("", encoding="utf-8")
    assert lay_out(site).split() == sorted(crhelper.FILES)


def test_the_line_ends_of_a_checkout_do_not_count(site: Path) -> None:
    for name in crhelper.FILES:
        path = site / "crhelper" / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert lay_out(site).split() == sorted(crhelper.FILES)


def test_what_is_laid_out_is_what_was_held_against_the_hash() -> None:
    for name in crhelper.FILES:
        laid_out = modules(asset.asset_directory())[f"crhelper/{name}"].encode()
        assert laid_out == crhelper.published(crhelper.directory() / name)


@pytest.mark.parametrize("name", ["LICENSE", "NOTICE"])
def test_its_license_goes_with_it(site: Path, name: str) -> None:
    staged = asset.asset_directory() / f"crhelper-{crhelper.RELEASE}.dist-info" / name
    original = site / staged.parent.name / name
    assert staged.read_bytes() == original.read_bytes()

    folder = original.parent / "licenses"
    folder.mkdir()
    original.rename(folder / name)
    assert lay_out(site).split() == sorted(crhelper.FILES), "installers put it into a folder of its own as well"

    (folder / name).write_text("none", encoding="utf-8")
    assert lay_out(site).startswith(f"crhelper's {name} is not that of release 2.0.12: its sha256 is ")
    (folder / name).unlink()
    assert lay_out(site) == f"crhelper's {name} is missing, and goes with every copy of it: {REPAIR}"


def test_an_environment_without_it_is_told(tmp_path: Path) -> None:
    """`-S` hides what is installed."""
    shutil.copytree(Path(asset.__file__).parents[1], tmp_path / "ses_sending_policy")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAY_OUT, str(tmp_path)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.stdout == f"crhelper is not installed: {REPAIR}\n"
