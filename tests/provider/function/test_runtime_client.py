"""The staged asset in Lambda's own runtime client, as AWS runs it, with no stand-in."""

import json
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.rules.wire import STACK_VARIABLE
from tests.support.fake_aws import FakeAws
from tests.support.owners import CLAIMED, PARTNER
from tests.support.runtime import RuntimeClient
from tests.support.staged import modules, write_modules

pytestmark = pytest.mark.skipif(
    # It has wheels only for Linux. Elsewhere it installs without its native part.
    find_spec("awslambdaric") is None or find_spec("runtime_client") is None,
    reason="awslambdaric, the client of Lambda's runtime, is for Linux",
)

FORMATS = pytest.mark.parametrize("log_format", ["Text", "JSON"])
TOLD = {STACK_VARIABLE: PARTNER.stack_id}


def client(aws: FakeAws, log_format: str = "Text", asset: Path | None = None) -> RuntimeClient:
    return RuntimeClient(asset or aws.asset, aws.environment | TOLD, log_format)


def broken(aws: FakeAws, folder: Path, file: str, code: str = "raise ImportError('no module named gone')") -> Path:
    """Return a copy of the asset with `code` at the top of `file`."""
    asset = shutil.copytree(aws.asset, folder / "asset")
    texts = modules(asset)
    write_modules(asset, texts | {file: f"{code}\n{texts[file]}"})
    return asset


def messages(lines: Iterable[str]) -> list[str]:
    """Return the event of each line; each must be a JSON object with a `message`."""
    read = [json.loads(line) for line in lines]
    assert all(line["message"] for line in read)
    return [line["event"] for line in read]


@FORMATS
def test_create_update_and_delete_are_answered(aws: FakeAws, log_format: str) -> None:
    with client(aws, log_format) as function:
        for event in (PARTNER.create(aws.url), PARTNER.update(aws.url, CLAIMED), PARTNER.delete(aws.url, CLAIMED)):
            reported = function(event)
            assert (reported.kind, reported.body) == ("response", None)
            answer = aws.answers.arrived[-1]
            assert (answer["RequestId"], answer["Status"]) == (event["RequestId"], "SUCCESS"), answer
            assert (aws.live() is None) is (event["RequestType"] == "Delete")
        assert messages(function.end()) == [
            "policy created",
            "answer",
            "policy unchanged",
            "answer",
            "policy deleted",
            "answer",
        ]


@FORMATS
def test_what_fails_is_told_in_a_line_of_its_own(aws: FakeAws, log_format: str) -> None:
    with client(aws, log_format) as function:
        assert function(PARTNER.create(aws.url, PolicyName="no such name")).kind == "response"
        assert messages(function.end()) == ["declared wrongly", "answer"]
    assert aws.answers.arrived[-1]["Status"] == "FAILED"


@FORMATS
@pytest.mark.parametrize(
    "url", ["https://[secret]/secret", "https://secret:secret/", "http://secret/secret", ["secret"]]
)
def test_a_malformed_answer_url_is_in_no_trace(aws: FakeAws, log_format: str, url: object) -> None:
    """The client writes the function's exception with its traceback."""
    with client(aws, log_format) as function:
        reported = function(PARTNER.create("") | {"ResponseURL": url})
        assert (reported.kind, reported.body["errorType"]) == ("error", "MalformedEventError")
        logged = function.end()
    assert logged
    assert "secret" not in f"{reported.body}{logged}".lower()


@FORMATS
@pytest.mark.parametrize("file", ["crhelper/__init__.py", "provider/own_stack.py", "ses_sending_policy/rules/wire.py"])
def test_an_import_that_fails_is_answered(aws: FakeAws, tmp_path: Path, log_format: str, file: str) -> None:
    with client(aws, log_format, broken(aws, tmp_path, file)) as function:
        for event in (PARTNER.create(aws.url), PARTNER.delete(aws.url, CLAIMED)):
            assert function(event).kind == "response"
            answer = aws.answers.arrived[-1]
            assert (answer["Status"], answer["Reason"]) == (
                "FAILED",
                "ImportFailed: ImportError: no module named gone",
            )
        assert messages(function.end()) == ["the function could not be loaded"] * 2


@FORMATS
def test_what_the_answer_itself_needs_is_an_error_of_the_start(aws: FakeAws, tmp_path: Path, log_format: str) -> None:
    """Nothing is left that could answer: Lambda counts the error, and tries again."""
    with client(aws, log_format, broken(aws, tmp_path, "provider/answer.py")) as function:
        reported = function.next_report()
    assert (reported.kind, reported.body["errorType"]) == ("init/error", "Runtime.ImportModuleError")
    assert aws.answers.arrived == []


def ours(lines: Iterable[str]) -> list[str]:
    """Return the lines without those in which the client itself reports an error."""
    return [line for line in lines if '"errorType"' not in line and "[ERROR]" not in line]


@FORMATS
def test_an_answer_that_nobody_takes_has_lambda_send_the_event_again(aws: FakeAws, log_format: str) -> None:
    aws.answers.always = 403
    event = PARTNER.create(aws.url)
    with client(aws, log_format) as function:
        reported = function(event)
        assert (reported.kind, reported.body["errorType"]) == ("error", "UndeliveredError")
        aws.answers.always = 200
        assert function(event).kind == "response"
        assert messages(ours(function.end())) == [
            "policy created",
            "answer",
            "answer not accepted",
            "policy unchanged",
            "answer",
        ]
    first, second = aws.answers.arrived
    assert first == second
    assert first["Status"] == "SUCCESS"


@FORMATS
@pytest.mark.parametrize("event", [{"Records": []}, [], "x", None, {"RequestType": "Create"}], ids=repr)
def test_what_is_no_event_of_cloudformation_s_is_an_error(aws: FakeAws, log_format: str, event: Any) -> None:
    with client(aws, log_format) as function:
        reported = function(event)
        assert (reported.kind, reported.body["errorType"]) == ("error", "MalformedEventError")
        assert function(PARTNER.create(aws.url)).kind == "response"
        assert messages(ours(function.end())) == ["policy created", "answer"]


def test_the_time_that_is_left_is_what_the_client_s_context_says(aws: FakeAws) -> None:
    """Five and a half seconds are too few to begin a call: they are kept for the answer."""
    with client(aws) as function:
        assert function(PARTNER.create(aws.url), seconds=5.5).kind == "response"
    assert (aws.calls, aws.answers.arrived[-1]["Reason"].partition(":")[0]) == ([], "OutOfTime")
