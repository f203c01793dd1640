"""What may carry a sending policy is either read or reported as unread: through the command line, in every format."""

import json
import os
import re
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from ses_sending_policy.cli import command_named
from tests.conftest import ROOT
from tests.review.conftest import PATHS, sending_policy
from tests.review.hidden_cases import MORE
from tests.review.templates import assembly, resource, stack, template, write
from tests.review.test_schemas import SARIF, names_of_nothing
from tests.review.unread_cases import CASES, UNKNOWN, Case, call, custom, loop

UNREAD = custom(Grants={"Statement": UNKNOWN})
PART = custom("Custom::AWS", Create=call({"Ref": "Service"}))


def found(folder: Path, command: str, *arguments: str) -> tuple[int, Any, str]:
    """Return exit code, JSON and sentences of a command."""
    done = sending_policy(command, "--format=json", *arguments, folder=folder)
    return done.returncode, json.loads(done.stdout or "null"), done.stderr


@pytest.mark.parametrize("case", [*CASES, *MORE], ids=lambda case: case.name)
def test_it_is_read_or_named(tmp_path: Path, case: Case) -> None:
    write(tmp_path / "Mail.json", case.template)
    code, told, sentences = found(tmp_path, "check", "Mail.json", "--fail-on=never")
    assert tuple(each["logical_id"] for each in told["unread"]) == case.unread
    assert {each["rule"] for each in told["findings"]} >= case.finds
    assert (code, told["complete"]) == ((2, False) if case.unread else (0, True))
    assert [line.split("'")[1] for line in sentences.splitlines()] == [f"Mail/{each}" for each in case.unread]


def test_nothing_that_the_cdk_makes_by_itself_is_unread(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "review" / "cdk_types.py")],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "CDK_OUTDIR": "cdk.out"},
    )
    assert done.returncode == 0, done.stderr
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "cdk.out").rglob("*.template.json")]
    made = {kind for text in texts for kind in re.findall(r'"Type": "(Custom::[\w-]+)"', text)}
    assert types_of_the_cdk() - made == set()
    code, told, sentences = found(tmp_path, "explain")
    assert (code, told["unread"], told["policies"], sentences) == (0, [], [], "")


def types_of_the_cdk() -> set[str]:
    """Return each type of custom resource that the installed aws-cdk-lib names."""
    spec = find_spec("aws_cdk")
    assert spec is not None
    assert spec.origin is not None
    # Not imported, because that starts Node.
    [package] = (Path(spec.origin).parent / "_jsii").glob("*.tgz")
    kinds: set[bytes] = set()
    with tarfile.open(package) as files:
        for member in files:
            content = files.extractfile(member) if member.name.endswith(".js") else None
            kinds.update(re.findall(rb"Custom::[\w-]+", content.read()) if content else ())
    assert len(kinds) >= 25
    return {kind.decode() for kind in kinds}


def two_sides(folder: Path, old: Any, new: Any) -> tuple[int, Any, str]:
    """Return what `diff` says of two templates whose files have different names."""
    return found(
        folder, "diff", *(str(write(folder / name, each)) for name, each in (("a.json", old), ("b.json", new)))
    )


PLAIN = template(P=resource())
WITH = template(P=resource(), U=UNREAD)
OTHER = template(P=resource(), U=custom(Grants={"Statement": [UNKNOWN, UNKNOWN]}))


