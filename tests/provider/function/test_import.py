"""A broken function answers FAILED instead of letting a deploy hang; row 19 of the fault table."""

import shutil
from pathlib import Path

import pytest

from tests.support.events import Resource
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess
from tests.support.rows import row
from tests.support.staged import modules, write_modules

PARTNER = Resource()


def broken(aws: FakeAws, folder: Path, file: str, code: str) -> FunctionProcess:
    """Return the function with `code` at the top of one of its files."""
    asset = shutil.copytree(aws.asset, folder / "asset")
    texts = modules(asset)
    write_modules(asset, texts | {file: f"{code}\n{texts[file]}"})
    return FunctionProcess(asset, aws.environment)


@pytest.mark.parametrize(
    "file",
    ["crhelper/__init__.py", "provider/function.py", "provider/lifecycle.py", "ses_sending_policy/rules/wire.py"],
)
@pytest.mark.parametrize("request_type", ["create", "delete"])
def test_a_crash_at_import_is_answered(aws: FakeAws, tmp_path: Path, file: str, request_type: str) -> None:
    event = PARTNER.create(aws.url) if request_type == "create" else PARTNER.delete(aws.url, "x.com|y|unclaimed")
    with broken(aws, tmp_path, file, "raise ImportError('no module named gone')") as function:
        assert function(event) is None
        assert "the function could not be loaded" in function.text
    answer = aws.answers.arrived[0]
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "ImportFailed: ImportError: no module named gone")
    assert answer["RequestId"] == event["RequestId"]
    assert answer["PhysicalResourceId"] == event.get("PhysicalResourceId", "Partner1A2B3C4D-unclaimed")


@pytest.mark.parametrize("kind", ["create", "update", "delete"])
@pytest.mark.parametrize("error", ["SystemExit(3)", "KeyboardInterrupt()", "GeneratorExit()", "Exception(chr(0xD800))"])
def test_an_exit_at_import_is_answered(aws: FakeAws, tmp_path: Path, error: str, kind: str) -> None:
    id_ = "x.com|y|unclaimed"
    event = {"create": PARTNER.create(aws.url)}.get(kind) or getattr(PARTNER, kind)(aws.url, id_)
    with broken(aws, tmp_path, "provider/function.py", f"raise {error}") as function:
        assert function(event) is None, function.text
    answer = aws.answers.arrived[0]
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(f"ImportFailed: {error.partition('(')[0]}")


def test_a_broken_function_that_cannot_answer_fails(aws: FakeAws, tmp_path: Path) -> None:
    aws.answers.always = 403
    with broken(aws, tmp_path, "provider/function.py", "1 / 0") as function:
        assert function(PARTNER.create(aws.url)) is not None


@pytest.mark.parametrize("error", ["SystemExit(3)", "KeyboardInterrupt()", "MemoryError('full')"])
@row(19, "SystemExit or KeyboardInterrupt while an event is handled", "FAILED is sent")
def test_row_19_even_an_exit_is_answered(aws: FakeAws, tmp_path: Path, error: str) -> None:
    asset = shutil.copytree(aws.asset, tmp_path / "asset")
    texts = modules(asset)
    code = texts["provider/owner.py"]
    assert code.count("def take(") == 1
    taken = code.replace("def take(", f"def take(self, wanted):\n  raise {error}\n\n def _take(")
    write_modules(asset, texts | {"provider/owner.py": taken})
    with FunctionProcess(asset, aws.environment) as function:
        assert function(PARTNER.create(aws.url)) is None
    answer = aws.answers.arrived[0]
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(f"Crashed: {error.partition('(')[0]}: ")
    assert answer["PhysicalResourceId"] == "example.com|partner|unclaimed"
