"""Every event that can be answered is answered, whatever characters it has."""

import json

import pytest

from tests.provider.transport.conftest import KINDS, Line
from tests.provider.transport.raw import http, says

HALF = "a\ud800b"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (kind, field)
        for kind in KINDS
        for field in ("RequestId", "LogicalResourceId", "StackId", "PhysicalResourceId")
        if (kind, field) != ("create", "PhysicalResourceId")
    ],
)
def test_ids_go_back_as_they_came(line: Line, kind: str, field: str) -> None:
    event = line.event(kind)
    event[field] = f"{event[field]}{HALF}"
    answer = line.handle(event)
    for name in ("RequestId", "LogicalResourceId", "StackId"):
        assert answer[name] == event[name]
    if kind != "create":
        assert answer["PhysicalResourceId"] == event["PhysicalResourceId"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["EmailIdentity", "PolicyName", "WhenExists", "OnDelete"])
def test_declared_halves_are_refused_aloud(line: Line, kind: str, name: str) -> None:
    event = line.event(kind)
    event["ResourceProperties"][name] = HALF
    answer = line.handle(event)
    assert answer["RequestId"] == event["RequestId"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", ['{"Statement":[{"Sid":"%s"}]}', "%s", '{"Version":"%s","Statement":[]}'], ids=["Sid", "text", "Version"]
)
def test_a_live_document_with_a_half(line: Line, kind: str, text: str) -> None:
    body = json.dumps({"Policies": {"partner": text % HALF}}).encode()
    line.ses.usual = lambda exchange: exchange.send(http(200, body if exchange.method == "GET" else b""))
    event = line.event(kind)
    event["ResourceProperties"]["WhenExists"] = "OVERWRITE"
    if kind == "create":
        code = "x-amzn-ErrorType: AlreadyExistsException"
        line.ses.script.append(says(http(400, b'{"message":"taken"}', "application/json", code)))
    assert line.handle(event)["RequestId"] == event["RequestId"]
