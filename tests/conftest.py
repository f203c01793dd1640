"""What tests of more than one kind use."""

import shutil
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asset")
    shutil.copytree(ROOT / "provider", folder / "provider")
    shutil.copytree(ROOT / "ses_sending_policy" / "rules", folder / "ses_sending_policy" / "rules")
    shutil.copy(ROOT / "ses_sending_policy" / "__init__.py", folder / "ses_sending_policy")
    (folder / "crhelper").mkdir()
    for file in distribution("crhelper").files or []:
        if file.suffix == ".py":
            shutil.copy(str(file.locate()), folder / file)
    return folder