@pytest.mark.parametrize(
    ("old", "new", "verdict", "sides"),
    [
        (WITH, WITH, "unchanged", [(True, True)]),
        (WITH, template(P=resource(), U=UNREAD | {"Metadata": {"aws:cdk:path": "x"}}), "unchanged", [(True, True)]),
        (PLAIN, WITH, "changed", [(False, True)]),
        (WITH, PLAIN, "changed", [(True, False)]),
        (WITH, OTHER, "changed", [(False, True), (True, False)]),
        (WITH, template(P=resource(), V=UNREAD), "changed", [(False, True), (True, False)]),
        (template(U=UNREAD), template(P=resource(), U=UNREAD), "broadened", [(True, True)]),
    ],
    ids=["the same", "other metadata", "new", "gone", "another", "another id", "the same, and a grant"],
)
def test_what_is_the_same_on_both_sides_changes_no_verdict(
    tmp_path: Path, old: Any, new: Any, verdict: str, sides: list[tuple[bool, bool]]
) -> None:
    code, told, sentences = two_sides(tmp_path, old, new)
    assert (code, told["complete"], told["verdict"]) == (2, False, verdict)
    assert [(each["before"], each["after"]) for each in told["unread"]] == sides
    assert len(sentences.splitlines()) == len(sides)
    assert names_of_nothing("diff", told) == []


def by_default(name: str = "Partner", default: str = call(), /) -> Any:
    """Return a template in which a parameter's default is a call."""
    called = custom("Custom::AWS", Create={"Ref": name}, Update={"Ref": name})
    return {"Parameters": {name: {"Type": "String", "Default": default}}, "Resources": {"P": called}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (by_default(), by_default(), (0, True, "unchanged")),
        (by_default(), by_default("Other"), (2, False, "changed")),
        (by_default("Partner", call("S3", "x")), by_default("Other", call("S3", "x")), (2, False, "changed")),
        (by_default("Partner", call("S3", "x")), by_default(), (2, False, "broadened")),
    ],
    ids=["the same parameter", "another one", "another one of no policy", "another default"],
)
def test_a_call_by_a_default_proves_nothing(tmp_path: Path, old: Any, new: Any, told: Any) -> None:
    code, found_, _ = two_sides(tmp_path, old, new)
    assert (code, found_["complete"], found_["verdict"]) == told
    assert found(tmp_path, "explain", "a.json", "b.json")[0] == 0


@pytest.mark.parametrize(
    "section",
    [
        {"Parameters": {"Service": {"Type": "String", "Default": "SES"}}},
        {
            "Parameters": {
                "Service": {"Type": "String", "Default": "S3", "Description": "the Other"},
                "Other": {"Type": "String"},
            }
        },
        {"Resources": {"Service": custom(Service="SES")}},
    ],
    ids=["a parameter", "a parameter that names another", "another custom resource"],
)
def test_a_part_is_another_where_what_it_refers_to_is(tmp_path: Path, section: Any) -> None:
    part = custom("Custom::AWS", Create={"Fn::Join": ["", ['{"service":"', {"Ref": "Service"}, '","action":"${x}"}']]})

    def side(given: Any) -> Any:
        return given | {"Resources": {"U": part} | given.get("Resources", {})}

    assert two_sides(tmp_path, side(section), side(section))[1]["verdict"] == "unchanged"
    other = json.loads(re.sub(r'"(SES|String|S3)"', r'"X\1"', json.dumps(section)))
    assert two_sides(tmp_path, side(section), side(other))[1]["verdict"] == "changed"


def test_a_second_stack_with_the_same_is_new(tmp_path: Path) -> None:
    write(tmp_path / "Mail.template.json", WITH)
    for folder, more in (("before", {}), ("after", {"Copy": stack() | {"displayName": "Copy"}})):
        out = assembly(tmp_path / folder, **more)
        for name in ("Mail", "Copy"):
            write(out / f"{name}.template.json", template(P=resource(), U=UNREAD))
        if more:
            manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
            manifest["artifacts"]["Copy"]["properties"]["templateFile"] = "Copy.template.json"
            write(out / "manifest.json", manifest)
    _, told, _ = found(tmp_path, "diff", "before", "after")
    assert sorted((each["stack"], each["before"]) for each in told["unread"]) == [("Copy", False), ("Mail", True)]


ALL = [(name, form) for name in PATHS for form in command_named(name).formats]


