"""Files that an attacker wrote: one sentence each and exit code 2, in time proportional to their size."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.review.conftest import sending_policy
from tests.review.hostile import LINK, nested, refused, stage, told
from tests.review.templates import assembly, resource, stack, template, write

SYNTH = "write it anew with `npx cdk synth`"
ANEW = "write one with `npx cdk synth`"
OUTSIDE = f"is outside of 'cdk.out', where nothing is read: {SYNTH}"
LOOP = "cannot be read: Too many levels of symbolic links"
SHAPE = "a resource is an object with a Type, and with an object of Properties if it has any"

# Each way in which a file of an assembly can name another one.
NAMES: dict[str, Callable[[Path, str], object]] = {
    "templateFile": lambda folder, file: assembly(folder, Mail=stack(file)),
    "additionalMetadataFile": lambda folder, file: assembly(folder, Mail=stack() | {"additionalMetadataFile": file}),
    "asset": nested,
}
names = pytest.mark.parametrize("name", NAMES)


@names
@pytest.mark.parametrize("file", ["/dev/zero", "/etc/hostname", "../there.json", "x/../../there.json"])
def test_no_name_leads_out_of_the_assembly(tmp_path: Path, name: str, file: str) -> None:
    write(tmp_path / "there.json", template(P=resource()))
    (tmp_path / "cdk.out" / "x").mkdir(parents=True)
    NAMES[name](tmp_path / "cdk.out", file)
    assert refused(tmp_path, "cdk.out") == [f"{str(Path('cdk.out') / file)!r} {OUTSIDE}"]


@names
@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("odd.json", LOOP),
        ("/dev/zero", OUTSIDE),
        ("../there.json", OUTSIDE),
        (".", f"is not a file: {SYNTH}"),
        ("gone.json", f"does not exist: {SYNTH}"),
    ],
)
def test_no_link_leads_out_of_the_assembly(tmp_path: Path, name: str, target: str, fault: str) -> None:
    write(tmp_path / "there.json", template(P=resource()))
    NAMES[name](tmp_path / "cdk.out", "odd.json")
    (tmp_path / "cdk.out" / "odd.json").symlink_to(target)
    assert refused(tmp_path, "cdk.out") == [f"'cdk.out/odd.json' {fault}"]


@names
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    NAMES[name](tmp_path / "cdk.out", "odd.json")
    os.mkfifo(tmp_path / "cdk.out" / "odd.json")
    assert refused(tmp_path, "cdk.out") == [f"'cdk.out/odd.json' is not a file: {SYNTH}"]


# Files that never end, or never begin: the kernel's log, memory, zeros, and a terminal that nobody types at.
@pytest.mark.skipif(not Path("/proc/kmsg").exists(), reason="these files are Linux's")
@pytest.mark.parametrize("is_link", [False, True], ids=["named", "a link"])
@pytest.mark.parametrize("file", ["/proc/kmsg", "/proc/self/pagemap", "/dev/zero", "/dev/ptmx", "pipe"])
def test_nothing_of_the_kernel_is_waited_for(tmp_path: Path, file: str, *, is_link: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    name = "Mail.json" if is_link else file
    if is_link:
        (tmp_path / name).symlink_to(file)
    [said] = refused(tmp_path, name)
    faults = (f"is not a file: {SYNTH}", f"is not JSON: Expecting value: line 1 column 1 (char 0): {SYNTH}")
    # Some of them may be opened by root alone.
    assert said in {f"{name!r} {fault}" for fault in (*faults, "cannot be read: Permission denied")}


@pytest.mark.parametrize(
    ("name", "value"), [("additionalMetadataFile", "a\0b"), ("asset", "a\0b"), ("asset", "\ud800")]
)
def test_what_is_no_name_of_a_file(tmp_path: Path, name: str, value: str) -> None:
    NAMES[name](tmp_path / "cdk.out", value)
    [said] = refused(tmp_path, "cdk.out")
    assert said.endswith(f"is no name of a file: {SYNTH}")


@pytest.mark.parametrize("file", ["manifest.json", "Mail.assets.json", "validation-report.json"])
def test_what_an_assembly_always_has_is_its_own(tmp_path: Path, file: str) -> None:
    nested(tmp_path / "cdk.out", "inner.json")
    write(tmp_path / "cdk.out" / "inner.json", {})
    write(tmp_path / "there.json", {})
    (tmp_path / "cdk.out" / file).unlink(missing_ok=True)
    (tmp_path / "cdk.out" / file).symlink_to("../there.json")
    assert refused(tmp_path, "cdk.out") == [f"'cdk.out/{file}' {OUTSIDE}"]


@pytest.mark.parametrize(
    ("folder", "fault"),
    [
        ("..", f"'cdk.out/..' {OUTSIDE}"),
        ("/", f"'/' {OUTSIDE}"),
        ("loop", f"'cdk.out/loop/manifest.json' {LOOP}"),
        ("out", f"'cdk.out/out' {OUTSIDE}"),
        (
            "Mail.template.json",
            "'cdk.out/Mail.template.json' is not a cloud assembly, it has no manifest.json: " + ANEW,
        ),
    ],
)
def test_a_stage_is_a_folder_of_its_app(tmp_path: Path, folder: str, fault: str) -> None:
    assembly(tmp_path)
    assembly(tmp_path / "cdk.out", Stage=stage(folder))
    (tmp_path / "cdk.out" / "loop").symlink_to("loop")
    (tmp_path / "cdk.out" / "out").symlink_to("..")
    assert refused(tmp_path, "cdk.out") == [fault]


def test_links_that_stay_inside_are_followed(tmp_path: Path) -> None:
    """The whole assembly may also be a link, and so may a template named on the command line."""
    nested(tmp_path / "there", "Inner.nested.template.json")
    write(tmp_path / "there" / "real.json", template(Q=resource(PolicyName="Inner")))
    (tmp_path / "there" / "Inner.nested.template.json").symlink_to("real.json")
    (tmp_path / "cdk.out").symlink_to("there")
    (tmp_path / "Mail.json").symlink_to("there/real.json")
    for path in ("cdk.out", "Mail.json", "there/Mail.template.json"):
        done = sending_policy("explain", path, "--format=json", folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert [each["policy_name"] for each in json.loads(done.stdout)["policies"]] == ["Inner"]


def test_a_bad_file_keeps_no_other_from_being_looked_at(tmp_path: Path) -> None:
    files = {"abc": {"source": {"path": "gone.json"}}, "def": {"source": {"path": "odd.json"}}}
    links = [{"Type": LINK["Type"], "Properties": {"TemplateURL": f"https://s3/{name}.json"}} for name in files]
    more = {"Loop": stack("loop.json"), "Out": stack("../Mail.json"), "Stage": stage("stage")}
    assembly(tmp_path / "cdk.out", *links, **more)
    write(tmp_path / "cdk.out" / "Mail.assets.json", {"files": files})
    write(tmp_path / "cdk.out" / "odd.json", template(A="text"))
    write(tmp_path / "cdk.out" / "validation-report.json", "{")
    (tmp_path / "cdk.out" / "loop.json").symlink_to("loop.json")
    for words in (["explain", "cdk.out"], ["check", "cdk.out"], ["diff", "cdk.out", "cdk.out"], ["drift", "cdk.out"]):
        assert [said.split("'")[1] for said in told(tmp_path, *words)] == [
            "cdk.out/validation-report.json",
            "cdk.out/gone.json",
            "cdk.out/odd.json",
            "cdk.out/loop.json",
            "cdk.out/../Mail.json",
            "cdk.out/stage",
        ]


# The sections of a nested stack that the next level refers to.
NAMED: dict[str, Any] = {"Parameters": {"Name": {"Type": "String"}}}


def levels(folder: Path, count: int, links: int, parameters: Any = None) -> None:
    """Write templates in levels, each with `links` links to the next level; the last has a policy."""
    properties = {"Parameters": parameters} if parameters else {}
    for level in range(count):
        url = {"TemplateURL": f"https://s3/bucket/{level + 1}.json"}
        link = {"Type": "AWS::CloudFormation::Stack", "Properties": url | properties}
        content = template(**{f"L{number}": link for number in range(links)})
        write(folder / f"{level}.template.json", content | (NAMED if parameters else {}))
        asset = {str(level + 1): {"source": {"path": f"{level + 1}.template.json"}}}
        write(folder / f"{level}.assets.json", {"files": asset})
    write(folder / f"{count}.template.json", template(P=resource(PolicyName={"Ref": "Name"})))
    write(folder / "manifest.json", {"artifacts": {"Mail": stack("0.template.json")}})


def test_nesting_that_doubles_by_level(tmp_path: Path) -> None:
    levels(tmp_path / "cdk.out", 30, 2)
    [said] = refused(tmp_path, "cdk.out")
    assert said.startswith("'cdk.out/")
    assert said.endswith(
        "is named so often that more than 16777216 bytes would be read again: split the app, or " + SYNTH
    )


def test_nesting_in_width(tmp_path: Path) -> None:
    """Also if each template that is read again is large."""
    levels(tmp_path / "cdk.out", 2, 500)
    [said] = refused(tmp_path, "cdk.out")
    assert "is named so often that more than 16777216 bytes would be read again" in said


def test_nesting_without_end(tmp_path: Path) -> None:
    levels(tmp_path / "cdk.out", 3000, 1)
    assert refused(tmp_path, "cdk.out") == [
        "'cdk.out/65.template.json' is nested in more than 64 stacks: is it a template at all?"
    ]


def test_one_template_in_many_stacks_is_read_for_each(tmp_path: Path) -> None:
    levels(tmp_path / "cdk.out", 2, 30)
    done = sending_policy("explain", "--format=json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len({each["stack"] for each in json.loads(done.stdout)["policies"]}) == 900


def test_a_value_that_doubles_by_level(tmp_path: Path) -> None:
    twice = {"Fn::Join": ["", [{"Ref": "Name"}, {"Ref": "Name"}]]}
    levels(tmp_path / "cdk.out", 40, 1, {"Name": twice})
    first = json.loads((tmp_path / "cdk.out" / "0.template.json").read_text(encoding="utf-8"))
    first["Resources"]["L0"]["Properties"]["Parameters"] = {"Name": "partner"}
    write(tmp_path / "cdk.out" / "0.template.json", first)
    [said] = refused(tmp_path, "cdk.out")
    assert said.startswith("'L0' in 'cdk.out/10.template.json' is given 7168 characters as its parameter 'Name', ")
    assert said.endswith("and CloudFormation takes 4096: is it a template at all?")


def test_a_name_that_doubles_by_resource(tmp_path: Path) -> None:
    names: dict[str, Any] = {"I0": "example.com"}
    names |= {f"I{n}": {"Fn::Join": ["", [{"Ref": f"I{n - 1}"}] * 2]} for n in range(1, 60)}
    identities = {
        name: {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": value}}
        for name, value in names.items()
    }
    write(tmp_path / "Mail.json", template(P=resource(EmailIdentity={"Ref": "I59"}), **identities))
    done = sending_policy("explain", "Mail.json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) < 10_000


def test_a_condition_of_conditions_without_end(tmp_path: Path) -> None:
    """Also if it decides about a nested stack: nested stacks are looked for before anything is read."""
    last = {"C2000": {"Fn::Equals": ["a", "b"]}}
    conditions = {f"C{n}": {"Fn::Not": [{"Condition": f"C{n + 1}"}]} for n in range(2000)} | last
    link = {
        "Type": "AWS::CloudFormation::Stack",
        "Condition": "C0",
        "Properties": {"TemplateURL": "https://s3/b/x.json"},
    }
    whole = {"Conditions": conditions, "Resources": {"Inner": link, "P": resource()}}
    assert refused(tmp_path, str(write(tmp_path / "Mail.json", whole))) == [
        f"'{tmp_path}/Mail.json' is nested deeper than can be read: is it a template at all?"
    ]


def test_stages_in_stages(tmp_path: Path) -> None:
    folder = tmp_path / "cdk.out"
    for _ in range(900):
        assembly(folder, Stage=stage("s"), Itself=stage("."))
        folder /= "s"
    [said] = refused(tmp_path, "cdk.out")
    assert said == f"'cdk.out{'/s' * 64}' is in more than 64 stages: is 'cdk.out' an assembly at all?"


@pytest.mark.parametrize(
    ("resources", "fault"),
    [
        ({"A": "text"}, "'A' is 'text'"),
        ({"A": None}, "'A' is None"),
        ({"A": []}, "'A' is []"),
        ({"A": {}}, "'A' has no Type"),
        ({"A": {"Type": 5}}, "'A' has the Type 5"),
        ({"A": {"Type": {"Ref": "T"}}}, "'A' has the Type {'Ref': 'T'}"),
        ({"A": {"Type": "Custom::SendingPolicy", "Properties": []}}, "'A' has the Properties []"),
        ({"A": {"Type": "Custom::SendingPolicy", "Properties": None}}, "'A' has the Properties None"),
        ({"A": {"Type": "Custom::SendingPolicy", "Properties": "text"}}, "'A' has the Properties 'text'"),
        ({"x" * 500: "y" * 500}, f"'{'x' * 37}...{'x' * 38}' is '{'y' * 37}...{'y' * 38}'"),
        ({"\0\ud800": 1}, "'\\x00\\ud800' is 1"),
    ],
    ids=str,
)
def test_a_resource_that_is_none(tmp_path: Path, resources: Any, fault: str) -> None:
    write(tmp_path / "Mail.json", {"Resources": {"P": resource()} | resources})
    assert refused(tmp_path, "Mail.json") == [f"'Mail.json' is not a template: {fault}: {SHAPE}"]


@pytest.mark.parametrize(
    "resources",
    [
        {"Fn::ForEach::Mail": ["Name", ["a"], {"P${Name}": resource()}]},
        {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/file"}}},
        {"A": {"Fn::Transform": {"Name": "Mine"}}},
        {"A": {"Type": "AWS::SQS::Queue", "Fn::Transform": {"Name": "Mine"}, "Properties": {"Fn::Transform": {}}}},
    ],
    ids=str,
)
def test_what_a_macro_makes_is_not_refused_for_its_shape(tmp_path: Path, resources: Any) -> None:
    write(tmp_path / "Mail.json", {"Resources": resources})
    assert "is not a template" not in sending_policy("explain", "Mail.json", folder=tmp_path).stderr


@pytest.mark.parametrize(
    ("transform", "is_refused"),
    [("AWS::LanguageExtensions", True), (["AWS::Serverless-2016-10-31"], True), ("Mine", False), (["Mine"], False)],
    ids=str,
)
def test_a_macro_of_one_s_own_may_make_resources_of_anything(
    tmp_path: Path, transform: Any, *, is_refused: bool
) -> None:
    write(tmp_path / "Mail.json", {"Transform": transform, "Resources": {"A": "text"}})
    told = sending_policy("explain", "Mail.json", folder=tmp_path).stderr
    assert ("is not a template" in told) == is_refused
