"""The files of templates: what is read of one, and of those that are nested in it."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.analysis.reading.files import Template, UnreadableError, on_disk, read_json
from ses_sending_policy.analysis.reading.scope import at
from tests.analysis.reading.declared_policies import DECLARED, HERE, policy


def written(folder: Path, name: str, value: Any) -> str:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableError) as fault:
        read_json(path)
    return str(fault.value)


@pytest.mark.parametrize("name", ["Mail.json", "Gr\u00fc\u00dfe.json", "\udcff.json"])
def test_a_file_is_named_as_python_finds_it(name: str) -> None:
    """Text of a JSON file, a name that Python read of a disk, or one part of each."""
    found = os.fsdecode(name.encode("utf-8", "surrogateescape"))
    assert on_disk(Path(name)) == on_disk(Path(found)) == Path(found)


def test_what_is_no_file_to_read(tmp_path: Path) -> None:
    missing, broken, deep = tmp_path / "missing", tmp_path / "broken", tmp_path / "deep"
    broken.write_text("{", encoding="utf-8")
    deep.write_text("[" * 100_000, encoding="utf-8")
    assert refusal(missing) == f"'{missing}' does not exist: write it anew with `npx cdk synth`"
    assert refusal(deep) == f"'{deep}' is nested deeper than can be read: is it a template at all?"
    assert refusal(broken).startswith(f"'{broken}' is not JSON: ")
    assert refusal(broken).endswith(": write it anew with `npx cdk synth`")
    assert refusal(tmp_path) == f"'{tmp_path}' is not a file: write it anew with `npx cdk synth`"
    long = tmp_path / ("x" * 300)
    assert refusal(long) == f"'{long}' cannot be read: File name too long"


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_a_file_of_64_mebibytes_is_read_and_no_larger_one(tmp_path: Path, more: int, *, read: bool) -> None:
    path = tmp_path / "large"
    most = 64 * 2**20
    with path.open("wb") as file:
        file.write(b"1")
        file.truncate(most + more)
    told = refusal(path)
    assert (told == f"'{path}' has {most + more} bytes, {most} are read: is it a template at all?") != read


@pytest.mark.parametrize(
    ("value", "names", "told"),
    [
        ({"a": {"b": 1}}, ("a", "b"), 1),
        ({"a": 1}, ("a", "b"), None),
        ({}, ("a",), None),
        (None, ("a",), None),
        (1, (), 1),
    ],
)
def test_what_stands_under_names(value: Any, names: tuple[str, ...], told: Any) -> None:
    assert at(value, *names) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([], "it holds no JSON object"),
        ("null", "it holds no JSON object"),
        ({"Resources": []}, "its Resources are not a JSON object"),
    ],
)
def test_a_file_that_is_no_template(tmp_path: Path, value: Any, told: str) -> None:
    path = written(tmp_path, "T.json", value)
    with pytest.raises(UnreadableError) as fault:
        Template.read(path, "Mail", HERE)
    assert str(fault.value) == f"{path!r} is not a template: {told}"


def test_a_template_without_resources(tmp_path: Path) -> None:
    path = written(tmp_path, "T.json", {})
    assert Template.read(path, "Mail", HERE) == Template(path, "Mail", HERE, {})


def test_a_template_in_a_file(tmp_path: Path) -> None:
    elements = {"Resources": {"P": policy(PolicyName={"Ref": "Name"})}}
    path = written(tmp_path, "T.json", elements)
    template = Template.read(path, "Mail", HERE, "MailStack", {"Name": "partner"})
    assert template == Template(path, "Mail", HERE, elements, "MailStack", {"Name": "partner"})
    assert list(template.policies(takes_defaults=True)) == [replace(DECLARED, template=path, stack_name="MailStack")]
    assert list(template.whole()) == [template]


def nesting(url: Any, **parameters: Any) -> dict[str, Any]:
    """Return a template with another one in it."""
    properties = {"TemplateURL": url, "Parameters": parameters}
    return {"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}}


def assets(folder: Path, **files: Any) -> None:
    """Write the manifest that says which asset is made of which file."""
    manifest = {"files": {name: {"source": {"path": path}} for name, path in files.items()}}
    written(folder, "T.assets.json", manifest)


URL = {"Fn::Sub": "https://s3.${AWS::Region}.amazonaws.com/bucket/abc.json"}


def test_a_template_in_a_template(tmp_path: Path) -> None:
    elements = {"Parameters": {"Name": {}}, "Resources": {"P": policy(PolicyName={"Ref": "Name"})}}
    inner = written(tmp_path, "I.json", elements)
    assets(tmp_path, abc="I.json")
    outer = written(tmp_path, "T.template.json", nesting(URL, Name={"Ref": "Given"}, Other={"Ref": "Unknown"}))
    whole = list(Template.read(outer, "Mail", HERE, parameters={"Given": "partner"}).whole())
    assert [each.path for each in whole] == [outer, inner]
    assert whole[1] == Template(inner, "Mail/Inner", HERE, elements)
    assert list(whole[1].policies(takes_defaults=True)) == [replace(DECLARED, stack="Mail/Inner", template=inner)]


@pytest.mark.parametrize("parameters", [None, "text", {"Ref": "All"}, {"Name": {"Ref": "Unknown"}}])
def test_a_template_that_is_given_nothing(tmp_path: Path, parameters: Any) -> None:
    named = {"P": policy(PolicyName={"Ref": "Name"})}
    written(tmp_path, "I.json", {"Parameters": {"Name": {"Type": "String"}}, "Resources": named})
    assets(tmp_path, abc="I.json")
    elements = nesting(URL)
    elements["Resources"]["Inner"]["Properties"]["Parameters"] = parameters
    outer = Template.read(written(tmp_path, "T.template.json", elements), "Mail", HERE)
    [declared] = [each for template in outer.whole() for each in template.policies(takes_defaults=True)]
    assert declared.policy_name == {"Ref": "Name"}


def test_a_template_in_itself(tmp_path: Path) -> None:
    assets(tmp_path, abc="T.template.json")
    path = written(tmp_path, "T.template.json", nesting(URL))
    with pytest.raises(UnreadableError) as fault:
        list(Template.read(path, "Mail", HERE).whole())
    assert str(fault.value) == f"{path!r} is nested in itself: write it anew with `npx cdk synth`"


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::CloudFormation::Stack"},
        {"Type": "AWS::CloudFormation::Other", "Properties": {"TemplateURL": URL}},
        {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://elsewhere.example/def.json"}},
        {"Type": "AWS::CloudFormation::Stack", "Properties": {}},
    ],
)
def test_what_is_no_template_of_this_app(tmp_path: Path, resource: Any) -> None:
    written(tmp_path, "I.json", {"Resources": {"P": policy()}})
    assets(tmp_path, abc="I.json")
    path = written(
        tmp_path, "T.template.json", {"Resources": {"Inner": resource, "Last": nesting(URL)["Resources"]["Inner"]}}
    )
    assert [each.stack for each in Template.read(path, "Mail", HERE).whole()] == ["Mail", "Mail/Last"]


def test_without_a_manifest_nothing_is_nested(tmp_path: Path) -> None:
    path = written(tmp_path, "T.template.json", nesting(URL))
    assert len(list(Template.read(path, "Mail", HERE).whole())) == 1


def test_a_manifest_that_names_no_file(tmp_path: Path) -> None:
    assets(tmp_path, abc=12)
    path = written(tmp_path, "T.template.json", nesting(URL))
    assert len(list(Template.read(path, "Mail", HERE).whole())) == 1