@pytest.mark.parametrize(("command", "form"), ALL, ids=" ".join)
@pytest.mark.parametrize("is_accepted", [False, True], ids=["unread", "accepted"])
def test_all_else_is_written_in_every_format(tmp_path: Path, command: str, form: str, is_accepted: bool) -> None:
    for folder in PATHS[command]:
        assembly(tmp_path / folder, resource(), UNREAD)
    accept = ["--accept-unread", "Mail/P1"] if is_accepted else []
    done = sending_policy(command, f"--format={form}", *accept, *PATHS[command], folder=tmp_path)
    fails = command == "check"
    assert done.returncode == (int(fails) if is_accepted else 2)
    assert done.stderr.count("\n") == (0 if is_accepted else 1)
    assert ("P1" if form == "json" else "Mail/P1") in done.stdout
    assert command == "diff" or any(word in done.stdout for word in ("everybody", "SES001"))
    if form == "text":
        assert [line for line in done.stdout.splitlines() if len(line) > 80] == []
        assert ("accepted by --accept-unread" in done.stdout) is is_accepted
    if form == "sarif":
        assert [error.message for error in Draft4Validator(SARIF).iter_errors(json.loads(done.stdout))] == []
    if form == "json":
        told = json.loads(done.stdout)
        assert names_of_nothing(command, told) == []
        assert told["complete"] is is_accepted
    if form == "junit":
        assert ('errors="0"' in done.stdout) is is_accepted


@pytest.mark.parametrize("command", ["check", "diff"])
@pytest.mark.parametrize("fail_on", ["never", None])
def test_exit_2_is_hidden_by_nothing(tmp_path: Path, command: str, fail_on: str | None) -> None:
    assembly(tmp_path / "before.out", UNREAD)
    assembly(tmp_path / "cdk.out", UNREAD, resource())
    options = [f"--fail-on={fail_on}"] if fail_on else []
    done = sending_policy(command, *options, *PATHS[command], folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        "sending-policy: 'Mail/P0': a resource of the type Custom::Partner may carry a sending policy, and was not "
        "read: it has a statement about actions of SES's; look at it, and then acknowledge SES100 on it, or pass "
        "--accept-unread 'Mail/P0'\n"
    )


def test_what_is_accepted_by_another_name_is_still_unread(tmp_path: Path) -> None:
    assembly(tmp_path / "cdk.out", UNREAD)
    assert found(tmp_path, "check", "--accept-unread=Mail/P", "--accept-unread=P0")[0] == 2
    assert found(tmp_path, "check", "--accept-unread=Mail/P", "--accept-unread=Mail/P0")[0] == 0


METADATA = {
    "/Mail": [{"type": "aws:cdk:templateFile", "data": "Mail.template.json"}],
    "/Mail/Partner/Resource": [{"type": "aws:cdk:logicalId", "data": "P0"}],
}


@pytest.mark.parametrize("scope", ["/Mail/Partner/Resource", "/Mail/Partner", "/Mail"])
def test_a_part_is_acknowledged_as_a_finding_is(tmp_path: Path, scope: str) -> None:
    said = {"type": "aws:cdk:acknowledged-rules", "data": {"ses-sending-policy::SES100": "looked at in MAIL-4"}}
    told = METADATA | {scope: [*METADATA.get(scope, []), said]}
    assembly(tmp_path / "cdk.out", UNREAD, Mail=stack() | {"metadata": told})
    code, answer, sentences = found(tmp_path, "check")
    assert (code, answer["complete"], sentences) == (0, True, "")
    [part] = answer["unread"]
    assert part["path"] == "Mail/Partner/Resource"
    assert part["acknowledged"] == {"reason": "looked at in MAIL-4", "at": scope[1:]}


