"""JSON that parsers read in more than one way, texts in unusual encodings, and long texts."""

import json
import os
from pathlib import Path

import pytest

from tests.review.conftest import sending_policy
from tests.review.hostile import LONGEST, nested, refused
from tests.review.templates import resource, stack, template, write

POLICY = json.dumps(resource())
TWICE = "twice in one object, and parsers differ in which of them counts: leave one"
INFINITE = "which is infinite to most parsers: write a text"
DEEP = "is nested deeper than can be read: is it a template at all?"
ODD = {
    f'{{"a": 1, {POLICY[1:-1]}, "Type": "AWS::SQS::Queue"}}': f"has the key 'Type' {TWICE}",
    POLICY.replace('"Action"', '"Effect": "Deny", "Action"'): f"has the key 'Effect' {TWICE}",
    POLICY.replace('"Action"', r'"\u0045ffect": "Deny", "Action"'): f"has the key 'Effect' {TWICE}",
    '{"\\u202e": 1, "\\u202e": 1}': f"has the key '\\u202e' {TWICE}",
    '{"Type": "A", "Properties": {"a": NaN}}': "has the number NaN, which JSON has not: write another one, or a text",
    "[-Infinity]": "has the number -Infinity, which JSON has not: write another one, or a text",
    '{"Type": "A", "Properties": {"a": 1e999}}': f"has the number 1e999, {INFINITE}",
    f"[{'9' * 5000}]": f"has the number {'9' * 37}...{'9' * 38}, {INFINITE}",
    "[" * 130 + "]" * 130: DEEP,
    '{"a":' * 300 + "1" + "}" * 300: DEEP,
    "[" * 100_000: DEEP,
}


@pytest.mark.parametrize(("text", "fault"), ODD.items(), ids=lambda each: each[:40])
@pytest.mark.parametrize("file", ["Mail.template.json", "manifest.json", "Mail.metadata.json", "Mail.assets.json"])
def test_what_parsers_read_in_more_than_one_way(tmp_path: Path, file: str, text: str, fault: str) -> None:
    nested(tmp_path / "cdk.out", "Mail.template.json")
    artifact = stack() | {"additionalMetadataFile": "Mail.metadata.json"}
    write(tmp_path / "cdk.out" / "manifest.json", {"artifacts": {"Mail": artifact}})
    write(tmp_path / "cdk.out" / "Mail.metadata.json", {})
    write(tmp_path / "cdk.out" / "Mail.assets.json", {"files": {}})
    write(tmp_path / "cdk.out" / file, f'{{"Resources": {{"A": {text}}}, "artifacts": {{}}}}')
    assert refused(tmp_path, "cdk.out") == [f"'cdk.out/{file}' {fault}"]


@pytest.mark.parametrize(("text", "fault"), ODD.items(), ids=lambda each: each[:40])
@pytest.mark.parametrize("is_inner", [True, False], ids=["policy", "call"])
def test_a_text_in_a_call_is_json_as_well(tmp_path: Path, text: str, fault: str, *, is_inner: bool) -> None:
    parameters = {"Identity": "example.com", "PolicyName": "Partner", "Policy": text}
    call = {"service": "SES", "action": "putIdentityPolicy", "parameters": parameters}
    written = json.dumps(call) if is_inner else f'{{"service": {text}}}'
    write(tmp_path / "Mail.json", template(P={"Type": "Custom::AWS", "Properties": {"Create": written}}))
    assert refused(tmp_path, "Mail.json") == [f"Create of 'P' in 'Mail.json' {fault}"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_says_the_same(tmp_path: Path, encoding: str) -> None:
    """As PowerShell writes redirected output: recognised by bytes that no JSON in UTF-8 has."""
    whole = write(tmp_path / "Mail.json", template(P=resource(PolicyName="Gr\u00fc\u00dfe")))
    plain = sending_policy("explain", "Mail.json", folder=tmp_path)
    whole.write_text(whole.read_text(encoding="utf-8"), encoding=encoding)
    other = sending_policy("explain", "Mail.json", folder=tmp_path)
    assert (other.returncode, other.stdout, other.stderr) == (0, plain.stdout, "") != (0, "", "")


def test_what_is_no_text_in_its_encoding(tmp_path: Path) -> None:
    """Half of a character as bytes, which Python would read and Node would not."""
    (tmp_path / "Mail.json").write_bytes(b'{"a": "\xed\xa0\x80"}')
    [said] = refused(tmp_path, "Mail.json")
    assert said.startswith("'Mail.json' is not JSON: 'utf-8' codec can't decode byte 0xed in position 7")


@pytest.mark.parametrize("command", ["explain", "check"])
@pytest.mark.parametrize(
    "text", ["x" * 3_000_000, "x " * 1_500_000, "\u202e" * 1_000_000], ids=["word", "words", "bidi"]
)
def test_a_long_text_takes_no_longer_than_its_length(tmp_path: Path, command: str, text: str) -> None:
    write(tmp_path / "Mail.json", template(P=resource(PolicyName=text)))
    before = os.times().children_user
    done = sending_policy(command, "Mail.json", "--format=json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0 if command == "explain" else 1, "")
    assert os.times().children_user - before < LONGEST
