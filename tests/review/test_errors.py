"""What cannot be looked at: one sentence each, exit code 2, and no partial output."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.cli import command_named
from tests.review.conftest import sending_policy
from tests.review.templates import assembly, resource, stack, template, write

SYNTH = "write it anew with `npx cdk synth`"


def deep(folder: Path) -> None:
    write(folder / "deep.json", "[" * 100_000 + "]" * 100_000)


def deep_policy(folder: Path) -> None:
    """Write a call whose policy is JSON text within JSON text, nested deeply."""
    policy = "[" * 5_000 + "]" * 5_000
    call = {"service": "SES", "action": "putIdentityPolicy", "parameters": {"Policy": policy}}
    write(folder / "deep.json", template(P={"Type": "Custom::AWS", "Properties": {"Create": json.dumps(call)}}))


def large(folder: Path) -> None:
    """Write a file of 100 MB that takes almost no space on the disk."""
    with (folder / "large.json").open("wb") as file:
        file.truncate(100 * 10**6)


def nested(folder: Path, file: str = "Nested.nested.template.json") -> None:
    """Write a stack with a nested stack whose template file does not exist."""
    link = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3/bucket/abc.json"}}
    assembly(folder / "cdk.out", link)
    files = {"abc": {"source": {"path": file}}}
    write(folder / "cdk.out" / "Mail.assets.json", {"files": files})


@pytest.mark.parametrize(
    ("make", "arguments", "sentence"),
    [
        (None, [], "'cdk.out' does not exist: write an assembly with `npx cdk synth`, or name a template's file"),
        (
            lambda folder: (folder / "cdk.out").mkdir(),
            [],
            "'cdk.out' is not a cloud assembly, it has no manifest.json: write one with `npx cdk synth`",
        ),
        (
            lambda folder: write(folder / "cdk.out" / "manifest.json", '{"version": "55.0.0", "artif'),
            [],
            "'cdk.out/manifest.json' is not JSON: Unterminated string starting at: line 1 column 23 (char 22): "
            + SYNTH,
        ),
        (
            lambda folder: write(folder / "cdk.out" / "manifest.json", []),
            [],
            f"'cdk.out/manifest.json' has no artifacts: {SYNTH}",
        ),
        (
            lambda folder: (assembly(folder / "cdk.out") / "Mail.template.json").unlink(),
            [],
            f"'cdk.out/Mail.template.json' does not exist: {SYNTH}",
        ),
        (
            lambda folder: assembly(
                folder / "cdk.out", Mail=stack() | {"additionalMetadataFile": "Mail.metadata.json"}
            ),
            [],
            f"'cdk.out/Mail.metadata.json' does not exist: {SYNTH}",
        ),
        (
            lambda folder: assembly(folder / "cdk.out", More=5),
            [],
            f"'cdk.out/manifest.json' has the artifact 'More' that is 5, and not an object: {SYNTH}",
        ),
        (
            lambda folder: assembly(folder / "cdk.out", More=stack() | {"type": "AWS:CloudFormation:Stack"}),
            [],
            (
                "'cdk.out/manifest.json' has the artifact 'More' with a templateFile and the type "
                f"'AWS:CloudFormation:Stack', and templates are those of 'aws:cloudformation:stack': {SYNTH}"
            ),
        ),
        (
            lambda folder: assembly(folder / "cdk.out", More={"properties": {"templateFile": "Mail.template.json"}}),
            [],
            (
                "'cdk.out/manifest.json' has the artifact 'More' with a templateFile and the type None, and templates "
                f"are those of 'aws:cloudformation:stack': {SYNTH}"
            ),
        ),
        (
            lambda folder: assembly(folder / "cdk.out", Mail=stack() | {"properties": {}}),
            [],
            f"'cdk.out/manifest.json' has an artifact without templateFile: {SYNTH}",
        ),
        (
            lambda folder: assembly(
                folder / "cdk.out",
                Stage={"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}},
            ),
            [],
            "'cdk.out/assembly-Stage' is not a cloud assembly, it has no manifest.json: write one with `npx cdk synth`",
        ),
        (nested, [], f"'cdk.out/Nested.nested.template.json' does not exist: {SYNTH}"),
        (
            lambda folder: nested(folder, "Mail.template.json"),
            [],
            f"'cdk.out/Mail.template.json' is nested in itself: {SYNTH}",
        ),
        (
            lambda folder: write(folder / "Mail.yaml", "Resources: {}"),
            ["Mail.yaml"],
            "'Mail.yaml' is YAML, and templates are read as JSON: get it with `npx cdk synth --json`",
        ),
        (
            lambda folder: assembly(folder / "cdk.out"),
            ["cdk.out/manifest.json"],
            "'cdk.out/manifest.json' is the manifest of an assembly, and not a template: name its folder 'cdk.out'",
        ),
        (
            lambda folder: write(folder / "list.json", []),
            ["list.json"],
            "'list.json' is not a template: it holds no JSON object",
        ),
        (
            lambda folder: write(folder / "list.json", {"Resources": []}),
            ["list.json"],
            "'list.json' is not a template: its Resources are not a JSON object",
        ),
        (
            lambda folder: (folder / "latin.json").write_bytes(b'{"Description": "caf\xe9"}'),
            ["latin.json"],
            "'latin.json' is not JSON: 'utf-8' codec can't decode byte 0xe9 in position 20: invalid continuation byte: "
            + SYNTH,
        ),
        (large, ["large.json"], "'large.json' has 100000000 bytes, 67108864 are read: is it a template at all?"),
        (deep, ["deep.json"], "'deep.json' is nested deeper than can be read: is it a template at all?"),
        (
            deep_policy,
            ["deep.json"],
            "Create of 'P' in 'deep.json' is nested deeper than can be read: is it a template at all?",
        ),
        (
            lambda folder: assembly(folder / "cdk.out", Mail=stack("/dev/zero")),
            [],
            f"'/dev/zero' is outside of 'cdk.out', where nothing is read: {SYNTH}",
        ),
        (
            lambda folder: assembly(folder / "cdk.out", Mail=stack("\ud800")),
            [],
            f"'cdk.out/manifest.json' has an artifact without templateFile: {SYNTH}",
        ),
        (
            lambda folder: assembly(
                folder / "cdk.out", Stage={"type": "cdk:cloud-assembly", "properties": {"directoryName": "x" * 256}}
            ),
            [],
            f"'cdk.out/{'x' * 256}/manifest.json' cannot be read: File name too long",
        ),
        (None, ["x" * 256], f"'{'x' * 256}' cannot be read: File name too long"),
        (
            lambda folder: write(folder / "Mail.json", template(P=resource(Wire="2"))),
            ["Mail.json"],
            (
                "'P' in 'Mail.json' has Wire '2', and only '1' can be read: "
                "use the release of ses-sending-policy that wrote it"
            ),
        ),
    ],
)
@pytest.mark.parametrize("command", ["explain", "check"])
def test_one_sentence_and_exit_2(
    tmp_path: Path, command: str, make: Callable[[Path], object] | None, arguments: list[str], sentence: str
) -> None:
    if make:
        make(tmp_path)
    done = sending_policy(command, *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"sending-policy: {sentence}\n")


def test_every_fault_is_told_and_nothing_half_said(tmp_path: Path) -> None:
    write(tmp_path / "good.json", template(P=resource()))
    write(tmp_path / "bad.json", "{")
    done = sending_policy("explain", "good.json", "bad.json", "gone.json", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split("'")[1] for line in done.stderr.splitlines()] == ["bad.json", "gone.json"]


@pytest.mark.parametrize("content", [{}, {"Resources": {}}, {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}], ids=str)
def test_a_template_without_a_policy_is_no_error(tmp_path: Path, content: Any) -> None:
    write(tmp_path / "Mail.json", content)
    explained = sending_policy("explain", "Mail.json", folder=tmp_path)
    assert (explained.returncode, explained.stdout) == (0, "no sending policy is declared\n")
    checked = sending_policy("check", "Mail.json", folder=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "nothing found in 0 policies\n")
    found = sending_policy("explain", "Mail.json", "--format=json", folder=tmp_path)
    assert json.loads(found.stdout) == {"version": 1, "policies": [], "complete": True, "unread": []}


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"Create": None, "EmailIdentity": None, "Policy": [], "TemplateURL": {}},
        {"EmailIdentity": 5, "PolicyName": [], "Policy": "text"},
        {"EmailIdentity": {"Fn::Select": [0, ["a"]]}, "PolicyName": {"Ref": 3}, "Policy": {"Statement": "Allow"}},
        {"Policy": {"Statement": [{"Principal": {"AWS": {"Fn::If": []}}, "Condition": [], "Action": {}}]}},
        {"Policy": {"Statement": {"Effect": "Allow", "Principal": {"AWS": "\ud800\u202e\x1b[2J"}}}},
    ],
    ids=str,
)
@pytest.mark.parametrize("command", ["explain", "check"])
def test_a_strange_template_is_told_as_far_as_it_can_be_read(tmp_path: Path, command: str, properties: Any) -> None:
    """Intrinsic functions, and values of the wrong shape: the nested stack `L` has no template."""
    policy = {"Type": "Custom::SendingPolicy", "Properties": properties}
    call = {"Type": "Custom::AWS", "Properties": properties}
    link = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
    write(tmp_path / "Mail.json", template(P=policy, C=call, L=link))
    more = ["--fail-on=never"] if command == "check" else []
    for form in command_named(command).formats:
        done = sending_policy(command, "Mail.json", f"--format={form}", *more, folder=tmp_path)
        assert done.returncode == 2
        assert done.stdout
        assert {line.split("'")[1] for line in done.stderr.splitlines()} <= {"Mail/P", "Mail/C", "Mail/L"}
        if form in ("text", "markdown"):
            assert done.stdout.replace("\n", "").isprintable()