@pytest.mark.parametrize("content", [{"Transform": "Ours"}, loop({"Ref": "Names"}, {"P${A}": resource()})], ids=str)
def test_what_is_no_construct_is_acknowledged_on_its_stack(tmp_path: Path, content: Any) -> None:
    said = {"type": "aws:cdk:acknowledged-rules", "data": {"ses-sending-policy::SES100": "MAIL-5"}}
    out = assembly(tmp_path / "cdk.out", Mail=stack() | {"metadata": {"/Mail": [*METADATA["/Mail"], said]}})
    write(out / "Mail.template.json", content)
    code, answer, _ = found(tmp_path, "explain")
    assert (code, [each["acknowledged"]["at"] for each in answer["unread"]]) == (0, ["Mail"])


def test_what_is_acknowledged_changes_no_verdict(tmp_path: Path) -> None:
    assembly(tmp_path / "before.out", resource())
    assembly(tmp_path / "cdk.out", resource(), UNREAD)
    code, told, _ = found(tmp_path, "diff", "--accept-unread=Mail/P1", *PATHS["diff"])
    assert (code, told["verdict"], told["complete"]) == (0, "unchanged", True)
    # An acknowledgement of the part as it is now also covers the part as it was.
    said = {"type": "aws:cdk:acknowledged-rules", "data": {"ses-sending-policy::SES100": "MAIL-6"}}
    assembly(tmp_path / "before.out", OTHER["Resources"]["U"])
    assembly(
        tmp_path / "cdk.out", UNREAD, Mail=stack() | {"metadata": METADATA | {"/Mail": [*METADATA["/Mail"], said]}}
    )
    code, told, _ = found(tmp_path, "diff", *PATHS["diff"])
    assert (code, told["verdict"], len(told["unread"])) == (0, "unchanged", 2)


def test_loops_in_loops_end(tmp_path: Path) -> None:
    """Each level has ten times as many as the one before; a template has at most 500 resources."""
    for body in ({"P${A}${B}": resource()}, {}):
        inner: Any = body
        for level in range(12):
            inner = {f"Fn::ForEach::L{level}": [f"V{level}", [f"{n}" for n in range(10)], inner]}
        write(tmp_path / "Mail.json", {"Transform": "AWS::LanguageExtensions", "Resources": inner})
        code, told, _ = found(tmp_path, "explain", "Mail.json")
        assert (code, len(told["unread"])) == (2, 1)


def test_a_value_that_was_never_looked_up_may_look_like_any_other(tmp_path: Path) -> None:
    """The default of a lookup and its dummy look like a real account id, and nothing in a template tells them apart."""
    lookups = [{"key": f"ssm:parameterName=/mail/{name}", "provider": "ssm"} for name in ("partner", "other", "end")]
    for name, missing in (("before.out", lookups), ("cdk.out", lookups), ("asked.out", [])):
        out = assembly(tmp_path / name)
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        write(out / "manifest.json", manifest | {"missing": missing})
    for command in ("explain", "check", "diff"):
        code, told, sentences = found(tmp_path, command, *PATHS[command])
        assert told, sentences
        assert (code, told["complete"], told.get("verdict", "unchanged")) == (2, False, "unchanged")
        assert sentences == (
            "sending-policy: 'cdk.out/missing': a value from a context lookup may carry a sending policy, and was not "
            "read: 'ssm:parameterName=/mail/partner', and 2 more, was never looked up: run `npx cdk synth` where it "
            "may ask the account; look at it, and then acknowledge SES100 on it, or pass --accept-unread "
            "'cdk.out/missing'\n"
        )
    assert found(tmp_path, "explain", "--accept-unread=cdk.out/missing")[0] == 0
    assert found(tmp_path, "explain", "asked.out")[0] == 0
    # The looked-up value may be anything.
    assert found(tmp_path, "diff", "before.out", "asked.out")[1]["verdict"] == "changed"
    # If nobody declares a policy, no policy can come from it.
    write(tmp_path / "cdk.out" / "Mail.template.json", template())
    assert found(tmp_path, "explain")[0] == 0
